"""Docker Compose: `environment`, `env_file`, `secrets`, build arguments, of each service; and what else it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.tree import Tree, documents
from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.wording import interpolated

_FILE = re.compile(
    r"(?:^|/)(?:docker-)?(?:compose|stack|swarm)[\w.-]*\.ya?ml$|(?:^|/)[\w.-]*docker-compose[\w.-]*\.ya?ml$"
)
_DEFINE = frozenset({"environment", "env_file", "secrets", "build", "image"})


def claims(path: str, data: bytes) -> bool:
    return (_FILE.search(path) is not None and b"services" in data) or (
        path.endswith((".yml", ".yaml")) and _is_compose(data)
    )


def _is_compose(data: bytes) -> bool:
    return data.startswith((b"services:", b"version:")) and b"\nservices:" in b"\n" + data and b"image:" in data


def read(_path: str, data: bytes) -> Iterator[Mention]:
    for document in documents(data):
        told: set[tuple[str, int]] = set()  # what services share by an anchor stands there once
        for name, _, service in (document.get("services") or document).items():
            for one in _of_service(name, service, foreign=_is_foreign(service)):
                if (one.name, one.line) not in told:
                    told.add((one.name, one.line))
                    yield one
        for name, _, shared in document.items():
            if name.startswith("x-"):
                for one in _variables(shared.get("environment") or shared, "", foreign=False):
                    if (one.name, one.line) not in told:
                        told.add((one.name, one.line))
                        yield one
        yield from _secrets(document)


def _is_foreign(service: Tree) -> bool:
    """Tell whether an image is one that others made: no registry of one's own, no variable in its name."""
    image = service.say("image")
    return bool(image) and service.get("build") is None and "$" not in image and image.count("/") < 2


@dataclass(frozen=True, slots=True)
class Given:
    """The files of variables that a service is given, and whose it takes over: that of another service or file."""

    files: tuple[str, ...]  # as they are written: from the folder of the file
    extends: tuple[str, str] | None  # a file, empty for the same one, and a service
    is_foreign: bool


def given(data: bytes) -> dict[str, Given]:
    """Return what each service is given; raise BrokenError as `read` does."""
    found: dict[str, Given] = {}
    for document in documents(data):
        for name, _, service in (document.get("services") or document).items():
            named = service.get("env_file")
            files = (one.say("path") if one.is_map else one.text or "" for one in _each(named))
            base = service.say("extends", "service") or service.say("extends")
            extends = (service.say("extends", "file"), base) if base else None
            found[name] = Given(tuple(filter(None, files)), extends, _is_foreign(service))
    return found


def _each(node: Tree | None) -> Iterator[Tree]:
    """Yield the items of a list, or what stands there alone."""
    if node is not None:
        yield from [node] if node.is_map else node.parts()


def _of_service(name: str, service: Tree, *, foreign: bool) -> Iterator[Mention]:
    for holder in (service.get("environment"), service.get("build", "args")):
        if holder is not None:
            yield from _variables(holder, name, foreign=foreign)
    for key, _, value in service.items():
        if key not in _DEFINE:
            yield from _reads(value, name, foreign=foreign)
    used = service.get("secrets")
    for one in used.parts() if used else ():
        source = one.say("source") if one.is_map else one.text or ""
        if source:
            target = one.say("target").rpartition("/")[2] or source
            yield entry(target, None, one.line, "compose", service=name, refers=(source,), is_kept=True,
                        what=Holds.REFERENCE, is_foreign=foreign)  # fmt: skip


def _reads(node: Tree, service: str, *, foreign: bool) -> Iterator[Mention]:
    """Yield the variables that commands, checks and labels of a service are made with."""
    for name, _, _ in interpolated(node.text or ""):
        yield Mention(Role.READ, name, node.line, "compose", holds=Holds.NAME, service=service, is_foreign=foreign)
    for one in node.parts() if node.is_list else (value for _, _, value in node.items()):
        yield from _reads(one, service, foreign=foreign)


def _variables(holder: Tree, service: str, *, foreign: bool) -> Iterator[Mention]:
    if holder.is_map:
        for key, line, value in holder.items():
            if (text := value.text) is not None:
                yield _variable(key, text, line, service, foreign=foreign, bare=False)
    for one in holder.parts() if holder.is_list else ():
        if text := one.text:
            name, separator, given = text.partition("=")
            yield _variable(name.strip(), given, one.line, service, foreign=foreign, bare=not separator)


def _variable(key: str, text: str, line: int, service: str, *, foreign: bool, bare: bool) -> Mention:
    """Return a variable of a service; a `bare` one has the value that it has outside."""
    name = key.removesuffix("_FILE") if text.startswith("/run/secrets/") else key
    refers = (text.rpartition("/")[2],) if text.startswith("/run/secrets/") else ()
    what = Holds.REFERENCE if bare or refers or (not text and not bare) else None
    return entry(name, text, line, "compose", service=service, refers=refers, what=what, is_foreign=foreign,
                 is_kept=bool(refers))  # fmt: skip


def _secrets(document: Tree) -> Iterator[Mention]:
    """Yield the secrets that the file declares, each a file or a variable."""
    declared = document.get("secrets")
    for name, line, secret in declared.items() if declared else ():
        named = secret.get("environment")
        variable = (named.text or "") if named else ""
        yield entry(name, None, line, "compose", refers=(variable,) if variable else (), is_kept=True,
                    what=Holds.REFERENCE)  # fmt: skip
        if named and variable:
            yield entry(variable, None, named.line, "compose", is_kept=True, what=Holds.REFERENCE)
