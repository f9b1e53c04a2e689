"""Evidence: what speaks for and against a value, and what it amounts to."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.model import Confidence, Evidence
from keytrace.scoring.binding import Binding
from keytrace.scoring.weigh import (
    REJECT,
    WEIGHTS,
    Model,
    chosen_by_a_test,
    confidence_of,
    is_of_test_or_example,
    most,
    placeholder,
    use_model,
    weigh,
)
from tests.growing import grows_linearly

_RANDOM = random.Random(3)
RANDOM_VALUE = "".join(_RANDOM.choices(string.ascii_letters + string.digits, k=32))
HEX_VALUE = "".join(_RANDOM.choices("0123456789abcdef", k=40))
LETTERS_VALUE = "".join(_RANDOM.choices(string.ascii_letters, k=24))


@pytest.mark.parametrize(
    "value",
    [
        "ghp_" + "x" * 36,
        "ghp_" + "01" * 18,
        "sk_test_" + "abcabcabcabcabcabcabcabc",
        "AKIAIOSFODNN7EXAMPLE",
        "key-" + "example" + HEX_VALUE,
        "token_" + "1234567890" * 3,
        "secret_" + "abcdefghijklmnopqrstuvwxyz",
        "your-" + RANDOM_VALUE,
        "changeme",
        "insert_key_here",
        "qwertyuiopasdfghjkl",
    ],
)
def test_placeholder(value: str) -> None:
    assert placeholder(value.encode())


@pytest.mark.parametrize("value", [RANDOM_VALUE, HEX_VALUE, LETTERS_VALUE, "ghp_" + RANDOM_VALUE, "Tr0ub4" + "dor7Xq"])
def test_no_placeholder(value: str) -> None:
    assert placeholder(value.encode()) is None


def test_one_repeated_character_overrules_a_format() -> None:
    doubt = placeholder(b"ghp_" + b"x" * 36)
    assert doubt
    assert doubt.weight <= REJECT


def binding(value: str | bytes, name: str = "password", form: str = "assign", *, quoted: bool = True) -> Binding:
    data = value.encode() if isinstance(value, str) else value
    return Binding(name, 0, 0, len(data), data, form, quoted)


def score(value: str | bytes, name: str = "password", path: str = "app.py", form: str = "assign") -> float:
    return sum(item.weight for item in weigh(binding(value, name, form), path))


def confidence(value: str, name: str, path: str = "app.py") -> Confidence | None:
    one = binding(value, name)
    return confidence_of(weigh(one, path), most(one))


HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


@pytest.fixture
def model() -> Iterator[None]:
    """Weights and levels of the test's own."""
    trained: Model = json.loads(WEIGHTS.read_text())
    use_model({"weights": {"base": 0.5, "quoted": 2.0}, "levels": {"low": 0.0, "medium": 2.0, "high": 4.0}})
    yield
    use_model(trained)


@pytest.mark.parametrize(
    ("weights", "confidence"),
    [
        ((-0.1,), None),
        ((0.0,), LOW),
        ((2.5, -0.6), LOW),
        ((2.5, -0.5), MEDIUM),
        ((2.5, 3.0), HIGH),
        ((9.0, REJECT), LOW),
        ((8.0, REJECT), None),
    ],
)
def test_confidence_is_the_sum(model: None, weights: tuple[float, ...], confidence: Confidence | None) -> None:
    assert confidence_of(Evidence("", weight) for weight in weights) is confidence


