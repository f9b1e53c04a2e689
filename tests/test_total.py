"""The sum of batches, and the closer look: what is asked, what is kept of the answers, what counts afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from keytrace.batch import Asked, BatchResult, scan_batch
from keytrace.engine import Setup
from keytrace.model import Artifact, Reason, Skipped
from keytrace.sources.folder import FileArtifact
from keytrace.total import Total, asked, settled

NOTHING = BatchResult((), (), (), 0, (), 0, 0)


def test_batches_add_up() -> None:
    total = Total()
    skipped = (Skipped("c.bin", Reason.BINARY),)
    total.add(replace(NOTHING, files=2, size=10, whole=("a", "b"), notes=("one",), learned={b"1": b""}))
    total.add(
        replace(
            NOTHING, files=1, size=5, binary_files=1, skipped=skipped, marks=(("a", b"1"),), used=(b"2",), members=3
        )
    )
    assert (total.files, total.bytes, total.members, total.whole) == (3, 15, 3, ["a", "b"])
    assert (total.marks, total.learned, total.used) == ({"a": b"1"}, {b"1": b""}, [b"2"])
    told = total.statistics(total.skipped, 4, 1.5)
    assert (told.files, told.binary_files, told.skipped, told.hidden_findings) == (3, 1, {"binary": 1}, 4)


@dataclass
class Questions:
    """Asks about each of some artifacts once."""

    left: list[str]
    notes: list[str] = field(default_factory=list)
    learned: list[tuple[str, object]] = field(default_factory=list)

    def questions(self) -> dict[str, object]:
        return {self.left.pop(): "?"} if self.left else {}

    def learn(self, path: str, survey: object) -> None:
        self.learned.append((path, survey))

    def readings(self) -> dict[str, object]:
        return {}


def test_questions_are_asked_until_there_are_none() -> None:
    artifacts = {name: FileArtifact("/", name) for name in ("a.py", "b.py")}
    total = Total()

    def run(several: Iterable[Artifact]) -> Iterator[BatchResult]:
        for one in several:
            assert isinstance(one, Asked)
            assert (one.again, one.context, one.key) == (True, "?", b"")
            path = one.provenance.path
            yield replace(NOTHING, surveys=((path, 1),), notes=(path,), learned={path.encode(): b""})

    joined = settled(Questions(["a.py", "b.py"]), artifacts, run, total)
    assert isinstance(joined, Questions)
    assert joined.learned == [("b.py", 1), ("a.py", 1)]
    assert joined.notes == ["b.py", "a.py"]
    assert total.learned == {b"a.py": b"", b"b.py": b""}


def test_what_was_found_at_first_sight_counts_where_a_closer_look_fails(tmp_path: Path) -> None:
    (tmp_path / "keys.py").write_text("import os\nAPI_KEY = os.environ['API_KEY']\n")
    (tmp_path / "use.py").write_text("from keys import API_KEY\nprint(API_KEY)\n")
    artifacts: dict[str, Artifact] = {name: FileArtifact(str(tmp_path), name) for name in ("keys.py", "use.py")}
    setup = Setup()
    total = Total()
    total.add(scan_batch(setup, list(artifacts.values())))
    assert total.findings == []
    total.look_closer(lambda several: [scan_batch(setup, list(several))], artifacts)
    assert [(one.rule_id, one.location.provenance.path) for one in total.findings] == [("logged-credential", "use.py")]
    known = total.findings
    (tmp_path / "use.py").unlink()
    total.look_closer(lambda several: [scan_batch(setup, list(several))], artifacts)
    assert total.findings == known
    assert [one.path for one in total.errors] == ["use.py"]
    assert asked(artifacts, {"use.py": None}, {})[0].key == b""
