"""`lmx webhook`: name an address of a ministry's own system at its gateway."""

from pathlib import Path

import click

from gateway.cli.ministry import profile_link, profile_option, telling
from gateway.client import webhooks


@click.group()
def webhook() -> None:
    """Have your own system told when something waits, or asked when somebody asks.

    Example: lmx webhook add https://system.example/lmx --profile uz.migration-agency.toml
    """


@webhook.command()
@click.argument("url")
@click.option("--queries", "kind", flag_value="queries", help="It answers questions.")
@profile_option
@telling
def add(url: str, kind: str | None, profile_file: Path) -> None:
    """Name an address; the secret that signs what it is told is shown this once.

    Example: lmx webhook add https://system.example/lmx --profile uz.migration-agency.toml
    """
    _, link = profile_link(profile_file)
    found = webhooks.add(link, url, kind or "events")
    click.echo(f"{found['webhook']}  {found['kind']}  {found['url']}\nsecret {found['secret']}")


@webhook.command("list")
@profile_option
@telling
def list_all(profile_file: Path) -> None:
    """Show this system's addresses.

    Example: lmx webhook list --profile uz.migration-agency.toml
    """
    _, link = profile_link(profile_file)
    items = webhooks.listed(link)
    for one in items:
        failing = f"  not taken since {one['failing']}" if one["failing"] else ""
        click.echo(f"{one['webhook']}  {one['kind']}  {one['url']}{failing}")
    if not items:
        click.echo("no address is named")


@webhook.command()
@click.argument("name", metavar="WEBHOOK")
@profile_option
@telling
def rotate(name: str, profile_file: Path) -> None:
    """Get a new secret; for a day the one before signs too.

    Example: lmx webhook rotate 4f0c0000-0000-4000-8000-000000000001
    --profile uz.migration-agency.toml
    """
    _, link = profile_link(profile_file)
    found = webhooks.rotate(link, name)
    click.echo(f"secret {found['secret']}\nthe one before holds until {found['overlap']}")


@webhook.command()
@click.argument("name", metavar="WEBHOOK")
@profile_option
@telling
def end(name: str, profile_file: Path) -> None:
    """Have an address told nothing more.

    Example: lmx webhook end 4f0c0000-0000-4000-8000-000000000001
    --profile uz.migration-agency.toml
    """
    _, link = profile_link(profile_file)
    webhooks.end(link, name)
    click.echo(f"{name} is told nothing more")
