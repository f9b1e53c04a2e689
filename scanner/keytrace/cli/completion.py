"""`keytrace completion`."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete


class _Zsh(ZshComplete):
    """With a function of the file's name: else the second completion of a script in `fpath` only registers another."""

    func_name = "_keytrace"


_KINDS = {"bash": BashComplete, "zsh": _Zsh, "fish": FishComplete}


@click.command(name="completion")
@click.argument("shell", type=click.Choice([*_KINDS]))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: keytrace completion bash > ~/.local/share/bash-completion/completions/keytrace
    zsh:  keytrace completion zsh > "${fpath[1]}/_keytrace"
    fish: keytrace completion fish > ~/.config/fish/completions/keytrace.fish
    """  # noqa: D301
    from keytrace.cli import COMPLETION, cli

    click.echo(_KINDS[shell](cli, {}, "keytrace", COMPLETION).source())
