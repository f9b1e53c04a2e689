"""Does a name say that its value is a secret? Names are split into words; words decide, not substrings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from keytrace.names import tables
from keytrace.names.tables import Words, WordTable, split


class Strength(IntEnum):
    """How strongly a name promises a secret."""

    NONE = 0
    ABOUT = 1  # tells something about a secret, such as `token_url` or `max_tokens`; only a random value counts
    WEAK = 2  # may be anything: `key`, `auth`, `pass`; the value has to prove itself
    STRONG = 3  # `password`, `client_secret`, `apiKey`


words = lru_cache(maxsize=8192)(split)


@dataclass(frozen=True, slots=True)
class Name:
    """What a name promises. `kind`: password, secret, token, api-key, key, credential, auth or other."""

    strength: Strength
    kind: str = ""
    about: str = ""  # the word that makes it tell about a secret, and
    place: str = ""  # where in the name it stands: last, first or anywhere
    alone: bool = False  # the name is that one word
    words: int = 1
    made_up: bool = False  # it says itself that the value is made up


_NOTHING = Name(Strength.NONE)


@lru_cache(maxsize=8192)
def judge(name: str) -> Name:
    """Return what `name` (an identifier, key, header, option or column) promises."""
    parts = words(name.rpartition(".")[2] if "." in name.strip(".") else name)
    parts = parts or words(name)
    if not parts or (parts[-1] == "pat" and not name.isupper()):  # GITHUB_PAT is a token, ignore_pat a pattern
        return _NOTHING
    known = tables.words()
    if len(parts) > 1 and parts[0] in known.setters:
        parts = parts[1:]
    if parts[-1] in ("keys", "tokens"):
        parts = (*parts[:-1], parts[-1][:-1])
    while len(parts) > 1 and parts[-1] in known.empty_endings:
        parts = parts[:-1]
    strong, kind = _promise(parts, known)
    if strong is Strength.NONE:
        return _NOTHING
    about, place = _about(parts, known)
    strength = Strength.ABOUT if about else strong
    return Name(strength, kind, about, place, len(parts) == 1, len(parts), not known.made_up.isdisjoint(parts))


def _about(parts: Words, known: WordTable) -> tuple[str, str]:
    """Return the word that makes a name tell about a secret, and where it stands."""
    if parts[-1] in known.last:
        return parts[-1], "last"
    if parts[0] in known.first and len(parts) > 1 and not (parts[0] in known.tried and parts[-1] in known.passwords):
        return parts[0], "first"
    return next(((word, "anywhere") for word in parts if word in known.anywhere), ("", ""))


def _promise(parts: Words, known: WordTable) -> tuple[Strength, str]:
    last = parts[-1]
    for word in parts:
        if (word in known.strong and (word != "token" or word == last)) or word.endswith(known.strong_endings):
            return Strength.STRONG, _kind(word, parts, known)
    if last == "key" and len(parts) > 1 and parts[-2] in known.key_of:
        return Strength.STRONG, "api-key" if parts[-2] in ("api", "access") else "key"
    if (
        last in known.weak
        or last.endswith("token")
        or (last.endswith("key") and last not in known.no_key)
        or (last.endswith("pass") and last not in known.no_pass)
    ):
        return Strength.WEAK, _kind(last, parts, known)
    for word in parts:
        if word in known.promising:
            return Strength.WEAK, _kind(word, parts, known)
    return Strength.NONE, ""


def _kind(word: str, parts: Words, known: WordTable) -> str:
    for kind, pieces in known.kinds:
        if any(piece in word for piece in pieces):
            return kind
    return "key" if parts[-1] == "key" else "other"


def strength(name: str) -> Strength:
    """Return how strongly `name` promises a secret."""
    return judge(name).strength
