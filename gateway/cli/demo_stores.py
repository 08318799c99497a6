"""Where the stores of the demonstration stand, told in each state's settings."""

from collections.abc import Mapping
from pathlib import Path

import click

from gateway.store.new_databases import new_databases, password_of
from gateway.store.turns import StoreError

PASSWORD = "database-password.txt"  # noqa: S105 a file name


def place_stores(template: str, settings: Mapping[str, Path], folder: Path) -> None:
    """Make two databases for each state, and name them in its gateway.toml.

    template: a URL with `{state}` in the name of the database.
    """
    names = {state: (state.lower(), f"{state.lower()}_keys") for state in settings}
    try:
        urls = new_databases(template, [one for pair in names.values() for one in pair])
        password = password_of(template)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    if password is not None:
        file = folder / PASSWORD
        file.touch(mode=0o600)
        file.write_text(password + "\n", "utf-8")
    for state, file in settings.items():
        data, keys = (urls[one] for one in names[state])
        section = f'\n[store]\nurl = "{data}"\nkeys_url = "{keys}"\n'
        if password is not None:
            section += f'password_file = "../{PASSWORD}"\nkeys_password_file = "../{PASSWORD}"\n'
        file.write_text(file.read_text("utf-8") + section, "utf-8")
