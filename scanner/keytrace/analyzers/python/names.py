"""Does a name in a Python program hold a secret? names/lexicon.py by words, and what only programs have: functions."""

from __future__ import annotations

import re
from functools import lru_cache

from keytrace.analyzers.python.knowledge import Knowledge
from keytrace.names.lexicon import Strength, judge, words
from keytrace.names.tables import programs

_HEADER = re.compile(r"(?i)(?:x-)?[\w-]*-(?:key|token|secret|password|auth)|authorization|proxy-authorization")
_TOKEN = frozenset({("token",), ("tok",)})
_NAME = re.compile(r"[\w.\- \[\]]{1,64}")


class Names:
    """What the names of a program promise. `about_tokens` says that a bare `token` is one that opens something,
    `about_folders` that `pwd` is a folder.
    """

    def __init__(self, knowledge: Knowledge, *, about_tokens: bool, about_folders: bool = False) -> None:
        self.extra = knowledge.secret_names
        self._known = programs()
        self._about_tokens = about_tokens
        self._about_folders = about_folders
        self.is_secret = lru_cache(maxsize=4096)(self._is_secret)
        self.is_setting = lru_cache(maxsize=1024)(self._is_setting)
        self.returns_secret = lru_cache(maxsize=4096)(self._returns_secret)

    def _is_secret(self, name: str) -> bool:
        """Tell whether what is bound to a variable, attribute, key or parameter of this name is a secret."""
        parts = words(name)
        if _NAME.fullmatch(name) is None:
            return False
        if parts in self.extra:
            return True
        if (
            not self._known.otherwise.isdisjoint(parts)
            or not parts
            or parts in self._known.never
            or parts[-1] in ("tokens", "keys")
        ):
            return False
        if parts[-1] == "token" and not self._known.other_tokens.isdisjoint(parts):
            return False
        if parts == ("pwd",) and (self._about_folders or name.isupper()):
            return False
        if parts in _TOKEN:
            return self._about_tokens
        if judge(name).strength is Strength.STRONG and self._is_head(parts):
            return parts[0] not in self._known.not_first or len(parts) < 2
        return parts == ("pw",) or (len(parts) > 1 and parts[-1] in ("pass", "pw") and parts[-2] in self._known.pass_of)

    def _is_head(self, parts: tuple[str, ...]) -> bool:
        """Tell whether the words of a name end with what it holds: a password, a token, a key …"""
        while len(parts) > 1 and (parts[-1] in self._known.suffixes or len(parts[-1]) == 1):
            parts = parts[:-1]
        return parts[-1] in self._known.heads or parts[-1].endswith(self._known.head_endings)

    def _is_setting(self, name: str) -> bool:
        """Tell whether a variable of the environment of this name holds a secret: there, X_KEY and X_PASS do."""
        if self._is_secret(name):
            return True
        judged = judge(name)
        parts = words(name)
        if "s3" in name.lower():
            return False  # the key of an object
        return (
            judged.strength is Strength.WEAK and len(parts) > 1 and parts[-1] in self._known.setting_endings
            and self._known.other_keys.isdisjoint(parts)
        )  # fmt: skip

    def _returns_secret(self, name: str) -> bool:
        """Tell whether a function of this name returns a secret: get_password, fetch_api_key, create_token."""
        noun = self.noun_of(name)
        return bool(noun) and self.is_secret(noun)

    def noun_of(self, function: str) -> str:
        """Return what a function of this name returns, by its name; empty where it does something else."""
        if not function or function[:1].isupper():
            return ""  # a class
        parts = words(function)
        if parts and parts[0] in self._known.other_verbs and len(parts) > 1:
            return ""
        if parts and parts[-1] == "async":
            parts = parts[:-1]
        while len(parts) > 1 and parts[0] in self._known.verbs:
            parts = parts[1:]
        for word in self._known.prepositions:
            if word in parts[1:]:
                parts = parts[: parts.index(word, 1)]
        return "_".join(parts)

    def is_header(self, name: str) -> bool:
        """Tell whether a header of this name carries a credential."""
        return _HEADER.fullmatch(name) is not None


def confirms(one: str, other: str) -> bool:
    """Tell whether two names are those of one thing that is asked for twice: password and password_confirm."""
    first, second = set(words(one)) | set(re.findall(r"\d", one)), set(words(other)) | set(re.findall(r"\d", other))
    return not programs().confirms.isdisjoint(first ^ second)
