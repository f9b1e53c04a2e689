"""GitHub Actions: `env` of a workflow, a job, a step; inputs that take a secret; the environment of a job."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.tree import Tree, documents
from keytrace.lifecycle.key import Holds, Mention
from keytrace.lifecycle.wording import is_automatic

_FILE = re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/(?:workflows|actions)/.*\.ya?ml$|(?:^|/)action\.ya?ml$")
_USED = re.compile(r"\bsecrets(?:\.(\w+)|\[\s*['\"](\w+)['\"]\s*\])")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        yield from _of_env(document, "")
        for _, _, job in (document.get("jobs") or document).items():
            if not document.get("jobs"):
                break
            environment = job.say("environment") or job.say("environment", "name")
            yield from _of_job(job, "" if "$" in environment else environment)
        steps = document.get("runs", "steps")
        for step in steps.parts() if steps else ():
            yield from _of_step(step, "")


def _of_job(job: Tree, environment: str) -> Iterator[Mention]:
    yield from _of_env(job, environment)
    for holder in (
        job.get("with"),
        job.get("secrets"),
        job.get("container", "env"),
        job.get("container", "credentials"),
    ):
        if holder is not None:
            yield from _entries(holder, environment, only_secrets=holder is not job.get("container", "env"))
    for _, _, service in found.items() if (found := job.get("services")) else ():
        if env := service.get("env"):
            yield from _entries(env, environment, foreign=True)
    steps = job.get("steps")
    for step in steps.parts() if steps else ():
        yield from _of_step(step, environment)


def _of_step(step: Tree, environment: str) -> Iterator[Mention]:
    yield from _of_env(step, environment)
    if inputs := step.get("with"):
        yield from _entries(inputs, environment, only_secrets=True)
    if run := step.get("run"):
        for number, line in enumerate((run.text or "").split("\n")):
            for found in _USED.finditer(line):
                yield from _secret(found[1] or found[2], run.line + number + ("\n" in (run.text or "")), environment)


def _of_env(holder: Tree, environment: str) -> Iterator[Mention]:
    if env := holder.get("env"):
        yield from _entries(env, environment)


def _entries(holder: Tree, environment: str, *, only_secrets: bool = False, foreign: bool = False) -> Iterator[Mention]:
    for name, line, value in holder.items():
        text = value.text
        if text is None:
            continue
        used = [one[1] or one[2] for one in _USED.finditer(text)]
        if used and all(map(is_automatic, used)):
            continue
        if used and only_secrets:
            for one in used:
                yield from _secret(one, value.line, environment)
        elif used:
            own = tuple(one for one in used if not is_automatic(one))
            yield entry(name, text, line, "github-actions", environment=environment, refers=own, is_kept=True,
                        what=Holds.REFERENCE)  # fmt: skip
        elif not only_secrets:
            yield entry(name, text, line, "github-actions", environment=environment, is_foreign=foreign)


def _secret(name: str, line: int, environment: str) -> Iterator[Mention]:
    if not is_automatic(name):
        yield entry(name, None, line, "github-actions", environment=environment, is_kept=True, what=Holds.REFERENCE)
