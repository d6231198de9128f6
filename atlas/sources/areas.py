"""Read official boundaries, in any form they are published in, and the areas that a release speaks of."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from atlas.errors import DataError, Fault, Faults, UnavailableError, VintageError
from atlas.geo.areas import AreaSet, check_areas, dissolve, inside_points, surroundings_within
from atlas.geo.crs import to_bng
from atlas.geo.deprivation import Deprivation
from atlas.parameters import MAX_CATCHMENT_M
from atlas.sources import embedded
from atlas.sources.areacache import cached
from atlas.sources.catalogue import official_path
from atlas.sources.deprivation import read_file7
from atlas.sources.larger_areas import msoas_of, wards_of
from atlas.sources.lookups import KINDS, Column, area_columns, check_codes, read_lookup
from atlas.vocabulary import label

PARQUET: Final = (".parquet", ".geoparquet")

NEEDED: Final = {2011: ("iod2019.csv",), 2021: ("iod2025.csv", "lsoa21_england.parquet")}
"""Files of the workspace without which a census year's official areas cannot be built."""

WELCOME: Final = {
    2011: ("lsoa11_london.parquet",),
    2021: ("lsoa21_london.parquet", "lsoa21_lookup.csv", "msoa21_names.csv"),
}
"""Files that are used too where they are there: finer shapes, and names of MSOAs."""

MOST_SHOWN: Final = 20
"""Codes named in one fault; the count says how many there are."""

ASTRAY_M: Final = 2_000.0
"""How far official shapes of London may reach beyond the embedded ones before they must lie elsewhere."""

_LONDON: Final = "E09"


@dataclass(frozen=True, slots=True)
class Shapes:
    """One kind of area with its shapes.

    Parameters
    ----------
    kind : str
        One of `atlas.sources.lookups.KINDS`.
    vintage : int or None
        Year of the codes, where the header says it.
    frame : geopandas.GeoDataFrame
        Indexed by code (index name `kind`), sorted, EPSG:27700: `name` where the file has one, the codes of larger
        areas that it gives (`lad`), `geometry`: valid polygons.
    """

    kind: str
    vintage: int | None
    frame: gpd.GeoDataFrame


def read_shapes(path: Path, kind: str | None = None, faults: Faults | None = None) -> Shapes:
    """Read boundaries from GeoParquet, GeoPackage, GeoJSON, or a Shapefile, zipped or not.

    Parameters
    ----------
    path : Path
        The file; any coordinate system, headers as the ONS writes them in any case.
    kind : str, optional
        Which areas the rows are; the smallest kind that has a code column unless given.
    faults : Faults, optional
        Collects warnings: shapes that were mended.

    Returns
    -------
    Shapes
        In EPSG:27700.

    Raises
    ------
    DataError
        Naming all that is wrong: no code column, codes there twice or of another kind, no coordinate system, rows
        without a shape or with one that has no area, a file that is empty or cut short.
    UnavailableError
        If there is no such file.
    """
    faults = Faults() if faults is None else faults
    what = f"the boundaries {path.name} cannot be used"
    if not path.exists():
        raise UnavailableError(f"there is no file {path}")
    columns = area_columns(_header(path, faults))
    faults.raise_errors(what)
    kind = kind or next((smallest for smallest in KINDS if (smallest, "code") in columns), "area")
    key = columns.get((kind, "code"))
    if key is None:
        faults.add(path.name, "a column is missing", f"a column of {kind} codes, such as LSOA21CD", row=1)
        raise DataError(what, faults.errors)
    taken = _taken(columns, kind)
    frame = _read(path, list(taken), faults)
    if frame.crs is None:
        faults.add(path.name, "no coordinate system", "one, such as EPSG:27700", column="geometry")
    faults.raise_errors(what)
    if frame.geometry.name != "geometry":
        frame = frame.rename_geometry("geometry")
    frame = to_bng(frame.rename(columns=taken)).set_index(kind)
    _require_on_grid(frame, path.name, faults)
    faults.raise_errors(what)
    codes = pd.Series(frame.index.astype("str"), index=range(2, len(frame) + 2))
    check_codes(codes, kind, path.name, key.title, faults)
    frame = _mend(frame, path.name, faults)
    check_areas(frame, path.name, faults)
    faults.raise_errors(what)
    return Shapes(kind, key.vintage, frame.sort_index())


