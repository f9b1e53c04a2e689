"""From places to keys."""

from __future__ import annotations

from keytrace.lifecycle.changes import Change, Changes
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.environments import Environments
from keytrace.lifecycle.owners import Owners
from keytrace.lifecycle.services import Services
from keytrace.lifecycle.taking import by_words, complete, date, keys, names_of
from keytrace.redaction.report import Cover
from keytrace.redaction.spellings import Exact
from tests.lifecycle.test_joining import seen
from tests.samples import unmarked

COVER = Cover({}, Exact(()))


def test_a_key_has_what_its_places_say() -> None:
    group = [
        seen("A_KEY", unmarked(1), path="services/api/.env.production"),
        seen("a-key", path="services/api/k.yaml", line=3),
    ]
    complete(group, Services(["services/api/Dockerfile"]), Environments({}), Owners({}, "* @org/api\n"))
    group[0].text = b"A"
    date(group, Changes({("services/api/.env.production", b"A"): Change(1, "2026-01-02", "Ada")}))
    made = keys([group], Digests(b"k" * 16), COVER)
    (key, _) = made["A_KEY"]
    assert (key.names, key.environments, key.services) == (("A_KEY", "a-key"), ("production",), ("api",))
    assert (key.owners, key.owned_by, key.last_changed) == (("@org/api",), "CODEOWNERS", "2026-01-02")
    assert [bool(place.digest) for place in key.places] == [True, False]
    assert unmarked(1) not in repr(key)


def test_two_keys_of_one_name_are_told_apart_by_their_service() -> None:
    groups = [[seen("A_KEY", service="api")], [seen("A_KEY", service="web")], [seen("A_KEY", path="x")]]
    assert list(keys(groups, Digests(b""), COVER)) == ["A_KEY", "A_KEY@api", "A_KEY@web"]


def test_who_wrote_a_line_is_its_owner_where_nobody_else_is() -> None:
    group = [seen("A_KEY")]
    group[0].text = b"A"
    date(group, Changes({(".env", b"A"): Change(1, "2026-01-02", "Ada")}))
    assert (group[0].owners, group[0].owned_by) == (("Ada",), "git")


def test_names_and_words() -> None:
    group = [seen("a-key"), seen("A_KEY"), seen("a-key", line=2)]
    assert names_of(group) == ("A_KEY", "a-key")
    assert list(by_words(group)) == [("a", "key")]
