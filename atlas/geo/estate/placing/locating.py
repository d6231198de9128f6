"""Places by what a row itself gives: its outline, its coordinates or its grid reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.noted import Notes
from atlas.geo.estate.placing.choosing import Chosen, choose
from atlas.geo.estate.placing.coordinates import DEGREES, GEOCENTRIC, MERCATOR, METRES, READINGS, candidates
from atlas.geo.estate.placing.notation import GRID, Numbers, read_numbers
from atlas.geo.estate.placing.outlines import Outlines
from atlas.geo.estate.placing.whereabouts import Flags, Floats, Positions, Whereabouts
from atlas.vocabulary.estate import PlacedBy

_STATED: Final = (
    (MERCATOR, re.compile(r"3857|900913|mercator")),
    (GEOCENTRIC, re.compile(r"geocentric|4936|4978")),
    (METRES, re.compile(r"osgb|27700|7405|british|national grid|\bbng\b|\bos grid|easting")),
    (DEGREES, re.compile(r"wgs|etrs|4326|4258|4937|crs:?84|lat|\blon|degree|gps")),
)
"""What the coordinate system that a register states means; the first that fits."""

_SYSTEM: Final = np.array([reading.system.name for reading in READINGS], dtype=object)
_WORDS: Final = {reading.system.name: reading.system.words for reading in READINGS}
_IS_SWAPPED: Final = np.array([reading.is_swapped for reading in READINGS])

_NOTATIONS: Final = {
    "separators": "written with separators, a unit or a letter",
    "degrees_minutes_seconds": "degrees, minutes and seconds",
    "both_in_one": "both numbers in one cell",
    GRID: "a grid reference: the middle of its square",
}

_ORDER: Final = {
    DEGREES: "latitude and longitude in each other's place",
    GEOCENTRIC: "X and Y in each other's place",
}

_PLACEHOLDERS: Final = (0.0, 1.0, -1.0, 999.0, 9999.0, 99999.0, 999999.0)
"""What stands in both cells of rows whose place nobody looked up."""

_APART_M: Final = 2_000.0


@dataclass(frozen=True, eq=False)
class Located:
    """Places by what the rows themselves give; each array of shape (n,).

    Parameters
    ----------
    x_m, y_m : numpy.ndarray of float
        Metres, EPSG:27700; NaN where the row gives none that can be used.
    placed_by : numpy.ndarray of object
        `PlacedBy` as text; nowhere where the place is NaN.
    source : numpy.ndarray of object
        Names of the fields that it is from, comma between.
    text : numpy.ndarray of object
        What stands in them.
    may_lack_sign : numpy.ndarray of bool
        Whether the longitude may have lost its minus.
    """

    x_m: Floats
    y_m: Floats
    placed_by: NDArray[np.object_]
    source: NDArray[np.object_]
    text: NDArray[np.object_]
    may_lack_sign: Flags


def locate(
    fields: pd.DataFrame, shapes: Outlines, where: Whereabouts, boroughs: gpd.GeoDataFrame, notes: Notes
) -> Located:
    """Read outlines, coordinates and grid references, in this order; note what was mended and what is in doubt.

    Parameters
    ----------
    fields : pandas.DataFrame
        Text columns `x`, `y`, `crs`, `grid_reference`.
    shapes : Outlines
        What came with the rows.
    where : Whereabouts
        What else they say.
    boroughs : geopandas.GeoDataFrame
        London's boroughs, EPSG:27700.
    notes : Notes
        Takes the findings.

    Returns
    -------
    Located
    """
    x, y = (fields[name].str.strip().to_numpy(object).copy() for name in ("x", "y"))
    numbers = read_numbers(x, y)
    from_points = shapes.is_point & ((x == "") | (y == ""))
    numbers.a[from_points], numbers.b[from_points] = shapes.x_m[from_points], shapes.y_m[from_points]
    numbers.notation[from_points] = ""
    text = np.array(_joined(x, y), dtype=object)
    text[from_points] = _pairs(numbers.a[from_points], numbers.b[from_points])
    is_placeholder = (numbers.a == numbers.b) & np.isin(np.abs(numbers.a), np.abs(_PLACEHOLDERS))
    a, b = (np.where(is_placeholder, np.nan, side) for side in (numbers.a, numbers.b))
    tried = Numbers(a, b, numbers.notation)
    chosen = choose(tried, where, boroughs)
    source = np.where(from_points, "geometry", "x, y").astype(object)
    _note_repairs(fields, numbers, chosen, text, from_points, notes)
    _note_doubts(numbers, chosen, text, is_placeholder, notes)
    is_placed = np.isfinite(chosen.x_m)
    placed_by = np.where(is_placed, PlacedBy.COORDINATES.value, PlacedBy.NOWHERE.value).astype(object)
    placed_by[is_placed & (numbers.notation == GRID)] = PlacedBy.GRID_REFERENCE.value
    by_xy = Located(chosen.x_m.copy(), chosen.y_m.copy(), placed_by, source, text, chosen.is_sign_doubtful)
    return _with_shapes(_with_grid_references(by_xy, fields["grid_reference"], notes), shapes, notes)


def _joined(x: NDArray[np.object_], y: NDArray[np.object_]) -> list[str]:
    return [f"{a}, {b}" if a and b else a or b for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def _pairs(a: Floats, b: Floats) -> list[str]:
    return [f"{first:.10g}, {second:.10g}" for first, second in zip(a.tolist(), b.tolist(), strict=True)]


def _note_repairs(
    fields: pd.DataFrame, numbers: Numbers, chosen: Chosen, text: NDArray[np.object_], from_points: Flags, notes: Notes
) -> None:
    is_placed = np.isfinite(chosen.x_m)
    for notation, why in _NOTATIONS.items():
        at = np.flatnonzero(is_placed & (numbers.notation == notation))
        notes.repair(at, "x, y", notation, text[at], _pairs(numbers.a[at], numbers.b[at]), why)
    system = np.where(is_placed, _SYSTEM[chosen.reading], "")
    is_swapped = is_placed & _IS_SWAPPED[chosen.reading]
    stated = _stated(fields["crs"])
    for is_shape, field in ((False, "x, y"), (True, "geometry")):
        ours = from_points == is_shape
        at = np.flatnonzero(is_swapped & ours)
        order = [_ORDER.get(name, "easting and northing in each other's place") for name in system[at].tolist()]
        notes.repair(at, field, "swapped", text[at], _pairs(numbers.b[at], numbers.a[at]), order)
        _note_systems(system, stated, text, chosen, ours, field, notes)
    at = np.flatnonzero(chosen.is_sign_mended)
    west, north = -np.minimum(numbers.a[at], numbers.b[at]), np.maximum(numbers.a[at], numbers.b[at])
    notes.repair(
        at, "x, y", "sign_lost", text[at], _pairs(west, north), "the longitude had lost its minus: only so does it fit"
    )
    for system_name, words in ((METRES, "British National Grid"), (DEGREES, "longitude and latitude")):
        other = DEGREES if system_name == METRES else METRES
        at = np.flatnonzero((system == system_name) & (stated == other) & (numbers.notation != GRID))
        before = fields["crs"].to_numpy(object)[at]
        notes.repair(at, "crs", "mislabelled", before, words, f"the numbers are {words}, whatever the label says")


def _note_systems(
    system: NDArray[np.object_],
    stated: NDArray[np.object_],
    text: NDArray[np.object_],
    chosen: Chosen,
    ours: Flags,
    field: str,
    notes: Notes,
) -> None:
    is_told = system == stated
    unusual = ours & (system != "") & ~np.isin(system, [METRES, DEGREES]) & ~is_told
    if field == "geometry":
        unusual |= ours & (system == DEGREES)
    for name in pd.unique(system[unusual]):
        at = np.flatnonzero(unusual & (system == name))
        why = f"read as {_WORDS[name]}: converted"
        if name == GEOCENTRIC:
            why = "read as geocentric X and Y without Z: the northing is good to 100 m or so"
        notes.repair(at, field, str(name), text[at], _whole(chosen.x_m[at], chosen.y_m[at]), why)


def _whole(x_m: Floats, y_m: Floats) -> list[str]:
    return [f"{x:.0f}, {y:.0f}" for x, y in zip(x_m.tolist(), y_m.tolist(), strict=True)]


def _stated(crs: pd.Series) -> NDArray[np.object_]:
    """The system that each text names; empty for none."""
    of_text = {
        text: next((name for name, pattern in _STATED if pattern.search(str(text).lower())), "")
        for text in pd.unique(crs)
    }
    return crs.map(of_text).to_numpy(object)


def _note_doubts(
    numbers: Numbers, chosen: Chosen, text: NDArray[np.object_], is_placeholder: Flags, notes: Notes
) -> None:
    has_a, has_b, is_written = np.isfinite(numbers.a), np.isfinite(numbers.b), text != ""
    both = has_a & has_b
    is_placed = np.isfinite(chosen.x_m)
    lost = both & ~is_placed & ~is_placeholder
    is_geocentric = chosen.is_uncertain & (np.where(chosen.reading >= 0, _SYSTEM[chosen.reading], "") == GEOCENTRIC)
    tells: tuple[tuple[str, Flags, str], ...] = (
        ("placeholder", is_placeholder, "stands for no place at all: not used"),
        ("half_a_pair", (has_a ^ has_b) & is_written, "only one of the two numbers can be read: not used"),
        ("unreadable", is_written & ~has_a & ~has_b, "no coordinates that can be read: not used"),
        (GEOCENTRIC, is_geocentric, "geocentric X and Y without Z, and nothing else says where: not used"),
        ("uncertain", chosen.is_uncertain & ~is_geocentric, _UNCERTAIN),
        ("sign_doubtful", chosen.is_sign_doubtful, "the longitude may have lost its minus: see which is meant"),
        ("outside_britain", lost & ~chosen.is_uncertain & ~chosen.is_sign_doubtful, _OUTSIDE),
    )
    for code, flags, why in tells:
        at = np.flatnonzero(flags)
        notes.doubt(at, "x, y", code, text[at], why)


_UNCERTAIN: Final = "only another order or unit puts it in Great Britain, and nothing else says so: not used"
_OUTSIDE: Final = "lies outside Great Britain however it is read: not used"


def _with_grid_references(found: Located, references: pd.Series, notes: Notes) -> Located:
    """Grid references where there are no coordinates, and a doubt where the two are apart."""
    given = np.flatnonzero((references != "").to_numpy(bool))
    if not len(given):
        return found
    texts = references.to_numpy(object)[given]
    read = read_numbers(texts, np.full(len(given), "", dtype=object))
    tried = candidates(read.a, read.b)
    x_m, y_m = tried.at(np.where(tried.stands[0], 0, -1))
    is_read = np.isfinite(x_m)
    notes.doubt(given[~is_read], "grid_reference", "unreadable", texts[~is_read], "no grid reference in Great Britain")
    away_m = np.hypot(x_m - found.x_m[given], y_m - found.y_m[given])
    apart = away_m > _APART_M
    why = [f"{metres:,.0f} m from the row's coordinates" for metres in away_m[apart].tolist()]
    notes.doubt(given[apart], "x, y, grid_reference", "far_from_grid_reference", texts[apart], why)
    at = is_read & np.isnan(found.x_m[given])
    return _replaced(found, given[at], (x_m[at], y_m[at]), PlacedBy.GRID_REFERENCE, "grid_reference", texts[at])


def _with_shapes(found: Located, shapes: Outlines, notes: Notes) -> Located:
    """Outlines instead of coordinates, and a doubt where the two are apart."""
    at = np.flatnonzero(np.isfinite(shapes.x_m) & ~shapes.is_point)
    away_m = np.hypot(shapes.x_m[at] - found.x_m[at], shapes.y_m[at] - found.y_m[at])
    apart = away_m > _APART_M
    why = [f"{metres:,.0f} m from the row's outline, which is used" for metres in away_m[apart].tolist()]
    notes.doubt(at[apart], "x, y, geometry", "far_from_outline", found.text[at[apart]], why)
    places = (shapes.x_m[at], shapes.y_m[at])
    return _replaced(found, at, places, PlacedBy.SHAPE, "geometry", np.full(len(at), "", dtype=object))


def _replaced(
    found: Located,
    at: Positions,
    places: tuple[Floats, Floats],
    basis: PlacedBy,
    source: str,
    texts: NDArray[np.object_],
) -> Located:
    fresh = {field.name: getattr(found, field.name).copy() for field in fields_of(found)}
    values = (*places, basis.value, source, texts, False)
    for array, new in zip(fresh.values(), values, strict=True):
        array[at] = new
    return Located(**fresh)
