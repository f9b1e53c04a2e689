"""Sections of settings that a program reads as a whole, into a class: it reads each setting below, at that place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from keytrace.lifecycle.key import Role
from keytrace.lifecycle.reads.patterns import ALL_BELOW
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.wording import parts_of

Path = tuple[tuple[str, ...], ...]  # the words of each part


def opened(every: Iterable[Seen]) -> Iterator[Seen]:
    """Yield all places, for a section the settings below it that are defined for the service which reads it."""
    sections: list[Seen] = []
    below: dict[Path, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))  # names and their services
    for one in every:
        if one.name.endswith(ALL_BELOW):
            sections.append(one)
            continue
        yield one
        parts = parts_of(one.name) if one.mention.role is Role.DEFINED else ()
        for count in range(1, len(parts)):
            below[parts[:count]][one.name].add(one.service)
    for section in sections:
        for name, services in below.get(parts_of(section.name.removesuffix(ALL_BELOW)), {}).items():
            if section.service in services or "" in (section.service, *services):
                yield replace(section, mention=replace(section.mention, name=name))
