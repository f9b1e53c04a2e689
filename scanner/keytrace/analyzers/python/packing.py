"""Surveys as the cache of results keeps them, and what tells one question or reading from another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any

from keytrace.analyzers.python.outline.imports import Import
from keytrace.analyzers.python.project import Question, Reading, Survey
from keytrace.cache.results import digest


def pack(surveys: list[Survey]) -> bytes:
    """Return surveys as bytes: names of the program, and nothing that they hold."""
    return json.dumps([_packed(survey) for survey in surveys], separators=(",", ":")).encode()


def _packed(survey: Survey) -> dict[str, Any]:
    """Return what of a survey is not as it is by default."""
    found: dict[str, Any] = {}
    for field in fields(Survey):
        value = getattr(survey, field.name)
        if value:
            found[field.name] = sorted(value, key=repr) if isinstance(value, frozenset) else value
    return found | {"imports": [astuple(one) for one in survey.imports]}


def unpack(packed: bytes) -> list[Survey]:
    """Return what was packed."""
    return [_unpacked(**one) for one in json.loads(packed)]


def _unpacked(imports: list[list[str]], **values: Any) -> Survey:
    sets: dict[str, Any] = {
        name: value
        if isinstance(value, bool)
        else frozenset(tuple(one) if isinstance(one, list) else one for one in value)
        for name, value in values.items()
    }
    return Survey(imports=tuple(Import(*one) for one in imports), **sets)


def key_of(context: Question | Reading, marks: Mapping[str, bytes]) -> bytes:
    """Return what is another where a context asks something else, or where another module of it has changed; `marks`
    are the digests of programs, by path. Empty where one of them has none.
    """
    if isinstance(context, Question):
        return digest(context)
    modules = {path: marks.get(path, b"") for path in context.artifacts}
    return (
        digest(context.table, context.imports, context.exports, modules, context.known)
        if all(modules.values())
        else b""
    )
