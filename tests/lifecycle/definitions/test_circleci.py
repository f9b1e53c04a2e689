"""CircleCI."""

from __future__ import annotations

from keytrace.lifecycle.definitions.circleci import claims, read

TEXT = """\
jobs:
  production:
    docker:
      - image: postgres
        environment: {A_PASSKEY: sunrise}
    environment:
      B_KEY: sunrise
    steps:
      - run:
          command: use $C_TOKEN
          environment: {D_KEY: $E}
"""


def test_jobs() -> None:
    found = [(one.role, one.name, one.line, one.environment, one.is_foreign) for one in read("c", TEXT.encode())]
    assert found == [
        ("defined", "A_PASSKEY", 5, "production", True), ("defined", "B_KEY", 7, "production", False),
        ("read", "C_TOKEN", 10, "", False), ("defined", "D_KEY", 11, "production", False),
    ]  # fmt: skip


def test_which_files() -> None:
    assert claims(".circleci/config.yml", b"")
    assert not claims("circleci.yml", b"")
