"""Whether a place is where the rest of its row says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.noted import Notes
from atlas.geo.estate.placing.locating import Located
from atlas.geo.estate.placing.whereabouts import (
    BOROUGH_EDGE_M,
    NEAR_POSTCODE_M,
    Flags,
    Floats,
    Positions,
    Whereabouts,
    outside_m,
)
from atlas.vocabulary.estate import PlacedBy

_OWN: Final = (PlacedBy.COORDINATES.value, PlacedBy.GRID_REFERENCE.value, PlacedBy.SHAPE.value)


@dataclass(frozen=True, eq=False)
class Places:
    """Where the rows of a register stand in the end; each array of shape (n,).

    Parameters
    ----------
    x_m, y_m : numpy.ndarray of float
        Metres, EPSG:27700; NaN where nowhere.
    placed_by : numpy.ndarray of object
        `PlacedBy` as text.
    inside : numpy.ndarray of int
        Position of the borough that each stands in; -1 for none.
    by_postcodes : numpy.ndarray of bool
        Whether postcodes say so, which are right where outlines are rounded off.
    """

    x_m: Floats
    y_m: Floats
    placed_by: NDArray[np.object_]
    inside: Positions
    by_postcodes: Flags


def check_places(
    fields: pd.DataFrame,
    found: Located,
    places: Places,
    where: Whereabouts,
    boroughs: gpd.GeoDataFrame,
    notes: Notes,
) -> None:
    """Note places far from their postcode or UPRN, or outside the borough that they should lie in.

    Parameters
    ----------
    fields : pandas.DataFrame
        Text columns `postcode`, `uprn`.
    found : Located
        Places by what the rows themselves give.
    places : Places
        Where the rows stand, those by UPRN and postcode among them.
    where : Whereabouts
        What else the rows say.
    boroughs : geopandas.GeoDataFrame
        London's boroughs, EPSG:27700.
    notes : Notes
        Takes the doubts.
    """
    is_own = np.isin(places.placed_by.astype(str), _OWN)
    for field, name, to_x_m, to_y_m in (
        ("postcode", "", where.postcode_x_m, where.postcode_y_m),
        ("uprn", "UPRN ", where.uprn_x_m, where.uprn_y_m),
    ):
        away_m = np.hypot(places.x_m - to_x_m, places.y_m - to_y_m)
        at = np.flatnonzero(is_own & (away_m > NEAR_POSTCODE_M))
        keys = fields[field].to_numpy(object)[at].tolist()
        why = [f"{metres:,.0f} m from {name}{key}" for metres, key in zip(away_m[at].tolist(), keys, strict=True)]
        _doubt(at, found.source[at], f", {field}", f"far_from_{field}", found.text[at], why, notes)
    at, why = _outside(places, where.expected, boroughs)
    source = np.where(is_own, found.source, places.placed_by)[at]
    text = np.where(is_own, found.text, "")[at]
    _doubt(at, source, ", borough" if where.home < 0 else "", "outside_borough", text, why, notes)


def _outside(places: Places, expected: Positions, boroughs: gpd.GeoDataFrame) -> tuple[Positions, list[str]]:
    """Places outside the borough that they should lie in, and by how much in words."""
    at = np.flatnonzero((expected >= 0) & np.isfinite(places.x_m))
    at = at[places.inside[at] != expected[at]]
    away_m = outside_m(places.x_m[at], places.y_m[at], expected[at], boroughs)
    out = (away_m > BOROUGH_EDGE_M) | places.by_postcodes[at]
    names = np.append(boroughs["name"].to_numpy(object), "no London borough")
    why = []
    for here, there, metres, is_told in zip(
        names[expected[at]], names[places.inside[at]], away_m.tolist(), places.by_postcodes[at].tolist(), strict=True
    ):
        by_how_much = f"{metres:,.0f} m outside {here}"
        if is_told and metres <= BOROUGH_EDGE_M:
            by_how_much = f"as the postcodes around it do; just outside {here}"
        why.append(f"lies in {there}, {by_how_much}")
    return at[out], [reason for reason, is_out in zip(why, out.tolist(), strict=True) if is_out]


def _doubt(
    at: Positions,
    source: NDArray[np.object_],
    also: str,
    code: str,
    text: NDArray[np.object_],
    why: list[str],
    notes: Notes,
) -> None:
    """Note one doubt about many rows, by the fields that their places are from."""
    for field in pd.unique(source):
        ours = np.flatnonzero(source == field)
        fields = str(field) if also == f", {field}" else f"{field}{also}"
        notes.doubt(at[ours], fields, code, text[ours], [why[each] for each in ours.tolist()])
