"""What a bare word means in a program, where it has two meanings: a token opens something, or is one of a text."""

from __future__ import annotations

import re
from collections.abc import Callable

from keytrace.analyzers.python.names import Names

_OF_TEXTS = re.compile(
    rb"(?i)tokeni[sz]e|lexer|next_token|token_?type|\btok\.|\.lineno|\bply\.|token\.type|token_list"
    rb"|\bSyntaxError\(|unexpected token"
)
_OPENS = re.compile(rb"(?i)auth|login|bearer|passw|api_?key|secret|jwt|credential|session|slack|discord|telegram")
_FOLDERS = re.compile(rb"\bimport pwd\b|getcwd|\bchdir\b|\bcwd\b|[\"']PWD[\"']|\$PWD|\bpwd\.getpw")
_MOST_OF_TEXTS = 2  # times as often a program speaks of what opens something where its tokens are keys


def doubts(names: Names, data: bytes) -> Callable[[str], bool]:
    """Return what tells whether a name of two meanings means something else than a secret in this program."""
    about: dict[bool, bool] = {}

    def is_doubtful(name: str) -> bool:
        if names.is_sure(name):
            return False
        is_folder = name.lower().endswith("pwd")
        if is_folder not in about:
            about[is_folder] = _FOLDERS.search(data) is not None if is_folder else _reads_texts(data)
        return about[is_folder]

    return is_doubtful


def _reads_texts(data: bytes) -> bool:
    of_texts = len(_OF_TEXTS.findall(data))
    return of_texts > 0 and len(_OPENS.findall(data)) <= _MOST_OF_TEXTS * of_texts
