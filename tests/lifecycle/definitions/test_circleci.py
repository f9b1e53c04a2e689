"""CircleCI."""

from __future__ import annotations

from keytrace.lifecycle.definitions.circleci import claims, read

TEXT = """\
jobs:
  production:
    docker:
      - image: postgres
        auth: {username: ada, password: $F_TOKEN}
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
        ("read", "F_TOKEN", 5, "", False),
        ("defined", "A_PASSKEY", 6, "production", True), ("defined", "B_KEY", 8, "production", False),
        ("read", "C_TOKEN", 11, "", False), ("defined", "D_KEY", 12, "production", False),
    ]  # fmt: skip


def test_which_files() -> None:
    assert claims(".circleci/config.yml", b"")
    assert not claims("circleci.yml", b"")
