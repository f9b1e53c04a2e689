"""Dockerfiles."""

from __future__ import annotations

from keytrace.lifecycle.definitions.dockerfile import claims, read
from tests.lifecycle.saying import said

TEXT = """\
FROM a
ARG A_TOKEN
ENV B_KEY=sunrise \\
    C_KEY="moonlit"
ENV D_KEY horizon
RUN --mount=type=secret,id=npm_token npm ci
"""


def test_instructions() -> None:
    assert said(read, TEXT) == [
        ("A_TOKEN", 2, "reference"), ("B_KEY", 3, "value"), ("C_KEY", 4, "value"), ("D_KEY", 5, "value"),
        ("npm_token", 6, "reference"),
    ]  # fmt: skip


def test_commands_read_what_is_declared() -> None:
    text = (
        'FROM a\nARG A_TOKEN\nENV B_KEY=$A_TOKEN\nRUN x \\\n  --t="${A_TOKEN}$A_TOKEN" $OTHER_TOKEN\nCMD run ${B_KEY}\n'
    )
    found = [(one.name, one.line) for one in read("Dockerfile", text.encode()) if one.role == "read"]
    assert found == [("A_TOKEN", 5), ("B_KEY", 6)]


def test_which_files() -> None:
    assert all(claims(path, b"") for path in ("Dockerfile", "a/Dockerfile.prod", "web.Dockerfile", "Containerfile"))
    assert not claims("docker.md", b"")
