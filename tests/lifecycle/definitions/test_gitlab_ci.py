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
        ("read", "E_TOKEN", 12, "name", ""), ("read", "F_TOKEN", 13, "name", ""),
    ]  # fmt: skip


def test_which_files() -> None:
    assert all(claims(path, b"") for path in (".gitlab-ci.yml", "a/.gitlab-ci.prod.yaml", ".gitlab/ci/deploy.yml"))
    assert not claims("ci.yml", b"")
