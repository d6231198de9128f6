"""Read travel times: how many minutes from each area to each site, in CSV or Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from atlas.errors import Faults
from atlas.gaps.costs import CostTable, TravelTimes
from atlas.sources.textfiles import decode, is_comma_separated, read_bytes, split_header, to_number

COLUMNS: Final = ("origin", "destination", "minutes")
"""Headers that the file must have, in any order and case; others are passed over."""

_PARQUET: Final = b"PAR1"
_MOST_SHOWN: Final = 20
_NAMED: Final = 5
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())

_Positions = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class _Cells:
    """What a file holds, by row.

    Parameters
    ----------
    file : str
        The file's name.
    titles : tuple of str
        The headers of `COLUMNS` as they are written.
    labels : tuple of list of str
        The distinct origins and the distinct destinations.
    places : tuple of numpy.ndarray of int
        Which of them each row has; -1 where the cell is empty.
    minutes : numpy.ndarray of float
        NaN where the cell is empty or no number.
    written : numpy.ndarray of object, or None
        The minutes as they stand in the file, where some are no numbers.
    rows : numpy.ndarray of int
        Row of each as a spreadsheet counts it.
    """

    file: str
    titles: tuple[str, ...]
    labels: tuple[list[str], list[str]]
    places: tuple[_Positions, _Positions]
    minutes: NDArray[np.float64]
    written: NDArray[np.object_] | None
    rows: _Positions


def read_travel_times(
    path: Path, origins: pd.Index[str], destinations: pd.Index[str], faults: Faults | None = None
) -> TravelTimes:
    """Read a table of travel times from areas to sites.

    Parameters
    ----------
    path : Path
        CSV file (compressed or not, with or without a byte-order mark) or Parquet file, told apart by what they hold.
        Columns `origin` (area code), `destination` (site id, ``site:…``) and `minutes` (zero or more, decimals
        allowed), in any order; further columns are passed over. A pair that is left out cannot be travelled.
    origins : pandas.Index
        Codes of the areas, those of the surroundings included.
    destinations : pandas.Index
        Ids of the sites.
    faults : Faults, optional
        Collects warnings: areas, and sites, that no row names. Nothing reaches such an area.

    Returns
    -------
    TravelTimes
        Minutes on the orders of `origins` and `destinations`.

    Raises
    ------
    DataError
        Naming all that is wrong by row, column and value: a missing column, codes that are not among `origins` or
        `destinations` (once each, at their first row), a pair that comes twice, minutes that are empty, negative or
        no number, an empty or truncated file. In Parquet, rows are counted as a spreadsheet would show them.
    UnavailableError
        If there is no such file.
    """
    faults = Faults() if faults is None else faults
    what = f"cannot use {path.name} as a table of travel times"
    data = read_bytes(path, faults)
    cells = None
    if data is not None:
        read = _read_parquet if data.startswith(_PARQUET) or path.suffix == ".parquet" else _read_csv
        cells = read(path.name, data, faults)
    del data
    if cells is None:
        faults.raise_errors(what)
        raise AssertionError(what)  # without cells there is a fault
    known = (_positions(cells, 0, origins, faults), _positions(cells, 1, destinations, faults))
    _check_minutes(cells, faults)
    _check_pairs(cells, known, len(destinations), faults)
    faults.raise_errors(what)
    costs = CostTable.from_pairs(*known, cells.minutes, (len(origins), len(destinations)))
    for column, labels, places, name in zip(COLUMNS, (origins, destinations), known, ("areas", "sites"), strict=False):
        _warn_of_unnamed(path.name, column, labels, places, name, faults)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return TravelTimes(origins, destinations, costs, path.name, digest)


def _read_csv(file: str, data: bytes, faults: Faults) -> _Cells | None:
    text = decode(data, file, faults)
    if text is None:
        return None
    # Arrow wants UTF-8 without its mark; the text itself is let go at once, it may be long
    data = text.encode()
    del text
    ends = [place for place in (data.find(b"\n"), data.find(b"\r")) if place >= 0]
    end = min(ends, default=len(data))
    header, _ = split_header(data[:end].decode())
    if not is_comma_separated(header, file, faults):
        return None
    columns = _find_columns(file, header, faults)
    if columns is None:
        return None
    begin = end + (2 if data[end : end + 2] == b"\r\n" else 1)
    body = memoryview(data)[begin:]
    ragged: list[Any] = []
    table = _parse(file, body, len(header), columns, ragged, faults)
    if table is None:
        return None
    _report_ragged(file, ragged, len(header), faults)
    numbers = np.arange(2, len(table) + len(ragged) + 2)
    rows = np.delete(numbers, [row.number - 1 for row in ragged])
    lines = data.count(b"\n", begin) or data.count(b"\r", begin)
    if len(numbers) < lines + (not data.endswith((b"\n", b"\r"))):
        faults.add(file, "cut short or badly quoted", "a whole CSV file, one row a line")
    return _cells(file, tuple(header[place] for place in columns), table, rows, faults)


def _parse(
    file: str, body: memoryview, width: int, columns: Sequence[int], ragged: list[Any], faults: Faults
) -> pa.Table | None:
    """Read all that follows the header; rows of another length are put in `ragged`."""
    if not body.nbytes:
        faults.add(file, "the file has no rows", "at least one row under the header")
        return None
    names = [str(place) for place in range(width)]
    wanted = [str(place) for place in columns]

    def skip(row: Any) -> str:
        ragged.append(row)
        return "skip"

    problem = ""
    # minutes as numbers, unless some are none: then as text, to say which
    for minutes in (pa.float64(), _TEXT):
        ragged.clear()
        try:
            return pa_csv.read_csv(
                pa.BufferReader(body),
                # threads would lose count of the rows
                read_options=pa_csv.ReadOptions(column_names=names, use_threads=False),
                parse_options=pa_csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=skip),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict(zip(wanted, (_TEXT, _TEXT, minutes), strict=True)),
                    include_columns=wanted,
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid as error:
            problem = str(error).splitlines()[0]
    faults.add(file, f"cannot be read as CSV ({problem})", "a whole CSV file")
    return None


def _report_ragged(file: str, ragged: list[Any], width: int, faults: Faults) -> None:
    """Add a fault for each row that does not fit the header and is not blank."""
    wrong = [row for row in ragged if row.text.strip(", \t")]
    expected = f"{width}, as in the header"
    for row in wrong[:_MOST_SHOWN]:
        faults.add(file, f"{row.actual_columns} values", expected, row=row.number + 1, value=row.text[:60])
    if len(wrong) > _MOST_SHOWN:
        faults.add(file, f"too many or too few values in {len(wrong) - _MOST_SHOWN:,} more rows", expected)


def _read_parquet(file: str, data: bytes, faults: Faults) -> _Cells | None:
    try:
        held = pq.ParquetFile(pa.BufferReader(data))
        columns = _find_columns(file, held.schema_arrow.names, faults)
        if columns is None:
            return None
        titles = [held.schema_arrow.names[place] for place in columns]
        table = held.read(columns=titles).select(titles)
    except (pa.ArrowException, OSError) as error:
        problem = str(error).splitlines()[0]
        faults.add(file, f"cut short or damaged ({problem})", "a whole Parquet file")
        return None
    types = [_TEXT, _TEXT, _TEXT if _is_text(table.schema.types[2]) else pa.float64()]
    for title, found, wanted in zip(titles, table.schema.types, types, strict=True):
        is_right = _is_text(found) if wanted is _TEXT else _is_number(found)
        if not is_right:
            expected = "numbers" if title == titles[2] else "text"
            faults.add(file, "a column of another type", expected, column=title, value=str(found))
    if faults.errors:
        return None
    table = pa.table([_cast(table.column(k), types[k]) for k in range(3)], names=list(COLUMNS))
    return _cells(file, tuple(titles), table, np.arange(2, len(table) + 2), faults)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(_value_type(kind)) or pa.types.is_large_string(_value_type(kind)))


def _is_number(kind: pa.DataType) -> bool:
    return any(test(kind) for test in (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal))


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if kind is _TEXT:
        return column.cast(pa.string()).dictionary_encode()
    return column.cast(kind, safe=False)


def _find_columns(file: str, header: Sequence[str], faults: Faults) -> list[int] | None:
    names = [name.strip().casefold() for name in header]
    found = [names.index(name) for name in COLUMNS if names.count(name) == 1]
    for name in COLUMNS:
        count = names.count(name)
        if count != 1:
            problem = "a column is missing" if count == 0 else "the column is there twice"
            faults.add(file, problem, f"columns {', '.join(COLUMNS)}, each once", row=1, column=name)
    return found if len(found) == len(COLUMNS) else None


def _cells(file: str, titles: tuple[str, ...], table: pa.Table, rows: _Positions, faults: Faults) -> _Cells | None:
    origins, i = _encoded(table.column(0))
    destinations, j = _encoded(table.column(1))
    minutes, written = _numbers(table.column(2))
    empty = np.isnan(minutes) if written is None else written == ""
    # rows of empty cells, which spreadsheets leave behind, are passed over
    kept = (i >= 0) | (j >= 0) | ~empty
    if not kept.any():
        faults.add(file, "the file has no rows", "at least one row under the header")
        return None
    if not kept.all():
        i, j, minutes, rows = i[kept], j[kept], minutes[kept], rows[kept]
        written = None if written is None else written[kept]
    return _Cells(file, titles, (origins, destinations), (i, j), minutes, written, rows)


def _encoded(column: pa.ChunkedArray) -> tuple[list[str], _Positions]:
    """The distinct values of a text column without outer spaces, and which each row has; -1 where it is empty."""
    one = column.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = pa.concat_arrays(one.chunks)
    labels, which = np.unique([str(label).strip() for label in one.dictionary.to_pylist()] or [""], return_inverse=True)
    # the last place is that of an empty cell
    new = np.append(np.where(labels[which] == "", -1, which), -1).astype(np.int32)
    places = one.indices.fill_null(len(new) - 1).to_numpy()
    return labels.tolist(), new[places]


def _numbers(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.object_] | None]:
    if not pa.types.is_dictionary(column.type):
        return column.to_numpy(), None
    labels, places = _encoded(column)
    numbers = np.array([to_number(label) for label in labels] + [None], dtype=np.float64)
    return numbers[places], np.array([*labels, ""], dtype=object)[places]


def _positions(cells: _Cells, which: int, index: pd.Index[str], faults: Faults) -> _Positions:
    """Position of each row's code in an index, -1 for those that are not there: a fault for each such code."""
    labels, places = cells.labels[which], cells.places[which]
    known = index.get_indexer(pd.Index(labels, dtype="str")).astype(np.int32)
    name, title = ("area", "site")[which], cells.titles[which]
    expected = f"one of the {len(index):,} {name}s of this analysis, like {index[0]}" if len(index) else f"no {name}"
    empty = np.flatnonzero(places < 0)
    _report(cells, empty, title, "the code is empty", expected, [None] * min(len(empty), _MOST_SHOWN), faults)
    strange = np.flatnonzero((known[places] < 0) & (places >= 0)) if (known < 0).any() else empty[:0]
    seen, first, counts = np.unique(places[strange], return_index=True, return_counts=True)
    in_order = np.argsort(first)
    values = [f"{labels[seen[k]]} ({counts[k]:,} rows)" if counts[k] > 1 else labels[seen[k]] for k in in_order]
    _report(cells, strange[first[in_order]], title, f"no such {name}", expected, values, faults)
    return np.where(places < 0, np.int32(-1), known[places])


