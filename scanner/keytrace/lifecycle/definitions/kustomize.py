"""Kustomizations: the Secrets and ConfigMaps that they generate, of literals and of files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.kubernetes import environment_in, kept_for
from keytrace.lifecycle.definitions.tree import Tree, documents
from keytrace.lifecycle.key import Holds, Mention
from keytrace.lifecycle.wording import is_plain

_FILE = re.compile(r"(?:^|/)(?:kustomization\.ya?ml|Kustomization)$")
_API = b"kustomize.config.k8s.io"
_SECRETS = "secretGenerator"


def claims(path: str, data: bytes) -> bool:
    return _FILE.search(path) is not None or (path.endswith((".yml", ".yaml")) and _API in data)


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        for made, is_secret in _generators(document):
            for one in found.parts() if (found := made.get("literals")) else ():
                name, separator, value = (one.text or "").partition("=")
                if separator:
                    yield _made(name, value, one.line, document, made, is_secret=is_secret)
            for one in found.parts() if (found := made.get("files")) else ():
                name = (one.text or "").partition("=")[0].rpartition("/")[2]
                if name and is_secret:
                    yield _made(name, None, one.line, document, made, is_secret=is_secret)


def _generators(document: Tree) -> Iterator[tuple[Tree, bool]]:
    """Yield what generates a Secret or a ConfigMap, and whether it is a Secret."""
    for holder in (_SECRETS, "configMapGenerator"):
        for made in found.parts() if (found := document.get(holder)) else ():
            yield made, holder == _SECRETS


def _made(name: str, value: str | None, line: int, document: Tree, made: Tree, *, is_secret: bool) -> Mention:
    return entry(name, value, line, "kubernetes", environment=_environment(document, made), service=_service(made),
                 is_kept=is_secret and not is_plain(name), what=Holds.REFERENCE if value is None else None)  # fmt: skip


def _environment(document: Tree, made: Tree) -> str:
    own = ("namePrefix", "nameSuffix")
    return environment_in(document.say("namespace"), *map(document.say, own), made.say("namespace"), made.say("name"))


def _service(made: Tree) -> str:
    return kept_for(made.say("name"))


def given(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield the files of variables that go into what is generated, with its service and environment."""
    for document in documents(data):
        for made, _ in _generators(document):
            for key in ("envs", "env"):
                for one in found.parts() if (found := made.get(key)) else ():
                    if one.text:
                        yield one.text, _service(made), _environment(document, made)
