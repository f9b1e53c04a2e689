"""PyPI tokens: macaroons of version 2, whose caveats tell what the token may do."""

from __future__ import annotations

import json
from dataclasses import dataclass

from keytrace.checks.verdict import Verdict, is_past, moment, plain, unbase64

# github.com/rescrv/libmacaroons, doc/format.txt: a field is a type, a length and so many bytes; END stands alone
_END, _LOCATION, _IDENTIFIER, _SIGNATURE = 0, 1, 2, 6
_EXPIRATION, _PROJECT_NAMES, _PROJECT_IDS, _USER, _PUBLISHER = range(5)  # tags of PyPI's caveats
_LOCATIONS = {b"pypi.org": "PyPI", b"test.pypi.org": "TestPyPI"}


@dataclass(slots=True)
class _Reader:
    data: bytes
    position: int = 1  # past the version

    def number(self) -> int:
        """Read an integer of seven bits a byte, least significant first."""
        value = 0
        for shift in range(0, 28, 7):
            byte = self.data[self.position]
            self.position += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise ValueError

    def section(self) -> dict[int, bytes]:
        """Read the fields up to the next END, or the signature, which has no END."""
        fields: dict[int, bytes] = {}
        while (kind := self.number()) != _END:
            end = self.number() + self.position
            if end > len(self.data):
                raise ValueError
            fields[kind] = self.data[self.position : end]
            self.position = end
            if kind == _SIGNATURE:
                break
        return fields


def pypi_token(value: bytes) -> Verdict:
    reader = _Reader(unbase64(value.removeprefix(b"pypi-")) or b"")
    caveats: list[bytes] = []
    try:
        head = reader.section()
        while caveat := reader.section():
            caveats.append(caveat[_IDENTIFIER])
        signature = reader.section()
    except (IndexError, KeyError, ValueError):
        return Verdict(False, "not a PyPI token: it does not decode as a macaroon")
    index = _LOCATIONS.get(head.get(_LOCATION, b""))
    whole = reader.data[0] == 2 and reader.position == len(reader.data)
    if not (whole and index and head.get(_IDENTIFIER) and len(signature.get(_SIGNATURE, b"")) == 32):
        return Verdict(False, "not a PyPI token: its macaroon is not one of PyPI")
    return _limits(index, caveats)


def _limits(index: str, caveats: list[bytes]) -> Verdict:
    """Say what the caveats restrict the token to."""
    limits: list[str] = []
    for caveat in caveats:
        match _caveat(caveat):
            case [tag, stamp, *_] if tag == _EXPIRATION and (expiry := moment(stamp)):
                if is_past(expiry):
                    return Verdict(None, f"a macaroon of {index} that expired on {expiry:%Y-%m-%d}", expired=True)
                limits.append(f"until {expiry:%Y-%m-%d}")
            case [tag, [*names]] if tag == _PROJECT_NAMES:
                limits.append("for " + _projects(names))
            case [tag, *_] if tag == _PUBLISHER:
                limits.append("for a trusted publisher")
            case {"permissions": {"projects": [*names]}}:
                limits.append("for " + _projects(names))
    if not any("for " in limit for limit in limits):
        by_id = any(isinstance(found := _caveat(caveat), list) and found[:1] == [_PROJECT_IDS] for caveat in caveats)
        limits.append("for certain projects" if by_id else "for all projects of its user")
    return Verdict(True, f"a macaroon of {index}, {', '.join(limits)}")


def _caveat(caveat: bytes) -> object:
    try:
        return json.loads(caveat)
    except (ValueError, RecursionError):
        return None


def _projects(names: list[object]) -> str:
    shown = [name for name in map(plain, names) if name]
    if not shown or len(shown) > 3:
        return "certain projects"
    return f"{'project' if len(shown) == 1 else 'projects'} {', '.join(shown)}"
