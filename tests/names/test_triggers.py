"""The literals that tell the text pass where names of secrets may stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keytrace.names import tables, triggers


def test_names_are_written_with_any_separator() -> None:
    written = set(triggers.of_names([("api", "key"), ("dsn",)]))
    assert written == {"apikey", "api_key", "api-key", "api.key", "api key", "dsn"}


def test_a_trigger_that_holds_another_is_left_out() -> None:
    assert triggers.shortest(("api_key", "_key", "token", "api_token", "dsn")) == ("_key", "dsn", "token")
    assert triggers.shortest(()) == ()
    assert triggers.shortest(("a", "ba", "bc", "cbc", "bc", "é", "cé")) == ("a", "bc", "é")


@given(st.lists(st.text("ab_", min_size=1, max_size=5), max_size=12))
def test_each_left_out_holds_one_that_is_kept(words: list[str]) -> None:
    kept = triggers.shortest(words)
    assert kept == tuple(sorted({one for one in words if not any(two in one for two in {*words} - {one})}))


def test_what_each_role_adds() -> None:
    assert {"password", "api_key", "db_pass", "dsn"} <= set(triggers.of_variables())
    assert {"_key", "-key", "_pass"} <= set(triggers.of_settings())
    assert {"-token", "authorization"} <= set(triggers.of_headers())
    assert {"?key=", "&sig="} <= set(triggers.of_queries())


def test_the_pattern_finds_what_the_literals_do() -> None:
    known = tables.programs()
    whole_names = set(triggers.of_names([*known.secret, *known.unsure]))
    for trigger in set(triggers.of_variables()) - whole_names:
        assert triggers.in_a_variable().search(f"X{trigger.upper()}Y"), trigger
    for name in ("cache_key", "api__key", "auth0_key", "render_pass"):
        assert not triggers.in_a_variable().search(name)
