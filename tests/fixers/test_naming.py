from __future__ import annotations

import pytest

from keytrace.fixers.naming import Names, variable


@pytest.mark.parametrize(
    ("bound", "owner", "rule", "name"),
    [
        ("API_KEY", "", "generic-api-key", "API_KEY"),
        ("apiKey", "", "generic-api-key", "API_KEY"),
        ("token", "", "generic-token", "SHOP_TOKEN"),
        ("token", "Client", "generic-token", "CLIENT_TOKEN"),
        ("token", "", "stripe-secret-key", "STRIPE_TOKEN"),
        ("client", "", "stripe-secret-key", "STRIPE_SECRET_KEY"),
        ("", "", "generic-password", "SHOP_PASSWORD"),
        ("Authorization", "", "bearer-authorization-header", "SHOP_TOKEN"),
    ],
)
def test_names(bound: str, owner: str, rule: str, name: str) -> None:
    assert Names().choose("value", "src/shop.py", rule, bound, owner) == name


def test_a_value_keeps_its_name() -> None:
    names = Names()
    first = names.choose("value", "a.py", "generic-api-key", "API_KEY")
    assert names.choose("value", "b.py", "generic-api-key", "OTHER_KEY") == first


def test_a_name_keeps_its_value() -> None:
    names = Names()
    chosen = [names.choose(f"value{number}", "a.py", "generic-api-key", "API_KEY") for number in range(4)]
    assert len(set(chosen)) == 4
    assert chosen[0] == "API_KEY"


def test_the_project_says_what_it_calls_a_value() -> None:
    assert Names((), {"SHOP_KEY": "value"}).choose("value", "a.py", "generic-api-key", "API_KEY") == "SHOP_KEY"
    assert Names((), {"API_KEY": "other"}).choose("value", "a.py", "generic-api-key", "API_KEY") == "A_API_KEY"
    assert Names((), {"API_KEY": ""}).choose("value", "a.py", "generic-api-key", "API_KEY") == "API_KEY"


def test_a_name_that_the_project_reads_is_taken_first() -> None:
    names = Names()
    names.learn(b'key = os.environ["STRIPE_API_KEY"]\nother = process.env.OTHER_KEY\n')
    assert names.choose("value", "a.py", "stripe-secret-key", "api_key") == "STRIPE_API_KEY"
    names.learn_all([["A_OTHER_KEY"]])
    assert names.choose("more", "a.py", "generic-api-key", "other_key") == "OTHER_KEY"


def test_what_the_user_says_is_taken() -> None:
    names = Names()
    names.say("value", "MINE")
    assert names.choose("value", "a.py", "generic-api-key", "API_KEY") == "MINE"


def test_names_are_those_of_variables() -> None:
    assert variable("apiKey") == variable("api-key") == "API_KEY"
    assert variable("2fa") == "_2FA"
    assert variable("dbPassword2") == "DB_PASSWORD2"
    assert variable("HTTPToken") == "HTTP_TOKEN"


def test_a_word_alone_is_no_name_where_its_first_choice_is_taken() -> None:
    names = Names()
    chosen = [names.choose(f"value{number}", "db.py", "generic-password", "password") for number in range(3)]
    assert chosen == ["DB_PASSWORD", "DB_PASSWORD_2", "DB_PASSWORD_3"]


@pytest.mark.parametrize(
    ("bound", "value", "name"),
    [
        ("URL", "postgresql://a:b@c/d", "POSTGRESQL_URL"),
        ("url", "redis+sentinel://a:b@c/d", "REDIS_URL"),
        ("URL", "https://a:b@c/d", "SHOP_URL"),
        ("DATABASE_URL", "mysql://a:b@c/d", "DATABASE_URL"),
    ],
)
def test_an_address_is_called_by_its_scheme(bound: str, value: str, name: str) -> None:
    assert Names().choose(value, "src/shop.py", "credential-in-url", bound) == name


def test_a_module_declares_a_variable_once() -> None:
    names = Names()
    names.learn_module("infra/variables.tf", b'variable "token" {\n}\n')
    assert not names.declare("infra/main.tf", "token", "a")
    assert names.declare("infra/main.tf", "key", "a")
    assert names.declare("infra/main.tf", "key", "a")  # planned once more
    assert not names.declare("infra/other.tf", "key", "a")
    assert names.declare("other/main.tf", "token", "a")


def test_a_name_that_says_whose_it_is() -> None:
    names = Names(("STRIPE_SECRET_KEY",))
    assert names.choose("a", "a.js", "openai-project-key", "apiKey") == "OPENAI_API_KEY"
    assert names.choose("b", "a.js", "aws-secret-access-key", "secretAccessKey") == "AWS_SECRET_ACCESS_KEY"
    assert names.choose("c", "a.js", "stripe-live-secret-key") == "STRIPE_SECRET_KEY"
    assert names.choose("T0/B0/x", "a.js", "slack-webhook-url", "slackWebhook") == "SLACK_WEBHOOK_SECRET"
