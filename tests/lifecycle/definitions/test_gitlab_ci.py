"""GitLab CI."""

from __future__ import annotations

from keytrace.lifecycle.definitions.gitlab_ci import claims, read

TEXT = """\
variables:
  A_KEY: $PROD_A
  B_KEY: {value: sunrise, description: d}
deploy:
  environment: {name: production/eu}
  variables: {C_KEY: literal}
  secrets:
    D_KEY: {vault: a/b/c@kv}
  script:
    - |
      echo start
      curl -H "x: $E_TOKEN"
    - ./deploy.sh "$F_TOKEN"
"""


def test_jobs() -> None:
    found = [(one.role, one.name, one.line, str(one.holds), one.environment) for one in read("c", TEXT.encode())]
    assert found == [
        ("defined", "A_KEY", 2, "reference", ""), ("defined", "B_KEY", 3, "value", ""),
        ("defined", "C_KEY", 6, "value", "production"), ("defined", "D_KEY", 8, "reference", "production"),
        ("read", "E_TOKEN", 12, "name", "production"), ("read", "F_TOKEN", 13, "name", "production"),
    ]  # fmt: skip


def test_which_files() -> None:
    assert all(claims(path, b"") for path in (".gitlab-ci.yml", "a/.gitlab-ci.prod.yaml", ".gitlab/ci/deploy.yml"))
    assert not claims("ci.yml", b"")


def test_variables_of_all_are_of_the_jobs_that_read_them() -> None:
    text = """\
variables: {A_TOKEN: sunrise, B_TOKEN: sunrise, C_TOKEN: sunrise, D_TOKEN: sunrise}
.ship:
  environment: production
  before_script: ["login $A_TOKEN"]
ship:
  extends: .ship
  script: [./ship $B_TOKEN]
try:
  environment: {name: staging}
  script: [./ship $B_TOKEN]
lint:
  script: [./lint $C_TOKEN]
"""
    found = {one.name: one.environment for one in read("c", text.encode()) if one.role == "defined"}
    assert found == {"A_TOKEN": "production", "B_TOKEN": "", "C_TOKEN": "", "D_TOKEN": ""}
