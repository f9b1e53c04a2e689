"""Which environment a name or a path speaks of."""

from __future__ import annotations

import pytest

from keytrace.names.environments import canonical, in_names, of_path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".env.production", "production"), ("a/prod.env", "production"), ("values-prd.yaml", "production"),
        ("docker-compose.prod.yml", "production"), ("appsettings.Staging.json", "staging"),
        ("src/main/resources/application-dev.yml", "development"), ("k8s/overlays/production/s.yaml", "production"),
        ("group_vars/staging/vars.yml", "staging"), ("terraform/prod.tfvars", "production"), (".env", ""),
        (".env.local", "development"), (".env.production.local", "production"), ("docker-compose.yml", ""),
        ("tests/fixtures/production/.env", ""), ("src/live/a.env", ""), ("envs/prod-eu/a.tfvars", "production"),
        ("k8s/base/product.yaml", ""), (".env.test", "test"),
        (".gitlab-ci.yml", ""), (".gitlab-ci.prod.yml", "production"),
    ],
)  # fmt: skip
def test_paths(path: str, expected: str) -> None:
    assert of_path(path) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Production", "production"), ("prod-eu", "production"), ("pre-prod", "staging"), ("blue", "blue"), ("", ""),
     ("nonprod", "nonprod"), ("non-prod", "")],
)  # fmt: skip
def test_one_spelling(name: str, expected: str) -> None:
    assert canonical(name) == expected


def test_names_on_the_way_to_a_setting() -> None:
    assert in_names(["custom", "prod"]) == "prod"
    assert in_names(["spring", "test"]) == ""
