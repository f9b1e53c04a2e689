"""What to look for."""

from __future__ import annotations

from dataclasses import dataclass

from keytrace.model.levels import Confidence, Severity


@dataclass(frozen=True, slots=True)
class Allowlist:
    """What a rule, or every rule, shall pass over; the fields and their meaning are those of gitleaks."""

    description: str = ""
    paths: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    regex_target: str = "secret"  # secret | match | line
    condition: str = "OR"  # OR: one kind of criterion is enough; AND: each kind given must hold
    rules: tuple[str, ...] = ()  # of a global allowlist: the rules it is for, all when empty
    commits: tuple[str, ...] = ()  # ids, or how they begin


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer must be: of one of these statuses, with one of these values in each field, and with this text."""

    status: tuple[int, ...]
    json: tuple[tuple[str, tuple[str | int | bool, ...]], ...] = ()  # by path, as in data.0.id; "*": whatever is there
    text: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """How a provider is asked whether a key is live: the table `verify` of a rule. What stands in braces is put in:
    `{secret}`, a name of `take`, or the id of a rule for another part of the credential.
    """

    method: str
    url: str
    live: tuple[Answer, ...]
    dead: tuple[Answer, ...]
    source: str  # the provider's documentation
    headers: tuple[tuple[str, str], ...] = ()
    basic: str = ""  # user:password
    body: str = ""  # a form
    sign: str = ""  # how the request is signed
    take: tuple[tuple[str, str], ...] = ()  # name -> regex, the first group of which is taken from the secret
    tells: tuple[tuple[str, str], ...] = ()  # name -> where an answer says it
    regions: tuple[str, ...] = ()  # other hosts of the provider, asked in turn while a key is refused
    elsewhere: str = ""  # who else may have issued it: that it is refused is not the last word


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for, as data, with its documentation and its evidence. See CONTRIBUTING.md for the fields."""

    id: str
    name: str
    severity: Severity
    confidence: Confidence
    analyzer: str
    regex: str = ""
    near: tuple[str, ...] = ()  # names, one of which the value must be bound to; `regex` is the value's shape
    host: tuple[str, ...] = ()  # hosts, in a URL to one of which the value must stand
    secret_group: int = 0
    entropy: float = 0.0
    keywords: tuple[str, ...] = ()
    path: str = ""
    allowlists: tuple[Allowlist, ...] = ()
    checksum: str = ""
    scope: str = ""
    companions: tuple[str, ...] | None = None  # rules that find other parts of the credential; None: by its own name
    needs: tuple[str, ...] = ()  # rules, one of which must match near by
    part: bool = False  # no credential by itself: in the finding of its secret, where that stands near
    description: str = ""
    impact: str = ""
    remediation: str = ""
    references: tuple[str, ...] = ()
    cwe: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    verify: Probe | None = None
    aliases: tuple[str, ...] = ()  # what other scanners call it, as in "gitleaks:github-pat"
    examples: tuple[str, ...] = ()
    negative_examples: tuple[str, ...] = ()
    origin: str = ""  # the rule file it came from

    @property
    def provider(self) -> str:
        """The name of its rule file, which holds the rules of one provider, unless it only tells whose a finding is."""
        return self.id.removesuffix("-credential") if self.analyzer == "named" else self.origin.removesuffix(".toml")


@dataclass(frozen=True, slots=True)
class Additions:
    """What a project adds to the model of Python programs: dotted names, as in rules/python.toml."""

    names: tuple[str, ...] = ()  # words that name a secret
    sources: tuple[str, ...] = ()
    sinks: tuple[str, ...] = ()
    sanitizers: tuple[str, ...] = ()
    sdk: tuple[str, ...] = ()  # `acme.Client: token@0`
