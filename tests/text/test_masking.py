"""A text masked in stretches is the same as masked at once, and its places are found again."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.text.masking import MASK, Masked

DATA = b"name = abcde; user = abcde\nother = fghij"
SECRETS = [(7, 12), (35, 40)]


def test_secrets_and_their_repetitions_are_masked() -> None:
    text = Masked(DATA, SECRETS).stretch(0, len(DATA)).text
    assert text == b"name = ********; user = ********\nother = ********"


def test_places_before_in_and_behind_a_mask() -> None:
    stretch = Masked(DATA, SECRETS).stretch(0, len(DATA))
    assert [stretch.start_of(at) for at in (0, 7, 9, 12, len(DATA))] == [0, 7, 7, 15, len(stretch.text)]
    assert [stretch.end_of(at) for at in (0, 7, 9, 12, len(DATA))] == [0, 7, 15, 15, len(stretch.text)]
    assert [stretch.mask_at(at) for at in (6, 7, 11, 12, 22)] == [None, 7, 7, None, 24]


def test_of_overlapping_secrets_each_has_a_mask_and_the_last_one_counts() -> None:
    stretch = Masked(b"abcdefgh", [(0, 5), (1, 3), (3, 8)]).stretch(0, 8)
    assert (stretch.text, stretch.mask_at(2), stretch.mask_at(4)) == (MASK * 2, 0, 8)


SHORT = st.binary(min_size=1, max_size=3)  # nobody looks whether they stand once more


@settings(max_examples=200)
@given(st.lists(st.tuples(st.binary(max_size=9), SHORT), max_size=8), st.data())
def test_a_part_of_a_stretch_is_the_stretch_of_a_part(parts: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    text, secrets = b"", []
    for before, secret in parts:
        text += before
        secrets.append((len(text), len(text) + len(secret)))
        text += secret
    low, high = sorted(data.draw(st.integers(0, len(text)), label="place") for _ in range(2))
    masked = Masked(text, secrets)
    whole, part = masked.stretch(0, len(text)), masked.stretch(low, high)
    if low < high:
        assert whole.text[whole.start_of(low) : whole.end_of(high)] == part.text
