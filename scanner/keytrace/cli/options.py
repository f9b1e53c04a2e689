"""Options that several commands share, and how they become a Config: command line over environment over file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import click

from keytrace.cli import say
from keytrace.config import Config, load_config, parse_size
from keytrace.config.overrides import Options, override
from keytrace.errors import suggest
from keytrace.match.multipattern import tell_of_compiling
from keytrace.model import Confidence, Severity

F = TypeVar("F", bound=Callable[..., Any])


SECTIONS = (
    "What is asked",
    "What is fixed",
    "What is scanned",
    "What is reported",
    "Is it live?",
    "The report",
    "Rules",
    "The entries",
    "Configuration",
    "Other options",
)


class Option(click.Option):
    """An option with the heading of the help that it stands under."""

    def __init__(self, *names: Any, section: str, **rest: Any) -> None:
        super().__init__(*names, **rest)
        self.section = section


def under(section: str) -> Callable[..., Callable[[F], F]]:
    """Return what makes an option as `click.option` does, under this heading."""
    return partial(click.option, cls=Option, section=section)


class Command(click.Command):
    """A command whose help shows its options in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {name: [] for name in SECTIONS}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                sections[getattr(param, "section", SECTIONS[-1])].append(record)
        for name, records in sections.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records)


def complete_rule(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of rules that begin so, for a shell."""
    from keytrace.rules.load import load_builtin
    from keytrace.rules.stored import ids

    return [name for name in ids(load_builtin().rules) if name.startswith(incomplete)]


_SEVERITIES = [level.label for level in Severity]
_CONFIDENCES = [level.label for level in Confidence]


class _Size(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.2
    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return value if isinstance(value, int) else parse_size(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


_scanned, _rules, _reported, _settings = map(under, ("What is scanned", "Rules", "What is reported", "Configuration"))

_GITIGNORE = _scanned("--no-gitignore", is_flag=True, default=None, envvar="KEYTRACE_NO_GITIGNORE",
                      help="Scan what .gitignore excludes, too.")  # fmt: skip
_ARCHIVES = [
    _scanned("--max-archive-depth", type=click.IntRange(min=0), metavar="N", envvar="KEYTRACE_MAX_ARCHIVE_DEPTH",
             help="Open archives in archives, N deep; 0 opens none.  [default: 5]"),
    _scanned("--no-archives", is_flag=True, default=None, envvar="KEYTRACE_NO_ARCHIVES",
             help="Open no archive: search them as binary files."),
]  # fmt: skip
_SELECTION = [
    _scanned("--exclude", metavar="PATTERN", multiple=True, envvar="KEYTRACE_EXCLUDE",
             help="Leave out paths that match; .gitignore syntax, relative to the root. Repeatable."),
    _scanned("--max-file-size", type=_Size(), metavar="SIZE", envvar="KEYTRACE_MAX_FILE_SIZE",
             help="Report larger text files as not scanned.  [default: 50MB]"),
    _scanned("--file-timeout", type=click.FloatRange(min=0, max=1e6), metavar="SECONDS", envvar="KEYTRACE_FILE_TIMEOUT",
             help="Report files that take longer as not scanned to their end; 0 means no limit.  [default: 30]"),
    _scanned("-j", "--jobs", type=click.IntRange(min=0), envvar="KEYTRACE_JOBS",
             help="Processes; 0 means one a processor.  [default: 0]"),
    _scanned("--no-cache", is_flag=True, default=None, envvar="KEYTRACE_NO_CACHE",
             help="Scan again what has not changed since it was scanned and had nothing to tell."),
]  # fmt: skip
_RULES = [
    _rules("--rule", "rules", metavar="ID", multiple=True, envvar="KEYTRACE_RULE",
           shell_complete=complete_rule, help="Apply only this rule. Repeatable."),
    _rules("--exclude-rule", "exclude_rules", metavar="ID", multiple=True, envvar="KEYTRACE_EXCLUDE_RULE",
           shell_complete=complete_rule,
           help="Do not apply this rule. Repeatable."),
    _rules("--rules-file", "rule_files", metavar="FILE", multiple=True, envvar="KEYTRACE_RULES_FILE",
           help="Add the rules of a TOML file (also gitleaks' format). Repeatable."),
]  # fmt: skip
_CONFIG = [
    _settings("--config", metavar="FILE", envvar="KEYTRACE_CONFIG",
              help="Take the configuration from this file, not from keytrace.toml or pyproject.toml in the root."),
    _settings("--no-repo-config", is_flag=True, envvar="KEYTRACE_NO_REPO_CONFIG",
              help="For trees you do not trust: heed none of their configuration, ignore files and comments."),
]  # fmt: skip


def _thresholds(severity: str, confidence: str) -> list[Callable[[F], F]]:
    """Return the options of what counts, with what holds where they are not given."""
    return [
        _reported("--min-severity", type=click.Choice(_SEVERITIES, case_sensitive=False),
                  envvar="KEYTRACE_MIN_SEVERITY", help=f"Hide what is less severe.  [default: {severity}]"),
        _reported("--min-confidence", type=click.Choice(_CONFIDENCES, case_sensitive=False),
                  envvar="KEYTRACE_MIN_CONFIDENCE", help=f"Hide what is less sure.  [default: {confidence}]"),
    ]  # fmt: skip


_THRESHOLDS = _thresholds("low", "medium")
_BASELINE = [
    _reported("--baseline", metavar="FILE", envvar="KEYTRACE_BASELINE",
              help="The baseline to use.  [default: .keytrace-baseline.jsonl in the root]"),
]  # fmt: skip

_KEYS = [
    _reported("--inventory", "with_keys", is_flag=True, default=None, envvar="KEYTRACE_INVENTORY",
              help="Check the keys of the whole tree, too, as `keytrace inventory --check` does."),
]  # fmt: skip

BASELINE_OPTIONS = [*_BASELINE, *_CONFIG]  # for what reads the baseline without a scan
WARM_OPTIONS = [*_RULES, *_CONFIG]
_RESULTS = [*_RULES, *_THRESHOLDS, *_BASELINE, *_CONFIG]
AGENT_OPTIONS = [*_RULES, *_thresholds("medium", "high"), *_BASELINE, *_CONFIG]
EXPLAIN_OPTIONS = [*_KEYS, *_RESULTS]
HISTORY_OPTIONS = [*_ARCHIVES, *_SELECTION, *_RESULTS]
FLEET_OPTIONS = [_GITIGNORE, *_ARCHIVES, *_SELECTION, *_RULES, *_THRESHOLDS, *_CONFIG]
SCAN_OPTIONS = [_GITIGNORE, *HISTORY_OPTIONS]
TREE_OPTIONS = [*_KEYS, *SCAN_OPTIONS]  # for what looks at whole trees, and accepts what is wrong there


def apply(options: list[Callable[[F], F]]) -> Callable[[F], F]:
    """Decorate a command with a list of options, in their order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def build_config(root: str, given: dict[str, Any]) -> Config:
    """Read the configuration of `root` and lay what was given on the command line over it."""
    tell_of_compiling(_say_that_it_takes_a_moment)
    trust = not given.get("no_repo_config")
    config = load_config(root, given.get("config"), trust_repo=trust)
    options = options_of(given)
    if given.get("with_keys"):
        config = replace(config, inventory=replace(config.inventory, in_scan=True))
    return replace(override(config, options), origins=(*config.origins, *_given_by(options)))


def options_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was given of a configuration, by its names."""
    names = (name for name in Options.__annotations__ if given.get(name) is not False)
    options = {name: given[name] for name in names if given.get(name) not in (None, (), "")}
    if given.get("no_gitignore"):
        options["gitignore"] = False
    if given.get("no_archives"):
        options["max_archive_depth"] = 0
    if given.get("no_cache"):
        options["cached"] = False
    return options


def for_scan(config: Config, given: dict[str, Any]) -> Config:
    """Return the configuration of a scan: with notes on the environment, without a baseline if none is wanted."""
    config = replace(config, notes=(*unknown_variables(), *config.notes))
    return replace(config, use_baseline=False) if given["no_baseline"] else config


def _say_that_it_takes_a_moment() -> None:
    say("compiling the rules; this takes some seconds, and again only when they change")


_NEGATED = {
    "no_gitignore": "gitignore",
    "no_archives": "max_archive_depth",
    "no_cache": "cached",
}  # options, and the field each sets


def _given_by(fields: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield fields of the configuration with the option or variable of the environment that sets them."""
    context = click.get_current_context(silent=True)
    for param in context.command.params if context else ():
        name = param.name or ""
        field = _NEGATED.get(name, name)
        if context and field in fields and isinstance(param, click.Option):
            by_environment = context.get_parameter_source(name) is click.core.ParameterSource.ENVIRONMENT
            yield field, str(param.envvar) if by_environment else max(param.opts, key=len)


def unknown_variables() -> Iterator[str]:
    """Yield a note for each variable KEYTRACE_* of the environment that the running command does not know."""
    params = click.get_current_context().command.params
    known = {
        "CACHE_DIR",
        "INVENTORY_KEY",
        *(str(param.envvar).removeprefix(_PREFIX) for param in params if param.envvar),
    }
    for name in sorted(os.environ):
        bare = name.removeprefix(_PREFIX)
        if name != bare and bare not in known:
            hint = suggest(bare, known).replace("'", f"'{_PREFIX}", 1)
            yield f"the environment variable {name} is not known; {hint or 'it has no effect'}"


_PREFIX = "KEYTRACE_"
