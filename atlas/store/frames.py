"""Frames on their way into the database: whole columns at a time, text made safe, content told by a hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.assets import NUMBER_COLUMNS
from atlas.geo.estate.cleaning.cells import bytes_of
from atlas.store.schema import CONTENT_TEXTS

HASH_BYTES: Final = 16
PARTED_BY: Final = "\x1f"
"""Unit separator: between values that travel as one; `texts` leaves none in them, nor NUL, which PostgreSQL refuses."""

_UNSAFE: Final = "[\\x00\\x1f]"
_INSTEAD: Final = "\N{REPLACEMENT CHARACTER}"


def texts(values: pd.Series) -> pa.Array:
    """A column of text as both databases can hold it: empty where there is none, no NUL, separator or lone surrogate.

    Examples
    --------
    >>> texts(pd.Series(["a", None, "b" + chr(0)])).to_pylist()
    ['a', '', 'b�']
    """
    try:
        column = pa.array(values, pa.large_string(), from_pandas=True)
    except UnicodeEncodeError:
        mended = [str(value).encode(errors="replace").decode() if isinstance(value, str) else value for value in values]
        column = pa.array(mended, pa.large_string(), from_pandas=True)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if column.null_count:
        column = pc.fill_null(column, "")
    letters = bytes_of(column)
    if any(bool((letters == ord(unsafe)).any()) for unsafe in ("\0", PARTED_BY)):
        column = pc.replace_substring_regex(column, _UNSAFE, _INSTEAD)
    return column


def numbers(values: pd.Series) -> pa.Array:
    """A column of floats, null where nothing is known."""
    return pa.array(values.to_numpy(np.float64, na_value=np.nan), pa.float64(), from_pandas=True)


def rows_of(values: pd.Series) -> pa.Array:
    """A column of row numbers; 0 where there is none, which is the whole file."""
    return pa.array(pd.to_numeric(values).fillna(0).to_numpy(np.int64))


def outlines(values: pd.Series) -> pa.Array:
    """A column of WKB, null where there is none."""
    return pa.array(values.to_numpy(object), pa.large_binary(), from_pandas=True)


def content_table(assets: pd.DataFrame) -> pa.Table:
    """What assets are, as columns for the database: asset, hash, and `CONTENT_COLUMNS`."""
    columns = {name: texts(assets[name]) for name in CONTENT_TEXTS}
    columns["is_sensitive"] = pa.array(assets["is_sensitive"].to_numpy(np.bool_))
    columns |= {name: numbers(assets[name]) for name in NUMBER_COLUMNS}
    columns["wkb"] = outlines(assets["wkb"])
    said = {"asset": texts(assets.index.to_series()), "content_hash": content_hash(columns)}
    return pa.table(said | columns)


def content_hash(columns: dict[str, pa.Array]) -> pa.Array:
    """Sixteen bytes for each asset that change with anything it says.

    They follow from the values alone, not from versions of libraries: they are compared years later.
    """
    said = pc.binary_join_element_wise(*(columns[name] for name in CONTENT_TEXTS), _separator())
    block = np.column_stack([_measured(columns[name]) for name in NUMBER_COLUMNS])
    flags = np.asarray(columns["is_sensitive"]).astype("<f8")
    measured = np.ascontiguousarray(np.column_stack([block, flags]), dtype="<f8")
    width = pa.binary(measured.itemsize * measured.shape[1])
    measures = pa.Array.from_buffers(width, len(measured), [None, pa.py_buffer(measured)])
    parts = [said, measures, columns["wkb"].fill_null(b""), pa.scalar(b"", pa.large_binary())]
    whole = pc.binary_join_element_wise(*(part.cast(pa.large_binary()) for part in parts))
    digests = [blake2b(one, digest_size=HASH_BYTES).digest() for one in objects(whole)]
    return pa.array(digests, pa.binary(HASH_BYTES))


def _separator() -> pa.Scalar:
    return pa.scalar(PARTED_BY, pa.large_string())


def parted(values: pa.Array | pa.ChunkedArray, names: Sequence[str]) -> pa.Table:
    """Columns of values that travelled as one text.

    Examples
    --------
    >>> parted(pa.array(["a" + PARTED_BY, "b" + PARTED_BY + "c"]), ("x", "y")).to_pydict()
    {'x': ['a', 'b'], 'y': ['', 'c']}
    """
    lists = pc.split_pattern(values, PARTED_BY)
    return pa.table([pc.list_element(lists, at) for at in range(len(names))], list(names))


def objects(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """Values as Python's own; a missing number is NaN, which SQLite takes for NULL."""
    return list(
        column.to_numpy(zero_copy_only=False).tolist() if isinstance(column, pa.Array) else column.to_numpy().tolist()
    )


def _measured(column: pa.Array) -> NDArray[np.float64]:
    values = column.to_numpy(zero_copy_only=False)
    # one NaN and one zero, however they were written
    return np.where(np.isnan(values), np.nan, values) + 0.0


def batches_of(
    names: Sequence[str], rows: Iterable[Sequence[Sequence[Any]]], kinds: Mapping[str, pa.DataType]
) -> Iterator[pa.RecordBatch]:
    """Columns from rows as a database gives them, some rows at a time so that little is held twice.

    Parameters
    ----------
    names : sequence of str
        Columns, in the order of the rows.
    rows : iterable of sequence of rows
        Some rows at a time.
    kinds : mapping of str to pyarrow.DataType
        Of columns that are not text.
    """
    schema = schema_of(names, kinds)
    for some in rows:
        if len(some):
            columns = zip(zip(*some, strict=True), schema.types, strict=True)
            yield pa.record_batch([pa.array(values, kind) for values, kind in columns], schema=schema)


def schema_of(names: Sequence[str], kinds: Mapping[str, pa.DataType]) -> pa.Schema:
    """Columns that are text unless they are said to be something else."""
    return pa.schema([(name, kinds.get(name, pa.large_string())) for name in names])


def sort_columns(columns: dict[str, pa.ChunkedArray], by: str) -> None:
    """Sort columns by one of them, in place and one at a time: a million assets are never held twice.

    Examples
    --------
    >>> columns = {"x": pa.chunked_array([["b"], ["a"]]), "y": pa.chunked_array([[1], [2]])}
    >>> sort_columns(columns, "x")
    >>> columns["y"].to_pylist()
    [2, 1]
    """
    order = pc.sort_indices(columns[by])
    for name, column in columns.items():
        columns[name] = pa.chunked_array([column.combine_chunks().take(order)])


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """A frame from columns of arrow: text as pandas' own, bytes as objects."""
    frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True, types_mapper=_pandas_type)
    return frame


def _pandas_type(kind: pa.DataType) -> Any:
    return pd.StringDtype("pyarrow", na_value=np.nan) if pa.types.is_large_string(kind) else None
