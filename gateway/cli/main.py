"""`lmx`: one command, each of its parts imported only when it is called."""

import importlib

import click

# Name of the command: the module and what it does, so that help needs no import of the parts.
_COMMANDS = {
    "translate": "Native files to the common record or to another country's layout.",
    "validate": "Check records in the common form against the standard.",
    "convert": "Write a record in its other form, JSON or XML, canonical.",
    "schema": "Check or renew what is generated from the XSD.",
    "verify": "Check an evidence bundle offline.",
}


class _Parts(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a record's way."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one part and give its command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        found = getattr(importlib.import_module(f"gateway.cli.{cmd_name}"), cmd_name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them, so that help is quick."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Parts, epilog="Example: lmx translate contract.xml --to uz.labour-contract")
@click.version_option("0.1.0", prog_name="lmx")
def main() -> None:
    """Labour Migration eXchange: records between states, unchanged and provable."""
