"""Rows of the estate: what everybody may see, since nothing else is in the atlas that the web answers from."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from atlas.assets import FIELDS
from atlas.exports.estate.assets import COLUMNS, table
from atlas.exports.graph.fields import Field, FieldType
from atlas.geo.estate.model import Estate
from atlas.snapshot import Atlas
from web.programs.measured import names_of
from web.programs.rows import Mask, Positions, Rows, areas_in, in_degrees, lads_in

_TEXT, _NUMBER, _WHOLE = FieldType.TEXT, FieldType.NUMBER, FieldType.INTEGER
_LEFT_OUT: Final = frozenset({"asset", "extra"})

_MORE: Final = {
    "place": "id of the first interest in the same place: counted by it, a place counts once",
    "partner": "id of the institution whose register it is in",
    "partner_name": "its name",
    "register": "id of the register",
    "register_as_of": "day that the register speaks of",
    "row": "row of the register",
    "is_sensitive": "whether only its owner may know of it; never true here",
    "placed_by": "how its position was come by",
    "lad": "GSS code of the London borough that it stands in; empty elsewhere",
    "x_m": "easting of a point inside it, EPSG:27700",
    "y_m": "northing of that point",
    "outcome": "whether the row was accepted as it was, or repaired",
}
_SAID: Final = {field.name: (field.description, field.unit) for field in FIELDS}
_TYPES: Final = {
    "row": _WHOLE,
    "is_sensitive": FieldType.BOOLEAN,
    **dict.fromkeys(("land_ha", "floor_m2", "x_m", "y_m"), _NUMBER),
}


def _field(name: str) -> Field:
    words, unit = _SAID[name] if name in _SAID else (_MORE[name], "")
    kind = _TYPES.get(name, _TEXT)
    return Field(name, kind, words, unit, is_nullable=kind is _NUMBER)


ESTATE: Final = (Field("id", _TEXT, "asset:register-key"), *(_field(name) for name in COLUMNS if name not in _LEFT_OUT))


def estate(atlas: Atlas, shapes: Any) -> Rows:
    """Every asset that everybody may see."""
    held, areaset = atlas.inputs.estate, atlas.inputs.areaset

    def inside(code: str) -> Mask:
        is_there = held.assets["lad"].isin([*lads_in(areaset, code)]).to_numpy(bool)
        if is_there.any():
            return is_there
        lsoas = areaset.areas.index[areas_in(areaset, code)]
        return atlas.inputs.asset_areas.isin(lsoas).to_numpy(bool)

    def write(positions: Positions) -> pd.DataFrame:
        return table(held, positions).rename(columns={"asset": "id"})

    return Rows(held.assets, names_of(ESTATE), shapes, inside, write)


def estate_shapes(atlas: Atlas) -> Any:
    """The outline of each asset, else its point; None where it is nowhere."""
    held: Estate = atlas.inputs.estate
    found = np.array(held.outlines.reindex(held.assets.index), dtype=object)
    points = np.flatnonzero(~held.has_outline & np.isfinite(held.xy).all(axis=1))
    found[points] = shapely.points(held.xy[points])
    return in_degrees(found)
