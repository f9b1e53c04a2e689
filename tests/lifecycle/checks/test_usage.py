"""Names that are defined, read and documented."""

from __future__ import annotations

from keytrace.lifecycle.checks import usage
from keytrace.lifecycle.key import Role
from keytrace.lifecycle.seen import Seen
from tests.lifecycle.checks.making import facts, placed

USUAL = ("ONE_KEY", "TWO_KEY", "THREE_KEY")


def told(*roles: Role) -> list[list[Seen]]:
    """A service that tells of three keys all that is asked."""
    return [[placed(name, path=f"{role}", role=role, form="python" if role is Role.READ else "dotenv", service="api")
             for role in roles] for name in USUAL]  # fmt: skip


def test_defined_and_never_read() -> None:
    usual = told(Role.DEFINED, Role.READ)
    extra = [placed("FOUR_KEY", service="api")]
    assert [fault.at.name for fault in usage.never_read(facts(*usual, extra))] == ["FOUR_KEY"]
    assert list(usage.never_read(facts(*told(Role.DEFINED), extra))) == []  # what the service reads is not known
    for other in ("AWS_SECRET_ACCESS_KEY", "POSTGRES_PASSWORD"):
        assert list(usage.never_read(facts(*usual, [placed(other, service="api")]))) == []
    assert list(usage.never_read(facts(*usual, [placed("FOUR_KEY", form="github-actions")]))) == []


def test_what_a_framework_reads_and_what_is_public_is_no_fault() -> None:
    usual = told(Role.DEFINED, Role.READ)
    for name, form, found in (
        ("encrypt.key", "spring", 0), ("eureka.client.password", "spring", 0), ("shop.bank.password", "spring", 1),
        ("Kestrel:Certificates:Password", "appsettings", 0), ("ENCRYPT_OWN_KEY", "dotenv", 1),
    ):  # fmt: skip
        assert len(list(usage.never_read(facts(*usual, [placed(name, service="api", form=form)])))) == found, name
    public = placed("FOUR_KEY", "pk_" + "a1b2c3d4e5f6g7", service="api", scope="publishable")
    assert list(usage.never_read(facts(*usual, [public]))) == []


def test_read_and_never_defined() -> None:
    usual = told(Role.DEFINED, Role.READ)
    extra = [placed("FOUR_KEY", path="a.py", role=Role.READ, form="python", service="api")]
    assert [fault.at.path for fault in usage.never_defined(facts(*usual, extra))] == ["a.py"]
    assert list(usage.never_defined(facts(*told(Role.READ), extra))) == []  # keys are defined elsewhere
    by_ci = placed("FOUR_KEY", path=".circleci/config.yml", role=Role.READ, form="circleci")
    assert list(usage.never_defined(facts(*usual, [*extra, by_ci]))) == []  # its settings have it
    tested = [placed("FOUR_KEY", path="tests/a.py", role=Role.READ, form="python", service="api")]
    assert list(usage.never_defined(facts(*usual, tested))) == []


def test_read_and_not_documented() -> None:
    usual = told(Role.DOCUMENTED, Role.READ)
    extra = [placed("FOUR_KEY", path="a.py", role=Role.READ, form="python", service="api")]
    assert [fault.at.name for fault in usage.undocumented(facts(*usual, extra))] == ["FOUR_KEY"]
    assert list(usage.undocumented(facts(*told(Role.READ), extra))) == []
    for form in ("compose", "jinja"):  # what a deployment fills in is documented nowhere else
        filled = [placed("FOUR_KEY", path="a.j2", role=Role.READ, form=form, service="api")]
        assert list(usage.undocumented(facts(*usual, filled))) == []
