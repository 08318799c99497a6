"""Instants on the command line."""

from datetime import datetime
from typing import Any

import click

from gateway.model.instants import read_instant


class Instant(click.ParamType[datetime]):
    """An instant on the command line: `2027-01-01T00:00:00.000Z`, or a day for its midnight UTC."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read it; fails with how it is written."""
        if isinstance(value, datetime):
            return value
        try:
            return read_instant(value if "T" in value else f"{value}T00:00:00.000Z")
        except ValueError:
            self.fail("write 2027-01-01T00:00:00.000Z, or a day", param, ctx)


INSTANT = Instant()
