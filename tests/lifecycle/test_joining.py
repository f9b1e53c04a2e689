"""What belongs to one key."""

from __future__ import annotations

import json
from pathlib import Path

from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.joining import counts, join
from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.seen import Seen
from tests.lifecycle.trees import places, taken
from tests.samples import marked, unmarked


def seen(
    name: str, value: str = "", *, service: str = "", path: str = ".env", line: int = 1, environment: str = "",
    role: Role = Role.DEFINED, refers: tuple[str, ...] = (), is_kept: bool = False,
) -> Seen:  # fmt: skip
    holds = Holds.VALUE if value else Holds.REFERENCE if refers else Holds.NAME
    mention = Mention(role, name, line, "dotenv", value.encode() or None, holds, refers=refers, is_kept=is_kept)
    return Seen(path, mention, b"", value.encode(), service=service, environment=environment)


def joined(*every: Seen) -> list[list[str]]:
    return sorted(sorted({one.name for one in group}) for group in join(every, Digests(b"")))


def test_names_values_and_references_join() -> None:
    value = unmarked(1)
    assert joined(seen("A_KEY"), seen("a-key", path="b"), seen("LOG_LEVEL")) == [["A_KEY", "a-key"]]
    assert joined(seen("A_KEY", value), seen("B_TOKEN", value, path="b")) == [["A_KEY", "B_TOKEN"]]
    assert joined(seen("A_KEY", value), seen("B_TOKEN", unmarked(2))) == [["A_KEY"], ["B_TOKEN"]]
    assert joined(seen("X", refers=("A_KEY",), path="c"), seen("A_KEY")) == [["A_KEY", "X"]]
    assert joined(seen("X", is_kept=True)) == [["X"]]


def test_a_word_alone_is_referred_to_in_its_service_and_its_file() -> None:
    def referring(path: str, service: str) -> Seen:
        return seen("X_KEY", refers=("edge",), path=path, service=service)

    for edge in (seen("edge", path="k", service="a", is_kept=True), seen("edge", path="c", is_kept=True)):
        assert joined(edge, referring("c", "a")) == [["X_KEY", "edge"]]
    assert joined(seen("edge", path="k", service="b", is_kept=True), referring("c", "a")) == [["X_KEY"], ["edge"]]


def test_names_with_other_numbers_are_of_other_keys() -> None:
    one, two = unmarked(1), unmarked(2)
    assert joined(seen("DB1_PASSWORD", one), seen("DB2_PASSWORD", two)) == [["DB1_PASSWORD"], ["DB2_PASSWORD"]]
    assert joined(seen("API_KEY_1"), seen("API_KEY_2")) == [["API_KEY_1"], ["API_KEY_2"]]
    assert joined(seen("API_KEY_1", one), seen("API_KEY_2", one)) == [["API_KEY_1", "API_KEY_2"]]
    assert joined(seen("AUTH0_API_KEY"), seen("auth0ApiKey", path="b")) == [["AUTH0_API_KEY", "auth0ApiKey"]]


def test_two_services_have_two_keys_unless_they_share_a_value() -> None:
    one = seen("A_KEY", unmarked(1), service="api", environment="production")
    other = seen("A_KEY", unmarked(2), service="web", environment="production", path="b")
    assert len(join([one, other], Digests(b""))) == 2
    shared = [seen("A_KEY", unmarked(3), service=name, environment="staging", path=name) for name in ("api", "web")]
    assert len(join([one, other, *shared], Digests(b""))) == 1
    elsewhere = seen("A_KEY", unmarked(2), service="web", environment="staging", path="b")
    assert len(join([one, elsewhere], Digests(b""))) == 1


def test_which_values_count() -> None:
    assert counts(seen("A_KEY", unmarked(1)))
    assert not counts(seen("A_KEY", "short1"))
    assert not counts(seen("A_KEY", unmarked(1), role=Role.DOCUMENTED))


def test_equal_values_that_are_public_are_one_key(tmp_path: Path) -> None:
    key = "pk_" + "live_" + unmarked(5, 24)
    token, secret = marked(3), unmarked(6, 40)
    files = {
        "web/.env.production": f"VITE_STRIPE_KEY={key}\n",
        "web/dist/a.js": f'const k="{key}";',
        "web/dist/a.js.map": json.dumps({"sourcesContent": [f'const GH = "{token}";\n']}),
        "app/build.gradle": "build" + f'ConfigField "String", "ADYEN_API_SECRET", "\\"{secret}\\""\n',
        "app/src/main/res/values/strings.xml": f'<string name="backend_token">{marked(4)}</string>\n',
    }
    assert places(tmp_path, files) == [
        "ADYEN_API_SECRET shipped app/build.gradle:1 - app value",
        "GH shipped web/dist/a.js.map:1 - web value",
        "VITE_STRIPE_KEY defined web/.env.production:1 production web value",
        "VITE_STRIPE_KEY shipped web/dist/a.js:1 - web value",
        "backend_token shipped app/src/main/res/values/strings.xml:1 - app value",
    ]
    found = {key.id: key.provider for key in taken(tmp_path).inventory.keys}
    assert (found["GH"], found["backend_token"], found["VITE_STRIPE_KEY"]) == ("github", "github", "stripe")


def test_a_reference_joins_no_two_keys_of_a_name() -> None:
    one = seen("A_KEY", unmarked(1), service="api", environment="production")
    other = seen("A_KEY", unmarked(2), service="web", environment="production", path="b")
    anywhere = seen("X_KEY", refers=("A_KEY",), path="ci.yml")
    assert [len(group) for group in join([one, other, anywhere], Digests(b""))] == [1, 1, 1]
    of_web = seen("X_KEY", refers=("A_KEY",), path="ci.yml", service="web")
    assert sorted(len(group) for group in join([one, other, of_web], Digests(b""))) == [1, 2]


def test_settings_refer_to_each_other(tmp_path: Path) -> None:
    files = {
        "infra/variables.tf": 'variable "secret" {\n  sensitive = true\n}\n',
        "infra/main.tf": 'resource "aws_db_instance" "shop" {\n  password = var.secret\n}\n',
        "infra/terraform.tfvars": f'secret = "{unmarked(7)}"\n',
        "infra/dd.tf": 'provider "datadog" {\n  app_key = var.dd_app_key\n}\n',
        "web/.env": f"APP_KEY={unmarked(8)}\n",
        "application.yml": "jwt:\n  signing-key: ${JWT_SIGNING_KEY:}\n",
        ".env.example": "JWT_SIGNING_KEY=\n",
    }
    assert places(tmp_path, files) == [
        "APP_KEY defined web/.env:1 - web value",
        "JWT_SIGNING_KEY documented .env.example:1 - - empty",
        "JWT_SIGNING_KEY defined application.yml:2 - - reference",
        "dd_app_key read infra/dd.tf:2 - - name",
        "secret defined infra/main.tf:2 - - reference",
        "secret defined infra/terraform.tfvars:1 - - value",
        "secret defined infra/variables.tf:1 - - reference",
    ]
