"""Units of area that nothing states: what the numbers of a column can be by their size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.geo.estate.model import UNIT_UNKNOWN

_BARE: Final = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?")
_FEW_HECTARES: Final = 10.0
_MANY_HECTARES: Final = 100.0
_SEVERAL: Final = 4
_MOST_LARGE: Final = 0.2
_MOST_LARGE_STATED: Final = 0.5


def unit_by_size(values: Sequence[str]) -> str:
    """Unit of the numbers under a bare ``Area``: hectares are mostly small and broken, square metres large.

    Parameters
    ----------
    values : sequence of str
        Cells of one column.

    Returns
    -------
    str
        ``ha``, ``m2``, or `UNIT_UNKNOWN` where they are of both kinds, or small and whole; empty where most are no
        numbers.

    Examples
    --------
    >>> unit_by_size(["0.64", "0.05", "13.2"]), unit_by_size(["13,200", "2400", "95"])
    ('ha', 'm2')
    >>> unit_by_size(["0.64", "13200", "0.3", "900"]), unit_by_size(["3", "1", "2"]), unit_by_size(["0.6 ha"])
    ('?', '?', '')
    """
    sizes = _sizes(values)
    if not len(sizes):
        return ""
    is_small = sizes < _FEW_HECTARES
    if 2 * is_small.sum() < len(sizes):
        return "m2"
    is_broken = (sizes % 1 > 0)[is_small]
    return UNIT_UNKNOWN if _share_too_large(sizes) > _MOST_LARGE or 2 * is_broken.sum() < len(is_broken) else "ha"


def fits(field: str, values: Sequence[str], unit: str = "") -> bool:
    """Whether numbers with no unit beside them can be hectares of land, or square metres of floors.

    Parameters
    ----------
    field : str
        Either of the areas; anything fits another field.
    values : sequence of str
        Cells of one column.
    unit : str
        That the header states; but hectares may be anything by it.

    Examples
    --------
    >>> fits("land_ha", ["0.6", "2", "11"]), fits("land_ha", ["640", "24", "85"]), fits("floor_m2", ["0.6", "0.2"])
    (True, False, False)
    """
    sizes = _sizes(values)
    is_small = sizes < _FEW_HECTARES
    if not len(sizes) or unit not in {"", "ha"}:
        return True
    if unit == "ha":
        return _share_too_large(sizes) <= _MOST_LARGE_STATED
    if field == "floor_m2":
        return bool(2 * is_small.sum() < len(sizes))
    if field == "land_ha":
        are_whole = len(sizes) >= _SEVERAL and not is_small.any() and not (sizes % 1).any()
        return not (_share_too_large(sizes) > _MOST_LARGE or are_whole)
    return True


def _share_too_large(sizes: NDArray[np.float64]) -> float:
    return float((sizes > _MANY_HECTARES).mean())


def sizes_of(values: Sequence[str]) -> NDArray[np.float64]:
    """Numbers of cells that hold nothing else; NaN of all others.

    Examples
    --------
    >>> sizes_of(["1,200.5", "3 ha", ""]).tolist()
    [1200.5, nan, nan]
    """
    return np.array([float(value.replace(",", "")) if _BARE.fullmatch(value.strip()) else np.nan for value in values])


def _sizes(values: Sequence[str]) -> NDArray[np.float64]:
    """Numbers above nought, where most of the values are numbers and nothing else."""
    sizes = sizes_of(values)
    bare = sizes[~np.isnan(sizes)]
    return bare[bare > 0] if 2 * len(bare) > len(values) else bare[:0]