def missing_files(workspace: Path, vintage: int) -> tuple[str, ...]:
    """Return the official files that a workspace lacks for a census year: 2011 or 2021."""
    return tuple(Path(file).stem for file in NEEDED[vintage] if not official_path(workspace, file).is_file())


def read_official_areas(workspace: Path, vintage: int, faults: Faults | None = None) -> AreaSet:
    """Read the areas that an official release speaks of, with the release's own population.

    Shapes for 2021 are the official ones: London's finer file where it was pulled, else London's part of England's.
    For 2011 they are the embedded ones unless London's official file was pulled. The result is kept in the workspace,
    by the hash of all that it was made from.

    Parameters
    ----------
    workspace : Path
        Where the official files were pulled to.
    vintage : int
        Census year: 2011 (IoD 2019, population of mid-2015) or 2021 (IoD 2025, population of mid-2022).
    faults : Faults, optional
        Collects warnings: areas without people, shapes that were mended.

    Returns
    -------
    AreaSet
        London's areas, and what lies within 10 km of it. `msoa_name` is the everyday name where a lookup with one was
        pulled, else the official one; `msoa` is its code, or that name where no lookup with codes was.

    Raises
    ------
    UnavailableError
        If a file is not there; says how to pull it.
    DataError
        With every fault of the files.
    """
    faults = Faults() if faults is None else faults
    missing = missing_files(workspace, vintage)
    if missing:
        names = " ".join(missing)
        raise UnavailableError(
            f"official areas of {vintage} need {', '.join(missing)}, not pulled yet: atlas data pull {names}, or from "
            f"a folder: atlas data pull {names} --from DIR"
        )
    files = [official_path(workspace, file) for file in (*NEEDED[vintage], *WELCOME[vintage])]
    used = [path for path in files if path.is_file()]
    carried = sorted((embedded.data_folder() / "boundaries").glob("*"))
    build = _build_2011 if vintage == 2011 else _build_2021
    return cached(workspace, vintage, [*used, *carried], lambda found: build(workspace, found), faults)


def _build_2021(workspace: Path, faults: Faults) -> AreaSet:
    finer = official_path(workspace, "lsoa21_london.parquet")
    need, england, london, msoas = _read_all(
        "the areas of 2021 cannot be built",
        lambda: _read_need(official_path(workspace, "iod2025.csv"), 2021),
        lambda: _read_lsoas(official_path(workspace, "lsoa21_england.parquet"), 2021, faults),
        lambda: _read_lsoas(finer, 2021, faults) if finer.is_file() else None,
        lambda: _read_msoas(workspace),
    )
    london = england if london is None else london
    carried = embedded.read_areas()
    inside = need.names.index[need.names["lad"].str.startswith(_LONDON)]
    outside = england.index.difference(inside)
    people = _people(need, england.index.union(inside), faults)
    file = finer.name if finer.is_file() else "lsoa21_england.parquet"
    _require_codes(inside, london.index, file, faults)
    _require_london(london.loc[inside.intersection(london.index)], carried, file, faults)
    faults.raise_errors("the areas of 2021 cannot be built")
    areas = london.loc[inside, ["geometry"]].join(need.names).join(people)
    areas = areas.join(msoas_of(areas["name"], *msoas)).join(wards_of(areas.index, msoas[0]))
    boroughs, icbs = _outlines(areas, carried)
    near = england.loc[outside, ["geometry"]].join(people).join(need.names["lad"])
    surroundings = surroundings_within(near, shapely.union_all(np.asarray(boroughs.geometry)), MAX_CATCHMENT_M)
    return AreaSet(2021, _arranged(areas), surroundings, boroughs, icbs)


