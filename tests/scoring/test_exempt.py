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


def test_names_of_files_types_and_classes() -> None:
    assert "file" in told("Key: 158787308910.png", "Key", "158787308910.png")
    assert told("Key: 158787308910.pngx", "Key", "158787308910.pngx") == ""
    assert told("Password: kes[cut]trel41.png", "Password", "kes[cut]trel41.png") == ""
    assert "type" in told("typeof me.password === 'function'", "password", "function", "a.js", "compare")
    assert told("me.password === 'function'", "password", "function", "a.js", "compare") == ""
    assert "class" in told(
        r"'JWTAuth' => 'Vendor\\JWTAuth\\Facade'", "JWTAuth", r"Vendor\\JWTAuth\\Facade", "a.php", "arrow"
    )
    assert told(r"'JWTAuth' => 'vendor\\b4k7Qz'", "JWTAuth", r"vendor\\b4k7Qz", "a.php", "arrow") == ""


def test_cookies_that_protect_a_form() -> None:
    value = "1ff67e0c-6f2c-4cf9-[cut]afb5-81bc1015b8e5"
    assert "form" in told(f"Cookie: XSRF-TOKEN={value}", "Cookie", value, "a.md", "cookie")
    assert told(f"Cookie: SESSION_TOKEN={value}", "Cookie", value, "a.md", "cookie") == ""


def test_what_is_repeated() -> None:
    assert "repeated" in told("password: 'Ab[cut]1@'.repeat(20)", "password", "Ab[cut]1@")
    assert "repeated" in told('password="Ab[cut]1@" * 20', "password", "Ab[cut]1@")
    assert told("password: 'Ab[cut]1@'.trim()", "password", "Ab[cut]1@") == ""


def test_fingerprints_of_public_keys() -> None:
    value = "4F0C3D2[cut]A91B7E65D40C8F1A2B3C4D5E6F7089A1B"
    assert "fingerprint" in told(f"docker_repokey: {value}", "docker_repokey", value)
    assert "fingerprint" in told(f"key='{value}'; gpg --batch --recv-keys $key", "key", value, "Dockerfile", "assign")
    assert told(f"key='{value}'; sign --key $key", "key", value, "Dockerfile", "assign") == ""
    assert told(f"api_key='{value}'; gpg --recv-keys $K", "api_key", value, "Dockerfile", "assign") == ""


def test_an_id_from_which_others_are_made() -> None:
    value = "081889a6-3ea0-[cut]451b-b5df-e3985fbe8256"
    assert "id" in told(f"mac_seed: {value}", "mac_seed", value)
    assert told(f"mac_secret: {value}", "mac_secret", value) == ""


def test_tokens_of_a_language() -> None:
    rule = '{token:"support.function.actionscript.3",regex:"a|b"}'
    assert "expression" in told(rule, "token", "support.function.actionscript.3", "a.js")
    assert told(rule.replace("regex", "user"), "token", "support.function.actionscript.3", "a.js") == ""
    table = "#p!RaXOYP[Q]$r(%S" * 6
    assert "parser" in told(f'tokenData:"{table}"', "tokenData", table, "a.js")
    assert told(f'password:"{table}"', "password", table, "a.js") == ""


def test_names_that_a_minifier_gave() -> None:
    assert "minifier" in told("MW=`a`,PW=`kes[cut]trel41`,Jut=`b`", "PW", "kes[cut]trel41", "a.js", "assign")
    assert told("PW=`kes[cut]trel41`", "PW", "kes[cut]trel41", "a.js", "assign") == ""


def test_what_names_that_may_mean_a_secret_hold_besides() -> None:
    assert "number" in told('"seed": 82706[cut]4687', "seed", "82706[cut]4687", "a.json")
    assert told('"psk": 82706[cut]4687', "psk", "82706[cut]4687", "a.json") == ""
    assert "path" in told("course_key: edx/cs01/2015", "course_key", "edx/cs01/2015")
    assert told("course_key: edX/cs01/2015", "course_key", "edX/cs01/2015") == ""


def test_the_beginning_of_what_is_put_together() -> None:
    assert "put together" in told('token = b64("wazuh-wui:" + password)', "token", "wazuh-wui:", "a.py", "assign")
    assert told('token = "wazuh-wui:" # + password', "token", "wazuh-wui:", "a.py", "assign") == ""


def test_texts_of_a_language_in_a_string() -> None:
    entries = (("title", "T\\xe0i kho"), ("login", "Anmelden"), ("again", "Noch einmal"), ("new", "Neues Konto"))
    around = "".join(f'{name}: \\"{text}\\",\\n ' for name, text in (*entries, ("name", "H\\u1ecd")))
    text = f'eval("{around} password: \\"Wacht[cut]woord\\"")'
    assert "texts in a language" in told(text, "password", "Wacht[cut]woord", "a.js")


def test_the_kind_of_a_public_key() -> None:
    keys = "ssh_authorized_keys:\n  - ssh-ed25519 AAAA"
    assert "public key" in told(keys, "ssh_authorized_keys", "ssh-ed25519")


def test_the_public_key_of_a_library() -> None:
    name = '<ControlAddIn Name="OAuth" Version="" Token="'
    assert "public key" in told(f'{name}31bf3856[cut]ad364e35"', "Token", "31bf3856[cut]ad364e35", "a.xml", "element")
    text = "Shop, Version=1.0.0.0, Culture=neutral, Token=31bf3856[cut]ad364e35"
    assert "public key" in told(text, "Token", "31bf3856[cut]ad364e35", "a.config", "assign")
    text = text.replace("Version", "Host")
    assert told(text, "Token", "31bf3856[cut]ad364e35", "a.config", "assign") == ""


def test_names_of_things_and_of_keys_of_a_keyboard() -> None:
    assert "holds credentials" in told("value: shop-webhook-cert", "value", "shop-webhook-cert")
    assert told("value: shop-webhook-certified", "value", "shop-webhook-certified") == ""
    assert "keyboard" in told("ShortCutKey = 'Ctrl+Shift+F12'", "ShortCutKey", "Ctrl+Shift+F12", "a.al", "assign")
