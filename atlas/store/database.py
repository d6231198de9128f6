"""One address, one engine: how a database is opened, read and written, and what is said when that fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from atlas.errors import UnavailableError

WAIT_S: Final = 60.0
"""How long a change waits for another one to end."""

_CONNECT_S: Final = 10
_LOCK: Final = 715_402
"""First half of the key of our locks in PostgreSQL; the second is the schema."""

_POSTGRESQL: Final = {"postgresql", "postgres", "postgresql+psycopg"}
_SQLITE: Final = {"sqlite", "sqlite+pysqlite"}


class Database:
    """A database at an address.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.
    wait_s : float
        Seconds that a change waits for another one to end.

    Raises
    ------
    UnavailableError
        If that is no address of a database, or nothing answers there. No message shows a password.
    """

    def __init__(self, url: str, wait_s: float = WAIT_S) -> None:
        self.url = _parsed(url)
        self.wait_s = wait_s
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url, wait_s) if self.is_sqlite else _postgresql(self.url)

    @property
    def name(self) -> str:
        """The file, or the address without password and options."""
        if self.is_sqlite:
            return str(self.url.database)
        shown = URL.create(self.url.get_backend_name(), self.url.username, None, self.url.host, self.url.port)
        return shown.set(database=self.url.database).render_as_string()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database, whatever others write meanwhile, and never waits."""
        options: dict[str, Any] = {}
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._told(), self.engine.connect() as connection:
            yield connection.execution_options(**options)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that nobody else writes beside: all of it is kept, or after any exception nothing.

        Raises
        ------
        UnavailableError
            If another change is still being written after `wait_s` seconds.
        """
        with self._told(), self.engine.connect() as connection:
            connection = connection.execution_options(atlas_writes=True)  # noqa: PLW2901 -- the same one
            transaction = self._begun(connection)
            with transaction:
                yield connection

    def _begun(self, connection: Connection) -> Any:
        try:
            transaction = connection.begin()
            if not self.is_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = {max(1, round(self.wait_s * 1000))}"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK}, hashtext(current_schema()))"))
                connection.execute(text("SET LOCAL lock_timeout = 0"))
        except DBAPIError as error:
            if not _is_locked(error):
                raise
            waited = f"waited {self.wait_s:g} s"
            raise UnavailableError(f"another import is being written ({waited}): try again when it is done") from None
        return transaction

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if not _is_outage(error):
                raise
            raise self.unavailable(error) from None

    def unavailable(self, error: Exception) -> UnavailableError:
        """What is said when the database cannot be used; never its password."""
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        for secret in {str(self.url.password or ""), str(self.url.query.get("password", ""))} - {""}:
            reason = reason.replace(secret, "…")
        return UnavailableError(f"the database {self.name} cannot be used: {reason}; check ATLAS_DATABASE_URL")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError):
        expected = "sqlite:///path or postgresql://user:password@host/name"
        raise UnavailableError(f"ATLAS_DATABASE_URL is no address of a database: give {expected}") from None
    if parsed.drivername in _POSTGRESQL:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in _SQLITE:
        raise UnavailableError(f"Atlas keeps its data in SQLite or PostgreSQL, not in {parsed.drivername}")
    if not parsed.database or parsed.database == ":memory:":
        raise UnavailableError("a SQLite database needs a file: give sqlite:///path")
    return parsed


def _sqlite(url: URL, wait_s: float) -> Engine:
    path = Path(str(url.database))
    if not str(path).startswith("file:"):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnavailableError(f"the folder of the database {path} cannot be made: {reason}") from None
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # transactions are begun by us: sqlite3's own way would begin none before a SELECT
        connection.isolation_level = None
        with closing(connection.cursor()) as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {max(1, round(wait_s * 1000))}")
            _use_wal(cursor, wait_s)
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA cache_size = -65536")
            cursor.execute("PRAGMA journal_size_limit = 67108864")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("atlas_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_wal(cursor: Any, wait_s: float) -> None:
    """Switch to the write-ahead log; SQLite does not wait by itself where another process is just doing so."""
    until = time.monotonic() + wait_s
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _postgresql(url: URL) -> Engine:
    timeout = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_S}
    return create_engine(url, pool_pre_ping=True, connect_args=timeout)


def _is_locked(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state == "55P03" or "database is locked" in str(error.orig)


def _is_outage(error: DBAPIError) -> bool:
    """Whether the database itself fails, and not what was asked of it."""
    kind = type(error.orig).__name__
    return error.connection_invalidated or kind in {"OperationalError", "ConnectionTimeout"} or _is_no_database(error)


def _is_no_database(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "DatabaseError" or getattr(error.orig, "sqlstate", None) in {"28P01", "3D000"}
