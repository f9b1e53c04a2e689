"""The baseline: findings that were accepted, kept in a file that can be committed because it holds no secret.

An entry names rule, path and a digest of the secret, made by a slow hash (scrypt) with a random salt. The salt stands
in the file's header, so whoever has the file can test guesses, each at the price of some milliseconds: the random key
of a provider cannot be found that way, a short or common password can. Change such a password instead of accepting it.

An entry covers one finding. It follows the secret to another line, to the new path of a renamed file and to another
checkout. A second copy of the secret, even in the same file, and a new secret on the same line are not covered.
"""

from __future__ import annotations

import base64
import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from keytrace.cache.atomic import write_text
from keytrace.errors import ScannerError
from keytrace.model import Finding, Suppression, SuppressionKind
from keytrace.triage.digests import DIGEST, Digests

_VERSION = 1
_HEADER_KEYS = frozenset(("keytrace-baseline", "kdf", "n", "r", "p", "random"))
_ENTRY_KEYS = frozenset(("rule", "path", "digest", "reason"))
_POWERS_OF_2 = frozenset(2**i for i in range(1, 18))  # scrypt takes no other n
_MAX_COST = 2**17  # n * r * p, four times ours: a hostile header must not make a scan take forever
_RESTORE = "restore the file from version control, or create a new baseline"


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted finding and, if the user gave one, the reason."""

    rule: str
    path: str
    digest: str
    reason: str = ""

    def dump(self) -> str:
        fields = {"rule": self.rule, "path": self.path, "digest": self.digest, "reason": self.reason}
        return json.dumps({name: value for name, value in fields.items() if value})


class Baseline:
    """Accepted findings, sorted as in the file, and what makes their digests."""

    def __init__(self, digests: Digests, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(sorted(entries, key=Entry.dump))
        self._digests = digests

    # --- the file ---

    @classmethod
    def load(cls, path: Path, *, cached: bool = True) -> Baseline:
        """Read a baseline; raise ScannerError with file, line and reason when it is not one. What it takes to compare
        secrets with it may be `cached`.
        """
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise ScannerError(f"{path}: {error.strerror or error}", "`keytrace baseline create` writes one") from error
        except UnicodeDecodeError as error:
            raise ScannerError(f"{path}: not UTF-8", _RESTORE) from error
        lines = [(f"{path}:{number}", line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if not lines:
            raise ScannerError(f"{path}:1: the baseline is empty", _RESTORE)
        (place, record), *others = ((place, _record(place, line)) for place, line in lines)
        salt, n, r, p = _header(place, record)
        return cls(Digests(salt, n, r, p, cached), (_entry(place, record) for place, record in others))

    def dump(self) -> str:
        """Return the file's text: ASCII, a header and one sorted entry a line, so that version control can merge it."""
        made = self._digests
        salt = base64.b64encode(made.salt).decode()
        header = {"keytrace-baseline": _VERSION, "kdf": "scrypt", "n": made.n, "r": made.r, "p": made.p, "random": salt}
        return "\n".join([json.dumps(header), *map(Entry.dump, self.entries), ""])

    def save(self, path: Path) -> None:
        """Write the file wholly or not at all; raise ScannerError when it cannot be written."""
        with write_text(str(path)) as stream:
            stream.write(self.dump())

    def with_reasons(self, shown: Callable[[str], str]) -> Baseline:
        """Return the same baseline, each reason in it as `shown` makes it."""
        entries = [replace(entry, reason=shown(entry.reason)) for entry in self.entries]
        return Baseline(self._digests, entries)

    # --- what it says about findings ---

    @classmethod
    def create(cls, findings: Sequence[Finding], *, reason: str = "") -> Baseline:
        """Accept all active findings, under a new salt."""
        return cls(Digests(os.urandom(16))).update(findings, (), lambda _: True, (), reason=reason)

    def update(
        self,
        findings: Sequence[Finding],
        scanned: Collection[str],
        exists: Callable[[str], bool],
        rules: Collection[str],
        unasked: Collection[str] = (),
        *,
        reason: str = "",
    ) -> Baseline:
        """Return a baseline that covers `findings`, new ones for `reason`; unused entries go, others stay as they are.

        The other parameters are those of `apply`. Findings suppressed by a comment or an allowlist need no entry.
        """
        self._digests.prepare(one.secret.value for one in findings if _is_open(one))
        pairs, unused = self._pair(findings, scanned, exists, rules)
        replaced = {number for number in pairs if number is not None}
        replaced |= {number for number in unused if self.entries[number].rule not in unasked}
        entries = [entry for number, entry in enumerate(self.entries) if number not in replaced]
        for finding, number in zip(findings, pairs, strict=True):
            if number is not None:
                entries.append(replace(self.entries[number], rule=finding.known_as, path=_path(finding)))
            elif _is_open(finding):
                entries.append(Entry(finding.known_as, _path(finding), self._digests.of(finding.secret.value), reason))
        return Baseline(self._digests, entries)

    def apply(
        self,
        findings: Sequence[Finding],
        scanned: Collection[str],
        exists: Callable[[str], bool],
        rules: Collection[str],
        unasked: Collection[str] = (),
    ) -> tuple[list[Finding], list[Entry]]:
        """Return the findings, the accepted ones suppressed, and the entries that no finding needs any more.

        `scanned` are the paths scanned in full: every line, by every rule; of other paths that still exist nothing is
        said to be unused. `exists` tells whether a path is still there, `rules` are the ids of all rules there are,
        `unasked` those of rules that were not looked for: no entry of theirs is unused.
        """
        pairs, unused = self._pair(findings, scanned, exists, rules)
        applied = [
            finding if number is None else replace(finding, suppression=_suppression(self.entries[number]))
            for finding, number in zip(findings, pairs, strict=True)
        ]
        return applied, [entry for number in sorted(unused) if (entry := self.entries[number]).rule not in unasked]

    def _pair(
        self,
        findings: Sequence[Finding],
        scanned: Collection[str],
        exists: Callable[[str], bool],
        rules: Collection[str],
    ) -> tuple[list[int | None], set[int]]:
        """Return for each finding the number of its entry, if any, and the numbers of the unused entries."""
        pairs: list[int | None] = [None] * len(findings)
        free = dict(enumerate(self.entries))
        order = _open_in_order(findings)
        self._prepare(findings)

        @cache
        def is_gone(path: str) -> bool:
            return path not in scanned and not exists(path)

        # Exact matches come first; then a rule or a path that is no more need not agree.
        for any_rule, any_path in ((False, False), (True, False), (False, True), (True, True)):
            candidates: dict[tuple[str, str], list[int]] = defaultdict(list)
            for number, entry in free.items():
                if not (any_rule and entry.rule in rules) and not (any_path and not is_gone(entry.path)):
                    candidates[_key(entry.rule, entry.path, any_rule, any_path)].append(number)
            for i in order if candidates else ():
                near = candidates.get(_key(findings[i].known_as, _path(findings[i]), any_rule, any_path), [])
                match = self._same_secret(findings[i], near) if pairs[i] is None else None
                if match is not None:
                    pairs[i] = match
                    near.remove(match)
                    del free[match]
        return pairs, {number for number, entry in free.items() if entry.path in scanned or is_gone(entry.path)}

    def _prepare(self, findings: Iterable[Finding]) -> None:
        """Have the digests at hand of findings whose rule and path have entries: mostly all that are asked for."""
        known = {(entry.rule, entry.path) for entry in self.entries}
        near = (one for one in findings if _is_open(one) and (one.known_as, _path(one)) in known)
        self._digests.prepare(one.secret.value for one in near)

    def _same_secret(self, finding: Finding, near: list[int]) -> int | None:
        """Return the first of the entries `near` that is of the secret of a finding."""
        if not near:
            return None
        digest = self._digests.of(finding.secret.value)  # milliseconds: only now that there is something to compare
        return next((number for number in near if self.entries[number].digest == digest), None)


