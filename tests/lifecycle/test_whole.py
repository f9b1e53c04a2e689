"""The keys of a whole tree, joined from a scan's findings."""

from __future__ import annotations

from pathlib import Path

from keytrace.api import folder_source, scan_source
from keytrace.config import Config
from keytrace.engine import load_engine
from keytrace.lifecycle.whole import take, wrong
from keytrace.model import Artifact, ScanError, Skipped
from tests.samples import unmarked


def test_what_is_wrong_is_found_from_findings_and_files(tmp_path: Path) -> None:
    value = unmarked(3, 32)
    for environment in ("production", "staging"):
        Path(tmp_path, f".env.{environment}").write_text(f"A_TOKEN={value}\n")
    config, root = Config(), str(tmp_path)
    source = folder_source([root], root, config)
    files: dict[str, Artifact] = {
        one.provenance.path: one for one in source.artifacts() if not isinstance(one, ScanError | Skipped)
    }
    errors: list[ScanError] = []
    whole = take(scan_source(source, root, config).findings, files, root, config, errors)
    assert list(whole.groups) == ["A_TOKEN"]
    assert value.encode() in whole.values
    assert value not in repr(whole)
    (finding,) = wrong(whole, load_engine(config.setup()), config, [])
    assert (finding.rule_id, finding.location.provenance.path) == ("same-key-in-two-environments", ".env.staging")
    assert wrong(whole, load_engine(Config(exclude_rules=(finding.rule_id,)).setup()), config, []) == []
    assert errors == []
