"""Names that are defined and never read, read and never defined, and read without being documented.

Each is strange only where the tree tells most of the others: many projects define their keys elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from keytrace.lifecycle.checks.facts import Facts, Fault, Words, every, is_test
from keytrace.lifecycle.key import Role
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.wording import identity_of, is_automatic, words_of

_ENOUGH = 0.5  # of the names of a service that must be told of
_FEW = 3  # names that a service has at least
# What these read is set in their settings, or in a file that is encrypted as a whole.
_CI = frozenset("github-actions gitlab-ci circleci jenkins platform rails-credentials".split())
_OF_CI = _CI | frozenset("terraform dockerfile procfile compose jinja configuration".split())
_FOR_OTHERS = (_OF_CI - {"compose"}) | {"code", "shell"}
_USES = (Role.READ, Role.SENT, Role.LOGGED)
# Names that libraries, drivers and programs of others read by themselves: their first words, and whole ones.
_READ_BY_OTHERS = frozenset(
    "aws google gcp azure arm tf pg postgres postgresql mysql mariadb mongo redis rabbitmq minio django "
    "rails openai anthropic sentry dd datadog npm github gitlab nextauth auth app laravel otel pulumi docker "
    "vault kube grafana elastic newrelic new honeycomb codecov sonar huggingface hf wandb langchain "
    "langsmith cloudflare spring quarkus management server micronaut".split()
)
# Where the paths to settings begin that frameworks read by themselves, in the forms that have such paths.
_OF_FRAMEWORKS = {
    "spring": frozenset(
        "spring management server encrypt logging eureka quarkus micronaut security keycloak okta jasypt feign zipkin "
        "hibernate liquibase flyway camunda axon dubbo nacos".split()
    ),
    "appsettings": frozenset("kestrel serilog logging azuread applicationinsights identityserver".split()),
}
_PATH = re.compile(r"[.:]")
_WHOLE = frozenset({("secret", "key", "base"), ("database", "url"), ("redis", "url"), ("secret", "key")})


def never_read(facts: Facts) -> Iterator[Fault]:
    """Yield each key that a service defines and nothing reads, where the tree reads most that the service defines."""
    for key, group in facts.each():
        own = sorted(_own(group), key=lambda one: one.place) if key.scope != "publishable" else []
        if own and not any(_is_used(one, own) for one in group) and all(_reads(one.service, facts) for one in own):
            yield Fault("defined-never-read", own[0], f"{key.name} is defined and never read", tuple(own[1:]))


def _own(group: Sequence[Seen]) -> Iterator[Seen]:
    """Yield the definitions of a key that are for code of the tree; none where one may be for others."""
    defined = [one for one in group if one.mention.role is Role.DEFINED]
    if not any(_is_for_others(one) for one in defined):
        yield from defined


def _is_for_others(one: Seen) -> bool:
    """Tell whether a definition may be for a program that is not in the tree."""
    words = words_of(one.name)
    root = _PATH.split(one.name)[0].lower()
    if root != one.name.lower() and root in _OF_FRAMEWORKS.get(one.mention.form, ()):
        return True
    if one.mention.is_foreign or one.mention.form in _FOR_OTHERS or is_test(one.path):
        return True
    return len(words) < 2 or words in _WHOLE or words[0] in _READ_BY_OTHERS


def _is_used(one: Seen, own: Sequence[Seen]) -> bool:
    """Tell whether a place uses a key: reads it, or sets another name to it."""
    other = {identity_of(one.name)} != {identity_of(each.name) for each in own}
    return one.mention.role in _USES or (bool(one.mention.refers) and other)


def _reads(service: str, facts: Facts) -> bool:
    defined = facts.defined.get(service, frozenset())
    return len(defined) >= _FEW and len(defined & every(facts.read)) >= _ENOUGH * len(defined)


def never_defined(facts: Facts) -> Iterator[Fault]:
    """Yield each key that a service reads and nothing defines, where most that it reads is defined."""
    for key, group in facts.each():
        if not any(one.mention.role is Role.DEFINED or one.mention.form in _CI for one in group):
            for places in _read_by(group, facts, facts.defined):
                why = f"{key.name} is read and never defined"
                yield Fault("read-never-defined", places[0], why, tuple(places[1:]))


def undocumented(facts: Facts) -> Iterator[Fault]:
    """Yield each key that is read and that no example of an environment names, where it names most."""
    for key, group in facts.each():
        if not any(one.mention.role is Role.DOCUMENTED for one in group):
            for places in _read_by(group, facts, facts.documented):
                why = f"{key.name} is read, and no example of an environment names it"
                yield Fault("undocumented-key", places[0], why, tuple(places[1:]))


def _read_by(group: Sequence[Seen], facts: Facts, told: Mapping[str, frozenset[Words]]) -> Iterator[list[Seen]]:
    """Yield where each service reads a key, of those services of whose names most are told."""
    found: dict[str, list[Seen]] = {}
    for one in sorted(group, key=lambda one: one.place):
        by_code = one.mention.role is Role.READ and one.mention.form not in _OF_CI and not is_test(one.path)
        if by_code and not is_automatic(one.name):
            found.setdefault(one.service, []).append(one)
    for service, places in found.items():
        read = facts.read[service]
        own = told.get(service, frozenset()) | told.get("", frozenset())
        if len(read) >= _FEW and len(read & own) >= _ENOUGH * len(read):
            yield places
