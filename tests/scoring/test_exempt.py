"""Places whose values are no secrets, and those beside them that are."""

from __future__ import annotations

import pytest

from keytrace.scoring.binding import Binding
from keytrace.scoring.exempt import reason

SEALED = "Ag" + "x9Yz" * 40


def told(text: str, name: str, value: str, path: str = "a.yaml", form: str = "colon") -> str:
    """Return why `value`, bound to `name` in `text`, is no secret; `[cut]` keeps words from being found here."""
    text, value = (part.replace("[cut]", "").replace("~", SEALED) for part in (text, value))
    data = text.encode()
    first = data.index(value.encode(), data.index(name.encode()))
    start = data.rindex(name.encode(), 0, first)
    return reason(data, Binding(name, start, first, first + len(value), value.encode(), form, quoted=True), path)


def test_encrypted() -> None:
    inside = "spec:\n  encryptedData:\n    password: ~\n"
    behind = "spec:\n  encryptedData:\n    a: b\n  password: ~\n"
    assert "encrypted" in told(inside, "password", "~")
    assert told(behind, "password", "~") == ""
    assert "encrypted" in told('{"encryptedData": {"password": "~"}}', "password", "~")
    assert told('{"encryptedData": {}, "password": "~"}', "password", "~") == ""
    assert told("password: AQIC[cut]AH~", "password", "AQIC[cut]AH~") == "the value is encrypted"


def test_texts_of_a_language() -> None:
    assert "language" in told(
        "nl:\n  a: Opslaan als\n  password: Wacht[cut]woord\n", "password", "Wacht[cut]woord", "x.yml"
    )
    assert "language" in told("password: Wacht[cut]woord\n", "password", "Wacht[cut]woord", "locales/x.yml")
    assert told("db:\n  user: app\n  password: Wacht[cut]woord\n", "password", "Wacht[cut]woord", "x.yml") == ""
    assert told("password: kes[cut]trel41\nhost: db\n", "password", "kes[cut]trel41", "locales/x.yml") == ""


@pytest.mark.parametrize(("form", "says"), [("colon", "lock file"), ("url", "")])
def test_a_lock_file_holds_checksums(form: str, says: str) -> None:
    value = "9f86d081[cut]884c7d65"
    assert says in told(f"  AuthToken: {value}\n", "AuthToken", value, "ios/Podfile.lock", form)


def test_tables_of_many_like_entries() -> None:
    keys = "".join(f'["path", {{key: "a{n}b{n}c{n}"}}],' for n in range(6))
    assert "short keys" in told(keys, "key", "a0b0c0", "a.js")
    assert told('{key: "a0b0c0"}', "key", "a0b0c0", "a.js") == ""
    table = "".join(f'"A::N{n}x": "{n}f86d081884c7d6{n}", ' for n in range(6))
    table += '"A::ApiKey": "9f86d081[cut]88ac7d65"'
    assert "same shape" in told(table, "ApiKey", "9f86d081[cut]88ac7d65", "a.json")
    secrets = "".join(f'"password{n}": "{n}f86d081884c7d6{n}", ' for n in range(6))
    secrets += '"ApiKey": "9f86d081[cut]88ac7d65"'
    assert told(secrets, "ApiKey", "9f86d081[cut]88ac7d65", "a.json") == ""
