"""Many rows at once, each database in its own fastest way: what is slow is done by neither row by row in Python."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from sqlalchemy import Connection, Select, Table, text

from atlas.store.frames import batches_of, objects, schema_of, to_pandas

BATCH_ROWS: Final = 50_000
"""Rows that are held as Python's own objects at a time."""


def insert(connection: Connection, table: Table, rows: pa.Table) -> None:
    """Write rows.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Within a transaction that writes.
    table : sqlalchemy.Table
        Where to.
    rows : pyarrow.Table
        Columns by name; those that are not named take their default.
    """
    write = _copy if connection.dialect.name == "postgresql" else _executemany
    for start in range(0, rows.num_rows, BATCH_ROWS):
        with without_collecting():
            write(connection, table, rows.slice(start, BATCH_ROWS))


@contextmanager
def without_collecting() -> Iterator[None]:
    """Switch the search for cycles off: millions of rows hold none, and looking there takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _executemany(connection: Connection, table: Table, rows: pa.Table) -> None:
    names = ", ".join(f'"{name}"' for name in rows.column_names)
    # most registers leave a third of the columns empty: what is not bound costs nothing
    blank = [_blank(column) for column in rows.columns]
    marks = ", ".join(said or "?" for said in blank)
    told = (objects(column) for column, said in zip(rows.columns, blank, strict=True) if not said)
    values = list(zip(*told, strict=True))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", values)  # noqa: S608 -- names of ours


def _blank(column: pa.ChunkedArray) -> str:
    """What a column says in SQL that says nothing in any row; empty for all others."""
    if column.null_count == len(column):
        return "NULL"
    is_text = pa.types.is_large_string(column.type) and not column.null_count
    return "''" if is_text and pc.max(pc.binary_length(column)).as_py() == 0 else ""


def _copy(connection: Connection, table: Table, rows: pa.Table) -> None:
    names = ", ".join(f'"{name}"' for name in rows.column_names)
    columns = [_as_hex(column) if _is_bytes(column.type) else column for column in rows.columns]
    buffer = BytesIO()
    # text is always quoted, so that an empty one differs from none
    pacsv.write_csv(pa.table(columns, rows.column_names), buffer, pacsv.WriteOptions(include_header=False))
    driver: Any = connection.connection.cursor()
    with driver as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(buffer.getbuffer())


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def _as_hex(column: pa.ChunkedArray) -> pa.Array:
    return pa.array([None if value is None else f"\\x{value.hex()}" for value in objects(column)], pa.large_string())


def each(connection: Connection, statement: str, numbers: Sequence[int], **given: Any) -> None:
    """Run a statement for each of many numbers, ``{numbers}`` in it standing for them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Within a transaction that writes.
    statement : str
        With a condition such as ``id {numbers}``, and ``:name`` for what is given.
    numbers : sequence of int
        Of rows.
    **given
        What else the statement needs.
    """
    if not len(numbers):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text(statement.format(numbers="= ANY(:numbers)")), given | {"numbers": list(numbers)})
    else:
        bound = text(statement.format(numbers="= :numbers"))
        connection.execute(bound, [given | {"numbers": number} for number in numbers])


def read(connection: Connection, query: Select[Any], kinds: Mapping[str, pa.DataType] | None = None) -> pd.DataFrame:
    """Read the rows of a query as a frame.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Within a transaction.
    query : sqlalchemy.Select
        What to read.
    kinds : mapping of str to pyarrow.DataType, optional
        Of the columns that are not text.
    """
    return to_pandas(read_table(connection, query, kinds or {}))


def read_table(connection: Connection, query: Select[Any], kinds: Mapping[str, pa.DataType]) -> pa.Table:
    """Read the rows of a query as columns of arrow, as `read`."""
    schema = schema_of([column.name for column in query.selected_columns], kinds)
    return pa.Table.from_batches(read_batches(connection, query, kinds), schema=schema)


def read_batches(
    connection: Connection, query: Select[Any], kinds: Mapping[str, pa.DataType]
) -> Iterator[pa.RecordBatch]:
    """Read the rows of a query some at a time, as `read`."""
    names = [column.name for column in query.selected_columns]
    options = {"stream_results": True, "max_row_buffer": BATCH_ROWS} if connection.dialect.name == "postgresql" else {}
    with without_collecting(), connection.execute(query, execution_options=options) as result:
        yield from batches_of(names, result.partitions(BATCH_ROWS), kinds)
