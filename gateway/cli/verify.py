"""`lmx verify`: the offline verifier under the common command."""

from pathlib import Path

import click

from gateway.verifier.main import verify as check


@click.command(epilog="Example: lmx verify exchange.asice --trust trust/")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--trust",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder with pinned roots, directories and policy.txt.",
)
@click.option("--expect-x", default="", help="The exchange id that must be proved.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for programs.")
@click.pass_context
def verify(
    context: click.Context, file: Path, trust: Path, expect_x: str, *, as_json: bool
) -> None:
    """Check an evidence bundle offline.

    Exit 0 proved, 1 false, 2 not provable, 3 unreadable, 4 usage or trust folder.
    """
    context.exit(check(file, trust, expect_x, as_json=as_json))
