"""The shared types: a secret that cannot be printed by accident, and what a report amounts to."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.model import (
    Confidence,
    Excerpt,
    FileProvenance,
    Finding,
    Location,
    MemberProvenance,
    Region,
    Report,
    ScanError,
    Secret,
    Severity,
    StreamProvenance,
    Suppression,
    SuppressionKind,
    outermost,
)

VALUE = "hunter2" + "-" + "correct-horse"
SECRET = Secret(VALUE.encode(), "hu")


def test_the_outermost_provenance() -> None:
    for place in (FileProvenance("a.zip"), StreamProvenance("stdin")):
        inner = MemberProvenance("x!b.zip!c", MemberProvenance("x!b.zip", place))
        assert outermost(inner) == outermost(place) == place


def finding(suppression: Suppression | None = None) -> Finding:
    provenance = FileProvenance("app.py")
    location = Location(provenance, 0, 9, Region(1, 1, 1, 10), Excerpt("********", 0, 8))
    return Finding(
        rule_id="acme-api-key",
        message="Acme API key",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        location=location,
        secret=SECRET,
        fingerprint="0" * 32,
        suppression=suppression,
    )


def log(secret: Secret) -> str:
    record = logging.LogRecord("keytrace", logging.ERROR, "app.py", 1, "found %s and %r", (secret, secret), None)
    return logging.Formatter().format(record)


def fail(secret: Secret) -> str:
    try:
        raise ValueError(secret)
    except ValueError as error:
        return "".join(traceback.format_exception(error)) + repr(error)


def pickle_with_what_cannot_be(secret: Secret) -> str:
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)) as caught:
        pickle.dumps((secret, lambda: None))
    return repr(caught.value) + str(caught.value)


def to_json(secret: Secret) -> str:
    with pytest.raises(TypeError) as caught:
        json.dumps(secret)
    return str(caught.value) + json.dumps(secret, default=str)


def change(secret: Secret) -> str:
    with pytest.raises(dataclasses.FrozenInstanceError) as caught:
        secret.value = b""  # type: ignore[misc]
    return str(caught.value)


PRINTERS: list[Callable[[Secret], str]] = [
    str,
    repr,
    "{}".format,
    "{0!r} {0!s} {0!a}".format,
    lambda secret: f"{secret}{secret!r}{secret:>20}{secret:*^30}",
    lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
    lambda secret: repr([secret]) + repr({"secret": secret}),
    pprint.pformat,
    lambda secret: repr(dataclasses.replace(finding(), secret=secret)),
    lambda secret: repr(dataclasses.asdict(dataclasses.replace(finding(), secret=secret))),
    lambda secret: repr(dataclasses.astuple(Report("/", (dataclasses.replace(finding(), secret=secret),)))),
    lambda secret: json.dumps(dataclasses.asdict(Report("/", (finding(),))), default=str),
    lambda secret: repr(copy.deepcopy([secret, copy.copy(secret)])),
    lambda secret: pprint.pformat(Report("/", (dataclasses.replace(finding(), secret=secret),))),
    log,
    fail,
    pickle_with_what_cannot_be,
    to_json,
    change,
]


@pytest.mark.parametrize("printer", PRINTERS)
def test_a_secret_is_never_printed(printer: Callable[[Secret], str]) -> None:
    text = printer(SECRET)
    assert VALUE not in text
    assert "hunter" not in text
    assert "correct" not in text


def test_logged(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("keytrace").error("found %s in %s", SECRET, finding())
    assert "found hu******** in Finding(" in caplog.text
    assert VALUE not in caplog.text


@settings(max_examples=50)
@given(st.binary(min_size=4).filter(lambda value: not set(value) <= set(b"*Secrt()'\"")))
def test_no_value_is_printed(value: bytes) -> None:
    secret = Secret(value)
    assert str(secret) == "********"
    assert repr(secret) == "Secret('********')"


def test_the_mask_does_not_tell_the_length() -> None:
    assert {str(Secret(b"x" * size, "ghp_")) for size in (4, 40, 400)} == {"ghp_********"}


def test_the_mask_is_formatted_as_a_text() -> None:
    assert f"{SECRET:>12}|{SECRET:.3}|{SECRET:s}" == "  hu********|hu*|hu********"


def test_a_secret_travels_between_processes() -> None:
    for other in (pickle.loads(pickle.dumps(finding())), copy.deepcopy(finding())):
        assert other == finding()
        assert other.secret.value == VALUE.encode()


def test_secrets_are_equal_by_value() -> None:
    assert Secret(b"one") == Secret(b"one")
    assert Secret(b"one") != Secret(b"two")


def test_levels() -> None:
    assert [level.label for level in Severity] == ["info", "low", "medium", "high", "critical"]
    assert [level.label for level in Confidence] == ["low", "medium", "high"]
    assert Severity.INFO < Severity.LOW < Severity.MEDIUM < Severity.HIGH < Severity.CRITICAL


def test_report() -> None:
    active, known = finding(), finding(Suppression(SuppressionKind.BASELINE, "accepted"))
    error = ScanError("app.py", "Permission denied")
    report = Report("/", (active, known, active), (error,))
    assert report.active == (active, active)
    assert report.suppressed == (known,)


@pytest.mark.parametrize(
    ("findings", "errors", "code"),
    [
        ((), (), 0),
        ((finding(Suppression(SuppressionKind.INLINE, "sample")),), (), 0),
        ((finding(),), (), 1),
        ((finding(),), (ScanError("app.py", "gone"),), 1),
        ((), (ScanError("app.py", "gone"),), 3),
        ((finding(Suppression(SuppressionKind.INLINE, "sample")),), (ScanError("app.py", "gone"),), 3),
    ],
)
def test_exit_code(findings: tuple[Finding, ...], errors: tuple[ScanError, ...], code: int) -> None:
    assert Report("/", findings, errors).exit_code == code
