"""Kubernetes."""

from __future__ import annotations

import base64

from keytrace.lifecycle.definitions.kubernetes import claims, read

MANIFEST = """\
apiVersion: v1
kind: Secret
metadata: {name: api-secrets, namespace: shop-production}
data:
  stripe-key: VALUE
  username: YWRh
stringData:
  OTHER_KEY: $(OUTER)
---
apiVersion: v1
kind: ConfigMap
metadata: {name: api-config}
data:
  LOG_LEVEL: debug
  SENTRY_TOKEN: {{ .Values.sentry | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {env: staging}}
spec:
  template:
    spec:
      containers:
        - name: api
          env:
            - name: STRIPE_KEY
              valueFrom:
                secretKeyRef: {name: api-secrets, key: stripe-key}
            - {name: A_KEY, value: literal}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed}
spec:
  encryptedData:
    SEALED_KEY: AgBy
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: e}
spec:
  data:
    - secretKey: FETCHED_KEY
      remoteRef: {key: a/b}
""".replace("VALUE", base64.b64encode(b"sunrise").decode())


def test_all_kinds() -> None:
    found = [
        (one.name, one.line, str(one.holds), one.environment, one.service) for one in read("k.yaml", MANIFEST.encode())
    ]
    assert found == [
        ("OTHER_KEY", 8, "reference", "production", "api"),
        ("stripe-key", 5, "value", "production", "api"),
        ("username", 6, "placeholder", "production", "api"),
        ("LOG_LEVEL", 14, "value", "", "api"),
        ("SENTRY_TOKEN", 15, "reference", "", "api"),
        ("STRIPE_KEY", 26, "reference", "staging", "api"),
        ("A_KEY", 29, "value", "staging", "api"),
        ("SEALED_KEY", 36, "encrypted", "", "sealed"),
        ("FETCHED_KEY", 43, "reference", "", "e"),
    ]
    by_name = {one.name: one for one in read("k.yaml", MANIFEST.encode())}
    assert by_name["stripe-key"].value == b"sunrise"
    assert (by_name["stripe-key"].is_kept, by_name["username"].is_kept) == (True, False)
    assert by_name["STRIPE_KEY"].refers == ("stripe-key",)


def test_which_files() -> None:
    assert claims("a/b.yaml", MANIFEST.encode())
    assert claims("a/b.json", b'{"apiVersion":"v1","kind":"Secret","data":{}}')
    assert not claims("a/b.yaml", b"kind: Secret\n")
    assert not claims("a/b.py", MANIFEST.encode())


def test_sops_is_encrypted() -> None:
    sops = "apiVersion: v1\nkind: Secret\ndata:\n  A_KEY: ENC[AES256_GCM,data:x]\nsops: {}\n"
    assert [(one.name, str(one.holds)) for one in read("k.yaml", sops.encode())] == [("A_KEY", "encrypted")]
