"""Puts into a wheel what a scan reads of the rules: else each new installation would parse a thousand files first."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MadeOfRules(BuildHookInterface):
    """Adds keytrace/rules/made: what keytrace.cache.shipped.made reads."""

    PLUGIN_NAME = "custom"
    _folder = ""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # a checkout: the user's cache has it, and knows when a rule changes
        self._folder = tempfile.mkdtemp()
        os.environ["KEYTRACE_CACHE_DIR"] = os.path.join(self._folder, "cache")
        sys.path.insert(0, os.path.join(self.root, "scanner"))
        from keytrace.analyzers.layout import make_all

        for kind, content in make_all().items():
            file = Path(self._folder, kind)
            file.write_bytes(content)
            build_data["force_include"][str(file)] = f"keytrace/rules/made/{kind}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        shutil.rmtree(self._folder, ignore_errors=True)
