"""Start-up time is a feature: what a report does not need is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

PLAIN = (
    "import io; from keytrace.model import Report; from keytrace.reporters import ReporterOptions, write; "
    "write('text', Report('/', ()), io.StringIO(), ReporterOptions())"
)


@pytest.mark.parametrize(
    "code", ["import keytrace.reporters", "from keytrace.reporters.layout import printable", PLAIN]
)
def test_rich_and_sarif_are_not_imported(code: str) -> None:
    check = "import sys; print(sorted({'rich', 'sarif_om', 'attr', 'attrs'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{check}"], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
