"""An entry of a file."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.definitions.entry import entry


@pytest.mark.parametrize(
    ("value", "holds", "refers"),
    [
        ("abcd1234efgh", "value", ()), ("", "empty", ()), (None, "empty", ()), ("${A}", "reference", ("A",)),
        ("${A:-}", "reference", ("A",)), ("${A:-q8Zk2mPx}", "value", ("A",)), ("$A", "reference", ("A",)),
        ("changeme", "placeholder", ()), ("ENC[AES]", "encrypted", ()), ("vault:secret/a#b", "reference", ()),
        ("${{ secrets.A }}", "reference", ("A",)), ("a$$b-2Xk9q", "value", ()),
        ('<%= ENV["A"] %>', "reference", ("A",)), ("<%= ENV.fetch('A') { 1 } %>", "reference", ("A",)),
    ],
)  # fmt: skip
def test_what_a_value_is(value: str | None, holds: str, refers: tuple[str, ...]) -> None:
    made = entry("A_KEY", value, 1, "dotenv")
    assert (str(made.holds), made.refers) == (holds, refers)
    assert (made.value is None) is (holds != "value")


def test_what_refers_to_secrets_is_kept_as_one_unless_the_ci_makes_it() -> None:
    assert entry("A", "${{ secrets.B }}", 1, "x").is_kept
    assert not entry("A", "${{ secrets.GITHUB_TOKEN }}", 1, "x").is_kept
    assert "c3VwZXI" not in repr(entry("A_KEY", "c3VwZXI", 1, "x"))
