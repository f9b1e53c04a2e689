"""Values of Helm charts."""

from __future__ import annotations

from keytrace.lifecycle.definitions.helm import claims, read
from tests.lifecycle.saying import said

TEXT = """\
image: {tag: v1}
env:
  A_KEY: sunrise
extraEnv:
  - name: B_KEY
    value: sunrise
  - name: C_KEY
    valueFrom: {secretKeyRef: {name: s, key: c}}
secrets:
  stripe: {apiKey: ""}
production:
  token: sunrise
"""


def test_leaves_and_lists_of_variables() -> None:
    assert said(read, TEXT) == [
        ("image.tag", 1, "placeholder"), ("A_KEY", 3, "value"), ("B_KEY", 5, "value"), ("C_KEY", 7, "reference"),
        ("secrets.stripe.apiKey", 10, "empty"), ("production.token", 12, "value"),
    ]  # fmt: skip
    assert [one.environment for one in read("v", TEXT.encode())][-1] == "production"


def test_sops() -> None:
    assert said(read, "a: {apiKey: 'ENC[x]'}\nsops: {kms: []}\n") == [("a.apiKey", 1, "encrypted")]


def test_which_files() -> None:
    assert all(
        claims(path, b"") for path in ("charts/a/values.yaml", "values-prod.yml", "a/values/prod.yaml", "secrets.yaml")
    )
    assert not claims("chart.yaml", b"")
