"""Files of variables that another file hands to a service."""

from __future__ import annotations

from pathlib import Path

from tests.lifecycle.trees import places, wrong
from tests.samples import unmarked

VALUE, OTHER = unmarked(41, 40), unmarked(42, 40)
WEB = "services:\n  web:\n    build: .\n    env_file: "


def test_a_file_is_of_the_service_and_the_environment_of_who_names_it(tmp_path: Path) -> None:
    files = {
        "docker-compose.prod.yml": f"{WEB}./conf/live.env\n",
        "docker-compose.staging.yml": f"{WEB}[conf/pre]\n",
        "conf/live.env": f"A_TOKEN={VALUE}\n",
        "conf/pre": f"A_TOKEN={VALUE}\n",  # a name that says nothing
    }
    assert places(tmp_path, files) == [
        "A_TOKEN defined conf/live.env:1 production web value",
        "A_TOKEN defined conf/pre:1 staging web value",
    ]
    assert wrong(tmp_path, {}) == ["same-key-in-two-environments conf/pre:1"]


def test_all_forms_of_a_list_and_what_is_taken_over(tmp_path: Path) -> None:
    text = """\
x-base: &base
  env_file: anchored.env
services:
  one:
    build: .
    env_file:
      - path: ./long.env
        required: false
      - short.env
  two:
    <<: *base
    build: .
  three:
    <<: *base
    build: .
    env_file: own.env
  four:
    extends: one
  five:
    extends: {file: other/common.yml, service: base}
"""
    names = ("anchored", "long", "short", "own")
    files = {f"{name}.env": f"{name.upper()}_TOKEN={unmarked(at, 40)}\n" for at, name in enumerate(names)}
    files |= {
        "compose.yaml": text,
        "other/common.yml": "services:\n  base:\n    image: x\n    env_file: far.env\n",
        "other/far.env": f"FAR_TOKEN={VALUE}\n",
    }
    assert places(tmp_path, files) == [
        "ANCHORED_TOKEN defined anchored.env:1 - two value",
        "FAR_TOKEN defined other/far.env:1 - base value",
        "FAR_TOKEN defined other/far.env:1 - five value",
        "LONG_TOKEN defined long.env:1 - four value",
        "LONG_TOKEN defined long.env:1 - one value",
        "OWN_TOKEN defined own.env:1 - three value",
        "SHORT_TOKEN defined short.env:1 - four value",
        "SHORT_TOKEN defined short.env:1 - one value",
    ]


def test_a_key_in_a_file_and_in_an_override_is_one(tmp_path: Path) -> None:
    files = {
        "docker-compose.yml": f"{WEB}web.env\n",
        "docker-compose.prod.yml": f"services:\n  web:\n    environment:\n      A_TOKEN: {OTHER}\n",
        "web.env": f"A_TOKEN={VALUE}\n",
    }
    assert places(tmp_path, files) == [
        "A_TOKEN defined docker-compose.prod.yml:4 production web value",
        "A_TOKEN defined web.env:1 - web value",
    ]


def test_what_is_base_and_production_is_production(tmp_path: Path) -> None:
    files = {
        "docker-compose.yml": f"{WEB}web.env\n",
        "docker-compose.prod.yml": f"{WEB}web.env\n",
        "web.env": f"A_TOKEN={VALUE}\n",
    }
    assert places(tmp_path, files) == ["A_TOKEN defined web.env:1 production web value"]


def test_files_of_a_kustomization_and_broken_ones(tmp_path: Path) -> None:
    files = {
        "k/overlays/staging/kustomization.yaml": "secretGenerator:\n- name: api-secrets\n  envs: [../../a.txt]\n",
        "k/a.txt": f"A_TOKEN={VALUE}\n",
        "docker-compose.yml": "services:\n  a: {env_file: [\n",
    }
    assert places(tmp_path, files) == ["A_TOKEN defined k/a.txt:1 staging api value"]
