"""What stands around a value."""

from __future__ import annotations

import pytest

from keytrace.scoring.binding import Binding
from keytrace.scoring.place import around, in_a_list_of_words, in_a_sentence, is_called_as_user, logs_in
from tests.growing import grows_linearly


def marks(text: str, path: str = "app.yml") -> set[str]:
    """Return what is said of the value between bars in `text`."""
    before, value, after = text.encode().split(b"|")
    data = before + value + after
    name = max(before.rfind(b"password"), 0)
    one = Binding("password", name, len(before), len(before) + len(value), value, "colon", quoted=False)
    return {mark for mark, _ in around(data, one, path)}


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("user: shop\npassword: |kestrel41|\n", "app.yml", {"user"}),
        ("host: db.acme.net\nport: 5432\npassword: |kestrel41|\n", "app.yml", {"host"}),
        ("username: 'ctfd', password: '|ctfd|'", "app.js", {"user", "same"}),
        ("client.connect(password='|kestrel41|')", "app.py", {"login"}),
        ('"a": "Log in now",\n"password": "|Kennwort|",\n"b": "Choose one again"\n', "de.json", {"labels", "locale"}),
        ("password: |text|\nrequired: true\nlabel: x\n", "form.yml", {"schema"}),
        ("assert passwords == {'password': '|kestrel41|'}", "test.py", {"checked"}),
        ("password: |kestrel41|\n", "src/i18n/app.yml", {"locale"}),
        ("password: |kestrel41|\n", "app.yml", set()),
        ("\n\n\n\n\n\nuser: far\n\n\n\n\n\n\npassword: |kestrel41|\n", "app.yml", set()),
    ],
)
def test_marks(text: str, path: str, expected: set[str]) -> None:
    assert marks(text, path) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (b" matches up to it", True),
        (b", stand-ins and", True),
        (b"\nuser: shop", False),
        (b" user=shop", False),
        (b"", False),
    ],
)
def test_the_next_word_of_a_sentence(after: bytes, expected: bool) -> None:
    data = b"the password: " + b"kestrel" + after
    assert in_a_sentence(data, Binding("password", 4, 14, 21, b"kestrel", "colon", quoted=False)) is expected


def test_a_list_of_words() -> None:
    data = b'secret = ["conn_str", "seed_phrase"]'
    for value, expected in ((b"conn_str", True), (b"seed_phrase", True)):
        first = data.index(value)
        one = Binding("secret", 0, first, first + len(value), value, "assign", quoted=True)
        assert in_a_list_of_words(data, one) is expected
    alone = Binding("secret", 0, 10, 17, b"kestrel", "assign", quoted=True)
    assert not in_a_list_of_words(b'secret = "kestrel"', alone)


def test_hostile_neighbours_take_no_time() -> None:
    for piece in (": 'a b", "user(", "(", '"', "login", "é", "password=", " "):

        def work(size: int, piece: str = piece) -> None:
            marks(piece * size + "password: |kestrel41|" + piece * size)

        assert grows_linearly(work, 500), piece


def test_a_user_right_before_a_short_name() -> None:
    for text, expected in (
        ('{ user: "ada", pass: "~" }', True),
        ("login = 'ada'\npass = '~'", True),
        ('{ rule: "ada", pass: "~" }', False),
        ('{ user: "ada", mode: 1, pass: "~" }', False),
    ):
        first = text.index("~")
        data = text.replace("~", "kestrel").encode()
        one = Binding("pass", text.index("pass"), first, first + 7, b"kestrel", "colon", quoted=True)
        assert logs_in(data, one) is expected, text


def test_a_password_that_is_the_name_of_the_user() -> None:
    data = b"user: Kestrel\npassword: kestrel\n"
    assert is_called_as_user(data, Binding("password", 14, 24, 31, b"kestrel", "colon", quoted=False))
    data = b"user: ada\npassword: kestrel\n"
    assert not is_called_as_user(data, Binding("password", 10, 20, 27, b"kestrel", "colon", quoted=False))
