"""`keytrace completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: keytrace completion bash > ~/.local/share/bash-completion/completions/keytrace
    zsh:  keytrace completion zsh > "${fpath[1]}/_keytrace"
    fish: keytrace completion fish > ~/.config/fish/completions/keytrace.fish
    """  # noqa: D301
    from keytrace.cli import COMPLETION, cli

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "keytrace", COMPLETION).source())
