"""Which service a file belongs to."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.services import Services

SERVICES = Services(
    ["services/api/Dockerfile", "services/web/package.json", "package.json", "deploy/docker/Dockerfile"]
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("services/api/src/a.py", "api"), ("services/web/.env", "web"), (".env", ""), ("k8s/web/secret.yaml", "web"),
     ("apps/mobile/a.ts", "mobile"), ("deploy/docker/a", ""), (".github/workflows/a.yml", ""),
     ("deploy/systemd/api.service", "api"), ("lib/a.py", "lib"), ("terraform/a.tf", "")],
)  # fmt: skip
def test_paths(path: str, expected: str) -> None:
    assert SERVICES.of(path) == expected


def test_names_of_workloads() -> None:
    assert SERVICES.called("prod-api-server") == "api"
    assert SERVICES.called("other") == "other"
    assert SERVICES.called("") == ""
    assert SERVICES.called("{{ .Release.Name }}-api") == ""
