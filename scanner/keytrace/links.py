"""The second round over Python programs: which module an import means, among the files of a scan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keytrace.batch import LinkedArtifact
from keytrace.model import Artifact, Want


def linked(wants: Iterable[tuple[str, Want]], programs: Mapping[str, Artifact]) -> list[LinkedArtifact]:
    """Return the programs that import what may matter from other programs of the scan, with these."""
    found: dict[str, list[tuple[Want, Artifact]]] = {}
    for path, want in wants:
        module = resolve(path, want.module, programs)
        if module is not None and module != path:
            found.setdefault(path, []).append((want, programs[module]))
    return [LinkedArtifact(programs[path], tuple(imports)) for path, imports in found.items() if path in programs]


def resolve(path: str, module: str, programs: Mapping[str, Artifact]) -> str | None:
    """Return the path of the module that the program `path` imports as `module`, None when it is not in the scan.

    An absolute import is looked for from the folder of the program upwards: the nearest module of that name is meant.
    """
    folders = path.split("/")[:-1]
    name = module.lstrip(".")
    dots = len(module) - len(name)
    parts = name.split(".") if name else []
    if dots:
        if dots - 1 > len(folders):
            return None
        return _file([*folders[: len(folders) - dots + 1], *parts], programs)
    for depth in range(len(folders), -1, -1):
        found = _file([*folders[:depth], *parts], programs)
        if found is not None:
            return found
    return None


def _file(parts: list[str], programs: Mapping[str, Artifact]) -> str | None:
    base = "/".join(parts)
    return next((name for name in (f"{base}.py", f"{base}/__init__.py", f"{base}.pyi") if name in programs), None)
