"""Writes one import: compares what comes with what stands, and keeps every row's fate."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, select, text, update
from sqlalchemy.exc import IntegrityError

from atlas.errors import DataError, Fault
from atlas.geo.estate.imports import ImportRecord
from atlas.geo.estate.model import FINDING_COLUMNS, SET_ASIDE_COLUMNS, Cleaned
from atlas.store import bulk
from atlas.store.frames import HASH_BYTES, content_table, rows_of, texts
from atlas.store.schema import COUNTS, asset_versions, findings, import_rows, imports, set_aside, state
from atlas.vocabulary.estate import Change, FindingKind, Outcome, PlacedBy

_HASH: Final = f"S{HASH_BYTES}"
_ABSENT: Final = -1
_UNIQUE_VIOLATION: Final = "23505"


@dataclass(eq=False)
class _Standing:
    """What stands of a register before an import: little more than an id and a hash for each asset."""

    assets: pd.Index
    versions: NDArray[np.int64]
    hashes: NDArray[np.bytes_]
    is_seen: NDArray[np.bool_]

    @classmethod
    def of(cls, connection: Connection, register: str) -> _Standing:
        table = asset_versions.c
        query = select(table.asset, table.id, table.content_hash)
        query = query.where(and_(table.register == register, table.closed_by.is_(None)))
        found = bulk.read(connection, query, {"id": pa.int64(), "content_hash": pa.binary(HASH_BYTES)})
        hashes = found["content_hash"].to_numpy(object).astype(_HASH)
        return cls(pd.Index(found["asset"]), found["id"].to_numpy(np.int64), hashes, np.zeros(len(found), np.bool_))


@dataclass(eq=False)
class ImportWriter:
    """Takes the chunks of a register, one after another; made by `Store.importing`.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Within the one transaction of the import.
    id : int
        Number of the import.
    register : str
        Id of the register.
    file : str
        Name of the file, for faults.
    record : ImportRecord
        What the import was, and its counts; there once it is kept.
    """

    connection: Connection
    id: int
    register: str
    file: str
    record: ImportRecord = field(init=False)
    _counts: Counter[str] = field(default_factory=Counter)
    _notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._standing = _Standing.of(self.connection, self.register)
        self._first = self._last = self.connection.execute(select(state.c.last_version)).scalar_one()

    def write(self, cleaned: Cleaned) -> None:
        """Keep a chunk.

        Raises
        ------
        DataError
            If two rows, or a row of another register, bear the same id; nothing of the import is kept then.
        """
        for start in range(0, max(1, len(cleaned.assets)), bulk.BATCH_ROWS):
            self._write_assets(cleaned.assets.iloc[start : start + bulk.BATCH_ROWS])
        self._write_set_aside(cleaned.set_aside)
        self.doubt(cleaned.findings)

    def doubt(self, found: pd.DataFrame) -> None:
        """Keep findings, also those that only the whole register shows."""
        if not len(found):
            return
        columns = {name: texts(found[name]) for name in FINDING_COLUMNS if name != "row"}
        rows = pa.table({"import": _all(self.id, len(found)), "row": rows_of(found["row"])} | columns)
        bulk.insert(self.connection, findings, rows)
        self._counts["doubts"] += int((found["kind"] == FindingKind.DOUBT).sum())

    def note(self, said: str) -> None:
        """Add to what is said of how the file was read, what only the whole of it shows."""
        self._notes.append(said)

    def _write_set_aside(self, found: pd.DataFrame) -> None:
        if not len(found):
            return
        columns = {name: texts(found[name]) for name in SET_ASIDE_COLUMNS if name != "row"}
        rows = pa.table({"import": _all(self.id, len(found)), "row": rows_of(found["row"])} | columns)
        bulk.insert(self.connection, set_aside, rows)
        self._counts.update(rows=len(found), set_aside=len(found))

    def _write_assets(self, assets: pd.DataFrame) -> None:
        if not len(assets):
            return
        self._refuse_other_register(assets)
        content = content_table(assets)
        at = self._standing.assets.get_indexer(assets.index)
        stood = at != _ABSENT
        self._refuse_repeats(assets, at)
        self._standing.is_seen[at[stood]] = True
        hashes = np.array(content["content_hash"].to_pylist(), dtype=_HASH)
        is_same = stood.copy()
        is_same[stood] = self._standing.hashes[at[stood]] == hashes[stood]
        version = np.zeros(len(assets), dtype=np.int64)
        version[stood] = self._standing.versions[at[stood]]
        self._close(version[stood & ~is_same])
        is_new = ~is_same
        version[is_new] = self._last + 1 + np.arange(is_new.sum())
        self._last += int(is_new.sum())
        self._open(content, version, is_new, assets)
        change = np.where(is_same, "", np.where(stood, Change.CHANGED.value, Change.ADDED.value))
        self._keep_rows(assets, content, version, change)
        self._count(assets, change)

    def _refuse_other_register(self, assets: pd.DataFrame) -> None:
        if (assets["register"] != self.register).any():
            raise ValueError(f"assets of other registers than {self.register} are among those of its import")

    def _refuse_repeats(self, assets: pd.DataFrame, at: NDArray[np.intp]) -> None:
        is_repeat = np.asarray(assets.index.duplicated())
        is_repeat[at != _ABSENT] |= self._standing.is_seen[at[at != _ABSENT]]
        if is_repeat.any():
            raise self._clash(assets.iloc[np.flatnonzero(is_repeat)])

    def _clash(self, assets: pd.DataFrame) -> DataError:
        rows = zip(assets.index.tolist()[:20], assets["row"].tolist()[:20], strict=True)
        expected = "an id of its own for each asset, which no other row and no other register has"
        faults = [Fault(self.file, "the id is taken", expected, row=int(row), value=asset) for asset, row in rows]
        return DataError(f"cannot import {self.file} into {self.register}", faults)

    def _close(self, versions: NDArray[np.int64]) -> None:
        statement = "UPDATE asset_versions SET closed_by = :import WHERE id {numbers}"
        bulk.each(self.connection, statement, versions.tolist(), **{"import": self.id})

    def _open(
        self, content: pa.Table, version: NDArray[np.int64], is_new: NDArray[np.bool_], assets: pd.DataFrame
    ) -> None:
        opened = content.append_column("id", pa.array(version)).append_column("opened_by", _all(self.id, len(version)))
        try:
            bulk.insert(self.connection, asset_versions, opened.filter(pa.array(is_new)))
        except Exception as error:
            if not _is_taken(error):
                raise
            # the standing ones of this register were looked at: another's is left, or an earlier chunk's
            raise self._clash(assets.iloc[np.flatnonzero(is_new)[:1]]) from None

    def _keep_rows(
        self, assets: pd.DataFrame, content: pa.Table, version: NDArray[np.int64], change: NDArray[np.str_]
    ) -> None:
        rows = pa.table(
            {
                "import": _all(self.id, len(assets)),
                "row": rows_of(assets["row"]),
                "version": pa.array(version),
                "asset": content["asset"],
                "outcome": texts(assets["outcome"]),
                "change": pa.array(change, pa.large_string()),
            }
        )
        bulk.insert(self.connection, import_rows, rows)

    def _count(self, assets: pd.DataFrame, change: NDArray[np.str_]) -> None:
        is_new = change != ""
        is_repaired = (assets["outcome"] == Outcome.REPAIRED).to_numpy(bool)
        self._counts.update(
            rows=len(assets),
            accepted=int((is_new & ~is_repaired).sum()),
            repaired=int((is_new & is_repaired).sum()),
            unchanged=int((~is_new).sum()),
            added=int((change == Change.ADDED).sum()),
            changed=int((change == Change.CHANGED).sum()),
            on_map=int((assets["placed_by"] != PlacedBy.NOWHERE).sum()),
        )

    def finish(self) -> None:
        """Close what is not in the file, and write the counts."""
        gone = self._standing.versions[~self._standing.is_seen]
        statement = (
            "INSERT INTO gone_assets (import, asset, name) "
            "SELECT CAST(:import AS INTEGER), asset, name FROM asset_versions WHERE id {numbers}"
        )
        bulk.each(self.connection, statement, gone.tolist(), **{"import": self.id})
        self._close(gone)
        self._counts["gone"] = len(gone)
        mine = imports.c.id == self.id
        counts = {name: self._counts[name] for name in COUNTS}
        notes = json.loads(self.connection.execute(select(imports.c.notes).where(mine)).scalar_one())
        said = json.dumps([*notes, *self._notes], ensure_ascii=False)
        self.connection.execute(update(imports).where(mine).values({**counts, "notes": said}))
        self.connection.execute(update(state).values(last_version=self._last))
        if self.connection.dialect.name == "postgresql" and self._last - self._first >= bulk.BATCH_ROWS:
            # without it the map's first question would be planned as if the table were empty
            self.connection.execute(text("ANALYZE asset_versions"))


def _is_taken(error: Exception) -> bool:
    """Whether a key is another row's; what PostgreSQL's COPY says of that comes from its driver alone."""
    return isinstance(error, IntegrityError) or getattr(error, "sqlstate", None) == _UNIQUE_VIOLATION


def _all(value: int, times: int) -> pa.Array:
    return pa.array(np.full(times, value, dtype=np.int64))
