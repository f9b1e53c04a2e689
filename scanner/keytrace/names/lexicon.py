"""Does a name say that its value is a secret? Names are split into words; words decide, not substrings.

The one judge of names, over the words of rules/names.toml: `judge` for names in any text, `promise` for names in
programs, where it matters what a name stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import cache, lru_cache

from keytrace.names import tables, triggers
from keytrace.names.tables import ProgramTable, Words, WordTable, split


class Role(StrEnum):
    """What a name in a program stands for."""

    VARIABLE = "variable"  # an attribute or a key of a dictionary, too
    SETTING = "setting"  # a variable of the environment, a key of a configuration
    PARAMETER = "parameter"
    HEADER = "header"
    QUERY = "query"  # a parameter of a URL
    FUNCTION = "function"  # whether it returns a secret


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
    place: str = ""  # where in the name it stands: last, first, before (a key or token) or anywhere
    rest: Strength = Strength.NONE  # what it would promise without that word
    alone: bool = False  # the name is that one word
    words: int = 1
    made_up: bool = False  # it says itself that the value is made up
    shipped: bool = False  # it begins like a setting that is built into what every browser loads
    sure: bool = True  # else the word has other meanings, and what the program does with it decides

    @property
    def is_secret(self) -> bool:
        """Whether it promises a secret; where it does not, a value has to prove itself."""
        return self.strength is Strength.STRONG


_NOTHING = Name(Strength.NONE)
_NAME = re.compile(r"[\w.\- \[\]]{1,64}")


@lru_cache(maxsize=8192)
def judge(name: str) -> Name:
    """Return what `name` (an identifier, key, header, option or column) promises."""
    parts = words(name.rpartition(".")[2] if "." in name.strip(".") else name)
    parts = parts or words(name)
    if not parts or (parts[-1] == "pat" and not name.isupper()):  # GITHUB_PAT is a token, ignore_pat a pattern
        return _NOTHING
    known = tables.words()
    whole, parts = parts, _without_prefix(parts, known) if name.isupper() else parts
    shipped = parts is not whole
    if _sets(parts, known):
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
    is_made_up = not known.made_up.isdisjoint(parts)
    return Name(strength, kind, about, place, strong, len(parts) == 1, len(parts), is_made_up, shipped)


def _without_prefix(parts: Words, known: WordTable) -> Words:
    """Return the words of a setting without the prefix that has it built into what browsers load."""
    for prefix in known.shipped:
        rest = parts[len(prefix) :]
        if parts[: len(prefix)] == prefix and rest and (len(rest) > 1 or rest[0] in known.strong):
            is_public_key = prefix == ("public",) and _promise(rest, known)[1] == "key"
            return parts if is_public_key else rest
    return parts


def behind_prefix(name: str) -> str:
    """Return what follows the prefix of a setting that is built into what every browser loads; empty without one."""
    parts = words(name)
    rest = _without_prefix(parts, tables.words()) if parts and name.isupper() else parts
    if len(rest) == len(parts):
        return ""
    return name.split("_", len(parts) - len(rest))[-1]


def _about(parts: Words, known: WordTable) -> tuple[str, str]:
    """Return the word that makes a name tell about a secret, and where it stands."""
    last = parts[-1]
    if last in known.last or last.removesuffix("s") in known.last:  # password_labels is as little one as password_label
        return last, "last"
    if parts[0] in known.first and len(parts) > 1 and not (parts[0] in known.tried and last in known.passwords):
        return parts[0], "first"
    before = known.of_key if last == "key" else known.of_token if last == "token" else frozenset()
    if len(parts) > 1 and parts[-2] in before and known.unless.isdisjoint(parts):
        return parts[-2], "before"
    return next(((word, "anywhere") for word in _anywhere(parts, known)), ("", ""))


def _anywhere(parts: Words, known: WordTable) -> Iterator[str]:
    """Yield the words that make something else of a name wherever they stand."""
    for word, after in zip(parts, (*parts[1:], ""), strict=True):
        if word in known.anywhere or (word in known.published and (not after or "key" in (after, parts[-1]))):
            yield word


def _promise(parts: Words, known: WordTable) -> tuple[Strength, str]:
    last = parts[-1]
    for word in parts:
        if (word in known.strong and (word != "token" or word == last)) or word.endswith(known.strong_endings):
            return Strength.STRONG, _kind(word, parts, known)
    if kind := _compound(parts, known):
        return Strength.STRONG, kind
    promising = last if _is_weak(last, known) else next((word for word in parts if word in known.promising), None)
    return (Strength.WEAK, _kind(promising, parts, known)) if promising is not None else (Strength.NONE, "")


def _compound(parts: Words, known: WordTable) -> str:
    """Return the kind of secret that the last two words of a name promise together, as signing_key and db_pass do."""
    before, last = parts[-2:] if len(parts) > 1 else ("", "")
    if last == "key" and before in known.key_of:
        return "api-key" if before in ("api", "access") else "key"
    return "password" if last in ("pass", "pw") and before in known.pass_of else ""


def _is_weak(word: str, known: WordTable) -> bool:
    """Tell whether anything may stand under a name that ends with this word."""
    if word in known.weak or word.endswith("token"):
        return True
    return (word.endswith("key") and word not in known.no_key) or (word.endswith("pass") and word not in known.no_pass)


def _kind(word: str, parts: Words, known: WordTable) -> str:
    for kind, pieces in known.kinds:
        if any(piece in word for piece in pieces):
            return kind
    return "key" if parts[-1] == "key" else "other"


def strength(name: str) -> Strength:
    """Return how strongly `name` promises a secret."""
    return judge(name).strength


def is_setter(name: str) -> bool:
    """Tell whether a name begins as a setter's does; where it is compared, it asks whether to set: update_password."""
    return _sets(words(name.rpartition(".")[2]), tables.words())


