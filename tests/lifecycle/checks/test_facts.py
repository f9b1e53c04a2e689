"""What checks are asked about."""

from __future__ import annotations

from keytrace.lifecycle.checks.facts import every, is_test, where, with_value
from keytrace.lifecycle.key import Role
from tests.lifecycle.checks.making import facts, placed
from tests.samples import unmarked


def test_names_by_service() -> None:
    asked = facts(
        [placed("A_KEY", service="api"), placed("A_KEY", role=Role.READ, path="a.py", service="web")],
        [placed("B_KEY", role=Role.DOCUMENTED, service="api"), placed("B_KEY", path="tests/.env", service="api")],
    )
    assert asked.defined == {"api": frozenset({("a", "key")})}
    assert asked.read == {"web": frozenset({("a", "key")})}
    assert every(asked.documented) == frozenset({("b", "key")})


def test_places() -> None:
    good = placed("A_KEY", unmarked(1))
    assert list(with_value([good, placed("A_KEY", "short1"), placed("A_KEY", unmarked(1), "tests/a")])) == [good]
    assert where(good) == ".env:1"
    assert all(map(is_test, ("a/test_x.py", "src/a.spec.ts", "examples/a.py", "conftest.py")))
    assert not is_test("src/attest.py")
