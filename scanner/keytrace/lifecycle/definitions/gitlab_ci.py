"""GitLab CI: `variables` of all and of jobs, with the environment of each, and what its scripts read.

Those of all are of the environment of the jobs that read them, of none where these have several.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.scripts import read_in
from keytrace.lifecycle.definitions.tree import Tree, documents
from keytrace.lifecycle.key import Holds, Mention, Role

_FILE = re.compile(r"(?:^|/)\.gitlab-ci[\w.-]*\.ya?ml$|(?:^|/)\.gitlab/(?:ci/)?.*\.ya?ml$|\.gitlab-ci\.ya?ml$")
_DEEPEST = 8  # jobs that extend one another


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        jobs = [(name, _bases(job, document, 0)) for name, _, job in document.items() if job.is_map]
        used: dict[str, set[str]] = defaultdict(set)  # the environments of the jobs that read a name
        for name, bases in jobs:
            for one in _read_by(bases) if not name.startswith(".") else ():
                used[one.name].add(one.environment)
        for one in _of_job(document, ""):
            (environment,) = used[one.name] if len(used[one.name]) == 1 else ("",)
            yield replace(one, environment=environment) if one.role is Role.DEFINED else one
        for _, bases in jobs:
            yield from _of_job(bases[0], _environment(bases))


def _bases(job: Tree, document: Tree, depth: int) -> list[Tree]:
    """Return a job and what it extends, the nearest first."""
    found = [job]
    extended = job.get("extends") if depth < _DEEPEST else None
    for one in extended.parts() if extended else ():
        base = document.get(one.text or "")
        if base is not None and base.is_map:
            found += _bases(base, document, depth + 1)
    return found


def _environment(bases: Sequence[Tree]) -> str:
    """Return the environment of a job, empty where it has none or a variable says which."""
    named = (job.say("environment") or job.say("environment", "name") for job in bases)
    environment = next(filter(None, named), "")
    return "" if "$" in environment else environment.partition("/")[0]


def _read_by(bases: Sequence[Tree]) -> Iterator[Mention]:
    environment = _environment(bases)
    for job in bases:
        yield from _scripts(job, environment)


def _of_job(job: Tree, environment: str) -> Iterator[Mention]:
    rules = job.get("rules")
    for holder in (job, *(rules.parts() if rules and rules.is_list else ())):
        for name, line, value in found.items() if holder.is_map and (found := holder.get("variables")) else ():
            text = value.text if value.text is not None else value.say("value")
            yield entry(name, text, line, "gitlab-ci", environment=environment)
    for name, line, _ in found.items() if (found := job.get("secrets")) and found.is_map else ():
        yield entry(name, None, line, "gitlab-ci", environment=environment, is_kept=True, what=Holds.REFERENCE)
    yield from _scripts(job, environment)


def _scripts(job: Tree, environment: str) -> Iterator[Mention]:
    for part in ("before_script", "script", "after_script"):
        if found := job.get(part):
            yield from read_in(found, "gitlab-ci", environment)
