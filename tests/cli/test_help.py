"""What the command line says of itself."""

from __future__ import annotations

import re

import pytest

from keytrace.cli import COMMANDS
from keytrace.cli.options import SECTIONS

from .conftest import Keytrace


@pytest.mark.parametrize("words", [(), ("rules",), ("baseline",)])
def test_a_group_alone_prints_its_help(keytrace: Keytrace, words: tuple[str, ...]) -> None:
    run = keytrace(*words)
    assert (run.code, run.err) == (2, ""), "nothing was scanned: a job that forgot the command must not pass"
    assert run.out == keytrace(*words, "--help").out
    assert run.out.startswith("Usage: keytrace")


def test_a_mistake_is_told_in_one_line(keytrace: Keytrace) -> None:
    for words in (("completion",), ("completion", "tcsh"), ("explain",), ("rules", "show"), ("scan", "-f")):
        run = keytrace(*words)
        assert (run.code, run.out, [line.split(":")[0] for line in run.err.splitlines()]) == (
            2,
            "",
            ["keytrace", "hint"],
        )
        assert "\\" not in run.err


def test_options_stand_in_sections(keytrace: Keytrace) -> None:
    text = keytrace("scan", "--help").out
    headings = re.findall(r"^(\S.*):$", text, re.MULTILINE)
    assert headings == [one for one in SECTIONS if one not in ("The entries", "What is asked", "What is fixed")]
    reported = text.partition("What is reported:")[2].partition("\n\n")[0]
    assert "--min-severity" in reported
    assert "--baseline" in reported
    assert "The entries:" in keytrace("baseline", "create", "--help").out


def test_no_sentence_is_cut(keytrace: Keytrace) -> None:
    for words in ((), *((name,) for name in COMMANDS), ("rules", "list"), ("baseline", "create")):
        assert "..." not in re.sub(r"\[?[A-Z_:]+\]?\.\.\.", "", keytrace(*words, "--help").out), words


def test_topics(keytrace: Keytrace) -> None:
    listed = keytrace("help")
    assert (listed.code, listed.err) == (0, "")
    assert {"  archives", "  configuration", "  rotating-a-key"} <= set(listed.out.splitlines())
    assert keytrace("help", "archives").out.startswith("archives\n\nWhat begins like an archive is opened")
    assert keytrace("help", "Rotating", "a").out.startswith("rotating-a-key\n")
    assert keytrace("help", "coming-from").out.startswith("coming-from-another-scanner\n")
    assert "For coding agents" in keytrace("help", "hooks").out, "a section has those that are in it"
    assert keytrace("help", "rules", "list").out == keytrace("rules", "list", "--help").out
    for words in (("archive-s",), ("rules", "nonsense"), ("",)):
        run = keytrace("help", *words)
        assert run.out == "" or words == ("",)
        assert "Traceback" not in run.err
    assert "did you mean 'archives'?" in keytrace("help", "archivs").err
