"""The store: everything that users add goes in here, and comes out here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Self

import pandas as pd
from sqlalchemy import select

from atlas.geo.estate.imports import (
    AuditEntry,
    Imported,
    ImportRecord,
    RegisterInfo,
    Report,
    SourceFile,
    columns_as_text,
)
from atlas.geo.estate.model import ColumnMatch
from atlas.store import changes, decisions, reads
from atlas.store.database import WAIT_S, Database
from atlas.store.differences import read_differences, read_names
from atlas.store.migrate import migrate
from atlas.store.schema import state
from atlas.store.writer import ImportWriter
from atlas.vocabulary.estate import Decision, Visibility


def open_store(url: str, *, wait_s: float = WAIT_S) -> Store:
    """Open a database and bring it up to date, making it where there is none.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` of a file (its folder is made), or ``postgresql://user:password@host:port/name`` of a
        PostgreSQL with PostGIS.
    wait_s : float
        Seconds that a change waits for another one to end.

    Returns
    -------
    Store
        To be closed when done with; threads may share it.

    Raises
    ------
    UnavailableError
        If that is no such address, nothing answers there, or a newer Atlas has written it. No password is shown.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/atlas.db") as store:
    ...     len(store.assets()), store.revision().endswith("-0")
    (0, True)
    """
    database = Database(url, wait_s)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


class Store:
    """A database of what users add; made by `open_store`.

    Each question sees one state of it, whatever is written meanwhile, and never waits. Each change is written whole
    or not at all, waits for the one before it, is in the audit trail, and moves the revision.

    Parameters
    ----------
    database : Database
        Brought up to date.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()

    def revision(self) -> str:
        """Eight digits of this store's own, and how often it has changed: ``1f0c9a3e-12``."""
        with self._database.reading() as connection:
            store, revision = connection.execute(select(state.c.store, state.c.revision)).one()
        return f"{store[:8]}-{revision}"

    def registers(self) -> pd.DataFrame:
        """Registers that stand: `REGISTER_COLUMNS`, indexed by id."""
        with self._database.reading() as connection:
            return reads.read_registers(connection)

    def assets(self) -> pd.DataFrame:
        """Assets that stand: `ASSET_COLUMNS`, indexed by id, sorted; `row` and `outcome` are those of the last file."""
        with self._database.reading() as connection:
            return reads.read_assets(connection)

    def compared(self, without: str = "") -> Iterator[pd.DataFrame]:
        """What matching reads of the assets that stand, but those of a register: some at a time, `COMPARED`, by id."""
        with self._database.reading() as connection:
            yield from reads.read_compared(connection, without)

    def matches(self) -> pd.DataFrame:
        """Pairs of assets that both stand: `MATCH_COLUMNS`, sorted."""
        with self._database.reading() as connection:
            return reads.read_matches(connection)

    def doubts(self) -> pd.DataFrame:
        """Doubts and repairs of the assets that stand, from the last files: `asset` and `FINDING_COLUMNS`."""
        with self._database.reading() as connection:
            return reads.read_doubts(connection)

    def imports(self, register: str | None = None) -> list[ImportRecord]:
        """Imports, the newest first; of one register if named."""
        with self._database.reading() as connection:
            return reads.read_imports(connection, register)

    def record(self, import_id: int) -> ImportRecord:
        """What an import was, and its counts.

        Raises
        ------
        NotFoundError
            If there is no such import.
        """
        with self._database.reading() as connection:
            return reads.read_record(connection, import_id)[0]

    def report(self, import_id: int) -> Report:
        """All that is to be said of an import.

        Raises
        ------
        NotFoundError
            If there is no such import.
        """
        with self._database.reading() as connection:
            return reads.read_report(connection, import_id)

    def report_of(self, done: Imported) -> Report:
        """All that is to be said of an import that has just ended, and what failed once it was in."""
        return replace(self.report(done.record.id), troubles=done.troubles)

    def differences(self, import_id: int, assets: Collection[str] | None = None) -> pd.DataFrame:
        """What an import changed in the assets that stood before it: `DIFFERENCE_COLUMNS`; of some assets if named.

        Nothing for an import that is undone: what it said is not kept then.
        """
        with self._database.reading() as connection:
            return read_differences(connection, import_id, assets)

    def names(self, assets: Collection[str]) -> pd.DataFrame:
        """What assets are called, of those that stand: `name`, else their street, and `is_sensitive`, by id."""
        with self._database.reading() as connection:
            return read_names(connection, assets)

    def with_differences(self, report: Report) -> Report:
        """The report of an import, and all that it changed, field by field."""
        return replace(report, differences=self.differences(report.record.id))

    def audit(self, limit: int = 100, register: str | None = None) -> list[AuditEntry]:
        """Latest changes, the newest first; of one register if named."""
        with self._database.reading() as connection:
            return changes.read_audit(connection, limit, register)

    @contextmanager
    def importing(
        self, register: RegisterInfo, source: SourceFile, columns: Sequence[ColumnMatch], who: str, at: str
    ) -> Iterator[ImportWriter]:
        """Take in a register: everything that is written within is kept at its end, or nothing after any exception.

        Parameters
        ----------
        register : RegisterInfo
            Which; one that stands is replaced: what is not in the new file is gone.
        source : SourceFile
            What it came in.
        columns : sequence of ColumnMatch
            What each column was taken for.
        who : str
            For the audit trail.
        at : str
            ISO moment.

        Yields
        ------
        ImportWriter
            Its `record` is there once the import is kept.

        Raises
        ------
        QueryError
            If the register is another partner's.
        UnavailableError
            If another change is being written for longer than the store waits.
        """
        with self._database.writing() as connection:
            number = changes.begin_import(connection, register, source, columns_as_text(tuple(columns)), who, at)
            writer = ImportWriter(connection, number, register.id, source.file)
            yield writer
            writer.finish()
            changes.end_import(connection, number)
        writer.record = self.record(number)

    def undo(self, import_id: int, who: str) -> ImportRecord:
        """Take the latest import of a register back: what stood before stands again.

        Raises
        ------
        NotFoundError
            If there is no such import.
        QueryError
            If it is undone already, or a later one must be undone first.
        """
        with self._database.writing() as connection:
            return changes.undo(connection, import_id, who)

    def remembered(self, partner: str) -> dict[str, str | None]:
        """Fields that a partner's columns were said to hold, by header in lower case; None for no field."""
        with self._database.reading() as connection:
            return changes.remembered(connection, partner)

    def remember(self, partner: str, mapping: Mapping[str, str | None], who: str) -> None:
        """Remember which fields a partner's columns hold, by header."""
        with self._database.writing() as connection:
            changes.remember(connection, partner, mapping, who)

    def propose(self, matches: pd.DataFrame, who: str, about: Collection[str] = ()) -> None:
        """Keep proposals; a pair is kept once, and what was decided of it stays.

        Parameters
        ----------
        matches : pandas.DataFrame
            `left`, `right` (in any order), `rule`, `score`, `reasons`.
        who : str
            For the audit trail.
        about : collection of str
            Ids of the registers that were looked at whole: undecided pairs of theirs that are not found any more go.
        """
        with self._database.writing() as connection:
            decisions.propose(connection, matches, who, about)

    def decide(self, pairs: Sequence[tuple[str, str]], decision: Decision, who: str, why: str = "") -> str:
        """Accept or reject proposed pairs, or open them again.

        Returns
        -------
        str
            The moment, ISO, no other decision's: `take_back` takes it. Empty where nothing changed.

        Raises
        ------
        NotFoundError
            If a pair was never proposed; nothing is decided then.
        """
        with self._database.writing() as connection:
            return decisions.decide(connection, pairs, decision, who, why)

    def take_back(self, moment: str, who: str, why: str = "") -> int:
        """Open again all pairs that somebody decided at one moment, but those that were decided anew since.

        Returns
        -------
        int
            How many there were.
        """
        with self._database.writing() as connection:
            return decisions.take_back(connection, moment, who, why)

    def set_visibility(self, target: str, visibility: Visibility | None, who: str) -> None:
        """Set who may see an asset or, where its rows do not say otherwise, a register; None takes it back.

        It outlives later imports. A row that says otherwise keeps its word where that guards it more.

        Raises
        ------
        NotFoundError
            If neither a register nor an asset that stands bears the id.
        QueryError
            If the asset is sensitive, and others than its owner would see it.
        """
        with self._database.writing() as connection:
            changes.set_visibility(connection, target, visibility, who)
