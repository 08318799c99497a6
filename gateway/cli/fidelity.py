"""`lmx fidelity`: keep the fidelity tables equal to what the layouts do."""

from datetime import UTC, datetime

import click

from gateway.cli.translate import ROOT

PAGES = ROOT / "docs" / "reference" / "fidelity"
# The samples' present: by it two-digit birth years in them are told.
PRESENT = datetime(2026, 11, 24, tzinfo=UTC)


def fidelity_pages() -> dict[str, str]:
    """Measure all layouts, and give the pages by file name."""
    # Imported here, so that --help stays quick.
    from gateway.catalogue import load_catalogue  # noqa: PLC0415
    from gateway.translation import load_countries  # noqa: PLC0415
    from gateway.translation.fidelity_pages import pages  # noqa: PLC0415

    adapters = ROOT / "adapters"
    return pages(load_countries(adapters), load_catalogue(ROOT / "schemas"), adapters, at=PRESENT)


@click.group(epilog="Example: lmx fidelity renew")
def fidelity() -> None:
    """Check or renew the tables of what each pair of countries carries, degrades and loses."""


@fidelity.command(epilog="Example: lmx fidelity check")
@click.pass_context
def check(context: click.Context) -> None:
    """Name tables that no longer equal what the layouts do. Exit 1: some are stale."""
    from gateway.translation.fidelity_pages import stale  # noqa: PLC0415

    found = stale(PAGES, fidelity_pages())
    for name in found:
        click.echo(f"stale: docs/reference/fidelity/{name}; run `lmx fidelity renew`", err=True)
    if not found:
        click.echo("the fidelity tables equal what the layouts do")
    context.exit(1 if found else 0)


@fidelity.command(epilog="Example: lmx fidelity renew")
def renew() -> None:
    """Measure all layouts and write the tables anew."""
    made = fidelity_pages()
    PAGES.mkdir(parents=True, exist_ok=True)
    for file in PAGES.glob("*.md"):
        if file.name not in made:
            file.unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8")
        click.echo(f"written: docs/reference/fidelity/{name}")
