"""Patches of words: what git writes for a line that is changed, added, gone or empty, in each of its forms."""

from __future__ import annotations

import pytest

from keytrace.text.patch import parse
from keytrace.text.words import read, with_marks

PLAIN = b"""a = 1

    pw = [-"old"-]{+"new"+}
[-    gone = 2-]
{+    z = [-3-]+}
    y = 2
"""
PORCELAIN = b""" a = 1
~
~
     pw =\x20
-"old"
+"new"
~
-    gone = 2
~
+    z = [-3-]
~
     y = 2
~
"""
COLORS = PLAIN.replace(b"[-3-]", b"3").replace(b"[-", b"\x1b[31m").replace(b"{+", b"\x1b[32m")
COLORS = COLORS.replace(b"-]", b"\x1b[m").replace(b"+}", b"\x1b[m")
SHOWN = [(b"a = 1", False), (b"", False), (b'    pw = "new"', True), (b"    z = [-3-]", True), (b"    y = 2", False)]


@pytest.mark.parametrize("body", [PLAIN, PORCELAIN])
def test_new_lines(body: bytes) -> None:
    assert read(body.split(b"\n"), 5) == SHOWN


def test_an_empty_line_that_is_gone_looks_like_one_that_stays() -> None:
    lines = PLAIN.split(b"\n")
    assert read(lines, 4) == [line for line in SHOWN if line[0]]
    assert read(lines, 6) == [*SHOWN, (b"", False)]  # the end of the text


@pytest.mark.parametrize("count", [3, 7])
def test_a_hunk_of_another_size_is_none(count: int) -> None:
    assert read(PLAIN.split(b"\n"), count) is None


@pytest.mark.parametrize("body", [b"a = 1\nb = 2", b" a\n~\nb", b"+a\n~\n+b"])
def test_what_is_no_hunk_of_words(body: bytes) -> None:
    assert read(body.split(b"\n"), 2) is None


def test_colors() -> None:
    assert with_marks(COLORS) == PLAIN.replace(b"[-3-]", b"3")


@pytest.mark.parametrize("colored", [False, True])
def test_indented_lines_are_no_context(colored: bool) -> None:
    """Of the lines of a program each may begin with a blank, as unchanged lines do in an ordinary patch."""
    hunk = b'@@ -1,2 +1,2 @@\n    a = 1\n    pw = [-"old"-]{+"new"+}\n'
    if colored:
        hunk = hunk.replace(b"@@ -1,2 +1,2 @@", b"\x1b[36m@@ -1,2 +1,2 @@\x1b[m").replace(b"[-", b"\x1b[31m")
        hunk = hunk.replace(b"-]", b"\x1b[m").replace(b"{+", b"\x1b[32m").replace(b"+}", b"\x1b[m")
    patch = parse(b"diff --git a/x b/x\n--- a/x\n+++ b/x\n" + hunk)
    assert patch is not None
    (file,) = patch.files
    assert (file.lines, file.added) == ([b"    a = 1", b'    pw = "new"'], {2})


def test_words_that_cannot_be_told_stay_in_the_text() -> None:
    patch = parse(b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n    pw = oldnew\n")
    assert patch is not None
    assert b"pw = oldnew" in patch.around
