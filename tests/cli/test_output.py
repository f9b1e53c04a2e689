from __future__ import annotations

import pytest

from keytrace.cli.output import keep_scanned, keep_sources
from keytrace.errors import ScannerError
from tests.conftest import Repository


def test_no_source_is_overwritten(repository: Repository) -> None:
    root = str(repository.folder)
    repository.write("seen.py", "x = 1\n")
    repository.stage("tracked.bin", "x")
    for name in ("seen.py", "tracked.bin"):
        with pytest.raises(ScannerError, match="is a source"):
            keep_sources(f"{root}/{name}", root, {"seen.py"})


@pytest.mark.parametrize(
    "content", ["", "diff --git a/x b/x\n", '{\n "$schema": "https://x/sarif-schema.json"', "# Rotate `X`\n"]
)
def test_what_was_written_before_is(repository: Repository, content: str) -> None:
    repository.stage("out", content)
    keep_sources(f"{repository.folder}/out", str(repository.folder), {"out"})
    keep_sources(f"{repository.folder}/new", str(repository.folder), {"out"})


def test_what_is_named_to_be_scanned_is_not_overwritten(repository: Repository) -> None:
    file = str(repository.write("list.json", "[]"))
    keep_scanned([file], [str(repository.folder)])  # a report of before, in the folder
    with pytest.raises(ScannerError, match="is what is scanned"):
        keep_scanned([file], [file])
