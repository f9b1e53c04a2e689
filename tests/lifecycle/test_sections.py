"""Sections of settings that a program reads as a whole."""

from __future__ import annotations

from pathlib import Path

from tests.lifecycle.trees import places, wrong
from tests.samples import unmarked

SETTINGS = '{\n  "Mail": {"Host": "h", "Password": "%s"},\n  "Bank": {"ApiKey": "%s"}\n}\n'
PROGRAM = 'var mail = config.GetSection("Mail").Get<Mail>();\n'


def test_each_setting_below_is_read_there(tmp_path: Path) -> None:
    files = {
        "shop/shop.csproj": "<Project/>\n",
        "shop/appsettings.json": SETTINGS % (unmarked(1), unmarked(2)),
        "shop/Program.cs": PROGRAM,
        "other/other.csproj": "<Project/>\n",
        "other/Program.cs": PROGRAM,  # has no such section
    }
    assert places(tmp_path, files) == [
        "Bank:ApiKey defined shop/appsettings.json:3 - shop value",
        "Mail:Password read shop/Program.cs:1 - shop name",
        "Mail:Password defined shop/appsettings.json:2 - shop value",
    ]


def test_so_it_is_not_said_to_be_read_by_nobody(tmp_path: Path) -> None:
    keys = "\n".join(f"shop.bank.{name}-key={unmarked(at)}" for at, name in enumerate(("one", "two", "three")))
    files = {
        "pom.xml": "<project/>\n",
        "src/main/resources/application.properties": f"{keys}\nother.api-key={unmarked(9)}\n",
        "src/main/java/Bank.java": '@ConfigurationProperties(prefix = "shop.bank")\nclass Bank {}\n',
    }
    assert wrong(tmp_path, files) == ["defined-never-read src/main/resources/application.properties:4"]
