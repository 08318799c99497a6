"""`lmx`: one command, each of its parts imported only when it is called."""

import gc
import importlib
import os
from typing import Any

import click

# Name of the command: its module and what it does, so that help needs no import of the parts.
_COMMANDS = {
    "translate": ("translate", "Native files to the common record or to another country's layout."),
    "preflight": ("preflight", "What of a folder of files would be refused, lost or flagged."),
    "template": ("template", "An empty file of a record type, to be filled by people."),
    "validate": ("validate", "Check records in the common form against the standard."),
    "convert": ("convert", "Write a record in its other form, JSON or XML, canonical."),
    "submit": ("ministry", "Send native files to an authority of another state."),
    "history": ("history", "Bring in records of the past, counts reconciled."),
    "rerun": ("history", "Read a submission again and send what was refused."),
    "status": ("ministry", "Show how far an exchange has got."),
    "inbox": ("ministry", "List or take what arrived for an authority."),
    "attach": ("attachments", "Bring a file that goes with a record."),
    "attachments": ("attachments", "List or take what came with a record."),
    "decide": ("ministry", "Accept or reject what was received."),
    "ask": ("questions", "Ask whether a permit, contract or licence is valid."),
    "statuses": ("questions", "Publish which documents are valid, for others to ask."),
    "webhook": ("webhook", "Have your own system told what waits, or asked what is valid."),
    "bundle": ("ministry", "Fetch the evidence bundle of an exchange."),
    "verify": ("verify", "Check an evidence bundle offline."),
    "begin": ("begin", "Write a new gateway's settings, master key and first directory file."),
    "init": ("serve", "Check a gateway's settings and make its stores."),
    "serve": ("serve", "Serve a gateway until stopped."),
    "migrate": ("migrate", "Change shared databases before or after a deploy."),
    "worker": ("worker", "Deliver and witness for a gateway until stopped."),
    "keys": ("keys", "Make, certify, rotate and revoke keys; the built-in CA."),
    "directory": ("directory", "Keep a state's directory: keys, drafts, signatures, publication."),
    "agreement": ("agreement", "Make, compare, publish, revoke and show agreements."),
    "demo": ("demo", "Four states on this machine, with a story of real records."),
    "country": ("country", "Begin the folder of a country that is not there yet."),
    "fidelity": ("fidelity", "Check or renew the tables of what each pair of countries carries."),
    "schema": ("schema", "Check or renew what is generated from the XSD."),
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
        # What is imported stays: the collector would look through it again and again.
        gc.disable()
        found = getattr(importlib.import_module(f"gateway.cli.{_COMMANDS[cmd_name][0]}"), cmd_name)
        gc.enable()
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a file it cannot read or write ends it with a sentence."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.filename is None or isinstance(error, BrokenPipeError):
                raise
            told = f"{os.fspath(error.filename)} cannot be used: {error.strerror}; name another"
            raise click.ClickException(told) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them, so that help is quick."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command(cls=_Parts, epilog="Example: lmx translate contract.xml --to uz.labour-contract")
@click.version_option("0.1.0", prog_name="lmx")
def main() -> None:
    """Labour Migration eXchange: records between states, unchanged and provable."""


if __name__ == "__main__":
    main()
