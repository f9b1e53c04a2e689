"""What is wrong with keys as findings."""

from __future__ import annotations

from pathlib import Path

from keytrace.engine import Engine
from keytrace.lifecycle.checks.facts import Fault
from keytrace.lifecycle.key import Holds, Role
from keytrace.lifecycle.reporting import findings
from keytrace.model import Finding
from keytrace.sources.folder import FileArtifact
from tests.lifecycle.checks.making import placed
from tests.samples import marked


def reported(engine: Engine, folder: Path, *faults: Fault, **files: str) -> list[Finding]:
    for name, text in files.items():
        Path(folder, name).write_text(text)
    return list(findings(faults, {name: FileArtifact(str(folder), name) for name in files}, engine, []))


def test_the_value_is_masked_also_in_what_is_beside(engine: Engine, tmp_path: Path) -> None:
    one, other = placed("A_KEY", marked(1), "a"), placed("A_KEY", marked(1), "b", line=2)
    (finding,) = reported(engine, tmp_path, Fault("stale-value", one, "said", (other,)),
                          a=f"A_KEY={marked(1)}\n", b=f"\nA_KEY: {marked(1)}\n")  # fmt: skip
    assert (finding.rule_id, finding.message, finding.location.region.start_column) == ("stale-value", "said", 7)
    assert [place.provenance.path for place in finding.related] == ["b"]
    shown = repr((finding.location.excerpt, [place.excerpt for place in finding.related], finding.fingerprint))
    assert marked(1) not in shown
    assert finding.secret.value == marked(1).encode()


def test_where_only_a_name_stands_it_is_shown(engine: Engine, tmp_path: Path) -> None:
    one = placed("A_KEY", path="a.py", role=Role.READ)
    (finding,) = reported(engine, tmp_path, Fault("read-never-defined", one, "said"), **{"a.py": 'x = env["A_KEY"]\n'})
    excerpt = finding.location.excerpt
    assert excerpt.text[excerpt.start : excerpt.end] == "A_KEY"


def test_a_value_in_base64_is_masked_whole(engine: Engine, tmp_path: Path) -> None:
    one = placed("A_KEY", "sunrise over sea", "k.yaml")
    assert one.mention.holds is Holds.VALUE
    (finding,) = reported(
        engine, tmp_path, Fault("stale-value", one, "said"), **{"k.yaml": "  A_KEY: c3VucmlzZSBvdmVyIHNlYQ==\n"}
    )
    assert "c3VucmlzZSBvdmVyIHNlYQ==" not in finding.location.excerpt.text


def test_comments_suppress_and_files_may_be_gone(engine: Engine, tmp_path: Path) -> None:
    one = placed("A_KEY", marked(1), "a.env")
    text = f"A_KEY={marked(1)} # keytrace:ignore[stale-value] -- known\n"
    (finding,) = reported(engine, tmp_path, Fault("stale-value", one, "said"), **{"a.env": text})
    assert finding.suppression is not None
    gone = placed("A_KEY", path="gone")
    assert reported(engine, tmp_path, Fault("no-owner", gone, "said")) == []
