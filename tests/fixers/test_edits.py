from __future__ import annotations

from keytrace.fixers.edits import Edit, Fix, Variable, applied, join, overlap


def test_edits_leave_all_other_bytes() -> None:
    data = b"\xef\xbb\xbfa\r\n\fb\t\x00c"
    assert applied(data, [Edit(4, 4, b"!"), Edit(9, 10, b"")]) == b"\xef\xbb\xbfa!\r\n\fb\tc"
    assert applied(data, []) == data


def test_the_same_edit_twice_is_one() -> None:
    edit = Edit(0, 1, b"x")
    assert not overlap([edit, edit])
    assert applied(b"ab", [edit, edit]) == b"xb"


def test_edits_that_want_the_same_bytes_overlap() -> None:
    assert overlap([Edit(0, 4, b"x"), Edit(3, 5, b"y")])
    assert overlap([Edit(2, 2, b"x"), Edit(2, 2, b"y")])
    assert not overlap([Edit(0, 3, b"x"), Edit(3, 5, b"y")])


def test_fixes_are_joined_with_all_that_they_need() -> None:
    one = Fix("one", (Edit(0, 1, b"x"),), (Variable("A", "1"),), ("os",))
    two = Fix("two", (Edit(5, 6, b"y"),), (Variable("B", "2"),), ("os", "hmac"), unsafe="why")
    both = join([one, two])
    assert (both.title, both.imports, both.unsafe) == ("one", ("os", "hmac"), "why")
    assert [edit.start for edit in both.edits] == [0, 5]
    assert [one.name for one in both.variables] == ["A", "B"]


def test_a_value_is_not_shown() -> None:
    assert "secret-value" not in repr(Variable("A", "secret-value"))