def test_a_piece_of_evidence_weighs_what_its_features_do(model: None) -> None:
    evidence = weigh(binding(RANDOM_VALUE), "app.py")
    assert [item.weight for item in evidence[:2]] == [0.5, 2.0]
    assert sum(item.weight for item in evidence[2:]) == 0


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        # the same value under a strong, a weak and a telling name
        (RANDOM_VALUE, "api_key", True),
        (RANDOM_VALUE, "key", True),
        (RANDOM_VALUE, "cache_key", False),
        (HEX_VALUE, "secret", True),
        (LETTERS_VALUE, "token", True),
        # passwords that somebody thought of
        ("Tr0ub4" + "dor7Xq", "password", True),
        ("vK9#mQ" + "2x!Lw7", "password", True),
        ("hunter2", "password", True),
        ("Summer" + "2024!", "password", True),
        ("gjbu" + "bxsu", "password", True),
        # words, stand-ins and common passwords
        ("correct horse", "password", False),
        ("monkey", "password", False),
        ("changeme", "password", False),
        ("my-secret-token", "token", False),
        ("userNameField", "password", False),
        ("login.password.label", "password", False),
        # what cannot be a secret
        ("abc", "password", False),
        ("none", "password", False),
        ("************", "password", False),
        ("${DB_PASSWORD}", "password", False),
        ("{{ password2 }}", "password", False),
        ("$DB_PASSWORD2", "password", False),
        ("process.env.TOKEN2", "token", False),
        ("https://api.example.org/v2?k=" + RANDOM_VALUE, "token", False),
        ("enter your new password", "password", False),
        ("password1", "password1", False),
        ("2026-11-23", "token", False),
        ("utf-8", "password", False),
        ("HMAC-SHA256", "token", False),
        ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + RANDOM_VALUE, "key", False),
        ("\\xc2\\xa3", "secret", False),
        ("eyJhbGciOiJIUzI1NiJ9", "token", False),
        ("$2b$12$" + RANDOM_VALUE, "password", False),
        ("x" * 2001, "password", False),
    ],
)
def test_shown_by_default(value: str, name: str, expected: bool) -> None:
    assert ((confidence(value, name) or 0) >= MEDIUM) is expected, weigh(binding(value, name), "app.py")


@pytest.mark.parametrize("name", ["PRIMARY_DB_PASSWORD", "CACHE_TOKEN", "VALIDATE_API_KEY", "NEXT_PUBLIC_API_SECRET"])
def test_the_first_word_of_a_setting_is_no_veto(name: str) -> None:
    assert (confidence(RANDOM_VALUE, name, ".env") or 0) >= MEDIUM
    assert (confidence("confirmed", name, ".env") or 0) <= (confidence("confirmed", "DB_PASSWORD", ".env") or 0)
    assert confidence("true", name, ".env") is confidence("120000", "MAX_" + name, ".env") is None


def test_a_prefix_for_browsers_raises_and_is_told() -> None:
    assert score(RANDOM_VALUE, "VITE_API_SECRET", ".env") > score(RANDOM_VALUE, "API_SECRET", ".env")
    assert "every browser" in weigh(binding(RANDOM_VALUE, "VITE_API_SECRET"), ".env")[0].text


@pytest.mark.parametrize("value", ["8474369466", "169874523012", "447700900123456"])
def test_digits_as_long_as_a_timestamp_are_a_number(value: str) -> None:
    assert confidence(value, "api_key") is confidence(value, "password", "a.yml") is None


def test_words_within_a_random_value_say_nothing() -> None:
    value, word = "eiTesting4oochaeY7phoh1" + "Example3vaik9", "eiTesting4oochaeY7phoh1" + "Exbmqle3vaik9"
    assert [item.weight for item in weigh(binding(value), "a.py")] == [
        item.weight for item in weigh(binding(word), "a.py")
    ]
    assert score("example" + value) < score(value)


def test_a_password_that_somebody_chose_is_told_by_its_place() -> None:
    def at(value: bytes, around: bytes, path: str) -> float:
        data = around.replace(b"@", value)
        first = data.index(value)
        one = Binding("password", first - 10, first, first + len(value), value, "colon", quoted=False)
        return sum(item.weight for item in weigh(one, path, data))

    chosen = b"kestrel41"
    settings = at(chosen, b"db:\n  host: db.acme.net\n  user: shop\n  password: @\n", "production.yml")
    texts = at(chosen, b"title: Welcome back\nhint: Choose a name\npassword: @\nsend: Log me in\n", "i18n/en.yml")
    assert settings > texts
    assert at(b"changeme", b"host: db.acme.net\nuser: shop\npassword: @\n", "production.yml") < settings


