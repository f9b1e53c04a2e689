"""`keytrace agent-hook`."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from keytrace.agents import AGENTS, agent_of
from keytrace.cli import Group, say
from keytrace.cli.options import AGENT_OPTIONS, apply
from keytrace.errors import ScannerError

if TYPE_CHECKING:
    from keytrace.agents.agent import Agent, Answer
    from keytrace.agents.event import Event
    from keytrace.agents.judge import Verdict

_LIMIT = 2**25  # bytes that an agent may tell
_SECONDS = 10  # for a text; agents wait for 30 at least
_PART = "keytrace: not all of it could be understood or looked at."
_agent = click.argument("agent", type=click.Choice([*sorted(AGENTS)]))
_user = click.option("--user", "for_user", is_flag=True, help="In your own settings, for all projects.")


class _Hook(Group):
    """Reads an event where no command is named; on a terminal it prints its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_told = sys.stdin is not None and not sys.stdin.isatty()
        return click.Group.parse_args(self, ctx, args) if args or is_told else super().parse_args(ctx, args)


@click.group(name="agent-hook", cls=_Hook, invoke_without_command=True)
@click.option(
    "--agent", "name", type=click.Choice([*sorted(AGENTS)]), help="Whose event it is.  [default: by its form]"
)
@click.option("--fail-closed", is_flag=True, help="Say no also where an event cannot be understood or looked at.")
@apply(AGENT_OPTIONS)
@click.pass_context
def command(ctx: click.Context, /, name: str | None, fail_closed: bool, **given: Any) -> int:
    r"""Keep coding agents from sending, writing or running a live key.

    Reads what an agent tells its hooks, as JSON on standard input, and answers as that agent expects: a prompt, a
    write, a command or the read of a file that holds what looks like a live key is refused, with the rule and the line,
    never with the key. What cannot be understood is searched as a whole, and said; --fail-closed refuses it.

    \b
    Exit codes:
      0  nothing speaks against it, or the answer on standard output says what does
      1  not all of it could be understood or looked at, and nothing was found in the rest: let through (Copilot: 0)
      2  refused, where the agent goes by the exit code or is not known; with --fail-closed also what would be 1
    """
    if ctx.invoked_subcommand is not None:
        return 0
    agent = AGENTS[name] if name else None
    try:
        told = _told()
        agent = agent or agent_of(told)
        return _answered(agent, told, given, fail_closed)
    except ScannerError as error:
        say(f"not looked at: {error.message}", error.hint)
        return 2 if fail_closed else agent.failed if agent else 1


@command.command()
@_agent
@_user
@click.option("--print", "is_shown", is_flag=True, help="Write nothing: show what belongs into the settings.")
def install(agent: str, for_user: bool, is_shown: bool) -> int:
    """Have AGENT ask keytrace: puts hooks into its settings, by default the project's; all else in them stays."""
    from keytrace.agents.settings import install as put

    form, path = AGENTS[agent], _path(AGENTS[agent], for_user)
    own = f"{shlex.quote(sys.executable)} -P -m keytrace"  # what is the project's is for other machines, too
    wanted = f"{own if for_user or not shutil.which('keytrace') else 'keytrace'} agent-hook --agent {agent}"
    if is_shown:
        click.echo(f"{path}:")
        click.echo(json.dumps({**form.head, "hooks": {k: [v] for k, v in form.entries(wanted).items()}}, indent=2))
        return 0
    done = "hooks installed" if put(form, path, wanted) else "the hooks are there"
    click.echo(f"{path}: {done}: {', '.join(form.entries(''))}")
    if form.advice:
        say(form.advice)
    return 0


@command.command()
@_agent
@_user
def uninstall(agent: str, for_user: bool) -> int:
    """Take our hooks out of the settings of AGENT; all else in them stays."""
    from keytrace.agents.settings import uninstall as take

    path = _path(AGENTS[agent], for_user)
    click.echo(f"{path}: {'hooks taken out' if take(AGENTS[agent], path) else 'no hook of ours is there'}")
    return 0


def _path(agent: Agent, for_user: bool) -> str:
    from keytrace.git import top_level

    if for_user:
        return os.path.join(os.path.expanduser("~"), agent.user_file)
    return os.path.join(top_level(os.getcwd()) or os.getcwd(), agent.project_file)


def _told() -> dict[str, Any]:
    """Return what an agent tells; raise ScannerError where that is no event."""
    data = sys.stdin.buffer.read(_LIMIT + 1) if sys.stdin is not None else b""
    if len(data) > _LIMIT:
        raise ScannerError(f"the event is larger than {_LIMIT // 2**20} MB")
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ScannerError(
            "the event is no JSON", "agents tell it on standard input; `keytrace agent-hook install`"
        ) from error
    if not isinstance(told, dict):
        raise ScannerError("the event is no JSON object", "agents tell it on standard input")
    return told


def _answered(agent: Agent | None, told: dict[str, Any], given: dict[str, Any], fail_closed: bool) -> int:
    from keytrace.agents.agent import by_exit_code
    from keytrace.agents.event import event_of

    try:
        event = event_of(told)
    except RecursionError as error:
        raise ScannerError("the event is nested too deep") from error
    if event is None:
        return 0
    verdict, warning = _judged(event, given)
    if event.odd:
        say(f"the event is not understood: {event.odd}; all that it tells was searched")
    for note in verdict.notes:
        say(f"not looked at: {note}")
    is_part = bool(event.odd or verdict.notes)
    reason = verdict.reason or (_PART if fail_closed and is_part else "")
    if reason:
        return _tell((agent.refuse if agent else by_exit_code)(event, reason))
    if warning and agent:
        return _tell(agent.warn(warning))
    return (agent.failed if agent else 1) if is_part else 0


def _tell(answer: Answer) -> int:
    if answer.error:
        print(answer.error, file=sys.stderr)
    if answer.output:
        click.echo(answer.output)
    return answer.code


def _judged(event: Event, given: dict[str, Any]) -> tuple[Verdict, str]:
    """Return the verdict on an event, by the configuration of the project in which the agent works and by the user's,
    and what to say of a change of what guards it.
    """
    from dataclasses import replace

    from keytrace.agents.guard import warning
    from keytrace.agents.judge import judge
    from keytrace.cli.options import build_config
    from keytrace.git import top_level

    folder = event.folder if os.path.isdir(event.folder) else os.getcwd()
    root = top_level(folder) or folder
    given["min_confidence"] = given["min_confidence"] or "high"
    given["min_severity"] = given["min_severity"] or "medium"
    own = build_config(root, given | {"no_repo_config": True})
    notes = []
    try:
        config = build_config(root, given)
    except ScannerError as error:  # a broken configuration turns nothing off
        config, notes = own, [error.one_line]
    config, own = (
        replace(one, jobs=1, cached=False, follow_uses=False, file_timeout=_SECONDS) for one in (config, own)
    )
    verdict = judge(event, root, config, own)
    settings = {file for agent in AGENTS.values() for file in (agent.project_file, agent.user_file)}
    return replace(verdict, notes=(*notes, *verdict.notes)), warning(event, root, settings)
