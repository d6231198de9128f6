"""What a newer file says of an asset in place of what an older one said, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.assets import BY_NAME, TEXT_COLUMNS
from atlas.vocabulary.estate import SENSITIVE_USES

DIFFERENCE_COLUMNS: Final = (
    "asset",  # id
    "name",  # what it is called now, or was
    "field",  # of `atlas.assets.FIELDS`; position, outline, placed_by, lad or sensitive; or `CELL` and a header
    "before",  # text; empty where nothing was said
    "after",  # text; empty where nothing is said any more
    "is_sensitive",  # bool: of the asset, then or now
)
"""Columns of a frame of differences, sorted by asset, then in the order of `FIELDS`."""

CELL: Final = "cell: "
"""Before the header of a cell that no field took."""

LABELS: Final = {
    "position": "Position (m)",
    "outline": "Outline",
    "placed_by": "Placed by",
    "lad": "Borough where it stands",
    "sensitive": "Sensitive",
}
"""Words for what is no field of a register."""

_NUMBERS: Final = ("land_ha", "floor_m2")
_OUTLINE: Final = ("an outline", "another outline")


def label_of(field: str) -> str:
    """A field of a difference as it is called.

    Examples
    --------
    >>> label_of("uprn"), label_of("land_ha"), label_of("position"), label_of("cell: Ward no")
    ('UPRN', 'Land (ha)', 'Position (m)', 'Ward no (other cell)')
    """
    if field in BY_NAME:
        told = BY_NAME[field]
        return f"{told.label} ({told.unit})" if told.unit else told.label
    return f"{field.removeprefix(CELL)} (other cell)" if field.startswith(CELL) else LABELS.get(field, field)


def differences(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Compare assets as they were with the same assets as they are.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Columns of `ASSET_COLUMNS` but `row` and `outcome`, indexed by asset id; assets that are not in both are left
        out. Areas in hectares and square metres, positions in metres, EPSG:27700.

    Returns
    -------
    pandas.DataFrame
        `DIFFERENCE_COLUMNS`.

    Examples
    --------
    >>> common = dict.fromkeys(TEXT_COLUMNS, "") | {"extra": "", "placed_by": "uprn", "lad": "", "is_sensitive": False}
    >>> common |= {"land_ha": 0.5, "floor_m2": np.nan, "x_m": 1.0, "y_m": 2.0, "wkb": None, "name": "Depot"}
    >>> old = pd.DataFrame([common], index=["asset:a-1"])
    >>> found = differences(old, old.assign(status="vacant", land_ha=0.75))
    >>> found[["field", "before", "after"]].to_numpy().tolist()
    [['status', '', 'vacant'], ['land_ha', '0.5', '0.75']]
    """
    both = after.index.intersection(before.index).sort_values()
    was, now = before.loc[both], after.loc[both]
    names = now["name"].where(now["name"] != "", was["name"]).to_numpy(object)
    guarded = _is_guarded(was) | _is_guarded(now)
    parts = []
    for order, (field, rows, old, new) in enumerate(_compared(was, now)):
        said = {"asset": both.to_numpy(object)[rows], "name": names[rows], "field": field, "before": old, "after": new}
        parts.append(pd.DataFrame(said | {"is_sensitive": guarded[rows], "order": order}))
    if not parts:
        return pd.DataFrame(columns=list(DIFFERENCE_COLUMNS)).astype({"is_sensitive": bool})
    whole = pd.concat(parts, ignore_index=True).sort_values(["asset", "order"], kind="stable", ignore_index=True)
    return whole[list(DIFFERENCE_COLUMNS)].astype(dict.fromkeys(DIFFERENCE_COLUMNS[:5], "str"))


_Part = tuple[Any, NDArray[np.intp], Any, Any]
"""Field or fields, positions of the assets that differ in it, and the values of each before and after."""


def _is_guarded(assets: pd.DataFrame) -> NDArray[np.bool_]:
    return (assets["is_sensitive"].astype(bool) | assets["use"].isin(SENSITIVE_USES)).to_numpy(bool)


def _compared(was: pd.DataFrame, now: pd.DataFrame) -> Iterator[_Part]:
    for field in BY_NAME:
        if field in TEXT_COLUMNS:
            yield from _texts(field, was[field], now[field])
        elif field in _NUMBERS:
            yield from _numbers(field, was[[field]], now[[field]])
    yield from _numbers("position", was[["x_m", "y_m"]], now[["x_m", "y_m"]])
    yield from _outlines(was["wkb"], now["wkb"])
    for field in ("placed_by", "lad"):
        yield from _texts(field, was[field], now[field])
    flags = (one["is_sensitive"].astype(bool).map({True: "yes", False: "no"}) for one in (was, now))
    yield from _texts("sensitive", *flags)
    yield from _cells(was["extra"], now["extra"])


def _texts(field: str, was: pd.Series, now: pd.Series) -> Iterator[_Part]:
    old, new = was.fillna("").to_numpy(object), now.fillna("").to_numpy(object)
    rows = np.flatnonzero(old != new)
    if len(rows):
        yield field, rows, old[rows], new[rows]


def _numbers(field: str, was: pd.DataFrame, now: pd.DataFrame) -> Iterator[_Part]:
    old, new = was.to_numpy(float), now.to_numpy(float)
    same = (old == new) | (np.isnan(old) & np.isnan(new))
    rows = np.flatnonzero(~same.all(axis=1))
    if len(rows):
        yield field, rows, [_said(one) for one in old[rows].tolist()], [_said(one) for one in new[rows].tolist()]


def _said(numbers: list[float]) -> str:
    return "" if any(np.isnan(numbers)) else ", ".join(f"{number:.10g}" for number in numbers)


def _outlines(was: pd.Series, now: pd.Series) -> Iterator[_Part]:
    old, new = ([one if isinstance(one, bytes) else b"" for one in each.tolist()] for each in (was, now))
    rows = np.asarray([at for at, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]], dtype=np.intp)
    if len(rows):
        before = [_OUTLINE[0] if old[at] else "" for at in rows.tolist()]
        after = [(_OUTLINE[1] if old[at] else _OUTLINE[0]) if new[at] else "" for at in rows.tolist()]
        yield "outline", rows, before, after


def _cells(was: pd.Series, now: pd.Series) -> Iterator[_Part]:
    """Cells that no field took, one by one."""
    old, new = was.fillna("").to_numpy(object), now.fillna("").to_numpy(object)
    found: dict[str, list[tuple[int, str, str]]] = {}
    for at in np.flatnonzero(old != new).tolist():
        one, other = _cells_of(old[at]), _cells_of(new[at])
        for header in dict.fromkeys([*one, *other]):
            if one.get(header, "") != other.get(header, ""):
                found.setdefault(header, []).append((at, one.get(header, ""), other.get(header, "")))
    for header, told in found.items():
        rows, before, after = zip(*told, strict=True)
        yield f"{CELL}{header}", np.asarray(rows, dtype=np.intp), list(before), list(after)


def _cells_of(extra: str) -> dict[str, str]:
    try:
        cells = json.loads(extra or "{}")
    except ValueError:
        cells = None
    return {str(header): str(cell) for header, cell in cells.items()} if isinstance(cells, dict) else {"": extra}
