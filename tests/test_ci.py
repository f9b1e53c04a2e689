"""What CI services and containers are given: well formed, and every command in it is one that there is."""

from __future__ import annotations

import json
import os
import re
import shlex
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import click
import pytest
import yaml

from keytrace.cli import cli
from keytrace.version import __version__

ROOT = Path(__file__).parents[1]
KEY = "sk_" + "live_" + "".join(Random(0).choices(string.ascii_letters + string.digits, k=24))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
SPEC, COMPONENT = yaml.safe_load_all((ROOT / "templates" / "keytrace.yml").read_text())
FILES = ("action.yml", "templates/keytrace.yml", "docs/ci.md", "README.md", ".pre-commit-hooks.yaml", "Dockerfile")
SNIPPETS = re.findall(r"```(yaml|groovy)\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)


# --- commands ---------------------------------------------------------------------------------------------------------


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each call of keytrace, up to what a shell would end it with."""
    for line in text.replace("\\\n", " ").splitlines():
        for found in re.finditer(
            r"(?:^|[\s/`'\"])keytrace ((?:scan|history|cache|baseline|hook|agent-hook|lsp)\b[^`#|;&<>]*)", line
        ):
            try:
                yield shlex.split(found[1])
            except ValueError:
                yield shlex.split(found[1].replace('"', "").replace("'", ""))


@pytest.mark.parametrize("name", FILES)
def test_every_option_is_one(name: str) -> None:
    for words in commands((ROOT / name).read_text()):
        context = click.Context(cli)
        command: click.Command | None = cli
        while isinstance(command, click.Group) and words and command.get_command(context, words[0]):
            command = command.get_command(context, words.pop(0))
        assert command
        known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)} | {
            "--help",
            "--",
        }
        given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert given <= known, (name, command.name)


def test_the_variables_are_ones() -> None:
    scan = cli.get_command(click.Context(cli), "scan")
    assert scan
    known = {"KEYTRACE_CACHE_DIR", *(param.envvar for param in scan.params)}
    for name in FILES:
        assert set(re.findall(r"\bKEYTRACE_[A-Z_]+", (ROOT / name).read_text())) <= known, name


def test_the_version() -> None:
    said = re.findall(r"(?:keytrace==|keytrace@v?|keytrace \| )(\d[\d.]*\d)", (ROOT / "docs" / "ci.md").read_text())
    assert set(said) == {__version__}
    assert SPEC["spec"]["inputs"]["version"]["default"] == __version__


# --- GitHub -----------------------------------------------------------------------------------------------------------


def test_the_action_is_well_formed() -> None:
    """As the schema of SchemaStore, github-action.json, has it."""
    assert set(ACTION) <= {"name", "author", "description", "inputs", "outputs", "runs", "branding"}
    assert {"name", "description", "runs"} <= set(ACTION)
    assert ACTION["branding"] == {"icon": "lock", "color": "green"}
    assert all(
        set(one) <= {"description", "required", "default", "deprecationMessage"} for one in ACTION["inputs"].values()
    )
    assert all(isinstance(one["default"], str) for one in ACTION["inputs"].values())
    assert all(set(one) == {"description", "value"} for one in ACTION["outputs"].values())
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert set(step) <= {"name", "id", "if", "uses", "with", "run", "shell", "env", "continue-on-error"}
        assert ("uses" in step) != ("run" in step and "shell" in step)


def test_every_input_is_used_and_every_use_is_one() -> None:
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    steps = {step["id"] for step in ACTION["runs"]["steps"] if "id" in step}
    assert set(re.findall(r"steps\.([\w-]+)\.", text)) == steps
    assert not any("${{" in step.get("run", "") for step in ACTION["runs"]["steps"]), "a value would be a program"


class Runner:
    """A machine of GitHub's, as far as the action knows it."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.files = {name: folder / ".runner" / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        (folder / ".runner").mkdir()
        shim = folder / ".runner" / "keytrace"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m keytrace "$@"\n')
        shim.chmod(0o755)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KEYTRACE_", "GIT"))}
        self.environment = inherited | {
            "PATH": f"{folder / '.runner'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "scanner"),
            "KEYTRACE_CACHE_DIR": str(cache),
            "RUNNER_TEMP": str(folder / ".runner"),
            **{name: str(file) for name, file in self.files.items()},
        }

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(
            ["git", *who, *arguments], cwd=self.folder, env=self.environment, check=True, capture_output=True
        )

    def step(self, name: str, **inputs: str) -> tuple[int, str]:
        """Run a step with these inputs; return its exit code and all that it prints."""
        (step,) = (one for one in ACTION["runs"]["steps"] if one.get("name") == name)
        given = {key: str(one["default"]) for key, one in ACTION["inputs"].items()} | inputs
        code = self.output.get("exit-code", "")
        env = {
            key: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: given.get(found[1].removeprefix("inputs."), code), value)
            for key, value in step["env"].items()
        } | {"GITHUB_ACTIONS": "true"}
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.folder, env=self.environment | env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        assert KEY.encode() not in done.stdout
        return done.returncode, done.stdout.decode()

    @property
    def output(self) -> dict[str, str]:
        file = self.files["GITHUB_OUTPUT"]
        lines = file.read_text().splitlines() if file.exists() else []
        return {name: value for name, _, value in (line.partition("=") for line in lines)}


