"""What excerpts hide: everything that any rule knows, selected or not, and nothing else of the line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from keytrace.engine import Engine, Setup, load_engine
from keytrace.findings import find
from keytrace.model import FileProvenance, Finding
from keytrace.redaction.masks import every_rule, masks
from keytrace.text.document import Document
from tests.samples import marked, shown, spellings, unmarked

if TYPE_CHECKING:
    import pytest

MARKED, OTHER, UNMARKED = marked(1), marked(2), unmarked(3)
FEW = Setup(only=("github-personal-access-token",), hyperscan=False)


def found(text: str, setup: Setup, path: str = "app.js") -> list[Finding]:
    return find(load_engine(setup), Document(FileProvenance(path), text.encode()), [])


def test_what_selected_rules_do_not_know(fallback: Engine) -> None:
    text = f'x = "{MARKED}"; password = "{UNMARKED}"; retries = 3;\n'
    for setup in (FEW, replace(FEW, only=(), without=("generic-password",))):
        finding, *_ = found(text, setup)
        assert finding.location.excerpt.text == 'x = "********"; password = "********"; retries = 3;'
    assert every_rule(FEW) == fallback.setup
    assert every_rule(fallback.setup) is fallback.setup


def test_the_same_once_more_in_each_spelling(fallback: Engine) -> None:
    for name, form in spellings(UNMARKED).items():
        (finding, *_) = found(f'password = "{UNMARKED}"; again(["{form}"], retries = 3);', fallback.setup)
        text = finding.location.excerpt.text
        assert not shown(UNMARKED, text), name
        assert text.startswith('password = "********"; again(["'), name
        assert text.endswith("], retries = 3);"), name


def test_pieces_and_bodies(fallback: Engine) -> None:
    halves = f'api_token = "{MARKED[:20]}" + "{MARKED[20:]}";'
    assert {one.location.excerpt.text for one in found(halves, fallback.setup)} == {
        'api_token = "********" + "********";'
    }
    body = unmarked(9, 64)
    key = f'{{"k": "-----BEGIN {"PRIVATE"} KEY-----\\nMIIE{body}\\n{body}"}}'
    assert all(body[:12] not in one.location.excerpt.text for one in found(key, fallback.setup))


def test_many_secrets_in_one_line(fallback: Engine) -> None:
    secrets = [marked(seed) for seed in range(60)]
    line = ";".join(f'x{number}="{secret}",b="{secret[::-1]}"' for number, secret in enumerate(secrets))
    findings = found(line, fallback.setup)
    assert len(findings) == len(secrets)
    assert not any(shown(secret, one.location.excerpt.text) for one in findings for secret in secrets)


def test_nothing_is_looked_for_where_nothing_is_shown(fallback: Engine) -> None:
    assert masks(fallback, Document(FileProvenance("a"), b"text"), [], []) == []


def test_what_cannot_be_searched_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("keytrace.redaction.masks._credible", late)
    (finding,) = found(f'x = "{MARKED}"; password = "{UNMARKED}"\n', FEW)
    assert finding.location.excerpt.text == "********"
