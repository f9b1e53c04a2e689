"""`keytrace help`."""

from __future__ import annotations

import re
import sys

import click

from keytrace.cli import COMMANDS, cli
from keytrace.errors import ScannerError, suggest

_HEADING = re.compile(r"^(##+) (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@click.command(name="help")
@click.argument("topic", nargs=-1, shell_complete=lambda *given: _complete(given[2]))
def command(topic: tuple[str, ...]) -> None:
    """Show the help of a command, or what the manual says of TOPIC; alone, list both."""
    sections = _sections()
    if not topic:
        click.echo(cli.get_help(_top()))
        click.echo("\nTopics, for `keytrace help TOPIC`:\n  " + "\n  ".join(sections))
    elif topic[0] in COMMANDS:
        _help_of(topic)
    elif found := [name for name in sections if name.startswith("-".join(topic).lower())]:
        text = "\n".join(f"{name}\n\n{sections[name]}" for name in found)
        click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text, nl=False)
    else:
        hint = suggest("-".join(topic), [*COMMANDS, *sections])
        raise ScannerError(f"there is no help on '{' '.join(topic)}'", hint or "`keytrace help` lists what there is")


def _complete(begun: str) -> list[str]:
    return [name for name in (*COMMANDS, *_sections()) if name.startswith(begun)]


def _top() -> click.Context:
    return click.Context(cli, info_name="keytrace", **cli.context_settings)


def _help_of(words: tuple[str, ...]) -> None:
    """Print the help of a command, or of one of its commands."""
    context = _top()
    inner: click.Command = cli
    for word in words:
        known = inner.get_command(context, word) if isinstance(inner, click.Group) else None
        if known is None:
            raise ScannerError(f"there is no command '{' '.join(words)}'", f"keytrace {words[0]} --help")
        context, inner = click.Context(known, info_name=word, parent=context), known
    click.echo(inner.get_help(context))


def _sections() -> dict[str, str]:
    """Return the sections of the README, which is in what is installed, by their names."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        text = str(metadata("keytrace").json["description"])
    except PackageNotFoundError:  # run from a folder
        return {}
    fenced = [found.span() for found in _FENCE.finditer(text)]
    heads = [one for one in _HEADING.finditer(text) if not any(start < one.start() < end for start, end in fenced)]
    sections = {}
    for number, head in enumerate(heads):  # one ends where another of its level, or above it, begins
        end = next((one.start() for one in heads[number + 1 :] if len(one[1]) <= len(head[1])), len(text))
        sections[_name(head[2])] = _LINK.sub(r"\1", text[head.end() : end]).strip() + "\n"
    return sections


def _name(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
