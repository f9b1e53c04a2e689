"""The keys of a whole tree: what a scan found, and formats and programs tell of names; what is wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from keytrace.config import Config
from keytrace.engine import Engine, load_engine
from keytrace.git import top_level
from keytrace.lifecycle import taking
from keytrace.lifecycle.changes import Changes, read_changes
from keytrace.lifecycle.checks import faults
from keytrace.lifecycle.checks.facts import Facts
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.environments import Environments
from keytrace.lifecycle.joining import join
from keytrace.lifecycle.key import Key, Role
from keytrace.lifecycle.owners import Owners, read_owners
from keytrace.lifecycle.reading import text_of
from keytrace.lifecycle.reporting import findings
from keytrace.lifecycle.sections import opened
from keytrace.lifecycle.seen import Seen, look
from keytrace.lifecycle.services import Services
from keytrace.lifecycle.truth import Truth
from keytrace.model import Artifact, Finding, ScanError
from keytrace.redaction.report import Cover, cover, is_no_name


@dataclass(frozen=True, slots=True)
class Whole:
    """The keys of a tree by their ids, each with its places and their values, and what they were made of."""

    groups: Mapping[str, tuple[Key, Sequence[Seen]]] = field(repr=False)
    artifacts: Mapping[str, Artifact] = field(repr=False)
    changes: Changes = field(repr=False)
    owners: Owners = field(repr=False)
    digests: Digests = field(repr=False)
    values: frozenset[bytes] = field(repr=False)  # all that were seen, of keys or not
    cover: Cover = field(repr=False)  # what of the names of keys and of errors may be shown

    @property
    def notes(self) -> Sequence[str]:
        return *self.owners.notes, *self.changes.notes


def take(
    found: Sequence[Finding],
    artifacts: Mapping[str, Artifact],
    root: str,
    config: Config,
    errors: list[ScanError],
    *,
    key: bytes = b"",
    environments: Mapping[str, Sequence[str]] | None = None,
) -> Whole:
    """Join what a scan `found` in the files of a tree, each read once more; what cannot be understood goes to `errors`.

    `key` is that of the digests, which are not shown without one; `environments` are patterns of paths by
    environment, before those of the configuration.
    """
    rules = load_engine(config.setup()).every
    every = list(look(artifacts.values(), found, rules, config.max_file_size, errors))
    owners = read_owners(root, dict(config.inventory.owners), heeded=config.trust_repo)
    named = Environments({**(environments or {}), **dict(config.inventory.environments)})
    taking.complete(every, Services(artifacts), named, owners)
    every = list(opened(every))
    digests = Digests(key)
    groups = join(every, digests)
    changes = read_changes(top_level(root), root, {one.path for group in groups for one in group if _has_date(one)})
    taking.date((one for group in groups for one in group), changes)
    texts = {text for group in groups for one in group for text in _texts(one)}
    shown = cover(config.setup(), list(filter(is_no_name, found)), errors, names=texts)
    keys = taking.keys(groups, digests, shown)
    values = {one.value for one in every} | {one.mention.value or b"" for one in every}
    values |= {one.secret.value for one in found}
    return Whole(keys, artifacts, changes, owners, digests, frozenset(values - {b""}), shown)


def wrong(
    whole: Whole,
    engine: Engine,
    config: Config,
    notes: list[str],
    *,
    truths: Sequence[Truth] = (),
    max_age: int | None = None,
    expires_within: int | None = None,
) -> list[Finding]:
    """Return the findings of the selected rules about the keys of a tree; days are those of the configuration unless
    they are given.
    """
    days = config.inventory
    max_age = days.max_age_days if max_age is None else max_age
    expires_within = days.expires_within_days if expires_within is None else expires_within
    has_owners = whole.owners.has_any

    @cache
    def lines_of(path: str) -> frozenset[bytes]:
        text = text_of(whole.artifacts[path], config.max_file_size) if path in whole.artifacts else b""
        return frozenset(line.strip() for line in text.split(b"\n"))

    facts = Facts(
        whole.groups, whole.changes, has_owners, engine.today, max_age, expires_within, truths, whole.digests, lines_of
    )
    return list(findings(faults(facts), whole.artifacts, engine, notes))


def _has_date(one: Seen) -> bool:
    return one.mention.role in (Role.DEFINED, Role.DOCUMENTED, Role.SHIPPED, Role.READ)


def _texts(one: Seen) -> Iterator[str]:
    yield from one.path.split("/")
    yield from (one.name, one.environment, one.service, *one.owners)
