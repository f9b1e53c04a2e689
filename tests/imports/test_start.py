"""What a repository lacks, and what it has of other scanners."""

from __future__ import annotations

from pathlib import Path

import yaml

from keytrace.imports import IMPORTS
from keytrace.imports.start import others, steps


def test_an_empty_folder_lacks_a_hook(tmp_path: Path) -> None:
    (step,) = steps(str(tmp_path))
    assert (step.path, step.is_new) == (".pre-commit-config.yaml", True)
    assert yaml.safe_load(step.text)["repos"][0]["hooks"] == [{"id": "keytrace"}]


def test_ci_is_asked_for_keytrace(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (tmp_path / ".gitlab-ci.yml").write_text("x: 1\n")
    found = {step.path: step for step in steps(str(tmp_path))}
    assert yaml.safe_load(found[".github/workflows/keytrace.yml"].text)["jobs"]
    assert not found[".gitlab-ci.yml"].is_new
    job = yaml.safe_load(found[".gitlab-ci.yml"].text)["keytrace"]
    assert job["script"]
    assert job["image"] == "python:3.12", "the slim one has no git, which a scan needs"
    (workflows / "ci.yml").write_text("run: keytrace scan .\n")
    (tmp_path / ".gitlab-ci.yml").write_text("script: keytrace scan .\n")
    (tmp_path / ".pre-commit-config.yaml").write_text("- id: keytrace\n")
    assert list(steps(str(tmp_path))) == []


def test_others(tmp_path: Path) -> None:
    for name in (".gitleaks.toml", ".secrets.baseline", ".semgrepignore", "app.py"):
        (tmp_path / name).write_text("")
    assert list(others(str(tmp_path))) == [
        ".gitleaks.toml: its rules and allowlists are heeded in every scan",
        ".secrets.baseline: heeded in every scan",
        ".semgrepignore: `keytrace baseline import .semgrepignore` takes it",
    ]


def test_others_in_ci(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "a.yml").write_text("steps:\n- uses: gitleaks/gitleaks-action@v2\n")
    (workflows / "b.yaml").write_text("steps:\n- uses: GitGuardian/ggshield-action@v1\n- run: trufflehog git .\n")
    (workflows / "c.yml").write_text("steps:\n- run: make\n")
    (tmp_path / ".gitlab-ci.yml").write_text("include:\n- template: Jobs/Secret-Detection.gitlab-ci.yml\n")
    assert list(others(str(tmp_path))) == [
        ".gitlab-ci.yml: runs GitLab's secret detection, which it need not do any more",
        ".github/workflows/a.yml: runs gitleaks, which it need not do any more",
        ".github/workflows/b.yaml: runs trufflehog, ggshield, which it need not do any more",
    ]


def test_reports_and_baselines(tmp_path: Path) -> None:
    """By name, or where a command is given them; what is none, broken or outside of the tree is passed over."""
    (tmp_path / "gitleaks-report.json").write_text("[]")
    (tmp_path / "gitleaks-broken.json").write_text("[{")
    (tmp_path / "trufflehog.txt").write_text("^docs/\n")
    (tmp_path / "kingfisher.json").write_text('{"name": "kingfisher"}')
    (tmp_path / "known.json").write_text('{"results": [], "metrics": {}}')
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "a.yml").write_text(
        "- run: bandit -r . -b known.json\n- run: gitleaks git --baseline-path=gitleaks-report.json\n"
        "- run: bandit -b ../outside.json --baseline /etc/passwd\n- run: trufflehog git -x trufflehog.txt .\n"
    )
    assert [line for line in others(str(tmp_path)) if "runs" not in line] == [
        "gitleaks-report.json: a report of gitleaks; `keytrace baseline import gitleaks-report.json` takes it",
        f"trufflehog.txt: {IMPORTS['trufflehog'].title}; `keytrace baseline import trufflehog.txt` takes it",
        "known.json: a baseline of bandit; `keytrace baseline import known.json` takes it",
    ]


def test_what_trufflehog_is_told_to_leave_out(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (tmp_path / "skip.txt").write_text("^vendor/\n")
    (tmp_path / "other.txt").write_text("^vendor/\n")
    for words in ("--exclude-paths=skip.txt", "-x 'skip.txt' .", '["--exclude-paths", "skip.txt"]'):
        (workflows / "a.yml").write_text(f"- run: trufflehog filesystem {words} --results-x=other.txt -x gone.txt\n")
        assert list(others(str(tmp_path)))[1:] == [
            "skip.txt: `keytrace baseline import --as trufflehog skip.txt` takes it"
        ]
