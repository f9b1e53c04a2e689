"""The plan for the rotation of a key: its steps, and how it is written, as Markdown and as JSON. No value is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, TextIO

from keytrace.lifecycle.key import Key
from keytrace.reporters.layout import printable
from keytrace.reporters.records import valid

FORMAT = "keytrace-rotation/1"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, where, and by whom; a place that is not known is empty."""

    says: str
    path: str = ""
    line: int = 0
    environment: str = ""
    service: str = ""
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and what its exit codes mean."""

    run: str
    exits: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a plan: all its tasks are done before the next one begins."""

    id: str  # create, accept-both, set, redeploy, prove, revoke, refuse-old, clean-up
    title: str
    says: str
    tasks: tuple[Task, ...] = ()
    commands: tuple[Command, ...] = ()
    page: str = ""  # of the provider


@dataclass(frozen=True, slots=True)
class Plan:
    """How to rotate a key: `old` are the digests of the values that it has now, where these may be shown."""

    key: Key
    name: str  # of the kind of key, as its rule has it
    environments: tuple[str, ...]
    old: tuple[str, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()


def write_json(plan: Plan, stream: TextIO) -> None:
    """Write a plan as an object for other programs."""
    key = plan.key
    record: dict[str, Any] = {
        "format": FORMAT,
        "key": key.id,
        "names": key.names,
        "kind": plan.name,
        "provider": key.provider,
        "rule": key.rule,
        "scope": key.scope,
        "environments": plan.environments,
        "services": key.services,
        "owners": key.owners,
        "old": plan.old,
        "steps": [_step(step) for step in plan.steps],
        "notes": plan.notes,
    }
    stream.write(valid(json.dumps(record, indent=1, ensure_ascii=False)) + "\n")


def _step(step: Step) -> dict[str, Any]:
    record = asdict(step)
    for command in record["commands"]:
        command["exits"] = {str(code): meaning for code, meaning in command["exits"]}
    return record


def write_markdown(plan: Plan, stream: TextIO) -> None:
    """Write a plan as a list to tick off."""
    stream.writelines(f"{line}\n" for line in _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    yield f"# Rotate {_code(plan.key.name)}"
    yield ""
    yield "; ".join(_about(plan)) + "."
    for number, step in enumerate(plan.steps, 1):
        yield ""
        yield f"## {number}. {step.title}"
        yield from ("", printable(step.says)) if step.says else ()
        yield from ("", *(f"- [ ] {_task(task)}" for task in step.tasks)) if step.tasks else ()
        for exits, commands in groupby(step.commands, key=lambda command: command.exits):
            yield from ("", "```sh", *(command.run for command in commands), "```")
            yield from ("", *(f"- exit code {code}: {meaning}" for code, meaning in exits)) if exits else ()
    for note in plan.notes:
        yield from ("", f"Note: {printable(note)}")


def _about(plan: Plan) -> Iterator[str]:
    """Yield what there is to know of the key."""
    key = plan.key
    yield plan.name or "a key of no known provider"
    if key.scope != "unknown":
        yield f"scope {key.scope}"
    if plan.environments:
        yield f"in {_codes(plan.environments)}"
    if key.services:
        yield f"used by {_codes(key.services)}"
    yield f"owned by {_codes(key.owners)} ({key.owned_by})" if key.owners else "without an owner"


def _task(task: Task) -> str:
    place = _code(f"{task.path}:{task.line}" if task.line else task.path) if task.path else ""
    about = [f"environment {_code(task.environment)}" if task.environment else ""]
    about += [f"service {_code(task.service)}" if task.service else "", _codes(task.owners)]
    around = ", ".join(filter(None, about))
    return f"{place + ': ' if place else ''}{task.says}{f' ({around})' if around else ''}"


def _code(text: str) -> str:
    """Return a text that is none but itself: no markup, no mention of a person."""
    return "`" + printable(text).replace("`", "'") + "`"


def _codes(texts: tuple[str, ...]) -> str:
    return ", ".join(map(_code, texts))


WRITERS: dict[str, Callable[[Plan, TextIO], None]] = {"markdown": write_markdown, "json": write_json}
