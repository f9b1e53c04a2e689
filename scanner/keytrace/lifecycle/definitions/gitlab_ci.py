"""GitLab CI: `variables` of all and of jobs, with the environment of each, and what its scripts read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.scripts import read_in
from keytrace.lifecycle.definitions.tree import Tree, documents
from keytrace.lifecycle.key import Holds, Mention

_FILE = re.compile(r"(?:^|/)\.gitlab-ci[\w.-]*\.ya?ml$|(?:^|/)\.gitlab/(?:ci/)?.*\.ya?ml$|\.gitlab-ci\.ya?ml$")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        yield from _of_job(document, "")
        for _, _, job in document.items():
            if job.is_map:
                environment = job.say("environment") or job.say("environment", "name")
                yield from _of_job(job, "" if "$" in environment else environment.partition("/")[0])


def _of_job(job: Tree, environment: str) -> Iterator[Mention]:
    rules = job.get("rules")
    for holder in (job, *(rules.parts() if rules and rules.is_list else ())):
        for name, line, value in found.items() if holder.is_map and (found := holder.get("variables")) else ():
            text = value.text if value.text is not None else value.say("value")
            yield entry(name, text, line, "gitlab-ci", environment=environment)
    for name, line, _ in found.items() if (found := job.get("secrets")) and found.is_map else ():
        yield entry(name, None, line, "gitlab-ci", environment=environment, is_kept=True, what=Holds.REFERENCE)
    for part in ("before_script", "script", "after_script"):
        for one in found.parts() if (found := job.get(part)) else ():
            yield from read_in(one, "gitlab-ci")
