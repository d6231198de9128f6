"""Brings a database up to the tables that this Atlas knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from atlas.errors import UnavailableError
from atlas.store.database import Database

_STEPS: Final = Path(__file__).parent / "migrations"
_VERSION: Final = Table("alembic_version", MetaData(), Column("version_num", String))
"""Where alembic keeps which revision a database is of."""


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
def _known() -> tuple[str, ...]:
    """Revisions that this Atlas knows, the newest last: a step's file is named after what it leads to."""
    return tuple(sorted(path.name[1:].partition("_")[0] for path in (_STEPS / "versions").glob("v*.py")))


def head() -> str:
    """The newest revision of the tables that this Atlas knows."""
    return _known()[-1]


def _standing(connection: Connection, database: Database) -> str | None:
    # named, since another store may be in a schema further down the search path
    schema = _schema(connection)
    if not inspect(connection).has_table(_VERSION.name, schema=schema):
        return None
    version = select(_VERSION.c.version_num).execution_options(schema_translate_map={None: schema})
    current = connection.execute(version).scalar()
    if current is not None and current not in _known():
        raise UnavailableError(
            f"the database {database.name} was written by a newer Atlas (its tables are of revision {current}, "
            f"this one knows {head()}): update Atlas"
        )
    return current


def _schema(connection: Connection) -> str | None:
    if connection.dialect.name != "postgresql":
        return None
    return str(connection.execute(text("SELECT current_schema()")).scalar())


def _upgrade(connection: Connection, current: str | None) -> None:
    if current == head():
        return
    # slow to import, and most databases are up to date
    from alembic.operations import Operations  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        _need_postgis(connection)
    scripts = ScriptDirectory(str(_STEPS))
    context = MigrationContext.configure(connection, opts={"version_table_schema": _schema(connection)})
    steps = list(scripts.iterate_revisions("head", current or "base"))
    with Operations.context(context):
        for step in reversed(steps):
            step.module.upgrade()
            context.stamp(scripts, step.revision)


def _need_postgis(connection: Connection) -> None:
    try:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except DBAPIError as error:
        raise UnavailableError(
            "the database has no PostGIS and we may not add it: have its administrator run "
            f"CREATE EXTENSION postgis ({str(error.orig).strip().partition(chr(10))[0]})"
        ) from None
