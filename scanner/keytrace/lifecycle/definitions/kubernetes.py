"""Kubernetes: Secrets, ConfigMaps, the variables of workloads, sealed and external secrets; also in Helm templates."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.tree import Tree, documents
from keytrace.lifecycle.key import Holds, Mention
from keytrace.lifecycle.wording import is_key, is_plain

_KIND = re.compile(rb"(?:^|[{,])[ \t]*[\"']?kind[\"']?[ \t]*:[ \t]*\S", re.MULTILINE)  # JSON may be one line
_API = re.compile(rb"(?:^|[{,])[ \t]*[\"']?apiVersion[\"']?[ \t]*:", re.MULTILINE)
_DEEPEST = 30  # levels of a workload
_ENVIRONMENTS = re.compile(
    r"(?:^|-)(prod|production|prd|staging|stage|stg|dev|development|test|qa|uat|sandbox|preview)(?:-|$)"
)


def claims(path: str, data: bytes) -> bool:
    return path.endswith((".yml", ".yaml", ".json", ".tpl")) and b"kind" in data and b"apiVersion" in data and (
        _KIND.search(data) is not None and _API.search(data) is not None
    )  # fmt: skip


def read(path: str, data: bytes) -> Iterator[Mention]:
    if path.endswith(".json") and not data.lstrip().startswith((b"{", b"[")):
        return
    for document in documents(data):
        items = document.get("items") if document.say("kind") == "List" else None
        for one in items.parts() if items else [document]:
            yield from _of_object(one)


def _of_object(item: Tree) -> Iterator[Mention]:
    kind = item.say("kind")
    if kind == "Secret":
        yield from _of_secret(item)
    elif kind == "ConfigMap":
        yield from _of_entries(item.get("data"), item, coded=False)
    elif kind == "SealedSecret":
        for name, line, _ in found.items() if (found := item.get("spec", "encryptedData")) else ():
            yield _made(name, None, line, item, what=Holds.ENCRYPTED)
    elif kind in ("ExternalSecret", "ClusterExternalSecret"):
        wanted = item.get("spec", "data")
        for one in wanted.parts() if wanted else ():
            for key, line, value in one.items():
                if key == "secretKey" and value.text:
                    yield _made(value.text, None, line, item, what=Holds.REFERENCE)
    elif kind:
        yield from _of_workload(item, item, 0)


def _of_secret(item: Tree) -> Iterator[Mention]:
    if item.get("sops") is not None:
        for holder in ("data", "stringData"):
            for name, line, _ in found.items() if (found := item.get(holder)) else ():
                yield _made(name, None, line, item, what=Holds.ENCRYPTED)
        return
    yield from _of_entries(item.get("stringData"), item, coded=False)
    yield from _of_entries(item.get("data"), item, coded=True)


def _of_entries(holder: Tree | None, item: Tree, *, coded: bool) -> Iterator[Mention]:
    is_secret = item.say("kind") == "Secret"
    for name, line, value in holder.items() if holder else ():
        if (stands := value.text) is None:
            continue
        decoded = _decoded(stands) if coded else None
        text = stands if decoded is None else decoded
        if "\n" in text.strip() and not is_key(name) and not is_secret:
            continue  # a file
        yield _made(name, text, line, item, is_kept=is_secret and not is_plain(name))


def _decoded(text: str) -> str | None:
    try:
        return b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _made(
    name: str, text: str | None, line: int, item: Tree, *, what: Holds | None = None, is_kept: bool = True
) -> Mention:
    return entry(name, text, line, "kubernetes", environment=_environment(item), service=_service(item), what=what,
                 is_kept=is_kept)  # fmt: skip


def _environment(item: Tree) -> str:
    """Return the environment that the namespace or a label of an object names."""
    labels = ("environment", "env", "app.kubernetes.io/environment", "tier", "stage")
    said = [item.say("metadata", "labels", label) for label in labels]
    return environment_in(item.say("metadata", "namespace"), *said, item.say("metadata", "name"))


def environment_in(*texts: str) -> str:
    """Return the environment that the first of some names which has one in it speaks of."""
    return next((found[1] for text in texts if (found := _ENVIRONMENTS.search(text))), "")


def _service(item: Tree) -> str:
    """Return the workload that an object is, or that its labels say it is a part of."""
    labels = ("app.kubernetes.io/name", "app", "app.kubernetes.io/instance", "app.kubernetes.io/component", "service")
    said = next(filter(None, (item.say("metadata", "labels", label) for label in labels)), "")
    kind = item.say("kind")
    if kind in ("Secret", "ConfigMap", "SealedSecret", "ExternalSecret"):
        return said or kept_for(item.say("metadata", "name"))
    return item.say("metadata", "name") or said


def kept_for(name: str) -> str:
    """Return the workload that a Secret or a ConfigMap is for by its name: `api-secrets` is that of `api`."""
    return re.sub(r"-?(?:secrets?|env|config|credentials|creds)(?:-.*)?$", "", name)


def _of_workload(node: Tree, item: Tree, depth: int) -> Iterator[Mention]:
    """Yield the variables of all containers below a node."""
    for key, _, value in node.items() if depth < _DEEPEST else ():
        for one in value.parts() if value.is_list else [value]:
            if key == "env" and value.is_list:
                yield from _variable(one, item)
            else:
                yield from _of_workload(one, item, depth + 1)


def _variable(one: Tree, item: Tree) -> Iterator[Mention]:
    name = one.say("name")
    line = next((line for key, line, _ in one.items() if key == "name"), one.line)
    secret, config = one.get("valueFrom", "secretKeyRef"), one.get("valueFrom", "configMapKeyRef")
    if not name:
        return
    source = secret or config
    if source is not None:
        key = source.say("key")
        yield entry(name, None, line, "kubernetes", environment=_environment(item), service=_service(item),
                    refers=(key,) if key else (), is_kept=secret is not None and not is_plain(key or name),
                    what=Holds.REFERENCE)  # fmt: skip
    elif one.get("valueFrom") is None:
        yield entry(name, one.say("value"), line, "kubernetes", environment=_environment(item), service=_service(item))
