"""Files of variables that another file hands to a service: `env_file` of Compose, `envs` of a kustomization.

Their keys belong to whoever gets them, in the environment of the file that says so, whatever their own name is.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from keytrace.lifecycle.definitions import compose, kustomize
from keytrace.lifecycle.definitions.tree import BrokenError
from keytrace.lifecycle.reading import text_of
from keytrace.model import Artifact
from keytrace.names.environments import of_path

_DEEPEST = 8  # services that extend one another
_ENDINGS = (".yml", ".yaml", "Kustomization")


@dataclass(frozen=True, slots=True)
class Hand:
    """Who gets the variables of a file: `by` is the file that says so."""

    by: str
    service: str
    environment: str = ""  # where that file says it; else its path may
    is_foreign: bool = False


def handed(artifacts: Iterable[Artifact], limit: int) -> Mapping[str, tuple[Hand, ...]]:
    """Return who gets the variables of each file that others name; what cannot be read is told of elsewhere."""
    composed: dict[str, dict[str, compose.Given]] = {}
    found: dict[str, dict[Hand, None]] = defaultdict(dict)
    for artifact in artifacts:
        path = artifact.provenance.path
        if not path.endswith(_ENDINGS):
            continue
        data = text_of(artifact, limit)
        try:
            if kustomize.claims(path, data):
                for name, service, environment in kustomize.given(data):
                    found[_beside(path, name)][Hand(path, service, environment)] = None
            elif (b"env_file" in data or b"extends" in data) and compose.claims(path, data):
                composed[path] = compose.given(data)
        except BrokenError:
            continue
    for path, services in composed.items():
        for service, own in services.items():
            for name in _all_files(path, service, composed, 0):
                found[name][Hand(path, service, is_foreign=own.is_foreign)] = None
    return {name: tuple(_surest(list(hands))) for name, hands in found.items()}


def _surest(hands: Sequence[Hand]) -> Iterator[Hand]:
    """Yield those that tell an environment, of each service: what has none is the base of what has."""
    known = {hand.service for hand in hands if _has_environment(hand)}
    yield from (hand for hand in hands if hand.service not in known or _has_environment(hand))


def _has_environment(hand: Hand) -> bool:
    return bool(hand.environment or of_path(hand.by))


def _beside(path: str, name: str) -> str:
    """Return the path of a file that is named from the folder of another."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def _all_files(
    path: str, service: str, composed: Mapping[str, Mapping[str, compose.Given]], depth: int
) -> Iterator[str]:
    """Yield the files that a service is given, also by what it extends."""
    own = composed.get(path, {}).get(service)
    if own is None or depth > _DEEPEST:
        return
    for name in own.files:
        yield _beside(path, name)
    if own.extends is not None:
        file, base = own.extends
        yield from _all_files(_beside(path, file) if file else path, base, composed, depth + 1)
