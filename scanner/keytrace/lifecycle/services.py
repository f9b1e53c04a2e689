"""Which service a file belongs to: the nearest folder with a Dockerfile or the manifest of a package."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_MANIFESTS = re.compile(
    r"(?:^|/)(?:(?:[\w.-]+\.)?Dockerfile(?:\.[\w.-]+)?|Containerfile|pyproject\.toml|setup\.(?:py|cfg)|requirements\.txt"
    r"|package\.json|go\.mod|Cargo\.toml|Gemfile|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|[\w.-]+\.csproj"
    r"|mix\.exs|Package\.swift|pubspec\.yaml|Chart\.yaml|serverless\.ya?ml|Procfile)$"
)
_GROUPS = frozenset("services service apps app packages src cmd projects modules components libs".split())
_NOT_ONE = frozenset(
    "deploy deployment deployments infra infrastructure k8s kubernetes kube manifests charts chart helm terraform tf "
    "config configs configuration docker ops ansible env envs environments scripts docs doc test tests .github "
    ".circleci .gitlab overlays base secrets systemd bin tools ci group_vars host_vars inventory inventories".split()
)


class Services:
    """The services of a tree."""

    def __init__(self, paths: Iterable[str]) -> None:
        found = {path.rpartition("/")[0] for path in paths if _MANIFESTS.search(path)}
        self._folders = {folder for folder in found if folder and not _is_of_none(folder)}
        self.names = {folder.rpartition("/")[2] for folder in self._folders}

    def of(self, path: str) -> str:
        """Return the service that a file belongs to, empty where it belongs to all."""
        folder, _, base = path.rpartition("/")
        pieces = folder.split("/") if folder else []
        for end in range(len(pieces), 0, -1):
            if "/".join(pieces[:end]) in self._folders:
                return pieces[end - 1]
        named = next((piece for piece in reversed(pieces) if piece in self.names), "")
        return named or _grouped(pieces) or self._in(base) or _top(pieces)

    def _in(self, base: str) -> str:
        """Return the service that the name of a file speaks of."""
        return next((name for name in sorted(self.names) if re.search(rf"\b{re.escape(name)}\b", base)), "")

    def called(self, name: str) -> str:
        """Return the service of this name: that of a workload may have more around it, as in `prod-api-worker`."""
        if name in self.names or not name or "{{" in name:  # which a template makes
            return "" if "{{" in name else name
        inside = [own for own in self.names if re.search(rf"(?:^|[-_]){re.escape(own)}(?:$|[-_])", name)]
        return max(inside, key=lambda own: (len(own), own)) if inside else name


def _grouped(pieces: list[str]) -> str:
    """Return the folder below one that holds services."""
    return next((own for group, own in pairwise(pieces) if group in _GROUPS and own not in _NOT_ONE), "")


def _top(pieces: list[str]) -> str:
    return pieces[0] if pieces and pieces[0] not in _NOT_ONE and pieces[0] not in _GROUPS else ""


def _is_of_none(folder: str) -> bool:
    return any(piece in _NOT_ONE for piece in folder.split("/"))
