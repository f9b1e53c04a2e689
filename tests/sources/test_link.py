"""A symbolic link is the text of its target."""

from __future__ import annotations

import pickle

from keytrace.model import FileProvenance, StagedProvenance
from keytrace.sources.link import LinkArtifact


def test_its_content_is_where_it_points_to() -> None:
    for provenance in (FileProvenance("a/b"), StagedProvenance("a/b")):
        link = pickle.loads(pickle.dumps(LinkArtifact(provenance, b"../target")))
        assert (link.provenance, link.path, link.lines, link.read(99)) == (provenance, "a/b", None, b"../target")
        assert "target" not in repr(link).replace("LinkArtifact", "")