def _build_2011(workspace: Path, faults: Faults) -> AreaSet:
    carried = embedded.read_areas()
    around = carried.surroundings
    finer = official_path(workspace, "lsoa11_london.parquet")
    need, shapes = _read_all(
        "the areas of 2011 cannot be built",
        lambda: _read_need(official_path(workspace, "iod2019.csv"), 2011),
        lambda: _read_lsoas(finer, 2011, faults) if finer.is_file() else carried.areas,
    )
    people = _people(need, carried.areas.index.union(around.index), faults)
    _require_codes(carried.areas.index, shapes.index, finer.name, faults)
    _require_london(shapes, carried, finer.name, faults)
    faults.raise_errors("the areas of 2011 cannot be built")
    surroundings = around.drop(columns="population").join(people)[["population", "x_m", "y_m", "lad"]]
    areas = carried.areas.drop(columns="population").join(people)
    if not finer.is_file():
        columns = list(carried.areas.columns)
        return AreaSet(2011, areas[columns], surroundings, carried.boroughs, carried.icbs)
    areas = areas.set_geometry(shapes.geometry.reindex(areas.index)).drop(columns=["x_m", "y_m"])
    boroughs, icbs = _outlines(areas, carried)
    return AreaSet(2011, _arranged(areas), surroundings, boroughs, icbs)


def _read_all(what: str, *reads: Callable[[], Any]) -> list[Any]:
    """Make every read, so that the faults of all files are told at once."""
    found: list[Any] = []
    failed: list[DataError] = []
    for read in reads:
        try:
            found.append(read())
        except DataError as error:
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise DataError(what, [fault for error in failed for fault in error.faults])
    return found


def _read_lsoas(path: Path, vintage: int, faults: Faults) -> gpd.GeoDataFrame:
    shapes = read_shapes(path, "lsoa", faults)
    if shapes.vintage != vintage:
        faults.add(path.name, "codes of another year", f"LSOAs of {vintage}", row=1, value=shapes.vintage)
    return shapes.frame


def _people(need: Deprivation, codes: pd.Index[str], faults: Faults) -> pd.Series[int]:
    """Return the release's population of these areas, collecting those that it has not."""
    total = need.populations["total"].rename("population")
    _require_codes(codes, total.index, f"{need.release}.csv", faults)
    return total.reindex(codes.intersection(total.index))


def _require_codes(wanted: pd.Index[str], held: pd.Index[str], file: str, faults: Faults) -> None:
    missing = wanted.difference(held)
    if not missing.empty:
        shown = ", ".join(missing[:MOST_SHOWN]) + (", …" if len(missing) > MOST_SHOWN else "")
        expected = "every LSOA that the other files have"
        faults.add(file, f"{len(missing):,} LSOAs missing", expected, column="lsoa", value=shown)


def _require_london(shapes: gpd.GeoDataFrame, carried: AreaSet, file: str, faults: Faults) -> None:
    """Collect shapes that lie elsewhere than London, as where eastings and northings changed places."""
    west, south, east, north = carried.areas.total_bounds
    bounds = shapes.bounds
    astray = (bounds["minx"] < west - ASTRAY_M) | (bounds["maxx"] > east + ASTRAY_M)
    astray |= (bounds["miny"] < south - ASTRAY_M) | (bounds["maxy"] > north + ASTRAY_M)
    if astray.any():
        first = bounds[astray].iloc[0]
        found = f"{bounds.index[astray][0]} at {first['minx']:.0f}; {first['miny']:.0f}"
        expected = f"eastings {west:.0f} to {east:.0f} and northings {south:.0f} to {north:.0f}, in metres (EPSG:27700)"
        faults.add(file, f"{astray.sum():,} LSOAs lie outside London", expected, column="geometry", value=found)


def _require_on_grid(frame: gpd.GeoDataFrame, file: str, faults: Faults) -> None:
    """Collect shapes that have no place on the National Grid, as under a coordinate system that is not theirs."""
    shapes = np.asarray(frame.geometry)
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    off = np.flatnonzero(there & ~np.isfinite(shapely.bounds(shapes)).all(axis=1))
    for row in off[:MOST_SHOWN].tolist():
        expected = "coordinates in Great Britain, in the coordinate system that the file names"
        value = str(frame.index[row])
        faults.add(file, "coordinates off the National Grid", expected, row=row + 2, column="geometry", value=value)
    if len(off) > MOST_SHOWN:
        rest = f"coordinates off the National Grid in {len(off) - MOST_SHOWN:,} more rows"
        faults.add(file, rest, "coordinates in Great Britain", column="geometry")


