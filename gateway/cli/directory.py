"""`lmx directory`: a state's own directory and those it follows, each part imported when called."""

import importlib

import click

# Name of the command: its module and what it does, so that help needs no import of the parts.
_COMMANDS = {
    "follow": ("directory_follow", "Follow a state's directory, or ask all followed ones now."),
}


class _Parts(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a directory's life."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one part and give its command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        found = getattr(importlib.import_module(f"gateway.cli.{module}"), cmd_name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them, so that help is quick."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command(cls=_Parts, epilog="Example: lmx directory follow --config kz/gateway.toml")
def directory() -> None:
    """Keep and follow directories: who may do what, with which keys, under which agreement."""