@pytest.fixture
def runner(tmp_path: Path, cache_folder: Path) -> Runner:
    runner = Runner(tmp_path, cache_folder)
    runner.git("init", "-q")
    (tmp_path / ".gitignore").write_text(".runner/\n*.sarif\n")
    return runner


def test_the_action_runs(runner: Runner) -> None:
    (runner.folder / "a b.py").write_text("port = 8080\n")
    assert runner.step("Scan")[0] == 0
    assert (runner.output["exit-code"], runner.step("Judge")[0]) == ("0", 0)
    (runner.folder / "a b.py").write_text(f"key = '{KEY}'\n")
    runner.files["GITHUB_STEP_SUMMARY"].unlink()
    code, output = runner.step("Scan", paths="a b.py\n", sarif="out.json")
    assert code == 0
    assert "\n::error file=a b.py,line=1" in output
    assert json.loads((runner.folder / "out.json").read_text())["version"] == "2.1.0"
    assert runner.files["GITHUB_STEP_SUMMARY"].read_text().count("Stripe live secret key") == 1
    assert [runner.step("Judge", fail=fail)[0] for fail in ("true", "false")] == [1, 0]


@pytest.mark.parametrize("hostile", ["$(touch pwned)", "a.py; touch pwned", "--exit-zero", "`touch pwned`"])
def test_what_a_pull_request_may_choose_is_no_program(runner: Runner, hostile: str) -> None:
    (runner.folder / "a.py").write_text(f"key = '{KEY}'\n")
    runner.step("Scan", paths=hostile, **{"min-severity": hostile, "base": hostile})
    assert runner.output["exit-code"] == "2"
    assert not (runner.folder / "pwned").exists()


def test_what_commits_bring_and_take_out_again(runner: Runner) -> None:
    for number, text in enumerate(("port = 8080\n", f"key = '{KEY}'\n", "port = 8080\n")):
        (runner.folder / "a.py").write_text(text)
        runner.git("add", "--all")
        runner.git("commit", "-q", "--allow-empty", "-m", str(number))
    assert runner.step("Scan")[0] == 0
    assert runner.output["exit-code"] == "0"
    code, output = runner.step("Scan", base="HEAD~2")
    assert (code, runner.output["exit-code"]) == (0, "1")
    assert output.count("::error file=") == 1


def test_what_commits_bring_and_leave_is_annotated_once(runner: Runner) -> None:
    for number, text in enumerate(("port = 8080\n", f"key = '{KEY}'\n")):
        (runner.folder / "a.py").write_text(text)
        runner.git("add", "--all")
        runner.git("commit", "-q", "--allow-empty", "-m", str(number))
    _, output = runner.step("Scan", base="HEAD~1")
    assert runner.output["exit-code"] == "1"
    assert output.count("::error file=") == 1


