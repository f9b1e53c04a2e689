"""What a module knows of the other modules of its package: the names that they bind and what their functions do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scanner.analyzers.python.lattice import Value

if TYPE_CHECKING:
    from scanner.analyzers.python.calls import Site
    from scanner.analyzers.python.expressions import Expressions


class Imported:
    """Looks up what was imported."""

    def find(self, ref: str) -> Value | None:
        return None

    def everything(self, module: str) -> list[tuple[str, Value]]:
        return []

    def call(self, reader: Expressions, ref: str, site: Site) -> Value | None:
        return None
