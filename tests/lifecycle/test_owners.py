"""CODEOWNERS."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.owners import Owners

GITHUB = """\
# all
*                @org/all
*.js             @js  # comment
/docs/           @docs
apps/            @apps
/config/*        @config
/a/**/z          @deep
/none
mail@example.com (((
/name\\ with      me@example.com
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", "@org/all"), ("x/a.js", "@js"), ("docs/a.md", "@docs"), ("x/docs/a.md", "@org/all"),
        ("x/apps/a/b", "@apps"), ("config/a", "@config"), ("config/a/b", "@org/all"), ("a/b/c/z", "@deep"),
        ("a/z", "@deep"), ("none", ""), ("none/a", ""), ("name with", "me@example.com"),
    ],
)  # fmt: skip
def test_the_last_match_wins(path: str, expected: str) -> None:
    owners = Owners({}, GITHUB)
    assert ",".join(owners.of(path)[0]) == expected
    assert owners.notes == ["CODEOWNERS:9: not understood, and passed over"]


def test_sections_of_gitlab() -> None:
    text = (
        "* @all\n[Backend][2] @back\n*.py\n/api/ @api\n^[Docs] @docs @@maintainer\n*.md\n!secret.md\n[backend]\n*.go\n"
    )
    owners = Owners({}, text)
    assert owners.of("a.py")[0] == ("@all", "@back")
    assert owners.of("api/a.py")[0] == ("@all", "@api")
    assert owners.of("a.md")[0] == ("@all", "@docs", "@@maintainer")
    assert owners.of("secret.md")[0] == ("@all",)
    assert owners.of("a.go")[0] == ("@all", "@back")


def test_the_configuration_is_first() -> None:
    owners = Owners({"*.py": ["@py"]}, "* @all\n")
    assert owners.of("a.py") == (("@py",), "configuration")
    assert owners.of("a.js") == (("@all",), "CODEOWNERS")
    assert Owners({}).of("a") == ((), "")
    assert not Owners({}).has_any
