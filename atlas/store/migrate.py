"""Brings a database up to the tables that this Atlas knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from atlas.errors import UnavailableError
from atlas.store.database import Database


def migrate(database: Database) -> None:
    """Bring a database up to date, under a lock: of two that start at once, one does it and both go on.

    Raises
    ------
    UnavailableError
        If it cannot be reached, or a newer Atlas has written it, or PostGIS is missing there.
    """
    try:
        with database.reading() as connection:
            if _standing(connection, database) == head():
                return
        with database.writing() as connection:
            _upgrade(connection, _standing(connection, database))
    except SQLAlchemyError as error:
        raise database.unavailable(error) from None


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def head() -> str:
    """The newest revision of the tables that this Atlas knows."""
    return str(_scripts().get_current_head())


def _standing(connection: Connection, database: Database) -> str | None:
    current = _context(connection).get_current_revision()
    known = {script.revision for script in _scripts().walk_revisions()}
    if current is not None and current not in known:
        raise UnavailableError(
            f"the database {database.name} was written by a newer Atlas (its tables are of revision {current}, "
            f"this one knows {head()}): update Atlas"
        )
    return current


def _context(connection: Connection) -> MigrationContext:
    # named, since another store may be in a schema further down the search path
    schema = None
    if connection.dialect.name == "postgresql":
        schema = connection.execute(text("SELECT current_schema()")).scalar()
    return MigrationContext.configure(connection, opts={"version_table_schema": schema})


def _upgrade(connection: Connection, current: str | None) -> None:
    if current == head():
        return
    if connection.dialect.name == "postgresql":
        _need_postgis(connection)
    context = _context(connection)
    steps = list(_scripts().iterate_revisions("head", current or "base"))
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
            context.stamp(_scripts(), step.revision)


def _need_postgis(connection: Connection) -> None:
    try:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except DBAPIError as error:
        raise UnavailableError(
            "the database has no PostGIS and we may not add it: have its administrator run "
            f"CREATE EXTENSION postgis ({str(error.orig).strip().partition(chr(10))[0]})"
        ) from None