def test_a_made_up_name_and_a_sample_speak_against() -> None:
    value = "Tr0ub4" + "dor7Xq"
    assert score(value, "wrong_password") < score(value, "admin_password")
    assert score("test" + value) < score(value)
    assert score("my-password-1") < score(value)


def test_evidence_speaks_in_words() -> None:
    evidence = weigh(binding(RANDOM_VALUE, "api_key"), "tests/test_app.py")
    assert [item.text.partition(" (")[0] for item in evidence] == [
        "the name 'api_key' promises a secret",
        "assigned, in quotes",
        "the file is code of a test",
        "32 characters, letters and digits, that look random",
    ]


def test_user_and_host_of_an_address() -> None:
    def at(host: str, user: str = "shop") -> list[str]:
        value = b"Tr0ub4" + b"dor7Xq"
        one = Binding("password", 0, 0, 12, value, "connection-string", False, user=user.encode(), host=host.encode())
        return [item.text for item in weigh(one, "app.py")]

    assert "the host is one of the names kept for examples" in at("db.example.com")
    assert "the host is this machine or one of its network" in at("localhost2")
    assert at("db.shop.net", "Tr0ub4" + "dor7Xq") == ["the value repeats the user name"]
    assert at("sha256") == ["the value is the tag of an image, its digest follows"]


@settings(max_examples=200)
@given(st.binary(max_size=100), st.text(max_size=20), st.sampled_from(["assign", "pair", "url", "sql"]), st.booleans())
def test_any_value(value: bytes, name: str, form: str, quoted: bool) -> None:
    evidence = weigh(binding(value, name, form, quoted=quoted), "app.py")
    assert all(item.text for item in evidence)
    doubt = placeholder(value)
    assert doubt is None or doubt.weight < 0


def test_hostile_values_take_no_time() -> None:
    for piece in (
        "api_key_",
        "a-",
        "foobar",
        "pass",
        "test1",
        "/a",
        "aB",
        "a.",
        "my_",
        "0-",
        "{",
        "%(",
        "[1]",
        "\\x41",
    ):
        for end in ("", "!", "~~", "\x00"):

            def work(size: int, piece: str = piece, end: str = end) -> None:
                value = (piece * size)[:size].encode() + end.encode()
                weigh(binding(value), "a.py")
                placeholder(value)

            assert grows_linearly(work, 500), piece


def test_the_model_is_small_and_plain() -> None:
    model = json.loads(WEIGHTS.read_text("ascii"))
    assert model.keys() == {"levels", "weights"}
    assert model["levels"]["low"] < model["levels"]["medium"] < model["levels"]["high"]
    assert len(model["weights"]) < 2000
    assert all(abs(weight) < 10 for weight in model["weights"].values())


def test_a_setting_is_bound_as_a_key_is() -> None:
    assert weigh(binding("kestrel41", form="setting"), "app.yml") == weigh(
        binding("kestrel41", form="colon"), "app.yml"
    )


def test_a_document_without_an_ending_is_prose() -> None:
    assert [is_of_test_or_example(path) for path in ("CHANGES", "a/README", "CHANGES.rst")] == [True] * 3
    assert [is_of_test_or_example(path) for path in ("Dockerfile", "BUILD", "changes.py")] == [False] * 3


@pytest.mark.parametrize(
    ("path", "name", "value", "chosen"),
    [
        ("tests/users.py", "password", b"yolo" + b"pass", True),
        ("src/users_spec.rb", "user_password", b"spree" + b"123", True),
        ("src/users.py", "password", b"yolo" + b"pass", False),
        ("docs/users.md", "password", b"yolo" + b"pass", False),
        ("tests/users.py", "api_token", b"yolo" + b"pass1", False),
        ("tests/users.py", "password", RANDOM_VALUE.encode(), False),
    ],
)
def test_passwords_that_tests_chose(path: str, name: str, value: bytes, chosen: bool) -> None:
    assert chosen_by_a_test(Binding(name, 0, 0, len(value), value, "assign", quoted=True), path) is chosen
