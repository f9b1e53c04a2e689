"""A version of a file gives what it holds, or says that it is too large."""

from __future__ import annotations

import pytest

from keytrace.model import Commit, CommitProvenance
from keytrace.sources.content import TooLargeError
from keytrace.sources.version import HistoryArtifact

PLACE = CommitProvenance("a.env", Commit("1" * 40, "Ada", "2026-11-29"))


def test_content_and_size() -> None:
    assert HistoryArtifact(PLACE, b"abc", 3, None).read(3) == b"abc"
    with pytest.raises(TooLargeError):
        HistoryArtifact(PLACE, b"abc", 4, None).read(3)
    assert "abc" not in repr(HistoryArtifact(PLACE, b"abc", 3, None))
