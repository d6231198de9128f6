"""What the rows of one place say of it, side by side, and where they do not agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, Final

import numpy as np
import pandas as pd

from atlas.assets import BY_NAME, FIELDS
from atlas.errors import NotFoundError
from atlas.geo.estate.match.address import folded
from atlas.vocabulary.estate import PlacedBy

CONFLICT_COLUMNS: Final = (
    "field",  # of `atlas.assets.FIELDS`, or position
    "label",  # its words
    "unit",  # of a number
    "asset",  # id of the row
    "partner",
    "register",
    "as_of",  # day that the row bears of its own; empty where it has none
    "value",  # text; empty where the row says nothing
    "is_interest",  # bool: of the field: each interest has its own, so that they never conflict
    "is_conflict",  # bool: of the field: whether two rows disagree
)
"""Columns of a frame of values side by side: one row for each field that any of the rows knows, and each asset."""

INTERESTS: Final = ("organisation", "reference", "tenure", "tenure_detail", "title_number", "occupier", "visibility")
"""Fields that speak of one holder's interest and not of the place."""

SAME_SHARE: Final = 0.01
"""Areas that differ by no more than this share of the larger agree."""

SAME_M2: Final = 50.0
"""Areas that differ by no more than this agree."""

SAME_PLACE_M: Final = 100.0
"""Positions no farther apart than this agree."""

_OWN_DATE: Final = ("as_of",)
_REMARKS: Final = ("notes", "use_detail")
_M2: Final = {"land_ha": 10_000.0, "floor_m2": 1.0}
_PLACES: Final = {"land_ha": 4, "floor_m2": 1}
_NOT_SAID: Final = frozenset({"", "unknown"})


@dataclass(frozen=True, slots=True)
class _Told:
    """A field with what each row says, and how two of them are held against each other."""

    name: str
    label: str
    unit: str
    cells: list[str]
    is_interest: bool
    is_conflict: bool


def conflicts(assets: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Lay the values of the rows of one place side by side, and say where they disagree.

    Areas agree within `SAME_SHARE` or `SAME_M2`, positions within `SAME_PLACE_M` (one by postcode with any), streets
    where one has all the words of the other, other texts where they have the same words in their short forms. A row
    that says nothing disagrees with none; nor do interests, remarks and dates.

    Parameters
    ----------
    assets : pandas.DataFrame
        `ASSET_COLUMNS`, indexed by asset id.
    ids : sequence of str
        Of the rows, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        `CONFLICT_COLUMNS`: fields in the order of `FIELDS`, then the position; rows in the order of `ids`.

    Raises
    ------
    NotFoundError
        If there is no asset of an id.

    Examples
    --------
    >>> rows = pd.DataFrame({"partner": ["p", "q"], "register": ["a", "b"], "as_of": ["2021-04-01", ""]}, ["x", "y"])
    >>> rows = rows.assign(name=["Catford Hse", "Catford House"], land_ha=[0.5, 0.7])
    >>> found = conflicts(rows, ["x", "y"])
    >>> found[["field", "value", "is_conflict"]].to_numpy().tolist()[2:]
    [['land_ha', '0.5', True], ['land_ha', '0.7', True], ['as_of', '2021-04-01', False], ['as_of', '', False]]
    """
    missing = [one for one in ids if one not in assets.index]
    if missing:
        raise NotFoundError("asset", missing[0])
    rows = assets.loc[list(ids)]
    told = [field for field in (*_fields(rows), *_position(rows)) if any(field.cells)]
    common = {name: _texts(rows, name) for name in ("partner", "register", "as_of")}
    lines = [
        (
            field.name, field.label, field.unit, one, *(common[name][at] for name in common),
            field.cells[at], field.is_interest, field.is_conflict,
        )
        for field in told
        for at, one in enumerate(ids)
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=list(CONFLICT_COLUMNS))


def _texts(rows: pd.DataFrame, name: str) -> list[str]:
    return [text if isinstance(text, str) else "" for text in rows[name]] if name in rows else [""] * len(rows)


def _fields(rows: pd.DataFrame) -> list[_Told]:
    found = []
    for field in FIELDS:
        if field.name not in rows:
            continue
        if field.name in _M2:
            numbers = rows[field.name].to_numpy(float)
            values = ["" if np.isnan(n) else f"{round(n, _PLACES[field.name]):g}" for n in numbers.tolist()]
            is_conflict = _any_two(numbers.tolist(), partial(_areas_differ, m2=_M2[field.name]))
        elif field.kind == "number":
            continue
        else:
            values = _texts(rows, field.name)
            values = ["" if value in _NOT_SAID else value for value in values]
            is_conflict = _texts_conflict(field.name, values)
        found.append(_Told(field.name, field.label, field.unit, values, field.name in INTERESTS, is_conflict))
    return found


def _texts_conflict(name: str, values: list[str]) -> bool:
    if name in (*INTERESTS, *_OWN_DATE, *_REMARKS):
        return False
    if name == "street":
        words = [frozenset(folded(value).split()) for value in values if value]
        return _any_two(words, lambda a, b: not (a <= b or b <= a))
    fold = str.casefold if BY_NAME[name].kind == "choice" else folded
    return len({fold(value) for value in values if value}) > 1


def _any_two(values: list[Any], differ: Callable[[Any, Any], bool]) -> bool:
    return any(differ(a, b) for a, b in combinations(values, 2))


def _areas_differ(one: float, other: float, m2: float) -> bool:
    """Whether two areas differ; of which one is NaN they do not."""
    apart = abs(one - other)
    return apart > SAME_SHARE * max(one, other) and apart * m2 > SAME_M2 + 1e-6


def _position(rows: pd.DataFrame) -> list[_Told]:
    if "x_m" not in rows or "y_m" not in rows:
        return []
    xy = rows[["x_m", "y_m"]].to_numpy(float)
    has = ~np.isnan(xy).any(axis=1)
    values = [f"{x:.0f}, {y:.0f}" if there else "" for (x, y), there in zip(xy.tolist(), has.tolist(), strict=True)]
    placed_by = _texts(rows, "placed_by")
    exact = [place for place, there, by in zip(xy, has, placed_by, strict=True) if there and by != PlacedBy.POSTCODE]
    far = _any_two(exact, lambda a, b: bool(np.hypot(*(a - b)) > SAME_PLACE_M))
    return [_Told("position", "Position", "m", values, is_interest=False, is_conflict=far)]
