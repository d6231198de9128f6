"""Rows on their way from a file to the chunks that the rest of Atlas takes: columns of text with their row numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.geo.crs import BNG
from atlas.geo.estate.model import RawChunk
from atlas.sources.registers.limits import Limits, refused

TEXT: Final = pa.large_string()
_SHOWN: Final = 40


@dataclass(frozen=True, eq=False)
class Piece:
    """Some rows, none of them blank.

    Parameters
    ----------
    rows : numpy.ndarray of int, shape (n,)
        Their numbers as a spreadsheet counts them.
    table : pyarrow.Table
        Their cells, all text, one column for each of the register's.
    ragged : dict of int to str
        What is odd about rows, by number.
    geometry : numpy.ndarray of object, shape (n,), optional
        Geometries, EPSG:27700.
    """

    rows: NDArray[np.int64]
    table: pa.Table
    ragged: dict[int, str] = field(default_factory=dict)
    geometry: NDArray[np.object_] | None = None

    def part(self, start: int, stop: int) -> Piece:
        """The rows from one position up to another."""
        rows = self.rows[start:stop]
        ragged = self.ragged
        if ragged and len(rows) < len(self.rows):
            here = set(rows.tolist())
            ragged = {row: what for row, what in ragged.items() if row in here}
        geometry = None if self.geometry is None else self.geometry[start:stop]
        return Piece(rows, self.table.slice(start, stop - start), ragged, geometry)

    def as_chunk(self) -> RawChunk:
        """The rows as the rest of Atlas takes them."""
        index = pd.Index(self.rows, name="row")
        cells = self.table.to_pandas(types_mapper={TEXT: pd.StringDtype(na_value=np.nan)}.get).set_axis(index)
        cells.columns = cells.columns.astype("str")
        geometry = None if self.geometry is None else gpd.GeoSeries(self.geometry, index=index, crs=BNG)
        return RawChunk(cells, geometry, self.ragged)


def rechunked(pieces: Iterable[Piece], size: int, file: str, limits: Limits) -> Iterator[RawChunk]:
    """Cut and join pieces to chunks of so many rows, the last of fewer.

    Raises
    ------
    DataError
        If there are more rows, or longer cells, than the limits allow.
    """
    waiting: list[Piece] = []
    held = total = 0
    for piece in pieces:
        _check_cells(piece, file, limits)
        total += len(piece.rows)
        if total > limits.rows:
            raise refused(file, "too many rows", f"at most {limits.rows:,}")
        waiting.append(piece)
        held += len(piece.rows)
        if held < size:
            continue
        whole = _whole(waiting)
        at = 0
        while held - at >= size:
            yield whole.part(at, at + size).as_chunk()
            at += size
        waiting, held = [whole.part(at, held)] if at < held else [], held - at
    if held:
        yield _whole(waiting).as_chunk()


def first_rows(pieces: Iterable[Piece], size: int) -> Piece | None:
    """At most so many rows from the first on; None where there are none."""
    found: list[Piece] = []
    for piece in pieces:
        found.append(piece)
        if sum(len(piece.rows) for piece in found) >= size:
            break
    whole = _whole(found) if found else None
    return whole.part(0, size) if whole is not None and len(whole.rows) else None


def _whole(pieces: Sequence[Piece]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    ragged: dict[int, str] = {}
    for piece in pieces:
        ragged |= piece.ragged
    shapes = [piece.geometry for piece in pieces if piece.geometry is not None]
    geometry = np.concatenate(shapes) if shapes else None
    return Piece(
        np.concatenate([piece.rows for piece in pieces]), pa.concat_tables([p.table for p in pieces]), ragged, geometry
    )


def _check_cells(piece: Piece, file: str, limits: Limits) -> None:
    for name in piece.table.column_names:
        column = piece.table[name]
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest <= limits.cell_length:
            continue
        lengths = pc.utf8_length(column).to_numpy()
        at = int(lengths.argmax())
        if lengths[at] > limits.cell_length:
            raise refused(
                file,
                f"a cell of {lengths[at]:,} characters",
                f"at most {limits.cell_length:,}",
                row=int(piece.rows[at]),
                column=name,
            )


def piece_of_columns(rows: NDArray[np.int64], arrays: Sequence[pa.Array], columns: Sequence[str]) -> Piece:
    """Put columns of text, as many as a row of the file has cells, under the register's columns.

    Parameters
    ----------
    rows : numpy.ndarray of int, shape (n,)
        Row numbers.
    arrays : sequence of pyarrow.Array of text
        As many as the rows have cells.
    columns : sequence of str
        Names of the register's columns.

    Returns
    -------
    Piece
        Blank rows are left out; missing columns are empty, and cells beyond the last are told in `ragged`.
    """
    width, odd = len(columns), dict[int, str]()
    if len(arrays) < width:
        odd = dict.fromkeys(range(len(rows)), too_few(len(arrays), width))
    beyond = list(arrays[width:])
    is_long = _not_blank(beyond, len(rows))
    for at in np.flatnonzero(is_long).tolist():
        odd[at] = too_many([array[at].as_py() for array in beyond])
    return _piece(rows, list(arrays[:width]), columns, odd, is_long)


def _piece(
    rows: NDArray[np.int64],
    arrays: list[pa.Array],
    columns: Sequence[str],
    odd: Mapping[int, str],
    is_long: NDArray[np.bool_],
) -> Piece:
    """Rows that are not blank, filled up to the last column; `odd` is by position, `is_long` has more cells filled."""
    missing = len(columns) - len(arrays)
    if missing:
        arrays = [*arrays, *[pa.array([""] * len(rows), TEXT)] * missing]
    keep = _not_blank(arrays, len(rows)) | is_long
    ragged = {int(rows[at]): what for at, what in odd.items() if keep[at]}
    table = pa.Table.from_arrays(arrays, names=list(columns))
    if not keep.all():
        rows, table = rows[keep], table.filter(pa.array(keep))
    return Piece(rows, table, ragged)


def piece_of_records(first_row: int, records: Sequence[Sequence[str]], columns: Sequence[str]) -> Piece:
    """Put rows of cells, each as long as it is, under the register's columns; as `piece_of_columns`.

    Parameters
    ----------
    first_row : int
        Number of the first; the others follow.
    records : sequence of sequences of str
        Cells of each.
    columns : sequence of str
        Names of the register's columns.

    Returns
    -------
    Piece
        Blank rows are left out.
    """
    width = len(columns)
    is_long = np.zeros(len(records), dtype=bool)
    odd: dict[int, str] = {}
    lengths = np.fromiter(map(len, records), dtype=np.int64, count=len(records))
    if (lengths != width).any():
        records = list(records)
        for at in np.flatnonzero(lengths > width).tolist():
            beyond, records[at] = records[at][width:], records[at][:width]
            if any(map(str.strip, beyond)):
                odd[at], is_long[at] = too_many(beyond), True
        odd |= {at: too_few(len(records[at]), width) for at in np.flatnonzero(lengths < width).tolist()}
    rows = np.arange(first_row, first_row + len(records))
    arrays = [pa.array(cells, TEXT) for cells in itertools.zip_longest(*records, fillvalue="")]
    return _piece(rows, arrays, columns, odd, is_long)


def _not_blank(arrays: Sequence[pa.Array], size: int) -> NDArray[np.bool_]:
    """Which rows have anything but spaces in any cell."""
    is_filled = np.zeros(size, dtype=bool)
    unsure = np.arange(size)
    for array in arrays:
        if not len(unsure):
            break
        part = array if len(unsure) == size else array.take(pa.array(unsure))
        filled = pc.greater(pc.binary_length(pc.utf8_trim_whitespace(part)), 0).to_numpy(zero_copy_only=False)
        is_filled[unsure[filled]] = True
        unsure = unsure[~filled]
    return is_filled


def too_few(cells: int, width: int) -> str:
    """Words for a row that is too short."""
    return f"{cells} cell{'s' if cells != 1 else ''} where the header has {width}"


def too_many(beyond: Sequence[str]) -> str:
    """Words for a row that is too long, with what stands beyond the last column.

    Examples
    --------
    >>> too_many(["yes", ""])
    "beyond the last column: 'yes'"
    """
    return f"beyond the last column: {', '.join(repr(cell) for cell in beyond if cell.strip())}"
