"""The same report in every locale, without a home, without a cache, as another user, and twice at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.samples import marked as github_token

from .conftest import GITHUB, Keytrace

MUCH = b"nothing\n" * 2**18  # so much text that a database is compiled for it
COMPILING = b"keytrace: compiling the rules; this takes some seconds, and again only when they change\n"
RULES = ("--rule", GITHUB, "--rule", "generic-password")  # few: where no cache can be kept, each run compiles them


@pytest.fixture
def planted(project: Path) -> Path:
    (project / "\u00fcber.py").write_text(f"# caf\u00e9 \U0001f511\nTOKEN = '{github_token(1)}'\n", encoding="utf-8")
    (project / "b.env").write_bytes(b"# caf\xe9\nPASS" + b"WORD=" + b"kx93nfQ0" + b"smVz71Lp\n")
    Path(os.fsdecode(os.fsencode(project) + b"/odd\xff.txt")).write_text(f"token {github_token(2)}\n")
    return project


def told(stdout: bytes) -> list[bytes]:
    """Return the lines of the findings of a JSON report."""
    found = [line.rstrip(b",") for line in stdout.splitlines() if line.startswith(b'{"rule"')]
    assert len(found) == 3
    return found


def made_locales(folder: Path) -> list[str]:
    """Make locales of encodings that few machines have, and return those that could be made."""
    folder.mkdir()
    if not shutil.which("localedef"):
        return []
    wanted = (("tr_TR", "UTF-8"), ("en_US", "ISO-8859-1"), ("ja_JP", "EUC-JP"), ("zh_CN", "GB18030"))
    for language, encoding in wanted:
        place = folder / f"{language}.{encoding}"
        subprocess.run(["localedef", "-i", language, "-f", encoding, place], capture_output=True, check=False)
    return sorted(one.name for one in folder.iterdir())


def test_locales_that_do_not_read_utf_8(keytrace: Keytrace, planted: Path, tmp_path: Path) -> None:
    made = made_locales(tmp_path / "locales")
    if not made:
        pytest.skip("no locale can be made here")
    keytrace.git("init", "-q")
    keytrace.git("add", "--all")
    assert keytrace("baseline", "create", *RULES).code == 0
    expected = keytrace.json(*RULES, "--no-baseline")
    staged = keytrace.json(*RULES, "--staged", "--no-baseline")
    for name in made:
        there = {"LOCPATH": str(tmp_path / "locales"), "LC_ALL": name}
        again = keytrace.json(*RULES, "--no-baseline", env=there)
        assert (again.code, told(again.stdout)) == (1, told(expected.stdout)), name
        assert told(keytrace.json(*RULES, "--staged", "--no-baseline", env=there).stdout) == told(staged.stdout), name
        assert keytrace.json(*RULES, env=there).code == 0, "the baseline holds there, too"


def test_locales_and_homes(keytrace: Keytrace, planted: Path) -> None:
    planted.joinpath("long.txt").write_bytes(MUCH)
    keytrace.json(*RULES)  # later runs have nothing to compile, nor to say of it
    report = keytrace.json(*RULES)
    expected = told(report.stdout)
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    for name in ("C", "POSIX", *[one for one in known if one not in ("C", "POSIX")][:6]):
        for more in ({"LC_ALL": name}, {"LC_ALL": "", "LANG": name}):
            again = keytrace.json(*RULES, env=more)
            assert (again.code, told(again.stdout), again.err) == (1, expected, report.err), more
    environment = keytrace.environment(*RULES)
    for name in ("HOME", "KEYTRACE_CACHE_DIR"):
        del environment[name]
    done = _run(keytrace.command("scan", *RULES, "-f", "json"), planted, environment)
    assert (done.returncode, told(done.stdout)) == (1, expected), done.stderr


def test_another_user_who_can_write_nothing(keytrace: Keytrace, planted: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become another user, by setpriv")
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    environment = keytrace.environment(*RULES, KEYTRACE_CACHE_DIR="/nonexistent/cache", HOME="/nonexistent")
    if _run([*as_nobody, sys.executable, "-c", "import keytrace.cli"], Path("/"), environment).returncode:
        pytest.skip("this Python and its packages are not readable for others")
    expected = told(keytrace.json(*RULES).stdout)
    with tempfile.TemporaryDirectory() as place:  # what pytest makes is for its own user only
        folder = Path(shutil.copytree(planted, Path(place, "project")))
        for one in (Path(place), folder):
            one.chmod(0o755)
        done = _run([*as_nobody, *keytrace.command("scan", *RULES, "-f", "json")], folder, environment)
        said = done.stderr.replace(COMPILING, b"")  # where the machine is slow
        assert (done.returncode, said) == (1, b"")
        assert told(done.stdout) == expected
        assert sorted(one.name for one in folder.iterdir()) == sorted(one.name for one in planted.iterdir())


def test_two_at_once_on_an_empty_cache(keytrace: Keytrace, planted: Path, tmp_path: Path) -> None:
    planted.joinpath("long.txt").write_bytes(MUCH)
    expected = told(keytrace.json(*RULES).stdout)
    environment = keytrace.environment(*RULES, KEYTRACE_CACHE_DIR=str(tmp_path / "empty"))
    command = keytrace.command("scan", *RULES, "-f", "json")
    both = [
        subprocess.Popen(command, cwd=planted, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for one in both:
        stdout, stderr = one.communicate(timeout=600)
        assert (one.returncode, told(stdout)) == (1, expected)
        assert b"damaged" not in stderr
    third = keytrace.json(*RULES, env={"KEYTRACE_CACHE_DIR": str(tmp_path / "empty")})
    assert (told(third.stdout), b"damaged" in third.stderr) == (expected, False)
    assert list((tmp_path / "empty").glob("**/*patterns*"))


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> Any:
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=600, check=False)
