"""What a repository lacks to be scanned by hook and CI, and what it has of other scanners."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keytrace.config import BASELINE_NAME
from keytrace.errors import ScannerError
from keytrace.hooks.places import Keeper, Place, keeper_in, keeper_of, place_of
from keytrace.hooks.scripts import KINDS
from keytrace.imports import IMPORTS, read_foreign
from keytrace.imports.foreign import Content
from keytrace.sources.content import read_file
from keytrace.version import __version__

_LIMIT = 2**20  # bytes of a file that is looked at
_HOOKS = ".pre-commit-config.yaml"
_PURPOSE = "the hook of pre-commit, which runs once you have called `pre-commit install`"
_GITLAB = ".gitlab-ci.yml"
_WORKFLOWS = ".github/workflows"
_SCANNERS = ("gitleaks", "detect-secrets", "trufflehog", "ggshield", "kingfisher", "talisman", "secretlint")
_OTHERS = {name: name for name in _SCANNERS} | {  # by what stands in a file that runs them
    "Secret-Detection.gitlab-ci.yml": "GitLab's secret detection",
    "components/secret-detection": "GitLab's secret detection",
}
# The option of trufflehog that names a file of its regexes, in a command or among the words of one.
_EXCLUDED = re.compile(r"""(?:--exclude-paths|(?<![\w-])-x)(?:[= ]|["'],[ ]?["'])["']?([\w./-]+)""")
# What is a baseline or report of a scanner: by its name, or by the option that names it to a command.
_WRITERS = ("gitleaks", "bandit", "kingfisher", "trufflehog")
_ENDINGS = (".json", ".jsonl", ".csv", ".yaml", ".yml", ".txt")
_BASELINE = re.compile(r"""(?:--baseline(?:-path|-file)?|(?<![\w-])-b)(?:[= ]|["'],[ ]?["'])["']?([\w./-]+)""")
_HOOK = f"""\
  - repo: https://github.com/keytrace/keytrace
    rev: v{__version__}
    hooks:
      - id: keytrace
"""
_WORKFLOW = f"""\
name: keytrace
on: [push, pull_request]
permissions:
  contents: read
jobs:
  keytrace:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
      - run: pip install keytrace=={__version__}
      - run: keytrace scan . -f github
"""
_JOB = f"""\
keytrace:
  image: python:3.12
  script:
    - pip install keytrace=={__version__}
    - keytrace scan . -f gitlab -o gl-secret-detection-report.json
  artifacts:
    when: always
    reports:
      secret_detection: gl-secret-detection-report.json
"""


_AZURE = f"""\
  - task: UsePythonVersion@0
    inputs: {{versionSpec: "3.12"}}
  - script: pip install keytrace=={__version__}
  - script: keytrace scan . -f junit -o keytrace.xml
  - task: PublishTestResults@2
    condition: always()
    inputs: {{testResultsFormat: JUnit, testResultsFiles: keytrace.xml, testRunTitle: keytrace}}
"""
_JENKINS = f"""\
        stage('keytrace') {{
            agent {{ docker {{ image 'python:3.12' }} }}
            steps {{
                sh 'python -m venv .keytrace-venv && .keytrace-venv/bin/pip install -q keytrace=={__version__}'
                sh '.keytrace-venv/bin/keytrace scan --exclude .keytrace-venv/ -f junit -o keytrace.xml'
            }}
            post {{ always {{ junit testResults: 'keytrace.xml', allowEmptyResults: true }} }}
        }}
"""
_OTHER_CI = {  # what belongs into a file that is there, and what that is
    _GITLAB: ("a job of GitLab", _JOB),
    "azure-pipelines.yml": ("steps of Azure Pipelines", _AZURE),
    "azure-pipelines.yaml": ("steps of Azure Pipelines", _AZURE),
    "Jenkinsfile": ("a stage of Jenkins", _JENKINS),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done: a file to write, or `text` to put into one that is there, which is left as it is."""

    path: str
    text: str
    is_new: bool
    purpose: str


def steps(root: str) -> Iterator[Step]:
    """Yield what the tree below `root` lacks: a hook, and a job where it has CI; the baseline is the scan's."""
    yield from _hooks(root)
    if Path(root, _WORKFLOWS).is_dir() and not any("keytrace" in _text(Path(root, name)) for name in _workflows(root)):
        yield from _step(root, f"{_WORKFLOWS}/keytrace.yml", "a workflow of GitHub Actions", _WORKFLOW, "")
    for name, (what, text) in _OTHER_CI.items():
        if Path(root, name).exists():
            yield from _step(root, name, what, "", text)


def _hooks(root: str) -> Iterator[Step]:
    """Yield what lets hooks look at commits, where whoever looks after the hooks will not undo it."""
    try:
        place = place_of(root)
        keeper = keeper_of(root, place)
    except ScannerError:  # no repository of git
        place, keeper = None, keeper_in(root)
    if keeper is None and place and os.path.lexists(own := os.path.join(place.folder, "pre-commit")):
        if "keytrace" not in _text(Path(own)):
            purpose = "the hook of git that is there (or let `keytrace hook install` keep it, and run after it)"
            yield Step(_shown(own, root), f"keytrace {KINDS['pre-commit'].command}\n", False, purpose)
    elif keeper is None or keeper.file == _HOOKS:
        yield from _step(root, _HOOKS, _PURPOSE, f"repos:\n{_HOOK}", _HOOK)
    elif not any("keytrace" in _text(file) for file in _files_of(keeper, root, place)):
        yield Step(keeper.file, keeper.text, False, f"the hooks of {keeper.name}")


def _files_of(keeper: Keeper, root: str, place: Place | None) -> Iterator[Path]:
    """Yield where a program that looks after hooks would have us."""
    yield Path(root, keeper.file)
    yield from Path(root, ".husky").glob("*")
    if place:
        yield from Path(place.folder).glob("*")


def _shown(path: str, root: str) -> str:
    relative = os.path.relpath(path, root)
    return path if relative.startswith("..") else relative


def others(root: str) -> Iterator[str]:
    """Yield a line for each thing that another scanner has in the root of a tree."""
    said: set[str] = set()
    for line in (*_by_name(root), *_by_command(root)):
        file = line.partition(":")[0]
        if file not in said:  # a command may be given what its name tells
            said.add(file)
            yield line


def _by_name(root: str) -> Iterator[str]:
    for name in sorted(os.listdir(root)):
        for form in IMPORTS.values():
            if name in form.names:
                by_import = f"`keytrace baseline import {name}` takes it"
                yield f"{name}: {'heeded in every scan' if form.heeded else by_import}"
        if name == ".gitleaks.toml":
            yield f"{name}: its rules and allowlists are heeded in every scan"
        elif name.endswith(_ENDINGS) and any(one in name for one in _WRITERS):
            yield from _taken(root, name)


def _by_command(root: str) -> Iterator[str]:
    for name in (_HOOKS, _GITLAB, *_workflows(root)):
        text = _text(Path(root, name))
        if there := [what for one, what in _OTHERS.items() if one in text]:
            yield f"{name}: runs {', '.join(there)}, which it need not do any more"
        for file in _EXCLUDED.findall(text) if "trufflehog" in text else ():
            if Path(root, file).is_file():
                yield f"{file}: `keytrace baseline import --as trufflehog {file}` takes it"
        for file in _BASELINE.findall(text) if any(one in text for one in _WRITERS) else ():
            yield from _taken(root, file)


def _taken(root: str, name: str) -> Iterator[str]:
    """Yield what is to be done with a file that another scanner wrote, if `name` is one in the tree."""
    path = os.path.join(root, name)
    if os.path.relpath(path, root).startswith("..") or not os.path.isfile(path):
        return
    try:
        form, _ = read_foreign(Content(path, root=root, follow=False))
    except ScannerError:
        return
    yield f"{name}: {form.title}; `keytrace baseline import {name}` takes it"


def _workflows(root: str) -> list[str]:
    """Return the workflows of GitHub Actions, relative to the root."""
    files = Path(root, _WORKFLOWS).glob("*.y*ml")
    return sorted(f"{_WORKFLOWS}/{file.name}" for file in files if file.suffix in (".yml", ".yaml"))


def has_baseline(root: str) -> bool:
    return os.path.lexists(os.path.join(root, BASELINE_NAME))


def _step(root: str, name: str, purpose: str, whole: str, part: str) -> Iterator[Step]:
    """Yield a new file, or what to put into the one that is there unless it speaks of us."""
    file = Path(root, name)
    if not os.path.lexists(file):
        yield Step(name, whole, True, purpose)
    elif part and "keytrace" not in _text(file):
        yield Step(name, part, False, purpose)


def _text(file: Path) -> str:
    try:
        return read_file(str(file), _LIMIT).decode("utf-8", "replace")
    except (OSError, ScannerError):
        return ""
