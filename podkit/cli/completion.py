"""`podkit completion`: the script that a shell reads to complete words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from podkit.cli.commands import program
from podkit.cli.options import named
from podkit.cli.terminal import out


@named(
    "completion",
    examples=[
        'eval "$(podkit completion bash)"',
        "podkit completion zsh > ~/.zfunc/_podkit",
        "podkit completion fish > ~/.config/fish/completions/podkit.fish",
    ],
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script of SHELL."""
    found = get_completion_class(shell)
    if found is None:  # click knows these three
        raise click.UsageError(f"there is no completion for {shell}")
    out(found(program(), {}, "podkit", "_PODKIT_COMPLETE").source())
    return 0