def _check_minutes(cells: _Cells, faults: Faults) -> None:
    wrong = np.flatnonzero(~(np.isfinite(cells.minutes) & (cells.minutes >= 0)))
    shown = cells.minutes if cells.written is None else cells.written
    values = [None if value == "" or pd.isna(value) else value for value in shown[wrong[:_MOST_SHOWN]].tolist()]
    _report(cells, wrong, cells.titles[2], "cannot be a travel time", "zero or more minutes", values, faults)


def _check_pairs(cells: _Cells, known: tuple[_Positions, _Positions], n_destinations: int, faults: Faults) -> None:
    is_pair = np.flatnonzero((known[0] >= 0) & (known[1] >= 0))
    pairs = known[0][is_pair] * np.int64(n_destinations) + known[1][is_pair]
    # a sort needs a fraction of the memory that telling them apart by row does
    ordered = np.sort(pairs)
    if not (ordered[1:] == ordered[:-1]).any():
        return
    again = is_pair[pd.Series(pairs).duplicated().to_numpy()]
    values = [" to ".join(cells.labels[k][cells.places[k][row]] for k in range(2)) for row in again[:_MOST_SHOWN]]
    _report(cells, again, None, "the pair comes twice", "each pair once", values, faults)


def _report(
    cells: _Cells,
    wrong: NDArray[np.intp],
    title: str | None,
    problem: str,
    expected: str,
    values: Sequence[object],
    faults: Faults,
) -> None:
    """Add a fault for each wrong row; past the twentieth, one that counts the rest."""
    for k, value in zip(wrong[:_MOST_SHOWN].tolist(), values, strict=False):
        faults.add(cells.file, problem, expected, row=int(cells.rows[k]), column=title, value=value)
    if len(wrong) > _MOST_SHOWN:
        faults.add(cells.file, f"{problem}: {len(wrong) - _MOST_SHOWN:,} more", expected, column=title)


def _warn_of_unnamed(
    file: str, column: str, index: pd.Index[str], places: _Positions, name: str, faults: Faults
) -> None:
    missing = index[np.bincount(places, minlength=len(index)) == 0]
    if len(missing):
        few = ", ".join(missing[:_NAMED]) + (" and others" if len(missing) > _NAMED else "")
        problem = f"{len(missing):,} of {len(index):,} {name} have no travel time"
        faults.add(file, problem, f"a row for every one of the {name}", column=column, value=few, severity="warning")
