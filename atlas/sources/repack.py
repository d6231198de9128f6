"""Find official files in a folder, bring them into the one form that the workspace keeps, and measure them."""

from __future__ import annotations

import csv
import gzip
import re
import shutil
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq

from atlas.errors import DataError, Fault, Faults
from atlas.sources.arcgis import to_areas, to_table
from atlas.sources.catalogue import Entry
from atlas.sources.textfiles import Table, read_table

TABLE_SUFFIXES: Final = (".csv", ".csv.gz")
AREA_SUFFIXES: Final = (".parquet", ".geoparquet", ".gpkg", ".geojson", ".json", ".shp", ".zip")


def find_in_folder(entry: Entry, folder: Path) -> Path | None:
    """Find an entry's file in a folder: under an alias, its own name or the published one, in any form it may have.

    Parameters
    ----------
    entry : Entry
        What to look for.
    folder : Path
        Laid out as the aliases are, or flat.

    Returns
    -------
    Path or None
        The file, or None where there is none.
    """
    names = [PurePosixPath(name) for name in (*entry.aliases, entry.filename, entry.published_name)]
    for path in (*(folder / name for name in names), *(folder / name.name for name in names)):
        if path.is_file():
            return path
    suffixes = TABLE_SUFFIXES if entry.filename.endswith(".csv") else AREA_SUFFIXES
    stems = {_plain(name.name.removesuffix("".join(name.suffixes))) for name in names}
    for path in sorted(folder.iterdir()):
        suffix = next((suffix for suffix in suffixes if path.name.lower().endswith(suffix)), None)
        # The portal adds a hash to a layer's name: …_BGC_V5_-1234567890.gpkg
        if suffix and re.sub(r"-?\d{6,}$", "", _plain(path.name[: -len(suffix)])) in stems:
            return path
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z-]", "", name.lower()).rstrip("-")


def repack(entry: Entry, source: Path, target: Path) -> None:
    """Write a file in the workspace's form: CSV unpacked, or GeoParquet; rows the entry does not mean are left out.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    if target.suffix == ".csv":
        _repack_table(entry, source, target)
    else:
        _repack_areas(entry, source, target)


def _repack_table(entry: Entry, source: Path, target: Path) -> None:
    if entry.keep is None:
        with source.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        try:
            with (gzip.open if packed else open)(source, "rb") as file, target.open("wb") as out:
                shutil.copyfileobj(file, out)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _unreadable(source, error) from None
        return
    table = _read_table(source)
    place = _place(table.header, entry.keep.column)
    rows = [row for row in table.rows if place is None or row[place].startswith(entry.keep.begins)]
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([table.header, *rows])


def _repack_areas(entry: Entry, source: Path, target: Path) -> None:
    is_parquet = source.suffix in (".parquet", ".geoparquet")
    try:
        if is_parquet and _all_meant(entry, source):
            shutil.copyfile(source, target)
            return
        frame = gpd.read_parquet(source) if is_parquet else gpd.read_file(source)
    except (pa.ArrowException, RuntimeError, ValueError, OSError) as error:
        raise _unreadable(source, error) from None
    column = _place(list(map(str, frame.columns)), entry.keep.column) if entry.keep else None
    if entry.keep is not None and column is not None:
        frame = frame[frame.iloc[:, column].astype(str).str.startswith(entry.keep.begins)]
    frame.to_parquet(target, index=False)


def _all_meant(entry: Entry, source: Path) -> bool:
    if entry.keep is None:
        return True
    names = pq.read_schema(source).names
    place = _place(names, entry.keep.column)
    if place is None:
        return True
    values = pq.read_table(source, columns=[names[place]]).column(0).to_pylist()
    return all(str(value).startswith(entry.keep.begins) for value in values)


def _place(header: Sequence[str], column: str) -> int | None:
    """Find a column whatever its case, and as some repack it: LSOA21CD, lsoa21cd or lsoa21_code."""
    wanted = _short(column)
    return next((place for place, name in enumerate(header) if _short(name) == wanted), None)


def _short(column: str) -> str:
    return re.sub(r"_(code|name)$", lambda word: {"code": "cd", "name": "nm"}[word[1]], column.lower())


def measure(entry: Entry, path: Path, file: str) -> int:
    """Count a file's rows, and check that it is what the catalogue says.

    Parameters
    ----------
    entry : Entry
        What it should be.
    path : Path
        The file, in the workspace's form.
    file : str
        Its name where it came from, for faults.

    Returns
    -------
    int
        Rows under the header.

    Raises
    ------
    DataError
        If a column is missing, or there is another number of rows than the catalogue says.
    """
    header: Sequence[str]
    if path.suffix == ".csv":
        table = _read_table(path, file)
        header, rows = table.header, len(table.rows)
    else:
        try:
            about = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(Path(file), error) from None
        header, rows = about.schema_arrow.names, int(about.metadata.num_rows)
    faults = Faults()
    held = {name.casefold() for name in header}
    for column in entry.columns:
        if not held & {name.casefold() for name in column.split("|")}:
            there = ", ".join(header)
            value = there if len(there) < 200 else there[:200] + "…"
            expected = "a column of this name, in capitals or not"
            faults.add(file, "a column is missing", expected, row=1, column=column, value=value)
    if entry.rows is not None and rows != entry.rows:
        faults.add(file, "rows are missing or too many", f"{entry.rows:,} rows", value=rows)
    faults.raise_errors(f"{entry.name} cannot be used")
    return rows


def layer_to_file(features: Sequence[dict[str, Any]], path: Path, name: str) -> None:
    """Write the features of a layer as CSV or GeoParquet, by the file's suffix.

    Raises
    ------
    DataError
        If there are none, or one has no shape where shapes are wanted.
    """
    faults = Faults()
    if not features:
        faults.add(name, "the layer has no rows", "at least one")
    elif path.suffix == ".csv":
        to_table(features).to_csv(path, index=False, lineterminator="\n")
    else:
        for number, feature in enumerate(features, 1):
            if not feature.get("geometry"):
                faults.add(name, "no shape", "a polygon", row=number, column="geometry", value=feature["properties"])
        if not faults.errors:
            to_areas(features).to_parquet(path, index=False)
    faults.raise_errors("the layer cannot be used")


def _read_table(path: Path, file: str | None = None) -> Table:
    faults = Faults()
    table = read_table(path, faults)
    if faults.errors or table is None:
        named = [replace(fault, file=file or path.name) for fault in faults.errors]
        raise DataError(f"{file or path.name} cannot be read", named)
    return table


def _unreadable(source: Path, error: Exception) -> DataError:
    fault = Fault(source.name, f"damaged or cut short ({error})", "a whole file of its kind")
    return DataError(f"{source.name} cannot be read", [fault])