def asks_for_password(name: str) -> bool:
    """Tell whether a name begins with what is done with the password at its end: reset_password, of a page."""
    parts, known = words(name.rpartition(".")[2]), tables.words()
    return len(parts) > 1 and parts[0] in known.first and parts[-1] in known.passwords


def _sets(parts: Words, known: WordTable) -> bool:
    return len(parts) > 1 and parts[0] in known.setters


# --- names in programs ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def promise(name: str, role: Role, own: frozenset[Words] = frozenset()) -> Name:
    """Return what `name` promises where it stands for `role`; `own` are the names of secrets that a project has."""
    if _NAME.fullmatch(name) is None:
        return _NOTHING  # also what has `::` in it
    if role is Role.FUNCTION:
        noun = noun_of(name)
        return promise(noun, Role.VARIABLE, own) if noun else _NOTHING
    parts = words(name)
    if not parts:
        return _NOTHING
    judged = judge(name)
    if parts in own:
        return _as(judged, Strength.STRONG)
    known = tables.programs()
    if role is Role.HEADER:
        return _as(judged, Strength.STRONG if _in_header(name, parts, judged, known) else Strength.WEAK)
    held, sure = _in_variable(name, parts, judged.strength, known)
    if held is Strength.STRONG:
        return _as(judged, held, sure=sure)
    if role is Role.QUERY and name.lower() in known.queries:
        return _as(judged, Strength.STRONG, sure=False)
    if role is Role.SETTING and _is_pool(name, parts, known):
        return promise(name[:-1], role, own)
    is_setting = role is Role.SETTING and _in_setting(name, parts, judged.strength, known)
    return _as(judged, Strength.STRONG if is_setting else held)


def _as(judged: Name, strength: Strength, *, sure: bool = True) -> Name:
    if strength is Strength.STRONG:
        return replace(judged, strength=strength, kind=judged.kind or "credential", about="", place="", sure=sure)
    return replace(judged, strength=strength) if strength < judged.strength else judged


def _in_variable(name: str, parts: Words, judged: Strength, known: ProgramTable) -> tuple[Strength, bool]:
    """Return what a variable promises, and whether that is sure."""
    if parts in known.secret:
        return Strength.STRONG, True
    if known.is_connection(parts) and not begins_otherwise(name):
        return Strength.STRONG, True
    parts = _thing(parts, known)
    last = parts[-1]
    if last in ("tokens", "keys") or parts in known.never or not known.otherwise.isdisjoint(parts):
        return min(judged, Strength.ABOUT), True
    if parts in known.unsure:
        is_folder = name.isupper() and last == "pwd"
        return (Strength.NONE, True) if is_folder else (Strength.STRONG, False)
    held = judged is Strength.STRONG and _is_head(parts, known) and not _opens_nothing(name, parts, known)
    # What is promised is what the text pass looks for: there is no other way to be found.
    if held and triggers.in_a_variable().search(name):
        return Strength.STRONG, True
    return min(judged, Strength.WEAK), True


