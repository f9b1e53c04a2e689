"""Scripts in files of CI."""

from __future__ import annotations

from keytrace.lifecycle.definitions.scripts import read_in
from keytrace.lifecycle.definitions.tree import documents


def test_lines_of_blocks_and_of_others() -> None:
    (tree,) = documents(b"one: use $A_TOKEN\nmany: |\n  first\n  use $B_TOKEN\nnone: echo\n")
    found = [(one.name, one.line, one.form) for _, _, value in tree.items() for one in read_in(value, "ci")]
    assert found == [("A_TOKEN", 1, "ci"), ("B_TOKEN", 4, "ci")]


def test_commands_in_lists_and_those_that_look_like_mappings() -> None:
    (tree,) = documents(b'- [echo $A_TOKEN]\n- curl -H "X-Token: $B_TOKEN" x\n')
    found = [(one.name, one.line, one.environment) for one in read_in(tree, "ci", "live")]
    assert found == [("A_TOKEN", 1, "live"), ("B_TOKEN", 2, "live")]
