"""Units of area that nothing states, told by the outlines that the rows have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.headers import area_of
from atlas.geo.estate.cleaning.sizes import sizes_of
from atlas.geo.estate.cleaning.synonyms import HA
from atlas.geo.estate.model import ColumnMatch, RawChunk

_FEWEST_DRAWN: Final = 5
_LEAST_ALIKE: Final = 0.8
_APART: Final = 1.1


def with_drawn_units(matches: Sequence[ColumnMatch], rows: RawChunk) -> tuple[ColumnMatch, ...]:
    """Give columns of land the unit in which their numbers are the areas of the rows' outlines.

    Parameters
    ----------
    matches : sequence of ColumnMatch
        What each column is taken for; one whose unit the user or its header states stays as it is.
    rows : RawChunk
        The first rows, with their geometry in EPSG:27700.

    Returns
    -------
    tuple of ColumnMatch
        In the same order.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> squares = gpd.GeoSeries(shapely.box(0, 0, [100, 80, 60, 50, 40], 100))
    >>> cells = pd.DataFrame({"Site": ["2.47", "1.98", "1.48", "1.24", "0.99"]})
    >>> with_drawn_units([ColumnMatch("Site", "land_ha", 80, "name")], RawChunk(cells, squares))[0].said
    'land_ha:acres'
    """
    if rows.geometry is None:
        return tuple(matches)
    drawn_ha = np.nan_to_num(shapely.area(rows.geometry.to_numpy())) * HA["m2"]
    return tuple(_with_unit(match, rows.cells[match.column].tolist(), drawn_ha) for match in matches)


def _with_unit(match: ColumnMatch, values: Sequence[str], drawn_ha: NDArray[np.float64]) -> ColumnMatch:
    if match.field != "land_ha" or match.is_by_user or area_of(match.column)[1]:
        return match
    unit = _unit_of(values, drawn_ha)
    is_own = unit == "ha" and not match.lacks_unit
    return replace(match, unit=unit) if unit and not is_own else match


def _unit_of(values: Sequence[str], drawn_ha: NDArray[np.float64]) -> str:
    """Unit in which most numbers are the areas of the outlines beside them; empty for none."""
    sizes = sizes_of(values)
    both = (sizes > 0) & (drawn_ha > 0)
    if both.sum() < _FEWEST_DRAWN:
        return ""
    times = sizes[both] / drawn_ha[both]
    alike = {unit: float((np.abs(np.log(times * one_ha)) < np.log(_APART)).mean()) for unit, one_ha in HA.items()}
    likeliest = max(alike, key=alike.__getitem__)
    return likeliest if alike[likeliest] >= _LEAST_ALIKE else ""
