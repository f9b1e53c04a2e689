"""Files of texts in a language, and settings that are called like one."""

from __future__ import annotations

from keytrace.scoring.locale import by_path, by_root, of_one_language


def test_by_path() -> None:
    for path in (
        "src/i18n/app.yml", "config/locales/x.rb", "nl.yml", "lib/messages_pt-BR.properties", "res/values-de/a.xml",
        "web/intl/shop.json", "po/shop.pot", "app/Localizations/Main.strings", "lang/en/auth.php",
    ):  # fmt: skip
        assert by_path(path), path
    for path in (
        "my.cnf",
        "etc/de.conf",
        "src/app.py",
        "deploy/it.env",
        "values.yaml",
        "xx.json",
        "src/main.py",
    ):
        assert not by_path(path), path


def test_of_one_language() -> None:
    assert of_one_language("resources/lang/aa-ER/auth.php")
    assert of_one_language("assets/locale/locale.constant-ja_JP.json")
    assert not of_one_language("src/languages/python/config.yml")
    assert not of_one_language("lang/de/my.cnf")


def test_by_the_first_key() -> None:
    assert by_root(b"# Dutch\nnl:\n  a: b\n")
    assert by_root(b'{"pt-BR": {"a": "b"}}')
    assert by_root(b'<?xml version="1.0"?>\n<resources>\n')
    assert not by_root(b"db:\n  password: x\n")
