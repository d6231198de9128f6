"""What a footprint covers: which small areas a network or a programme reaches, and its shape on a map.

A footprint of places is a list of GSS codes: LSOAs (E01), MSOAs (E02), districts and boroughs (E06 to E09), integrated
care boards (E54, those of 2022 and of 2026), regions (E12; E12000007 is London, all of the study area) and countries
(E92000001 England, K02000001 the United Kingdom, K03000001 Great Britain, K04000001 England and Wales: all of it).
A footprint of a radius is a circle; an area is inside where its point (`x_m`, `y_m`) is, as access takes its people
to live there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.errors import QueryError
from atlas.vocabulary import FootprintKind

LONDON: Final = "E12000007"
BEYOND: Final = {
    "E92000001": "England",
    "K02000001": "the United Kingdom",
    "K03000001": "Great Britain",
    "K04000001": "England and Wales",
}
"""Names of the wholes that London is part of, by GSS code."""

WHOLE: Final = {LONDON: "London", **BEYOND}
"""Names of what covers all of the study area, by GSS code."""

_COLUMNS: Final = {"E01": "lsoa", "E02": "msoa", "E06": "lad", "E07": "lad", "E08": "lad", "E09": "lad"}
_ELSEWHERE: Final = ("E12", "W", "S", "N")


def covers(
    footprint_kind: FootprintKind,
    footprint: Sequence[str],
    areas: pd.DataFrame,
    boroughs: pd.DataFrame,
    icbs: pd.DataFrame,
) -> pd.Series[bool]:
    """Which areas lie in a footprint.

    Parameters
    ----------
    footprint_kind : FootprintKind
        How the footprint is written.
    footprint : sequence of str
        GSS codes; or easting, northing and radius in metres; or nothing.
    areas : pandas.DataFrame
        Indexed by LSOA code: `lad`, `msoa`, `x_m`, `y_m`.
    boroughs : pandas.DataFrame
        Indexed by GSS code: `icb22`, `icb26`.
    icbs : pandas.DataFrame
        Indexed by GSS code.

    Returns
    -------
    pandas.Series of bool
        `covers`, on the index of `areas`; all False for a footprint that is not known or lies outside London.

    Raises
    ------
    QueryError
        If a code is of a kind that Atlas cannot place, or a radius is not three numbers.

    Examples
    --------
    >>> areas = pd.DataFrame(
    ...     {"lad": ["E09000023", "E09000010"], "msoa": ["E02000653", "E02000277"], "x_m": [538000, 534000],
    ...      "y_m": [175000, 193000]}, index=["E01003189", "E01001393"])
    >>> boroughs = pd.DataFrame({"icb22": ["E54000030"], "icb26": ["E54000030"]}, index=["E09000023"])
    >>> icbs = pd.DataFrame(index=["E54000030"])
    >>> covers(FootprintKind.PLACES, ["E54000030"], areas, boroughs, icbs).tolist()
    [True, False]
    >>> covers(FootprintKind.RADIUS, ["534000", "192000", "1000"], areas, boroughs, icbs).tolist()
    [False, True]
    """
    if footprint_kind == FootprintKind.RADIUS:
        x, y, radius_m = _circle(footprint)
        inside = np.hypot(np.asarray(areas["x_m"]) - x, np.asarray(areas["y_m"]) - y) <= radius_m
    else:
        codes = _resolve(footprint if footprint_kind == FootprintKind.PLACES else (), boroughs, icbs)
        named = areas["lad"].isin(codes["lad"]) | areas["msoa"].isin(codes["msoa"]) | areas.index.isin(codes["lsoa"])
        inside = np.asarray(named) | bool(codes["whole"])
    return pd.Series(np.asarray(inside, dtype=np.bool_), index=areas.index, name="covers", dtype=bool)


def geometry_of(
    footprint_kind: FootprintKind,
    footprint: Sequence[str],
    areas: gpd.GeoDataFrame,
    boroughs: gpd.GeoDataFrame,
    icbs: gpd.GeoDataFrame,
) -> shapely.Geometry | None:
    """The shape of a footprint within London, for maps.

    Parameters
    ----------
    footprint_kind, footprint, areas, boroughs, icbs
        As in `covers`, each with its `geometry`.

    Returns
    -------
    shapely.Geometry or None
        EPSG:27700; the whole of London for a footprint wider than it; None where nothing of it is known or in London.

    Raises
    ------
    QueryError
        As in `covers`.

    Examples
    --------
    >>> nothing = gpd.GeoDataFrame(geometry=[])
    >>> circle = geometry_of(FootprintKind.RADIUS, ["534000", "192000", "1000"], nothing, nothing, nothing)
    >>> [round(edge) for edge in circle.bounds]
    [533000, 191000, 535000, 193000]
    """
    if footprint_kind == FootprintKind.RADIUS:
        x, y, radius_m = _circle(footprint)
        return shapely.Point(x, y).buffer(radius_m)
    if footprint_kind != FootprintKind.PLACES:
        return None
    codes = _resolve(footprint, boroughs, icbs)
    if codes["whole"]:
        return shapely.union_all(np.asarray(boroughs.geometry))
    shapes = [
        *boroughs.geometry[boroughs.index.isin(codes["lad"])],
        *areas.geometry[areas["msoa"].isin(codes["msoa"]) | areas.index.isin(codes["lsoa"])],
    ]
    return shapely.union_all(shapes) if shapes else None


def _resolve(footprint: Sequence[str], boroughs: pd.DataFrame, icbs: pd.DataFrame) -> dict[str, set[str]]:
    """Codes by what they name; boards become their boroughs, and what lies outside London is dropped."""
    codes: dict[str, set[str]] = {"whole": set(), "lad": set(), "msoa": set(), "lsoa": set()}
    for code in footprint:
        if code in WHOLE:
            codes["whole"].add(code)
        elif code.startswith("E54"):
            mine = (boroughs["icb22"] == code) | (boroughs["icb26"] == code)
            codes["lad"].update(boroughs.index[mine] if code in icbs.index else ())
        elif code[:3] in _COLUMNS:
            codes[_COLUMNS[code[:3]]].add(code)
        elif not code.startswith(_ELSEWHERE):
            raise QueryError(
                f"footprint code {code!r} cannot be placed; expected an LSOA (E01), MSOA (E02), borough or district "
                f"(E06 to E09), integrated care board (E54), region (E12) or country code"
            )
    return codes


def _circle(footprint: Sequence[str]) -> tuple[float, float, float]:
    try:
        x, y, radius_m = (float(part) for part in footprint)
    except ValueError:
        raise QueryError(f"a radius needs easting, northing and radius_m, found {'; '.join(footprint)!r}") from None
    return x, y, radius_m
