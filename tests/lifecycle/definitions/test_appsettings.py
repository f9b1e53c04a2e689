"""Settings of .NET."""

from __future__ import annotations

from keytrace.lifecycle.definitions.appsettings import claims, read

TEXT = """\
{
  // a comment: "x"
  "Stripe": {"SecretKey": "sunrise"},
  "ConnectionStrings": {
    "Main": "Server=db;Timeout=moonlit;"
  },
  "profiles": {"x": {"environmentVariables": {"A_KEY": ""}}}
}
"""


def test_paths() -> None:
    found = [(one.name, one.line, str(one.holds)) for one in read("a", TEXT.encode())]
    assert found == [
        ("Stripe:SecretKey", 3, "value"), ("ConnectionStrings:Main", 5, "value"), ("A_KEY", 7, "empty"),
    ]  # fmt: skip


def test_which_files() -> None:
    assert all(claims(path, b"") for path in ("appsettings.json", "a/appsettings.Production.json", "secrets.json"))
    assert not claims("settings.json", b"")
