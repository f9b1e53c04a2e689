"""Jenkinsfiles."""

from __future__ import annotations

from keytrace.lifecycle.definitions.jenkins import claims, read

TEXT = """\
pipeline {
  environment {
    A_TOKEN = credentials('a-token')
    B_MODE = "release"
  }
  // C_TOKEN = credentials('c')
  steps {
    withCredentials([string(credentialsId: 'd', variable: 'D_TOKEN'),
                     usernamePassword(credentialsId: 'e', passwordVariable: "E_PASSWORD")]) {
      sh 'curl -H "$D_TOKEN" ${env.A_TOKEN}'
    }
  }
}
"""


def test_what_is_bound_and_read() -> None:
    assert [(one.name, one.line, one.role.value, str(one.holds)) for one in read("Jenkinsfile", TEXT.encode())] == [
        ("A_TOKEN", 3, "defined", "reference"), ("B_MODE", 4, "defined", "value"),
        ("D_TOKEN", 8, "defined", "reference"), ("E_PASSWORD", 9, "defined", "reference"),
        ("D_TOKEN", 10, "read", "name"), ("A_TOKEN", 10, "read", "name"),
    ]  # fmt: skip


def test_which_files() -> None:
    assert all(claims(path, b"") for path in ("Jenkinsfile", "ci/Jenkinsfile.release", "a.jenkinsfile"))
    assert not claims("Jenkinsfile/a.txt", b"")
