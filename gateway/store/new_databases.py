"""New databases on a PostgreSQL server, for gateways that are made from nothing.

A name that exists is used only while it is empty: nothing that somebody keeps is ever touched.
"""

from collections.abc import Sequence

from sqlalchemy import URL, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from gateway.store.turns import StoreError

# PostgreSQL keeps this one for administration (chapter 23.3).
_ANY = "postgres"
_MARK = "{state}"
_DRIVER = "postgresql+psycopg"
_THERE = text("SELECT count(*) FROM pg_database WHERE datname = :name")


def new_databases(template: str, names: Sequence[str]) -> dict[str, str]:
    """Make a database for each name in the place of `{state}`; gives URLs without a password.

    StoreError when the template or the server cannot be used, or a database holds something.
    """
    return {one: _new(_url(template, one)) for one in names}


def password_of(template: str) -> str | None:
    """Give the password that stands in a template."""
    return _url(template, "any").password


def _url(template: str, name: str) -> URL:
    try:
        url = make_url(template.replace(_MARK, name))
    except ArgumentError:
        raise StoreError("--database: this is no database URL") from None
    if url.drivername != _DRIVER or _MARK not in (make_url(template).database or ""):
        raise StoreError(f"--database: write {_DRIVER}://ROLE@HOST/lmx_{_MARK}")
    return url


def _new(url: URL) -> str:
    name = str(url.database)
    try:
        _make(url, name)
        engine = create_engine(url)
        tables = inspect(engine).get_table_names()
        engine.dispose()
    except SQLAlchemyError as error:
        raise StoreError(f"database {name} cannot be made: {error.__cause__ or error}") from None
    if tables:
        raise StoreError(f"database {name} is not empty: drop it, or name others")
    return url.set(password=None).render_as_string()


def _make(url: URL, name: str) -> None:
    engine = create_engine(url.set(database=_ANY), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.execute(_THERE, {"name": name}).scalar_one():
            quoted = connection.dialect.identifier_preparer.quote(name)
            connection.exec_driver_sql(f"CREATE DATABASE {quoted}")
    engine.dispose()
