"""Areas under a header that says neither land nor floors: told apart row by row, by unit and by use."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.areas import OF_LAND, UnclearAreaError, amounts_in
from atlas.geo.estate.cleaning.cells import Flags, Texts, matching
from atlas.geo.estate.cleaning.synonyms import HA, LOOSE
from atlas.geo.estate.noted import Notes
from atlas.vocabulary.estate import Holding, Use

OF_EITHER: Final = frozenset({"", *set(LOOSE["land_ha"]).intersection(LOOSE["floor_m2"])})
"""What is measured, by headers that do not say what."""

_OPEN: Final = [Use.OPEN_SPACE, Use.CEMETERY, Use.AGRICULTURE, Use.LAND]
_UNTOLD: Final = [Use.UNKNOWN, Use.OTHER]
_LETTER: Final = r"[^\d\s.,]"
_OF_FLOORS: Final = r"(?i)\b(?:gi[fa]?a|gea|nia|gfa|ipms|floor|floorspace|internal|lettable)\b"


def told_apart(texts: Texts, field: str, has_floors: Flags) -> dict[str, Texts]:
    """Cells of a column that holds land in some rows and floors in others, by the unit that stands with each.

    Parameters
    ----------
    texts : numpy.ndarray of object, shape (n,)
        Cells of the column; left as they are.
    field : {"land_ha", "floor_m2"}
        What most of the column is taken for: cells with no unit go there.
    has_floors : numpy.ndarray of bool, shape (n,)
        Whether each row has floors by its use, so that square metres are none of its land.

    Returns
    -------
    dict of str to numpy.ndarray of object, shape (n,)
        Cells of either field, empty where the other has them.

    Examples
    --------
    >>> texts = np.array(["11.2 ha", "2,400 m2", "0.3", "200 m2"], dtype=object)
    >>> has_floors = np.array([False, True, True, False])
    >>> {field: found.tolist() for field, found in told_apart(texts, "land_ha", has_floors).items()}
    {'land_ha': ['11.2 ha', '', '0.3', '200 m2'], 'floor_m2': ['', '2,400 m2', '', '']}
    """
    is_land = np.full(len(texts), field == "land_ha")
    says_floors = matching(texts, _OF_FLOORS)
    for at in np.flatnonzero(matching(texts, _LETTER)).tolist():
        units = _units(str(texts[at]))
        if units & OF_LAND:
            is_land[at] = True
        elif units and (has_floors[at] or says_floors[at]):
            is_land[at] = False
    return {"land_ha": np.where(is_land, texts, ""), "floor_m2": np.where(is_land, "", texts)}


def _units(text: str) -> set[str]:
    try:
        return {amount.unit for amount in amounts_in(text)} - {""}
    except UnclearAreaError:
        return set()


def floors_by(uses: Texts, holdings: Texts) -> tuple[Flags, Flags]:
    """Which rows have floors by their holding or their use, and which have none; of the others neither is known."""
    is_land, is_building = holdings == Holding.LAND.value, holdings == Holding.BUILDINGS.value
    has_none = is_land | (np.isin(uses, _OPEN) & ~is_building)
    return ~has_none & (is_building | ~np.isin(uses, _UNTOLD)), has_none


def land_without_floors(has_none: Flags, areas: dict[str, NDArray[np.float64]], notes: Notes) -> None:
    """Take square metres of a column of either for land where a row has no floors; `areas` is written to."""
    at = np.flatnonzero(has_none & np.isfinite(areas["floor_m2"]))
    before = areas["floor_m2"][at]
    areas["land_ha"][at], areas["floor_m2"][at] = (before * HA["m2"]).round(6), np.nan
    after = [f"{area:g} ha" for area in areas["land_ha"][at].tolist()]
    why = "square metres of land: it has no floors"
    notes.repair(at, "floor_m2", "area_of_land", [f"{area:g}" for area in before.tolist()], after, why)
