"""What is seen of keys in files."""

from __future__ import annotations

from pathlib import Path

from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.lifecycle.key import Role
from keytrace.lifecycle.seen import Seen, look
from keytrace.model import FileProvenance, ScanError
from keytrace.sources.folder import FileArtifact
from keytrace.text.document import Document
from tests.samples import marked


def seen(engine: Engine, folder: Path, errors: list[ScanError] | None = None, **files: str) -> list[Seen]:
    findings = []
    for name, text in files.items():
        path = name.replace("_", ".")
        Path(folder, path).write_text(text)
        findings += find(engine, Document(FileProvenance(path), text.encode()), [])
    artifacts = [FileArtifact(str(folder), name.replace("_", ".")) for name in files]
    return list(look(artifacts, findings, engine.every, 10**6, errors if errors is not None else []))


def test_a_value_has_its_rule_and_a_literal_its_name(engine: Engine, tmp_path: Path) -> None:
    found = seen(engine, tmp_path, _env=f"A_TOKEN={marked(1)}\n", a_js=f'const own = "{marked(2)}";\nlog("x")\n')
    assert [(one.path, one.name, one.mention.line, one.mention.role) for one in found] == [
        (".env", "A_TOKEN", 1, Role.DEFINED), ("a.js", "own", 1, Role.DEFINED),
    ]  # fmt: skip
    assert [one.rule.id if one.rule else "" for one in found] == ["github-token"] * 2 or all(
        one.is_sure for one in found
    )
    assert [one.value.decode() for one in found] == [marked(1), marked(2)]
    assert marked(1) not in repr(found)


def test_the_line_of_a_value_below_its_name(engine: Engine, tmp_path: Path) -> None:
    text = f"env:\n  - name: A_TOKEN\n    value: {marked(1)}\n  - name: B_TOKEN\n    valueFrom: x\n"
    found = seen(engine, tmp_path, values_yaml=text)
    assert [(one.name, one.mention.line, one.text.strip()) for one in found] == [
        ("A_TOKEN", 2, f"value: {marked(1)}".encode()), ("B_TOKEN", 4, b"- name: B_TOKEN"),
    ]  # fmt: skip


def test_what_is_broken_is_told(engine: Engine, tmp_path: Path) -> None:
    errors: list[ScanError] = []
    found = seen(engine, tmp_path, errors, compose_yaml="services:\n  A_KEY: 1\n  a: [\n")
    assert [(one.name, one.mention.line) for one in found] == [("A_KEY", 2), ("a", 3)]
    assert [(one.path, one.message) for one in errors] == [
        ("compose.yaml", "line 4: this is no valid YAML; its entries are read line by line")
    ]
