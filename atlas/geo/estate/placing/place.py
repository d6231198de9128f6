"""Where each row of a register stands, how that was come by, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.noted import Notes
from atlas.geo.estate.placing.checking import Places, check_places
from atlas.geo.estate.placing.edges import lads_at
from atlas.geo.estate.placing.locating import Located, locate
from atlas.geo.estate.placing.outlines import Outlines, read_outlines
from atlas.geo.estate.placing.whereabouts import (
    Flags,
    Floats,
    PlacingContext,
    Whereabouts,
    read_whereabouts,
)
from atlas.vocabulary.estate import PlacedBy

__all__ = ["PLACED_COLUMNS", "PLACING_FIELDS", "Placed", "PlacingContext", "place"]

PLACING_FIELDS: Final = (
    "x",
    "y",
    "crs",
    "grid_reference",
    "postcode",
    "borough",
    "uprn",
    "ward",
    "street",
    "name",
)
"""Text columns that `place` and `Peers` read; one that is missing counts as empty."""

PLACED_COLUMNS: Final = ("x_m", "y_m", "placed_by", "lad", "wkb")


@dataclass(frozen=True, eq=False)
class Placed:
    """Rows of a register with their places.

    Parameters
    ----------
    frame : pandas.DataFrame
        On the index that came in: `x_m`, `y_m` (EPSG:27700, NaN where nowhere), `placed_by` (`PlacedBy` as text), `lad`
        (GSS code of the London borough it stands in, else empty), `wkb` (outline in EPSG:27700, or None).
    findings : pandas.DataFrame
        `FINDING_COLUMNS`: `row` from the index, `column` empty, `field` one or more names of fields, comma between.
    """

    frame: pd.DataFrame
    findings: pd.DataFrame


def place(fields: pd.DataFrame, geometry: gpd.GeoSeries | None, context: PlacingContext) -> Placed:
    """Find where the rows of a register stand.

    By outline, else by coordinates (in whatever system and order they are), else by grid reference, UPRN or postcode.
    What was mended is a repair and what may be wrong a doubt; nothing is moved without one.

    Parameters
    ----------
    fields : pandas.DataFrame
        `PLACING_FIELDS` as text, empty where there is nothing; postcodes in capitals with one space.
    geometry : geopandas.GeoSeries, optional
        Same index, EPSG:27700; None where a row has none.
    context : PlacingContext
        Postcodes, UPRNs and boroughs.

    Returns
    -------
    Placed

    Examples
    --------
    >>> import shapely
    >>> boroughs = gpd.GeoDataFrame(
    ...     {"name": ["Lewisham"]}, ["E09000023"], geometry=[shapely.box(534e3, 170e3, 542e3, 179e3)], crs="EPSG:27700"
    ... )
    >>> postcodes = pd.DataFrame({"lad": ["E09000023"], "easting_m": [537690.0], "northing_m": [173620.0]}, ["SE6 4RU"])
    >>> fields = pd.DataFrame({"x": ["51.4453", ""], "y": ["-0.0209", ""], "postcode": ["", "SE6 4RU"]}, index=[2, 3])
    >>> placed = place(fields, None, PlacingContext(postcodes, None, boroughs))
    >>> placed.frame["placed_by"].tolist(), placed.findings["code"].tolist()
    (['coordinates', 'postcode'], ['swapped', 'placed_by_postcode'])
    """
    fields = _complete(fields)
    where = read_whereabouts(fields, context)
    notes = Notes(fields.index)
    shapes = read_outlines(geometry, len(fields), notes)
    found = locate(fields, shapes, where, context.boroughs, notes)
    x_m, y_m, placed_by = _with_fallbacks(fields, found, where, shapes, notes)
    inside, by_postcodes = lads_at(x_m, y_m, context)
    # a postcode's own borough is exact where outlines are rounded off
    at = np.flatnonzero(placed_by == PlacedBy.POSTCODE.value)
    inside[at], by_postcodes[at] = context.boroughs.index.get_indexer(pd.Index(where.postcode_lad[at])), True
    places = Places(x_m, y_m, placed_by, inside, by_postcodes)
    check_places(fields, found, places, where, context.boroughs, notes)
    codes = np.append(context.boroughs.index.to_numpy(object), "")
    frame = pd.DataFrame(
        {"x_m": x_m, "y_m": y_m, "placed_by": placed_by, "lad": codes[inside], "wkb": shapes.wkb}, index=fields.index
    )
    return Placed(frame.astype({"placed_by": "str", "lad": "str"}), notes.frame())


def _complete(fields: pd.DataFrame) -> pd.DataFrame:
    columns = {name: fields[name].fillna("") if name in fields else "" for name in PLACING_FIELDS}
    return pd.DataFrame(columns, index=fields.index).astype("str")


def _with_fallbacks(
    fields: pd.DataFrame, found: Located, where: Whereabouts, shapes: Outlines, notes: Notes
) -> tuple[Floats, Floats, NDArray[np.object_]]:
    """Places, with those of UPRN or postcode where the row gives none of its own."""
    x_m, y_m, placed_by = found.x_m.copy(), found.y_m.copy(), found.placed_by.copy()
    by = (
        (PlacedBy.UPRN, where.uprn_x_m, where.uprn_y_m, "where its UPRN is"),
        (PlacedBy.POSTCODE, where.postcode_x_m, where.postcode_y_m, "approximate: the mean address of its postcode"),
    )
    for basis, from_x_m, from_y_m, why in by:
        at = np.flatnonzero(np.isnan(x_m) & np.isfinite(from_x_m) & np.isfinite(from_y_m))
        x_m[at], y_m[at], placed_by[at] = from_x_m[at], from_y_m[at], basis.value
        after = [f"{x:.0f}, {y:.0f}" for x, y in zip(x_m[at].tolist(), y_m[at].tolist(), strict=True)]
        before = fields[basis.value].to_numpy(object)[at]
        notes.repair(at, basis.value, f"placed_by_{basis.value}", before, after, why)
    nowhere = np.flatnonzero(np.isnan(x_m))
    notes.doubt(nowhere, "x, y", "no_place", "", _what_is_missing(fields.iloc[nowhere], shapes.is_given[nowhere]))
    return x_m, y_m, placed_by


def _what_is_missing(fields: pd.DataFrame, has_shape: Flags) -> list[str]:
    reasons = []
    columns = ("x", "y", "grid_reference", "uprn", "postcode")
    for (x, y, grid, uprn, postcode), is_shape in zip(
        fields[list(columns)].itertuples(index=False), has_shape.tolist(), strict=True
    ):
        own = "its outline, coordinates or grid reference cannot be used" if x or y or grid or is_shape else ""
        parts = [
            own or "no coordinates",
            f"UPRN {uprn} is in no look-up that is loaded" if uprn else "no UPRN",
            f"{postcode} is no live postcode" if postcode else "no postcode",
        ]
        reasons.append("; ".join(parts))
    return reasons
