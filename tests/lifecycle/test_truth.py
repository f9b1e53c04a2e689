"""Exports of the values in use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.truth import load_truth, load_truths, pairs

SECRET = "apiVersion: v1\nkind: Secret\ndata:\n  A_KEY: c3VucmlzZQ==\n"
FORMS = {
    "dotenv": "A_KEY=sunrise\n",
    "vault": json.dumps({"request_id": "", "data": {"data": {"A_KEY": "sunrise"}, "metadata": {"version": 3}}}),
    "aws": json.dumps({"Name": "prod/app", "SecretString": json.dumps({"A_KEY": "sunrise"})}),
    "aws alone": json.dumps({"Name": "prod/A_KEY", "SecretString": "sunrise"}),
    "doppler": json.dumps({"A_KEY": {"computed": "sunrise", "note": ""}}),
    "names and values": json.dumps({"A_KEY": "sunrise"}),
    "kubernetes": SECRET,
    "kubernetes, as JSON": json.dumps(
        {"apiVersion": "v1", "kind": "Secret", "data": {"A_KEY": "c3VucmlzZQ=="}}, indent=1
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_all_forms(form: str) -> None:
    assert ("A_KEY", b"sunrise") in list(pairs(FORMS[form].encode(), "file"))


@pytest.mark.parametrize(
    ("name", "label", "environment"),
    [("x.env", "", "production"), ("staging.env", "", "staging"), ("x.env", "dev=", "development")],
)
def test_which_environment(tmp_path: Path, name: str, label: str, environment: str) -> None:
    path = tmp_path / name
    path.write_text(FORMS["dotenv"])
    digests = Digests(b"k" * 16)
    truth = load_truth(f"{label}{path}", digests)
    assert truth.environment == environment
    assert truth.values == {("a", "key"): frozenset({digests.of(b"sunrise")})}


def test_an_environment_that_no_key_has(tmp_path: Path) -> None:
    path = tmp_path / "x.env"
    path.write_text(FORMS["dotenv"])
    digests = Digests(b"k" * 16)
    (truth,) = load_truths([f"prod={path}"], digests, {"production"})
    assert truth.environment == "production"
    assert load_truths([str(path)], digests, set())[0].environment == "production"
    with pytest.raises(ScannerError, match="no key is in an environment called prodution") as raised:
        load_truths([f"prodution={path}"], digests, {"production"})
    assert "'production'" in raised.value.hint


@pytest.mark.parametrize("text", ["", "{", "# nothing\n", '{"kind": "Secret", "apiVersion": "v1", "data": ['])
def test_what_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x"
    path.write_text(text)
    with pytest.raises(ScannerError, match=r"x: "):
        load_truth(str(path), Digests(b""))
    with pytest.raises(ScannerError, match="No such file"):
        load_truth(str(tmp_path / "none"), Digests(b""))