def _thing(parts: Words, known: ProgramTable) -> Words:
    """Return what a name says that it is, without what that is for, or found by: keys_for_token, secrets_by_id."""
    return parts[: next((at for at, word in enumerate(parts) if at and word in known.of_what), len(parts))]


def _is_head(parts: Words, known: ProgramTable) -> bool:
    """Tell whether the words of a name end with what it holds: a password, a token, a key …"""
    while len(parts) > 1 and (parts[-1] in known.suffixes or len(parts[-1]) == 1):
        parts = parts[:-1]
    if parts[-1] == "ticket":
        return not known.ticket_of.isdisjoint(parts[-2:-1])
    return parts[-1] in known.heads or parts[-1].endswith(known.head_endings)


def _opens_nothing(name: str, parts: Words, known: ProgramTable) -> bool:
    """Tell whether a token or a key is one that counts, sorts or finds something, or the name is no holder at all."""
    if begins_otherwise(name):
        return True
    while len(parts) > 2 and parts[-1] in known.suffixes and parts[-2] == "token":
        parts, name = parts[:-1], "_".join(parts[:-1])  # last_page_token_value
    if parts[-1] == "token":
        own = words(name.rpartition(".")[2])  # `context.api_token` is no token of a context
        own = own if len(own) > 1 else parts
        return not known.other_tokens.isdisjoint(own) and known.token_of.isdisjoint(own[-2:-1])
    return parts[-1] == "key" and not known.weak_keys.isdisjoint(parts[-2:-1]) and known.unless.isdisjoint(parts)


def begins_otherwise(name: str) -> bool:
    """Tell whether a name begins with what makes something else of it: ENV_API_KEY is the name of a variable."""
    parts = words(name)
    return len(parts) > 1 and parts[0] in tables.programs().not_first


def _in_setting(name: str, parts: Words, judged: Strength, known: ProgramTable) -> bool:
    """Tell whether a variable of the environment holds a secret where a variable of a program would not."""
    if len(parts) < 2 or parts[-1] not in known.setting_endings or "s3" in name.lower():  # there, the key of an object
        return False
    if parts[-2] in known.weak_keys:
        return name.isupper() and judged is Strength.STRONG
    return judged is Strength.WEAK and known.other_keys.isdisjoint(parts) and known.apart.search(name) is not None


def _is_pool(name: str, parts: Words, known: ProgramTable) -> bool:
    """Tell whether a variable of the environment has several keys or tokens, one behind the other: GEMINI_API_KEYS."""
    sort = parts[-2:-1]
    return name.isupper() and (
        (parts[-1] == "keys" and not tables.words().key_of.isdisjoint(sort))
        or (parts[-1] == "tokens" and not known.token_of.union(known.before["token"]).isdisjoint(sort))
    )


def _in_header(name: str, parts: Words, judged: Name, known: ProgramTable) -> bool:
    """Tell whether a header carries a credential."""
    if parts in known.headers:
        return True
    last = parts[-1]
    other = known.other_tokens if last == "token" else known.other_keys if last == "key" else frozenset()
    return (
        last in known.header_endings and name[: -len(last)].endswith("-") and len(parts) > 1 and "." not in name
        and judged.place not in ("anywhere", "before") and known.otherwise.isdisjoint(parts) and other.isdisjoint(parts)
    )  # fmt: skip


@lru_cache(maxsize=8192)
def noun_of(function: str) -> str:
    """Return what a function of this name returns, by its name; empty where it does something else."""
    if not function or function[:1].isupper() or "::" in function:
        return ""  # a class, or not a function of ours
    known, parts = tables.programs(), words(function)
    if (len(parts) > 1 and parts[0] in known.other_verbs) or (len(parts) > 2 and parts[1] in known.sends):
        return ""
    if parts and parts[-1] == "async":
        parts = parts[:-1]
    while len(parts) > 1 and parts[0] in known.verbs:
        parts = parts[1:]
    end = next((at for at, word in enumerate(parts) if word in known.prepositions), len(parts))
    return "_".join(parts[:end])


