"""Read points where a site could stand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.errors import Faults
from atlas.geo.locate import FAR_FROM_LONDON_M
from atlas.siting.answer import CandidateFile
from atlas.sources.postcodes import read_postcodes, tidy
from atlas.sources.textfiles import Table, read_table, to_number

COLUMNS: Final = ("id", "name", "easting_m", "northing_m", "postcode", "max_people")
"""Headers that are read, in any order and case; others are passed over."""

_ENCODINGS: Final = ("utf-8", "cp1252")
_EXAMPLE: Final = "metres of the British National Grid, such as 530000"
_WHERE: Final = "easting_m and northing_m, or postcode"

_Row: TypeAlias = Mapping[str, str]


def read_candidates(path: Path, boroughs: gpd.GeoDataFrame) -> CandidateFile:
    """Read a CSV file of points where a site could stand.

    Parameters
    ----------
    path : Path
        Columns `id` (each once), `easting_m` and `northing_m` (EPSG:27700) or `postcode`, and optionally `name` and
        `max_people` (the most people in need that a site there can serve; empty for no limit). A row with
        coordinates needs no postcode; one with a postcode alone stands at the postcode's mean address.
    boroughs : geopandas.GeoDataFrame
        London's boroughs, EPSG:27700: no point may lie farther than 50 km beyond them.

    Returns
    -------
    CandidateFile
        A point without a name bears its id.

    Raises
    ------
    DataError
        With everything that is wrong, by row, column and value.
    UnavailableError
        If there is no such file, or the postcode package is not installed.
    """
    faults = Faults()
    what = f"cannot use {path.name} as a file of candidates"
    table = read_table(path, faults, _ENCODINGS)
    if table is not None:
        _check_columns(table, faults)
    if table is None or faults.errors:
        faults.raise_errors(what)
        raise AssertionError(what)  # without a table there is a fault
    header = [name.casefold() for name in table.header]
    rows = [
        (number, {name: row[header.index(name)].strip() if name in header else "" for name in COLUMNS})
        for number, row in zip(table.numbers, table.rows, strict=True)
    ]
    places = _places(table.file, rows, boroughs, faults)
    points = pd.DataFrame(
        {
            "name": [row["name"] or row["id"] for _, row in rows],
            "x_m": [x_m for x_m, _ in places],
            "y_m": [y_m for _, y_m in places],
            "max_people": [_limit(table.file, number, row, faults) for number, row in rows],
        },
        index=pd.Index(_ids(table.file, rows, faults), dtype="str", name="id"),
    )
    faults.found.sort(key=lambda fault: fault.row or 0)
    faults.raise_errors(what)
    return CandidateFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), points)


def _check_columns(table: Table, faults: Faults) -> None:
    header = [name.casefold() for name in table.header]
    if "id" not in header:
        faults.add(table.file, "a column is missing", "a column id", row=1, column="id")
    by_grid = [name for name in ("easting_m", "northing_m") if name in header]
    if not by_grid and "postcode" not in header:
        faults.add(table.file, "nothing says where the points are", f"columns {_WHERE}", row=1)
    elif len(by_grid) == 1:
        faults.add(table.file, "half of the coordinates is missing", f"columns {_WHERE}", row=1, column=by_grid[0])
    for name in COLUMNS:
        # the same name in the same case has been found already
        if header.count(name) > 1 and len({title for title in table.header if title.casefold() == name}) > 1:
            faults.add(table.file, "the column is there twice", "each column once", row=1, column=name)


def _ids(file: str, rows: Sequence[tuple[int, _Row]], faults: Faults) -> list[str]:
    seen: dict[str, int] = {}
    for number, row in rows:
        if not row["id"]:
            faults.add(file, "the id is empty", "an id of its own for each point", row=number, column="id")
        elif row["id"] in seen:
            expected = f"an id of its own for each point; row {seen[row['id']]} has it"
            faults.add(file, "the id comes twice", expected, row=number, column="id", value=row["id"])
        seen.setdefault(row["id"], number)
    return [row["id"] for _, row in rows]


def _places(
    file: str, rows: Sequence[tuple[int, _Row]], boroughs: gpd.GeoDataFrame, faults: Faults
) -> list[tuple[float, float]]:
    by_postcode = [row["postcode"] for _, row in rows if row["postcode"] and not row["easting_m"] + row["northing_m"]]
    postcodes = read_postcodes(by_postcode) if by_postcode else pd.DataFrame()
    west, south, east, north = boroughs.total_bounds
    bounds = {
        "easting_m": (west - FAR_FROM_LONDON_M, east + FAR_FROM_LONDON_M),
        "northing_m": (south - FAR_FROM_LONDON_M, north + FAR_FROM_LONDON_M),
    }
    found = []
    for number, row in rows:
        if row["easting_m"] or row["northing_m"]:
            x_m, y_m = (_metres(file, number, row, column, bounds[column], faults) for column in bounds)
        elif not row["postcode"]:
            faults.add(file, "the point has no place", _WHERE, row=number)
            x_m = y_m = np.nan
        else:
            x_m, y_m = _at_postcode(file, number, row["postcode"], postcodes, bounds, faults)
        found.append((x_m, y_m))
    return found


def _metres(file: str, number: int, row: _Row, column: str, bounds: tuple[float, float], faults: Faults) -> float:
    value = to_number(row[column])
    if value is None:
        problem = "is no number" if row[column] else "is empty"
        faults.add(file, problem, _EXAMPLE, row=number, column=column, value=row[column] or None)
        return np.nan
    if not bounds[0] <= value <= bounds[1]:
        expected = f"from {bounds[0]:.0f} to {bounds[1]:.0f}: in London or 50 km around"
        faults.add(file, "lies far from London", expected, row=number, column=column, value=row[column])
    return value


def _at_postcode(
    file: str,
    number: int,
    written: str,
    postcodes: pd.DataFrame,
    bounds: Mapping[str, tuple[float, float]],
    faults: Faults,
) -> tuple[float, float]:
    postcode = tidy(written)
    if postcode not in postcodes.index:
        faults.add(file, "no such postcode", "a live postcode", row=number, column="postcode", value=written)
        return np.nan, np.nan
    x_m, y_m = (float(np.asarray(postcodes.loc[postcode, column])) for column in bounds)
    if not all(low <= value <= high for value, (low, high) in zip((x_m, y_m), bounds.values(), strict=True)):
        expected = "a postcode in London or 50 km around"
        faults.add(file, "lies far from London", expected, row=number, column="postcode", value=written)
    return x_m, y_m


def _limit(file: str, number: int, row: _Row, faults: Faults) -> float:
    if not row["max_people"]:
        return np.nan
    value = to_number(row["max_people"])
    if value is None or value < 0:
        expected = "a number of people, zero or more, or nothing"
        faults.add(file, "cannot be a limit", expected, row=number, column="max_people", value=row["max_people"])
        return np.nan
    return value
