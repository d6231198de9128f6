"""Positions of properties by UPRN, from a file in the layout of OS Open UPRN."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from atlas.errors import DataError, Fault, UnavailableError

COLUMNS: Final = ("UPRN", "X_COORDINATE", "Y_COORDINATE")
"""Columns that are read, in any order and case; others, such as latitude and longitude, are passed over."""

_BLOCK_BYTES: Final = 1 << 24
_DIGITS: Final = 18
_PARQUET: Final = b"PAR1"
_ZIP: Final = b"PK\x03\x04"
_GZIP: Final = b"\x1f\x8b"
_EXPECTED: Final = "OS Open UPRN's columns UPRN, X_COORDINATE and Y_COORDINATE"


def read_uprns(path: Path, wanted: Iterable[str]) -> pd.DataFrame:
    """Look up where properties are.

    The file is read in blocks and only the wanted rows are kept, so that the whole of Great Britain, some 40 million
    rows, takes no more memory than a borough.

    Parameters
    ----------
    path : Path
        OS Open UPRN as CSV, also zipped or compressed by gzip, or the same columns as Parquet; coordinates EPSG:27700.
    wanted : iterable of str
        UPRNs, leading zeros or none; what is no number is passed over.

    Returns
    -------
    pandas.DataFrame
        Indexed by UPRN as text without leading zeros (index name ``uprn``), sorted: `easting_m`, `northing_m`. UPRNs
        that the file does not have are left out.

    Raises
    ------
    DataError
        If the file is damaged or its columns are others.
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    numbers = sorted(
        {int(text) for text in map(str.strip, wanted) if text.isascii() and text.isdigit() and len(text) <= 18}
    )
    if not numbers:
        return _frame([])
    sought = np.array(numbers, dtype=np.int64)
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise UnavailableError(f"cannot open {path}: {error.strerror or error}") from None
    try:
        found = [_those(sought, batch) for batch in _batches(path, head)]
    except (pa.ArrowInvalid, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        line = (str(error).splitlines() or ["damaged"])[0][:120]
        raise _unusable(path, f"the file cannot be read ({line})") from None
    return _frame([table for table in found if table.num_rows])


def _those(sought: NDArray[np.int64], batch: pa.RecordBatch) -> pa.Table:
    """The rows of a block whose UPRN is sought; `sought` is sorted and not empty."""
    uprns = batch.column(0).to_numpy(zero_copy_only=False)
    near = np.minimum(np.searchsorted(sought, uprns), len(sought) - 1)
    return pa.Table.from_batches([batch.filter(pa.array(sought[near] == uprns))])


def _frame(found: list[pa.Table]) -> pd.DataFrame:
    if not found:
        empty = pd.Index([], name="uprn", dtype="str")
        return pd.DataFrame({"easting_m": np.empty(0), "northing_m": np.empty(0)}, index=empty)
    table = pa.concat_tables(found)
    uprns = table.column(0).to_numpy()
    first = np.unique(uprns, return_index=True)[1]
    texts = pd.Index(uprns[first].astype(str), name="uprn", dtype="str")
    columns = {name: table.column(place).to_numpy()[first] for place, name in enumerate(("easting_m", "northing_m"), 1)}
    return pd.DataFrame(columns, index=texts).sort_index()


def _batches(path: Path, head: bytes) -> Iterator[pa.RecordBatch]:
    """Blocks of three columns: UPRN, easting, northing."""
    if head == _PARQUET:
        yield from _of_parquet(path)
        return
    with _plain(path, head) as source:
        names = _names_of(source.read(_BLOCK_BYTES).split(b"\n", 1)[0], path)
    with _plain(path, head) as source:
        types = dict(zip(names, (pa.int64(), pa.float64(), pa.float64()), strict=True))
        convert = pacsv.ConvertOptions(column_types=types, include_columns=names)
        yield from pacsv.open_csv(source, pacsv.ReadOptions(block_size=_BLOCK_BYTES), convert_options=convert)


def _of_parquet(path: Path) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        names = _chosen(file.schema_arrow.names, path)
        for batch in file.iter_batches(batch_size=1 << 17, columns=names):
            types = (pa.int64(), pa.float64(), pa.float64())
            arrays = [pc.cast(batch.column(name), kind) for name, kind in zip(names, types, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, names=names)


@contextmanager
def _plain(path: Path, head: bytes) -> Iterator[IO[bytes] | pa.NativeFile]:
    """The file's text as it comes, unpacked."""
    if head == _ZIP:
        with zipfile.ZipFile(path) as archive:
            tables = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(tables) != 1:
                raise _unusable(path, f"{len(tables)} CSV files in the archive")
            with archive.open(tables[0]) as member:
                yield member
    elif head.startswith(_GZIP):
        with pa.input_stream(str(path), compression="gzip") as stream:
            yield stream
    else:
        with path.open("rb") as file:
            yield file


def _names_of(header: bytes, path: Path) -> list[str]:
    text = header.decode("utf-8-sig", "replace").strip()
    return _chosen([name.strip('"') for name in text.split(",")], path)


def _chosen(names: list[str], path: Path) -> list[str]:
    """The file's own spelling of the three columns."""
    by_name = {name.strip().upper(): name for name in names}
    if any(name not in by_name for name in COLUMNS):
        raise _unusable(path, "columns are missing", names)
    return [by_name[name] for name in COLUMNS]


def _unusable(path: Path, problem: str, found: list[str] | None = None) -> DataError:
    value = None if found is None else ", ".join(found)[:120]
    return DataError(f"cannot look up UPRNs in {path.name}", [Fault(path.name, problem, _EXPECTED, value=value)])
