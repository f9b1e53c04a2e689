"""The entries of a Kubernetes Secret, in the ways to write one."""

from __future__ import annotations

import base64

import regex

from keytrace.scoring import manifest

CODED = base64.b64encode(b"wolf hound").decode()
DECODED = base64.b64decode(CODED).decode()


def entries(text: str) -> list[tuple[str, str]]:
    """Return the names and values of the entries that are bound."""
    data = text.encode()
    hits = [found.end() for found in regex.finditer(manifest.TRIGGER.encode(), data)]
    return [(one.name, one.value.decode()) for one in manifest.find(data, hits)]


def test_entries_of_a_block() -> None:
    text = f"""
apiVersion: v1
stringData:
  password: "a 1"   # note
  thing: 'x9'
  username: x9
  # note: x9
  file.conf: |
    inner: x9
kind: Secret
metadata:
  name: x9
data:
  {{{{- if .Values.more }}}}
  token: {CODED}
---
kind: ConfigMap
data:
  thing: x9
"""
    assert entries(text) == [("password", "a 1"), ("secret", "x9"), ("token", "wolf hound")]


def test_entries_of_a_list() -> None:
    text = (
        f"items:\n- apiVersion: v1\n  kind: Secret\n  data:\n    thing: {CODED}\n- kind: Pod\n  data:\n    thing: x9\n"
    )
    assert entries(text) == [("secret", DECODED)]


def test_entries_of_an_object() -> None:
    assert entries(f'[{{"kind": "Secret", "data": {{"thing": "{CODED}"}}}}, {{"data": {{"thing": "x9"}}}}]') == [
        ("secret", DECODED)
    ]
    assert entries('{\n  "kind": "Secret",\n  "stringData": {\n    "a": "x9",\n    "b": null\n  }\n}')[0] == (
        "secret",
        "x9",
    )
    assert entries('{"kind": "SecretStore", "data": {"thing": "x9"}}') == []