def _read_need(path: Path, vintage: int) -> Deprivation:
    need = read_file7(path)
    if need.vintage != vintage:
        fault = Fault(path.name, f"need for LSOAs of {need.vintage}", f"LSOAs of {vintage}", row=1)
        raise VintageError(
            f"{path.name} holds {label(need.release)}, which speaks of LSOAs of {need.vintage}, not of {vintage}: "
            "codes of the two years look alike but need not be the same places. "
            f"Fetch it anew: atlas data pull {path.stem}",
            [fault],
        )
    return need


def _read_msoas(workspace: Path) -> list[pd.DataFrame | None]:
    """Read the two lookups that name MSOAs, where they are there: by LSOA, and by MSOA."""
    lookup, everyday = (official_path(workspace, name) for name in ("lsoa21_lookup.csv", "msoa21_names.csv"))
    return _read_all(
        "the lookups cannot be used",
        lambda: read_lookup(lookup, 2021) if lookup.is_file() else None,
        lambda: read_lookup(everyday, 2021, "msoa") if everyday.is_file() else None,
    )


def _outlines(areas: gpd.GeoDataFrame, carried: AreaSet) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return boroughs and ICBs whose borders are those of the areas, with the columns of the embedded ones."""
    boroughs = carried.boroughs.set_geometry(dissolve(areas, "lad").geometry.reindex(carried.boroughs.index))
    shapes = pd.concat([dissolve(boroughs, column).geometry for column in ("icb22", "icb26")])
    # An ICB that did not change is the same in both years.
    shapes = shapes[~shapes.index.duplicated()]
    return boroughs, carried.icbs.set_geometry(gpd.GeoSeries(shapes.reindex(carried.icbs.index), crs=areas.crs))


def _arranged(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = ["name", "lad", "lad_name", "msoa", "msoa_name", "population", "x_m", "y_m", "geometry"]
    columns[5:5] = [column for column in ("ward", "ward_name") if column in areas.columns]
    return gpd.GeoDataFrame(areas.join(inside_points(areas.geometry)))[columns].rename_axis("lsoa")


def _header(path: Path, faults: Faults) -> list[str]:
    try:
        if path.suffix in PARQUET:
            return list(pq.read_schema(path).names)
        import pyogrio  # noqa: PLC0415 -- it loads all of GDAL: only for who needs that

        return list(map(str, pyogrio.read_info(path)["fields"]))
    except (pa.ArrowException, RuntimeError, OSError) as error:
        faults.add(
            path.name, f"empty, cut short or damaged ({error})", "a whole GeoParquet, GeoPackage, GeoJSON or Shapefile"
        )
        return []


def _taken(columns: dict[tuple[str, str], Column], kind: str) -> dict[str, str]:
    """Return which columns to read, and what to call them: the areas' own names, and larger areas' codes."""
    taken: dict[str, str] = {}
    for (found, part), column in columns.items():
        if part == "code":
            taken[column.title] = found
        elif found == kind and part == "name":
            taken[column.title] = "name"
    return taken


def _read(path: Path, titles: list[str], faults: Faults) -> gpd.GeoDataFrame:
    try:
        if path.suffix in PARQUET:
            about = json.loads((pq.read_schema(path).metadata or {}).get(b"geo", b"{}"))
            return gpd.read_parquet(path, columns=[*titles, about.get("primary_column", "geometry")])
        return gpd.read_file(path, columns=titles)
    except (pa.ArrowException, RuntimeError, ValueError, OSError) as error:
        faults.add(path.name, f"damaged or cut short ({error})", "a whole file")
        return gpd.GeoDataFrame(geometry=[], crs="EPSG:27700")


def _mend(frame: gpd.GeoDataFrame, file: str, faults: Faults) -> gpd.GeoDataFrame:
    """Mend shapes that cross themselves, as some generalised official ones do, and drop stray lines and points."""
    shapes = np.array(frame.geometry)
    is_area = np.isin(
        shapely.get_type_id(shapes), (-1, shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    )
    wrong = np.flatnonzero((~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)) | ~is_area)
    mended = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
    for place, shape in zip(wrong.tolist(), mended, strict=True):
        parts = shapely.get_parts(shape)
        polygons = [part for part in parts if shapely.area(part) > 0]
        if polygons:
            shapes[place] = shapely.union_all(polygons)
            code, problem = str(frame.index[place]), "a shape that is no plain polygon, mended"
            faults.add(file, problem, "a valid polygon", row=place + 2, value=code, severity="warning")
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
