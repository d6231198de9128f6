"""What Atlas carries with it: London's areas of 2011 and the labelled estimate of need."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.errors import ShapelyError

from atlas.errors import Faults, UnavailableError
from atlas.geo.areas import AreaSet, check_areas, inside_points
from atlas.sources.textfiles import parse_table, read_table, read_text

PACKAGE: Final = Path(__file__).parents[1]
"""The folder of the package `atlas`."""

AREAS: Final = "boundaries/lsoa11_london.parquet"
SURROUNDINGS: Final = "boundaries/lsoa11_surroundings.csv"
BOROUGHS: Final = "boundaries/boroughs.parquet"
ICBS: Final = "boundaries/icbs.parquet"
DISTRICTS: Final = "boundaries/districts.csv"
MSOA_NAMES: Final = "boundaries/msoa_names.csv"
ESTIMATE: Final = "deprivation/estimate.csv"

_WAY_OUT: Final = "install Atlas again, or restore data/ in its checkout"


def data_folder() -> Path:
    """The folder of the data that Atlas carries: inside the installed package, else in the checkout.

    Raises
    ------
    UnavailableError
        If there is neither.

    Examples
    --------
    >>> (data_folder() / "boundaries" / "README.md").is_file()
    True
    """
    candidates = (PACKAGE / "_data", PACKAGE.parent / "data")
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise UnavailableError(f"Atlas's own data are in neither {candidates[0]} nor {candidates[1]}: {_WAY_OUT}")


def read_areas(folder: Path | None = None) -> AreaSet:
    """London's LSOAs of 2011 with their boroughs and ICBs, and the LSOAs within 10 km around.

    Parameters
    ----------
    folder : Path, optional
        Data folder; `data_folder()` unless given.

    Returns
    -------
    AreaSet
        Vintage 2011; 4,835 LSOAs with the population of the Census 2011.

    Raises
    ------
    UnavailableError
        If a file is missing.
    DataError
        If a file cannot be read, or its rows are not what they should be.

    Examples
    --------
    >>> london = read_areas()
    >>> london.vintage, len(london.areas), int(london.areas["population"].sum())
    (2011, 4835, 8173941)
    """
    folder = folder or data_folder()
    _require(folder, AREAS, SURROUNDINGS, BOROUGHS, ICBS, MSOA_NAMES)
    faults = Faults()
    areas = _read_shapes(folder, AREAS, "lsoa", ["name", "lad", "msoa", "population"], faults)
    boroughs = _read_shapes(folder, BOROUGHS, "lad", ["name", "icb22", "icb26"], faults)
    icbs = _read_shapes(folder, ICBS, "icb", ["name", "start", "end"], faults)
    around = _read_table(folder, SURROUNDINGS, "code", faults, texts=["lad"], numbers=["population", "x_m", "y_m"])
    names = _read_table(folder, MSOA_NAMES, "code", faults, texts=["name"], numbers=[])
    faults.raise_errors(f"the embedded boundaries cannot be used: {_WAY_OUT}")

    _check_known(areas["lad"], boroughs.index, AREAS, BOROUGHS, faults)
    _check_known(areas["msoa"], names.index, AREAS, MSOA_NAMES, faults)
    _check_known(boroughs["icb22"], icbs.index, BOROUGHS, ICBS, faults)
    _check_known(boroughs["icb26"], icbs.index, BOROUGHS, ICBS, faults)
    faults.raise_errors(f"the embedded boundaries do not fit together: {_WAY_OUT}")

    areas = areas.join(inside_points(areas.geometry))
    areas["lad_name"] = areas["lad"].map(boroughs["name"])
    areas["msoa_name"] = areas["msoa"].map(names["name"])
    columns = ["name", "lad", "lad_name", "msoa", "msoa_name", "population", "x_m", "y_m", "geometry"]
    surroundings = around[["population", "x_m", "y_m", "lad"]].astype({"population": "int64"}).rename_axis("lsoa")
    return AreaSet(2011, areas[columns], surroundings, boroughs, icbs)


def read_estimate(folder: Path | None = None) -> pd.DataFrame:
    """The estimate of need, to be labelled as one wherever it shows.

    Each LSOA's mean, over its postcodes, of the mean IMD 2019 score of their Output Area Classification 2011 subgroup.

    Parameters
    ----------
    folder : Path, optional
        Data folder; `data_folder()` unless given.

    Returns
    -------
    pandas.DataFrame, shape (4835, 1)
        `overall`, indexed by LSOA 2011 code (index name ``lsoa``): higher is more deprived.

    Raises
    ------
    UnavailableError
        If the file is missing.
    DataError
        If it cannot be read, or its rows are not what they should be.

    Examples
    --------
    >>> read_estimate().loc["E01000001", "overall"]
    np.float64(17.852)
    """
    folder = folder or data_folder()
    _require(folder, ESTIMATE)
    faults = Faults()
    scores = _read_table(folder, ESTIMATE, "lsoa", faults, texts=[], numbers=["score"])
    faults.raise_errors(f"the embedded estimate of need cannot be used: {_WAY_OUT}")
    return scores.rename(columns={"score": "overall"})


def read_districts(folder: Path | None = None) -> dict[str, str]:
    """Names of the districts around London by GSS code, those that have since been merged and their successors.

    Examples
    --------
    >>> districts = read_districts()
    >>> districts["E07000005"], districts["E06000060"]
    ('Chiltern', 'Buckinghamshire')
    """
    folder = folder or data_folder()
    _require(folder, DISTRICTS)
    faults = Faults()
    names: dict[str, str] = {}
    columns = ["code", "name", "superseded_by", "superseded_by_name"]
    table = read_table(folder / DISTRICTS, faults)
    if table is not None and _has_columns(table.header, columns, table.file, faults):
        rows = table.records()
        successors = {row["superseded_by"]: row["superseded_by_name"] for row in rows if row["superseded_by"]}
        names = {row["code"]: row["name"] for row in rows} | successors
    faults.raise_errors(f"the embedded names of districts cannot be used: {_WAY_OUT}")
    return names


def _require(folder: Path, *files: str) -> None:
    if missing := [file for file in files if not (folder / file).is_file()]:
        raise UnavailableError(f"{folder} lacks {', '.join(missing)}: {_WAY_OUT}")


def _read_shapes(folder: Path, file: str, index: str, columns: list[str], faults: Faults) -> gpd.GeoDataFrame:
    """A GeoParquet file by its `code`; empty, its faults recorded, where it cannot be used."""
    path = folder / file
    try:
        frame = gpd.read_parquet(path)
    except (OSError, ValueError, ShapelyError) as error:
        reason = str(error).partition("\n")[0]
        faults.add(path.name, f"cannot be read ({reason})", "a whole GeoParquet file")
        return gpd.GeoDataFrame()
    if not _has_columns(frame.columns, ["code", *columns, "geometry"], path.name, faults):
        return gpd.GeoDataFrame()
    frame = frame.set_index("code").rename_axis(index)[[*columns, "geometry"]]
    check_areas(frame, path.name, faults)
    return frame


def _read_table(
    folder: Path, file: str, index: str, faults: Faults, *, texts: list[str], numbers: list[str]
) -> pd.DataFrame:
    """A CSV file's columns by one of them; empty, its faults recorded, where it cannot be used."""
    path = folder / file
    text = read_text(path, faults)
    # a number that has lost its last digits would pass for one
    if text is not None and not text.endswith("\n"):
        faults.add(path.name, "ends in the middle of a line", "a whole CSV file")
        return pd.DataFrame()
    table = None if text is None else parse_table(text, path.name, faults)
    if table is None or not _has_columns(table.header, [index, *texts, *numbers], path.name, faults):
        return pd.DataFrame()
    frame = pd.DataFrame(list(table.rows), columns=list(table.header), index=list(table.numbers))
    for row in frame.index[frame[index].duplicated()]:
        value = frame.loc[row, index]
        faults.add(path.name, "code occurs twice", "each code once", row=row, column=index, value=value)
    for column in texts:
        for row in frame.index[frame[column] == ""]:
            faults.add(path.name, "blank", "a value", row=row, column=column)
    for column in numbers:
        values = pd.to_numeric(frame[column], errors="coerce").astype(float)
        for row in frame.index[~(values >= 0)]:
            value = frame.loc[row, column]
            faults.add(path.name, "not a number", "a number, 0 or more", row=row, column=column, value=value)
        frame[column] = values
    return frame.set_index(index)[[*texts, *numbers]]


def _has_columns(header: Iterable[str], columns: list[str], file: str, faults: Faults) -> bool:
    missing = [column for column in columns if column not in set(header)]
    for column in missing:
        faults.add(file, "there is no such column", f"the columns {', '.join(columns)}", row=1, column=column)
    return not missing


def _check_known(codes: pd.Series[str], known: pd.Index[str], file: str, other: str, faults: Faults) -> None:
    expected = f"a code of {Path(other).name}"
    for row in np.flatnonzero(~codes.isin(known)).tolist():
        value = codes.iloc[row]
        faults.add(Path(file).name, "unknown code", expected, row=row + 2, column=str(codes.name), value=value)
