"""The command line: flags to objects, no logic. Commands are imported when they are called."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import click

from keytrace.errors import ScannerError, Stopped
from keytrace.version import __version__

ISSUES = "https://github.com/keytrace/keytrace/issues"
COMPLETION = "_KEYTRACE_COMPLETE"  # set by a shell that completes words
_OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EROFS, errno.EDQUOT})  # no bugs
COMMANDS = {  # name -> one line for `keytrace --help`; the command is keytrace.cli.<name>.command, - is _
    "scan": "Scan folders, files, the staged changes or standard input.",
    "history": "Scan git history: what was ever committed, and what became of it.",
    "fleet": "Scan many repositories; what they share is scanned once.",
    "fix": "Fix what a scan finds, and prove it; by default, show what would change.",
    "inventory": "List the keys of a tree: where each is, for what, and whose.",
    "rotate": "Plan the rotation of a key: what to do in which order, where, and who.",
    "verify": "Ask the provider of one key, from standard input, whether it is live.",
    "hook": "Have git run keytrace at commits and pushes; keeps the hooks that are there.",
    "agent-hook": "Keep coding agents from sending, writing or running a live key.",
    "init": "Set up a repository: hook, CI, and a baseline of what is there today.",
    "baseline": "Accept the findings of today; report only new ones.",
    "rules": "List, show and test the rules.",
    "lsp": "Serve an editor: findings as one types, and what settles them.",
    "explain": "Say why a line is or is not a finding.",
    "config": "Show the configuration and where it comes from; print its schema for editors.",
    "cache": "Compile the rules ahead; show or drop what is kept of them.",
    "completion": "Print the shell completion script.",
    "help": "Show the help of a command, or what the manual says of a topic.",
}


class Group(click.Group):
    """A command of commands: alone it prints its help, in which no sentence is cut."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit(2)  # nothing was scanned: a job that forgot the command must not pass
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(self.lines(ctx))

    def lines(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return each command with the first sentence of its help."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, command.get_short_help_str(1000)) for name, command in found if command]


class _LazyGroup(Group):
    """Knows its commands by name and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"keytrace.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from keytrace.errors import suggest

            hint = suggest(args[0], COMMANDS) or f"to scan a path: keytrace scan {args[0]}"
            raise ScannerError(f"no such command '{args[0]}'", hint)
        return super().resolve_command(ctx, args)

    def lines(self, ctx: click.Context) -> list[tuple[str, str]]:
        return list(COMMANDS.items())


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="keytrace", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Find API keys and other credentials before they ship. Works offline; secrets are never printed.

    Exit codes: 0 clean, 1 findings, 2 something for you to mend (usage, configuration), 3 no findings but not
    everything could be scanned, 4 a bug in keytrace, 130 interrupted, 143 and 129 stopped by SIGTERM and SIGHUP.
    """
    from keytrace.reporters.text import has_colors

    ctx.color = sys.stdout is not None and has_colors(sys.stdout)


def main(args: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code; every error a user may see is made here."""
    gc.set_threshold(50_000)  # most of what a run makes it keeps
    _open_standard_streams()
    _heed_signals()
    try:
        code = cli.main(args, prog_name="keytrace", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("interrupted")
        return 130
    except click.ClickException as error:
        say(_safe(_blamed(error)), "keytrace --help, or --help behind a command, shows what there is")
        return 2
    except ScannerError as error:
        say(_safe(error.message), _safe(error.hint))
        return 2
    except BrokenPipeError:
        close_output()  # the reader has seen enough
        return 141
    except SystemExit as done:  # click's way to end: after completing words for a shell, or at a broken pipe
        if COMPLETION in os.environ:
            return int(done.code or 0)
        close_output()
        return 141
    except (Exception, Stopped) as error:
        return _ended(error)


def _ended(error: BaseException) -> int:
    """Say what ended the run, where that is no mistake of the user's, and return the exit code."""
    if isinstance(error, Stopped):
        say(f"stopped by {signal.Signals(error.number).name}")
        return 128 + error.number
    if isinstance(error, MemoryError):
        say("there is not enough memory", "scan less at once, with --jobs 1 or a smaller --max-file-size")
        return 2
    if isinstance(error, OSError) and not current_folder():
        say("the current folder is gone", "change to one that is there")
        return 2
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        close_output()  # what it still holds cannot be written either
        say(f"cannot go on: {error.strerror}", "make room there, or write elsewhere")
        return 2
    _report_bug(error)
    return 4


def _open_standard_streams() -> None:
    """Have the three standard streams open: a file in the place of one would get what is meant for it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the rest of the run


def _heed_signals() -> None:
    """Have SIGTERM and SIGHUP raise Stopped, unless whoever started us wants them ignored."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")):
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, _frame: object) -> None:
    raise Stopped(number)


def current_folder() -> str:
    """Return the current folder, or nothing when it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _blamed(error: click.ClickException) -> str:
    """Return what is wrong; a bad value is blamed on the variable of the environment that it comes from."""
    if isinstance(error, click.BadParameter) and error.ctx and isinstance(error.param, click.Option):
        source = error.ctx.get_parameter_source(error.param.name or "")
        if source is click.core.ParameterSource.ENVIRONMENT and isinstance(error.param.envvar, str):
            return f"Invalid value for the environment variable {error.param.envvar}: {error.message}"
    return " ".join(error.format_message().split())


def say(message: str, hint: str = "") -> None:
    """Print an error and what to do about it, neither with secrets; names may hold control characters."""
    from keytrace.reporters.layout import printable

    with suppress(OSError):  # a full disk or closed pipe behind standard error: the exit code tells
        print(f"keytrace: {printable(message)}", file=sys.stderr)
        if hint:
            print(f"hint: {printable(hint)}", file=sys.stderr)


def _safe(text: str) -> str:
    from keytrace.redaction.texts import safe

    return safe(text)


def close_output() -> None:
    """Keep Python from complaining once more when it closes standard output."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_bug(error: BaseException) -> None:
    """Print the traceback without the exception's own text, which may quote scanned content."""
    import traceback

    for line in traceback.format_tb(error.__traceback__):
        print(line, file=sys.stderr, end="")
    print(f"{type(error).__name__}\nkeytrace: this is a bug in keytrace {__version__}", file=sys.stderr)
    print(f"hint: please report it, with the lines above, at {ISSUES}", file=sys.stderr)
