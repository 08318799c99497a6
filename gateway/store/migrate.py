"""Bring a database to the newest numbered step (Alembic)."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
_CURRENT = text("SELECT version_num FROM alembic_version")


def migrate(connection: Connection) -> None:
    """Run the steps that are missing, inside the caller's transaction."""
    # Alembic takes a third of a second to import: a start with nothing to do goes without it.
    if _at_newest(connection):
        return
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def newest() -> str:
    """Give the number of the newest step, by the names of the files."""
    return max(file.name.split("_")[1] for file in (MIGRATIONS / "versions").glob("step_*.py"))


def _at_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.execute(_CURRENT).scalars()) == [newest()]
