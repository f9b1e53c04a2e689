"""Docker Compose."""

from __future__ import annotations

from keytrace.lifecycle.definitions.compose import claims, read

TEXT = """\
x-common: &common
  SHARED_KEY: ${SHARED_KEY:?}
services:
  api:
    build: ./api
    environment:
      <<: *common
      A_KEY: ${OUTER_KEY:-fallback}
      B_KEY: "literal"
    secrets:
      - db_password
  web:
    image: registry.example.com/team/web:${TAG}
    environment:
      - A_KEY
      - C_KEY=${C_KEY}
      - D_PASSWORD_FILE=/run/secrets/d_password
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: changeme}
secrets:
  db_password:
    environment: DB_PASSWORD
  d_password:
    file: ./d.txt
"""


def test_all_ways() -> None:
    found = [(one.service, one.name, one.line, str(one.holds), one.refers) for one in read("c", TEXT.encode())]
    assert found == [
        ("api", "SHARED_KEY", 2, "reference", ("SHARED_KEY",)),
        ("api", "A_KEY", 8, "value", ("OUTER_KEY",)),
        ("api", "B_KEY", 9, "value", ()),
        ("api", "db_password", 11, "reference", ("db_password",)),
        ("web", "A_KEY", 15, "reference", ()),
        ("web", "C_KEY", 16, "reference", ("C_KEY",)),
        ("web", "D_PASSWORD", 17, "reference", ("d_password",)),
        ("db", "POSTGRES_PASSWORD", 20, "placeholder", ()),
        ("", "db_password", 22, "reference", ("DB_PASSWORD",)),
        ("", "DB_PASSWORD", 23, "reference", ()),
        ("", "d_password", 24, "reference", ()),
    ]
    foreign = {one.name for one in read("c", TEXT.encode()) if one.is_foreign}
    assert foreign == {"POSTGRES_PASSWORD"}


def test_what_a_command_is_made_with_is_read() -> None:
    text = """\
services:
  cache:
    image: redis:7
    command: redis-server --requirepass ${A_PASSWORD:?} $$NOT
  api:
    build: .
    entrypoint: [run, "--key", "${B_KEY}"]
    healthcheck:
      test: ["CMD", "ping", "$C_KEY"]
"""
    found = [
        (one.name, one.line, one.service, one.is_foreign) for one in read("c", text.encode()) if one.role == "read"
    ]
    assert found == [
        ("A_PASSWORD", 4, "cache", True), ("B_KEY", 7, "api", False), ("C_KEY", 9, "api", False),
    ]  # fmt: skip


def test_which_files() -> None:
    assert claims("deploy/docker-compose.prod.yml", TEXT.encode())
    assert claims("compose.yaml", b"services: {}")
    assert not claims("compose.yaml", b"a: 1")
    assert claims("stack/any.yml", b"services:\n  a:\n    image: b\n")
    assert not claims("values.yaml", b"a: 1")
