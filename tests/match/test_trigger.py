"""Stored triggers are those that were stored."""

from __future__ import annotations

import json

from keytrace.match.trigger import StoredTriggers, Trigger, digest, to_json

TRIGGERS = (Trigger("a", ("b", "c")), Trigger("d", overlapping=True), Trigger("é", path="f"))


def stored() -> StoredTriggers:
    return StoredTriggers(digest(TRIGGERS), len(TRIGGERS), json.dumps(to_json(TRIGGERS)).encode())


def test_what_was_stored_comes_back() -> None:
    assert tuple(stored()) == TRIGGERS
    assert (stored()[0], stored()[-1], stored()[1:]) == (TRIGGERS[0], TRIGGERS[-1], TRIGGERS[1:])
    assert len(stored()) == len(TRIGGERS)


def test_the_digest_tells_them_from_others() -> None:
    assert digest(stored()) == digest(TRIGGERS) != digest(TRIGGERS[1:])
    assert digest(TRIGGERS) != digest((TRIGGERS[0], Trigger("d"), TRIGGERS[2]))
    assert digest(TRIGGERS) != digest((*TRIGGERS[:2], Trigger("é")))
    assert stored() == stored() != StoredTriggers("other", len(TRIGGERS), b"[]")
    assert hash(stored()) == hash(stored())


def test_nothing_is_read_before_it_is_asked_for() -> None:
    assert len(StoredTriggers("digest", 5, b"no JSON")) == 5
