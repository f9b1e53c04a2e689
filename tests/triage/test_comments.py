"""Where a comment is one, in many languages."""

from __future__ import annotations

import pytest

from keytrace.model import FileProvenance, StreamProvenance
from keytrace.text.document import Document
from keytrace.triage import comments
from keytrace.triage.comments import Standing, standing


def at(path: str, text: str) -> str:
    """Return the name of what the place marked with @ is."""
    data = text.encode()
    return standing(Document(FileProvenance(path), data), data.index(b"@")).name


COMMENTS = {
    "a.py": [
        "x = 1  # @",
        "x = '#'  # @",
        "x = 'it\\'s'  # @",
        "x = '''a\n''' # @",
        "# it's \"@",
        "x = '  # unclosed\ny = 1  # @",
        "x = f'{y['a']}'  # @",
        'x = r"\\"  # "@',
    ],
    "a.js": [
        "x = 'a' // @",
        "/* a\n '@ */",
        "x = /[\"'`]/g; // @",
        "p = <p>don't</p> // @",
        "x = `a` // @",
        "x = 'a // b' // @",
    ],
    "a.go": ["x := 'a' // @", "x := `a\nb` // @", "r := '\"' // @", "x := '\\'' // @", 'x := 1 /* "@ */'],
    "a.rs": ["fn f<'a>(x: &'a str) {} // don't @", "let x: &'static str = y; // @"],
    "a.java": ['x = """\n "a" # \n"""; // @', "char c = '\"'; // @"],
    "a.sh": [
        "x=1 # @",
        "x='a b' # @",
        'echo "it\'s" # @',
        "echo don\\'t # @",
        "cat <<E\n'\nE\nx=1 # @",
        "x=${#y}'a' # @",
    ],
    "a.yaml": ["a: b # @", "a: don't # @", "a: 'it''s' # @", "a: |\n  'x\nb: c # @", '- it\'s\n- "a" # @', "# @"],
    "a.toml": ["a = '''\n# b\n''' # @", "a = 'C:\\' # @"],
    "a.sql": ["-- @", "select 'a''b' -- @", "/* ' */ select 1 /* @ */"],
    "a.json": ['{"a": 1} // @', '/* @ */ {"a": "//"}', '{"a": "\\""} // "@'],
    "a.tf": ['x = "a" # @', "// @", "/* @ */"],
    "a.php": ["<p>don't</p><?php $x = 'a'; // @", "<!-- @ -->", "<?php /* @ */", "<?php # @"],
    "a.html": ["<!-- @ -->", "<p>it's \"x</p> <!-- @ -->", "{# @ #}", "<%# @ %>"],
    "a.md": ["don't `x` <!-- @ -->", "```\nx\n```\n<!-- @ -->", "<!--\n@\n-->"],
    "a.rst": [".. @", "text\n\n.. comment @"],
    "a.unknown": ["; @", "x = 'a' ' @", "rem don't @", "it's x @ isn't it", "% @"],
    "Makefile": ["x = 'a' # @"],
}
STRINGS = {
    "a.py": ["x = '@'", 'x = "# @"', "'''\n# @\n'''", '"""\n"" # @', "x = rb'\\' # @'", "f(\"it's @\")"],
    "a.pyi": ["x = '@'", 'x = """\\""" # @'],
    "tool": ["#!/usr/bin/env python3\n'''\n# @\n'''", "#!/bin/sh\nx=\"\n# @\n\""],
    "a.js": ["x = '// @'", "x = `\n// @\n`", 'x = "/* @ */"', "f(/'/, '@')", "x = /[/@]/"],
    "a.go": ["x := `\n// @\n`", 'x := "// @"'],
    "a.kt": ['x = """\n// @\n"""'],
    "a.sh": ['x="\n# @\n"', "x='# @'", "echo '@'"],
    "a.yaml": ["a: '# @'", 'a: "x # @"', 'a: "\n  # @\n"'],
    "a.toml": ["a = '''\n# @\n'''", 'a = "# @"'],
    "a.sql": ["insert into t values ('-- @')", "'\n-- @\n'"],
    "a.json": ['{"_comment": "@"}', '{"a": "// @"}', "{a: '// @'}"],
    "a.tf": ['x = "# @"'],
    "a.php": ["<?php $x = '// @';", '<?php $x = "# @";'],
    "a.html": ["<a title='# @'>", '<a title="@">', "<script>x = '// @'</script>"],
    "a.md": ["say '# @'", "```\nx = '# @'\n```"],
    "a.ipynb": ['  "x = \'# @\'\\n",'],
    "a.unknown": ["x = '# @'", 'x = "@"', "it's '@' isn't"],
}  # fmt: skip
QUOTED = {
    "a.md": ["```\nx # @\n```", "~~~html\n<!-- @ -->\n~~~", "````\n```\n<!-- @ -->\n````", "text # @"],
    "b.md": ["    <!-- @ -->", "`<!-- @ -->`"],
    "a.html": ["<pre>\n# @\n</pre>"],
    "a.ipynb": ['  "x = 1  # @\\n",', '  "password = \\"a\\" # @"'],
    "a.yaml": ["a: |\n  # @\nb: c", "a:\n  - run: >-\n\n      x # @", "a: &b |2+  # c\n    # @"],
    "a.sh": ["cat <<EOF > x\n# @\nEOF", "cat <<-'EOF'\n\t# @\n\tEOF"],
    "a.php": ["<p>\n; @\n</p>"],
    "a.rst": ["::\n\n    # @", "text # @", ".. code:: python\n\n    # @"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "places"), [("COMMENT", COMMENTS), ("STRING", STRINGS), ("QUOTED", QUOTED)])
def test_a_place(name: str, places: dict[str, list[str]]) -> None:
    wrong = {(path, text) for path, texts in places.items() for text in texts if at(path, text) != name}
    assert wrong == set()


def test_a_part_of_a_file_may_begin_within_a_string() -> None:
    data = b"end of text'''\nx = 1  # here\ny = '# there'\n"
    part = Document(StreamProvenance("a.py"), data, frozenset({2}))
    assert standing(part, data.index(b"here")) is Standing.COMMENT
    assert standing(part, data.index(b"there")) is Standing.STRING
    assert standing(Document(FileProvenance("a.py"), data, frozenset({2})), data.index(b"here")) is Standing.STRING


PIECES = (
    b'"', b"'", b"`", b"/", b"/*", b"<!--", b'\\"', b'="\\',
    b"<<A\n", b"a: |\n", b"```\n", b"{#", b"''' ", b"#", b"(/[",
)  # fmt: skip


@pytest.mark.parametrize("language", comments._LANGUAGES)
def test_no_text_takes_long(language: str) -> None:
    """It would take minutes if some piece made the time grow with the square."""
    for piece in PIECES:
        ends = [token.end() for token in comments._pattern(language).finditer(piece * 20_000)]
        assert ends == sorted(ends)