def test_no_program_of_the_checkout_runs_in_place_of_pythons(runner: Runner) -> None:
    (runner.folder / "venv.py").write_text("open('pwned', 'w')\n")
    (runner.folder / "pip").mkdir()
    (runner.folder / "pip" / "__main__.py").write_text("open('pwned', 'w')\n")
    (runner.folder / ".runner" / "keytrace").unlink()  # where the environment is to be
    runner.environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    runner.step("Install keytrace")  # no more than begun: its path is empty
    assert (runner.folder / ".runner" / "keytrace" / "pyvenv.cfg").exists()
    assert not (runner.folder / "pwned").exists()


# --- GitLab, Azure, Jenkins -------------------------------------------------------------------------------------------


def test_the_component_is_well_formed() -> None:
    inputs = SPEC["spec"]["inputs"]
    text = (ROOT / "templates" / "keytrace.yml").read_text()
    assert set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", text)) == set(inputs)
    assert all(set(one) <= {"description", "default", "options", "regex", "type"} for one in inputs.values())
    assert all(one["default"] in one.get("options", [one["default"]]) for one in inputs.values())
    (job,) = COMPONENT.values()
    assert set(job) <= {"stage", "image", "variables", "cache", "before_script", "script", "artifacts"}
    assert set(job["artifacts"]["reports"]) == {"secret_detection", "codequality"}


@pytest.mark.parametrize(("text", "expected"), [("port = 8080\n", 0), (f"key = '{KEY}'\n", 1)])
def test_the_component_runs(runner: Runner, text: str, expected: int) -> None:
    (runner.folder / "a.py").write_text(text)
    (job,) = COMPONENT.values()
    inputs = {f"$[[ inputs.{name} ]]": str(one["default"]) for name, one in SPEC["spec"]["inputs"].items()}
    script = "\n".join(job["script"])
    for name, value in inputs.items():
        script = script.replace(name, value)
    done = subprocess.run(
        ["sh", "-e", "-c", script], cwd=runner.folder, env=runner.environment, capture_output=True, check=False
    )
    assert done.returncode == expected, done.stderr
    for report in job["artifacts"]["reports"].values():
        assert (runner.folder / report).exists()


@pytest.mark.parametrize("text", [text for kind, text in SNIPPETS if kind == "yaml"])
def test_the_snippets_are_yaml(text: str) -> None:
    assert isinstance(yaml.safe_load(text), dict)


def test_the_snippets_use_inputs_that_there_are() -> None:
    github, gitlab = (yaml.safe_load(text) for kind, text in SNIPPETS[:2] if kind == "yaml")
    (job,) = github["jobs"].values()
    assert set(job["steps"][1]["with"]) <= set(ACTION["inputs"])
    assert set(gitlab["include"][0]["inputs"]) <= set(SPEC["spec"]["inputs"])


def test_the_pipeline_of_jenkins_is_balanced() -> None:
    (text,) = (text for kind, text in SNIPPETS if kind == "groovy")
    bare = re.sub(r"'''.*?'''|'[^']*'|\"[^\"]*\"|//[^\n]*", "", text, flags=re.DOTALL)
    assert [bare.count(one) for one in "{(["] == [bare.count(one) for one in "})]"]


# --- containers -------------------------------------------------------------------------------------------------------


def test_the_container_has_all_that_is_built_and_nothing_else() -> None:
    text = (ROOT / "Dockerfile").read_text()
    copied = {name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for name in line.split()}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.12-slim"] * 2
    assert text.index("USER keytrace") < text.index("ENTRYPOINT")


def test_what_is_built_of_is_in_the_container() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    build = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = [
        project["project"]["readme"],
        *project["project"]["license-files"],
        *build["packages"],
        *build["force-include"],
    ]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {name.partition("/")[0] for name in named} | {"pyproject.toml", "hatch_build.py"} == allowed
