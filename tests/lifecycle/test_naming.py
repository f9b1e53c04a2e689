"""The name that a value is given where it stands."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.naming import name_before
from tests.samples import unmarked

VALUE = unmarked(7, 32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('const own = "{}";', "own"), ("call('A_KEY', \"{}\")", "A_KEY"), ("self.token = '{}'", "token"),
        ('<string name="backend_token">{}</string>', "backend_token"),
        ('<meta-data android:name="geo.API_KEY" android:value="{}"/>', "geo.API_KEY"),
        ("<key>MapsKey</key><string>{}</string>", "MapsKey"),
        (r'"sourcesContent":["export const GH = \"{}\";\n"]', "GH"),
        (r'"sourcesContent":["const A = \"x\";\nconst b_token = \"{}\""]', "b_token"),
        ('resource "String", "A_SECRET", "\\"{}', "A_SECRET"), ("{}", ""),
        ('    api_key: str = "{}"', "api_key"), ("export const key: string = '{}'", "key"),
        ('db: { host: "db.internal", password: "{}" }', "password"),
        ("DATABASE_URL: postgres://shop:{}@db", "DATABASE_URL"),
        ('engine = create_engine("postgresql+psycopg://shop:{}@db")', "engine"), ('ENV["A_KEY"] || "{}"', "A_KEY"),
    ],
)  # fmt: skip
def test_ways_to_name_a_value(text: str, expected: str) -> None:
    assert name_before(text.replace("{}", VALUE).encode(), VALUE.encode()) == expected
