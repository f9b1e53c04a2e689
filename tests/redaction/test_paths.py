"""A name of a file or folder that holds a key is a finding, once."""

from __future__ import annotations

from dataclasses import dataclass

from keytrace.engine import Engine
from keytrace.model import NAME, FileProvenance, Finding
from keytrace.redaction.paths import findings_in_names
from tests.samples import marked, unmarked

MARKED, UNMARKED = marked(1), unmarked(3)


@dataclass(frozen=True)
class File:
    path: str
    lines: frozenset[int] | None = None

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    def read(self, limit: int) -> bytes:
        raise OSError


def found(engine: Engine, *files: File) -> list[Finding]:
    return list(findings_in_names({file.path: file for file in files}, engine))


def test_files_and_folders(engine: Engine) -> None:
    folder = f"etc/db_password={UNMARKED}"
    findings = found(engine, File(f"{MARKED}.py"), File(f"{folder}/b.py"), File(f"{folder}/a.py"), File("src/main.py"))
    assert [(one.rule_id, one.location.provenance.path, one.secret.value.decode()) for one in findings] == [
        ("database-credential", f"{folder}/a.py", UNMARKED),
        ("github-personal-access-token", f"{MARKED}.py", MARKED),
    ]
    assert [one.message.rpartition("; ")[2] for one in findings] == [
        "it stands in the name of the folder", "it stands in the name of the file",
    ]  # fmt: skip
    assert found(engine) == []


def test_only_new_files_of_a_commit(engine: Engine) -> None:
    assert len(found(engine, File(f"{MARKED}.py", frozenset((NAME, 2))))) == 1
    assert found(engine, File(f"{MARKED}.py", frozenset((1, 7)))) == []


def test_common_names(engine: Engine) -> None:
    names = ("src/password_reset.py", "api_key=example/a", "tokens/3f2a9c1b7d6e5f4a3b2c1d0e9f8a7b6c.js", "secrets.yaml")
    assert found(engine, *map(File, names)) == []
