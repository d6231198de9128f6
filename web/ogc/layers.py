"""The layers: rows of `/api/v1` as programs for maps want them, flat and each layer of one kind of shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely

from atlas.exports.graph.fields import Field, FieldType
from web.programs.rows import Positions, Rows, points_in_degrees
from web.programs.table import COLLECTIONS, ESTATE, GAPS, Collection

FLAGS: Final = {"true": True, "false": False, "1": True, "0": False}
"""GDAL asks for `is_gap_here=1`."""

_NAMED: Final = {one.name: one for one in COLLECTIONS}
_IN_TEXT: Final = frozenset({FieldType.TEXT, FieldType.PARTIAL_DATE})


def _layer(one: Collection, shaped: Callable[[Rows], Rows]) -> Collection:
    """A collection whose rows are flat, with flags as clients of layers give them."""
    schema = {"type": "string", "enum": [*FLAGS]}
    filters = [
        replace(by, parameter=replace(by.parameter, schema=schema), means=FLAGS)
        if by.parameter.schema.get("type") == "boolean"
        else by
        for by in one.filters
    ]
    return replace(
        one,
        fields=tuple(map(_flat, one.fields)),
        filters=tuple(filters),
        rows=lambda here: replace(shaped(one.held(here)), is_flat=True),
        kept_as=f"layer {one.name}",
    )


def _flat(field: Field) -> Field:
    """A list as one text: what QGIS takes for lists follows from the first ten, and an empty one spoils the column."""
    if not field.is_list:
        return field
    words = f"{field.description}; divided by semicolons"
    return replace(field, type=FieldType.TEXT, description=words, is_list=False, choices=())


def _as_they_are(rows: Rows) -> Rows:
    return rows


def _polygons(rows: Rows) -> Rows:
    """Every polygon as one of several: QGIS, ArcGIS and shapefiles give a layer one kind of shape."""
    shapes = np.array(rows.shapes, dtype=object)
    for position in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON):
        shapes[position] = shapely.multipolygons([shapes[position]])
    return replace(rows, shapes=shapes)


def _points(rows: Rows) -> Rows:
    """The point of each asset, also of those with an outline."""
    return replace(rows, shapes=points_in_degrees(rows.frame[["x_m", "y_m"]].to_numpy(float)))


def _outlines(rows: Rows) -> Rows:
    """Those assets that have an outline."""
    shapes = np.asarray(rows.shapes, dtype=object)
    return _polygons(rows.take(np.flatnonzero(shapely.get_dimensions(shapes) == 2)))


_DRAWN: Final = replace(
    ESTATE,
    name="estate_outlines",
    title="Estate, outlines",
    words="Those assets that their register draws, as far as everybody may see them.",
    kept_as=ESTATE.name,
)

LAYERS: Final = {
    layer.name: layer
    for layer in (
        *(_layer(one, _polygons) for one in (_NAMED["areas"], GAPS, _NAMED["boroughs"])),
        _layer(_NAMED["sites"], _as_they_are),
        _layer(ESTATE, _points),
        _layer(_DRAWN, _outlines),
        *(_layer(_NAMED[name], _polygons) for name in ("networks", "programmes")),
    )
}
"""Layers by id."""


def telling_first(layer: Collection, rows: Rows, found: Positions) -> Positions:
    """Positions in an order whose first few have a shape, and a value of every column of numbers.

    QGIS takes the kind of shape and the types of columns from the first ten features: a column that is empty there
    would be text, and a layer that is nowhere there a table.
    """
    shaped = [] if rows.shapes is None else [~shapely.is_missing(rows.shapes)]
    columns = [one.name for one in layer.fields if one.is_nullable and one.type not in _IN_TEXT]
    there: list[Any] = [*shaped, *(rows.frame[name].notna().to_numpy(bool) for name in columns if name in rows.frame)]
    first = sorted({int(found[has[found]][0]) for has in there if has[found].any()})
    return np.concatenate([np.asarray(first, dtype=np.intp), found[~np.isin(found, first)]])
