"""Kustomizations."""

from __future__ import annotations

from keytrace.lifecycle.definitions.kustomize import claims, given, read

TEXT = """\
namespace: shop-prod
secretGenerator:
  - name: api-secrets
    literals:
      - A_KEY=sunrise
      - PORT
    files:
      - signing.key=keys/private.pem
    envs: [secret.env]
configMapGenerator:
  - name: web-config
    literals: ["LOG_LEVEL=debug"]
    files: [nginx.conf]
"""


def test_what_is_generated() -> None:
    found = [
        (one.name, one.line, str(one.holds), one.service, one.environment, one.is_kept)
        for one in read("k", TEXT.encode())
    ]
    assert found == [
        ("A_KEY", 5, "value", "api", "prod", True),
        ("signing.key", 8, "reference", "api", "prod", True),
        ("LOG_LEVEL", 12, "value", "web", "prod", False),
    ]
    assert list(given(TEXT.encode())) == [("secret.env", "api", "prod")]


def test_which_files() -> None:
    assert claims("a/kustomization.yaml", b"")
    assert claims("k.yaml", b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n")
    assert not claims("k.yaml", b"kind: Secret\n")
