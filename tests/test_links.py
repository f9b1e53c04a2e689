"""Which file of a scan an import means."""

from __future__ import annotations

import pytest

from keytrace.links import linked, resolve
from keytrace.model import Want
from keytrace.sources.folder import FileArtifact

PROGRAMS = {
    path: FileArtifact("/", path)
    for path in (
        "settings.py",
        "shop/__init__.py",
        "shop/settings.py",
        "shop/app.py",
        "shop/web/views.py",
        "shop/web/keys/__init__.py",
        "lib/types.pyi",
    )
}


@pytest.mark.parametrize(
    ("path", "module", "found"),
    [
        ("shop/app.py", "settings", "shop/settings.py"),  # the nearest
        ("main.py", "settings", "settings.py"),
        ("lib/use.py", "settings", "settings.py"),
        ("shop/web/views.py", "shop.settings", "shop/settings.py"),
        ("shop/web/views.py", "keys", "shop/web/keys/__init__.py"),
        ("shop/web/views.py", ".keys", "shop/web/keys/__init__.py"),
        ("shop/web/views.py", "..settings", "shop/settings.py"),
        ("shop/web/views.py", "..", "shop/__init__.py"),
        ("shop/web/keys/__init__.py", "..views", "shop/web/views.py"),
        ("lib/use.py", ".types", "lib/types.pyi"),
        ("shop/app.py", ".missing", None),
        ("shop/app.py", "....settings", None),  # above the scan
        ("shop/app.py", "requests", None),
    ],
)
def test_resolve(path: str, module: str, found: str | None) -> None:
    assert resolve(path, module, PROGRAMS) == found


def test_linked_programs_bring_what_they_import() -> None:
    view, key = Want("..settings", "API_KEY", "KEY"), Want("os", "environ", "environ")
    itself = Want("shop.app", "x", "x")
    found = linked([("shop/web/views.py", view), ("shop/app.py", key), ("shop/app.py", itself)], PROGRAMS)
    assert [(one.artifact, one.imports) for one in found] == [
        (PROGRAMS["shop/web/views.py"], ((view, PROGRAMS["shop/settings.py"]),))
    ]
