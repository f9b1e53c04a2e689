"""benchmarks/budget.py counts functions by their names: they are there, and its times are those of the whole run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import keytrace

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "budget.py"
PROGRAM = "import logging, os\n\npassword = os.environ['DB_PASSWORD']\nlogging.info(password)\n"


def test_every_stage_is_counted(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "app.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, SCRIPT, tree],
        env={"PYTHONPATH": str(Path(keytrace.__file__).parents[1]), "KEYTRACE_CACHE_DIR": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "compiling the rules" not in line]  # on a slow machine
    assert (done.returncode, said) == (0, [])
    whole = re.search(r"1 files, .* MB, ([\d.]+) s of CPU", done.stdout)
    stages = dict(re.findall(r"^\| (.+?) \| ([\d.]+) \|", done.stdout, re.MULTILINE))
    assert {"walk", "pass", "keyword", "Python: interpret", "report"} < stages.keys()
    assert all(float(stages[name]) > 0 for name in ("start-up", "Python: parse", "Python: interpret"))
    assert whole
    assert abs(sum(map(float, stages.values())) - float(whole[1])) < 0.02
