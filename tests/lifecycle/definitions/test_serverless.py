"""Serverless."""

from __future__ import annotations

from keytrace.lifecycle.definitions.serverless import claims, read

TEXT = """\
service: a
provider:
  environment:
    A_KEY: ${env:OUTER_KEY}
    B_KEY: ${ssm:/a/${sls:stage}/b}
functions:
  f:
    environment: {C_KEY: sunrise}
custom:
  prod: {apiKey: moonlit}
plugins: [x]
"""


def test_entries() -> None:
    found = [(one.name, one.line, str(one.holds), one.environment, one.refers) for one in read("s", TEXT.encode())]
    assert found == [
        ("A_KEY", 4, "reference", "", ("OUTER_KEY",)), ("B_KEY", 5, "reference", "", ()),
        ("C_KEY", 8, "value", "", ()), ("prod.apiKey", 10, "value", "prod", ()),
    ]  # fmt: skip


def test_which_files() -> None:
    assert claims("a/serverless.prod.yml", b"")
    assert not claims("server.yml", b"")