def _is_open(finding: Finding) -> bool:
    return finding.suppression is None or finding.suppression.kind is SuppressionKind.BASELINE


def _open_in_order(findings: Sequence[Finding]) -> list[int]:
    """Return the numbers of the findings that an entry may be for, by where they stand."""
    return sorted((i for i, one in enumerate(findings) if _is_open(one)), key=lambda i: _position(findings[i]))


def _path(finding: Finding) -> str:
    return finding.location.provenance.path


def _key(rule: str, path: str, any_rule: bool, any_path: bool) -> tuple[str, str]:
    """Return what an entry and a finding must have in common."""
    return ("" if any_rule else rule, "" if any_path else path)


def _position(finding: Finding) -> tuple[str, int, int, str]:
    return (_path(finding), finding.location.start, finding.location.end, finding.rule_id)


def _suppression(entry: Entry) -> Suppression:
    return Suppression(SuppressionKind.BASELINE, entry.reason or "accepted in the baseline")


# --- reading ----------------------------------------------------------------------------------------------------------


def _record(place: str, line: str) -> dict[str, Any]:
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        raise ScannerError(f"{place}: a merge conflict", "keep the entries of both sides, each on its own line")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise ScannerError(f"{place}: not a JSON object", _RESTORE)
    return record


def _header(place: str, record: dict[str, Any]) -> tuple[bytes, int, int, int]:
    if "keytrace-baseline" not in record:
        raise ScannerError(f"{place}: not the header of a baseline", _RESTORE)
    if record["keytrace-baseline"] != _VERSION:
        raise ScannerError(f"{place}: a baseline of a version that is not known", "update keytrace")
    if record.keys() != _HEADER_KEYS or record["kdf"] != "scrypt":
        raise ScannerError(f"{place}: the header does not have the fields it should", _RESTORE)
    n, r, p = cost = (record["n"], record["r"], record["p"])
    if not all(type(number) is int and number > 0 for number in cost) or n * r * p > _MAX_COST or n not in _POWERS_OF_2:
        raise ScannerError(f"{place}: bad parameters of scrypt", _RESTORE)
    try:
        salt = base64.b64decode(record["random"], validate=True)
    except (TypeError, ValueError):
        salt = b""
    if not 16 <= len(salt) <= 32:
        raise ScannerError(f"{place}: a damaged salt", _RESTORE)
    return salt, n, r, p


def _entry(place: str, record: dict[str, Any]) -> Entry:
    if "keytrace-baseline" in record:
        raise ScannerError(f"{place}: a second header", "two baselines were merged: keep one of them, then update it")
    for name, value in record.items():
        if name not in _ENTRY_KEYS or not isinstance(value, str):
            raise ScannerError(f"{place}: {name!a} is unknown or not a string", _RESTORE)
    entry = Entry(**{"rule": "", "path": "", "digest": ""} | record)
    if not entry.rule or not entry.path or not DIGEST.fullmatch(entry.digest):
        raise ScannerError(f"{place}: an entry needs rule, path and a digest of 32 hexadecimal digits", _RESTORE)
    return entry
