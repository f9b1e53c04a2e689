"""Why there is no fix."""

from __future__ import annotations

import pytest

from keytrace.fixers.edits import Target
from keytrace.fixers.reasons import of_file, of_rule


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("certs/server.key", b"x", "the file is the key"),
        ("certs/id_rsa", b"-----BEGIN OPENSSH", "the file is the key"),
        ("config.json", b"x", "no reference there means a variable"),
        (".gitlab-ci.yml", b"x", "set it in the settings of the project"),
        ("main.c", b"x", "there is no fix for this kind of file"),
    ],
)
def test_of_a_file(path: str, value: bytes, why: str) -> None:
    assert of_file(Target(path, b"", "generic-token", 0, 1, value)).startswith(why)


@pytest.mark.parametrize(
    ("rule", "why"),
    [("credential-in-response", "who asks may need it"), ("other", "there is no fix for 'other'")],
)
def test_of_a_rule(rule: str, why: str) -> None:
    assert of_rule(Target("a.py", b"", rule, 0, 1, b"x")).startswith(why)
