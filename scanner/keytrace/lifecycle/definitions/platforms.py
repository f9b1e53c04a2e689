"""Variables in the files of other platforms and CI systems, where these keep them: env, environment, variables …"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.scripts import read_in
from keytrace.lifecycle.definitions.tree import Tree, documents, settings
from keytrace.lifecycle.key import Holds, Mention
from keytrace.names.environments import in_names

_FILE = re.compile(
    r"(?:^|/)(?:app|render|cloudbuild|buildspec|template|azure-pipelines|bitbucket-pipelines|fly|netlify|wrangler|railway"
    r"|vercel|now|samconfig|copilot|taskdef|task-definition|devcontainer|\.drone|\.travis|\.woodpecker|nixpacks|amplify|mta"
    r"|manifest|ecosystem\.config|app-spec|dapr|skaffold|apprunner|do-app)[\w.-]*\.(?:ya?ml|json|toml)$|(?:^|/)Pulumi[\w.-]*\.ya?ml$"
)
_HOLDERS = frozenset(
    "env environment variables env_variables envvars environmentvariables env_vars build vars secrets config context "
    "containerenv remoteenv envs global".split()
)
_SCRIPTS = frozenset("script bash run commands command pwsh powershell before_script after_script".split())
_DEEPEST = 12
_TABLE = re.compile(r"^[ \t]*\[+([\w.\"'-]+)\]+", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*([A-Za-z_][\w-]*)[ \t]*=[ \t]*(?:\"([^\"\n]*)\"|'([^'\n]*)')", re.MULTILINE)


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(path: str, data: bytes) -> Iterator[Mention]:
    if path.endswith(".toml"):
        yield from _of_toml(data)
        return
    for document in documents(data):
        yield from _of_scripts(document, 0)
        for keys, line, value in settings(document):
            if not _HOLDERS.isdisjoint(key.lower() for key in keys[:-1]):
                is_encrypted = keys[-1] == "secure" and len(keys) > 2  # of Pulumi and AppVeyor
                name = keys[-2 if is_encrypted else -1].rpartition(":")[2]
                yield entry(name, value, line, "platform", environment=in_names(keys[:-1]), is_kept=is_encrypted,
                            what=Holds.ENCRYPTED if is_encrypted else None)  # fmt: skip


def _of_scripts(node: Tree, depth: int) -> Iterator[Mention]:
    """Yield what the scripts below a node read."""
    for key, _, value in node.items() if depth < _DEEPEST else ():
        if key.lower() in _SCRIPTS:
            yield from read_in(value, "platform")
        else:
            for one in value.parts() if value.is_list else [value]:
                yield from _of_scripts(one, depth + 1)
    if depth == 0 and node.is_list:
        for one in node.parts():
            yield from _of_scripts(one, 1)


def _of_toml(data: bytes) -> Iterator[Mention]:
    """Yield the texts in tables of variables; the lines are those of the text, which tomllib does not tell."""
    text = data.decode("utf-8", "replace")
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    tables = [(found.start(), found[1].replace('"', "").split(".")) for found in _TABLE.finditer(text)]
    for found in _LINE.finditer(text):
        table: list[str] = next((names for start, names in reversed(tables) if start < found.start()), [])
        if not _HOLDERS.isdisjoint(name.lower() for name in table):
            line = text.count("\n", 0, found.start(1)) + 1
            yield entry(found[1], found[2] or found[3] or "", line, "platform", environment=in_names(table))