def is_other_token(name: str) -> bool:
    """Tell whether a name is that of a token that opens nothing: next_page_token, NextContinuationToken."""
    parts = words(name)
    return len(parts) > 1 and parts[-1] == "token" and _opens_nothing(name, parts, tables.programs())


def may_be_an_id(name: str) -> bool:
    """Tell whether a token of this name may be the id of a thing: no other word says what it opens."""
    parts = words(name.rpartition(".")[2])
    return parts[-1:] == ("token",) and tables.programs().token_of.isdisjoint(parts)


def asks_to_show(name: str) -> bool:
    """Tell whether a name asks for a secret, or several, to be shown: show_tokens, auth_print_access_token."""
    known, parts = tables.programs(), words(name)
    parts = parts[1:] if len(parts) > 2 and parts[0] not in known.shows else parts
    if len(parts) < 2 or parts[0] not in known.shows:
        return False
    secret = "_".join(parts[1:])
    return any(promise(one, Role.VARIABLE).is_secret for one in (secret, secret.removesuffix("s")))


def refers(name: str) -> bool:
    """Tell whether what a name holds only refers to something, whatever it is made of: secret_name, token_hash."""
    known = tables.programs()
    parts = _thing(words(name), known)
    return len(parts) > 1 and parts[-1] in known.refers


def says_clean(name: str) -> bool:
    """Tell whether a name says that what it holds is no secret, or none any more: masked_key, error_messages."""
    known, parts = tables.programs(), words(name)
    return not known.clean.isdisjoint(parts) or (len(parts) > 0 and parts[-1] in known.texts)


def is_given_none(parameter: str) -> bool:
    """Tell whether a parameter is given the name of a secret, not one: secret_name."""
    return judge(parameter).about in tables.programs().given_none


def confirms(one: str, other: str) -> bool:
    """Tell whether two names are those of one thing that is asked for twice: password and password_confirm."""
    first, second = set(words(one)) | set(re.findall(r"\d", one)), set(words(other)) | set(re.findall(r"\d", other))
    return not tables.programs().confirms.isdisjoint(first ^ second)


# --- what the lexicon holds -------------------------------------------------------------------------------------------


@cache
def trigger_words(*roles: Role, own: frozenset[Words] = frozenset()) -> tuple[str, ...]:
    """Return literals of which one, in any case, is in every name that promises a secret in one of `roles`, or in any.

    Those of a query stand around its name: `?key=`.
    """
    asked = roles or tuple(Role)
    found = [*triggers.of_variables(), *triggers.of_names(own)]
    for role, more in (
        (Role.SETTING, triggers.of_settings), (Role.HEADER, triggers.of_headers), (Role.QUERY, triggers.of_queries),
    ):  # fmt: skip
        found += more() if role in asked else ()
    return triggers.shortest(found)


@cache
def spellings() -> tuple[tuple[str, Role], ...]:
    """Return names that promise a secret, made of the words in rules/names.toml, and what they stand for: for tests."""
    known, parts = tables.words(), tables.programs()
    usual: set[Words] = {(word,) for word in known.strong} | parts.secret | parts.unsure
    usual |= {(first, last) for last, firsts in parts.before.items() for first in firsts}
    short = {(word, "key") for word in known.key_of} | {(word, "pass") for word in known.pass_of}
    made: set[tuple[str, Role]] = {("-".join(map(str.title, name)), Role.HEADER) for name in parts.headers}
    made |= {(word, Role.QUERY) for word in parts.queries}
    for compound in usual | short:
        snake, camel = "_".join(compound), compound[0] + "".join(map(str.title, compound[1:]))
        made |= {(snake, Role.VARIABLE), (camel, Role.VARIABLE), (snake.upper(), Role.SETTING)}
        if compound in usual:
            made |= {(snake, Role.PARAMETER), (snake, Role.QUERY), (f"get_{snake}", Role.FUNCTION)}
            made.add(("-".join(("X", *map(str.title, compound))), Role.HEADER))
    return tuple(sorted((name, role) for name, role in made if promise(name, role).is_secret))
