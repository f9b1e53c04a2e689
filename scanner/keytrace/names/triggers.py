"""Literals of which one is in every name that promises a secret: where the text pass has to look closer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from keytrace.names import tables
from keytrace.names.tables import Words

_JOINED = ("", "_", "-", ".", " ")  # what stands between two words of a name
_APART = ("_", "-")


def of_variables() -> tuple[str, ...]:
    """Return the triggers of variables, parameters, and functions that return what one holds."""
    words, programs = tables.words(), tables.programs()
    compounds: list[Words] = [*programs.secret, *programs.unsure]
    compounds += [(word,) for word in (*words.strong, *words.strong_endings)]
    compounds += [(word, "key") for word in words.key_of]
    compounds += [(word, ending) for word in words.pass_of for ending in ("pass", "pw")]
    return shortest(of_names(compounds))


def of_settings() -> tuple[str, ...]:
    """Return the triggers of what only a setting promises: X_KEY, X_PASS."""
    return tuple(sign + ending for ending in tables.programs().setting_endings for sign in _APART)


def of_headers() -> tuple[str, ...]:
    """Return the triggers of headers."""
    programs = tables.programs()
    return (*of_names(programs.headers), *(f"-{ending}" for ending in programs.header_endings))


def of_queries() -> tuple[str, ...]:
    """Return the triggers of what only a query promises; they hold what stands around a name there: ?key= or &key="""
    return tuple(f"{sign}{word}=" for word in tables.programs().queries for sign in "?&")


def of_names(names: Iterable[Words]) -> tuple[str, ...]:
    """Return the ways to write names of these words."""
    return tuple({sign.join(name) for name in names for sign in _JOINED})


def shortest(triggers: Iterable[str]) -> tuple[str, ...]:
    """Return the triggers without those that hold another."""
    kept: dict[str, list[str]] = {}  # by their first two characters
    for trigger in sorted(set(triggers), key=len):
        starts = [(at, kept.get(trigger[at : at + size])) for at in range(len(trigger)) for size in (1, 2)]
        if not any(trigger.startswith(tuple(shorter), at) for at, shorter in starts if shorter):
            kept.setdefault(trigger[:2], []).append(trigger)
    return tuple(sorted(trigger for same in kept.values() for trigger in same))


@cache
def in_a_variable() -> re.Pattern[str]:
    """Return a pattern that finds a trigger in the name of a variable which its words alone promise to be a secret.

    Grouped, because one of all the literals takes 8 ms to compile.
    """
    words = tables.words()
    of_key, of_pass = "|".join(sorted(words.key_of)), "|".join(sorted(words.pass_of))
    joined = f"[{re.escape(''.join(_JOINED))}]?"
    whole = "|".join(shortest((*words.strong, *words.strong_endings)))
    return re.compile(f"(?i){whole}|(?:{of_key}){joined}key|(?:{of_pass}){joined}(?:pass|pw)")
