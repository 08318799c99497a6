"""`lmx directory`: keep a state's directory; each part is imported only when it is called."""

import importlib

import click

_COMMANDS = {
    "key": ("directory_key", "Make a key; only its public half is carried to the ceremony."),
    "init": ("directory_init", "Make the keys and the first root, on the offline machine."),
    "authority": ("directory_authority", "List an authority in the files to be added."),
    "add": ("directory_add", "Stage target files in a draft, or their removal."),
    "rotate": ("directory_rotate", "Stage a key's replacement, or the renewal of an offline role."),
    "sign": ("directory_sign", "Add one holder's signature to a draft."),
    "publish": ("directory_publish", "Publish a draft that is signed enough."),
    "renew": ("directory_publish", "Renew the timestamp and what else is due; run it hourly."),
    "follow": ("directory_follow", "Follow a state's directory, or ask all followed ones now."),
    "unfollow": ("directory_unfollow", "Ask a state's directory no more, when it has left."),
    "witnesses": ("directory_witnesses", "Let followed states' witnesses count."),
    "status": ("directory_status", "Versions, ends, missing signatures, and what to do next."),
}


class _Parts(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a ceremony."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one part and give its command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        found = getattr(importlib.import_module(f"gateway.cli.{_COMMANDS[cmd_name][0]}"), cmd_name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them, so that help is quick."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command(cls=_Parts, epilog="Example: lmx directory status --published kz/directory")
def directory() -> None:
    """Keep a state's directory: one TUF repository, signed by several people.

    Root and targets are signed by two of three holders whose keys never touch the network: a
    draft is carried to them on a stick. The operator publishes. See
    docs/how-to/keep-a-directory.md.
    """
