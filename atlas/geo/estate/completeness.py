"""How complete each register is: the share of its rows that say each field, and how they came by a place."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from atlas.assets import FIELDS, Field
from atlas.geo.estate.model import Estate
from atlas.vocabulary.estate import PlacedBy

TOLD: Final = tuple(field for field in FIELDS if field.is_told)
"""Fields that a register is asked for."""

UNSAID: Final = ("", "unknown")
"""What stands where a register says nothing."""

EXACT: Final = tuple(
    how.value for how in (PlacedBy.COORDINATES, PlacedBy.GRID_REFERENCE, PlacedBy.SHAPE, PlacedBy.UPRN)
)
POSITION_COLUMNS: Final = ("exact", "approximate", "nowhere")


def is_said(assets: pd.DataFrame, field: Field) -> pd.Series[bool]:
    """Tell which assets say a field.

    Parameters
    ----------
    assets : pandas.DataFrame
        `atlas.assets.ASSET_COLUMNS`.
    field : Field
        Which.

    Returns
    -------
    pandas.Series of bool
        On the same index.
    """
    column = assets[field.name]
    return column.notna() if field.kind == "number" else column.notna() & ~column.isin(UNSAID)


def completeness(estate: Estate) -> pd.DataFrame:
    """Share of the assets of each register that say each field.

    Parameters
    ----------
    estate : Estate
        Assets and registers.

    Returns
    -------
    pandas.DataFrame
        Labels of `TOLD` by id of register: 0 (none) to 1 (all); NaN where nothing of a register may be seen.

    Examples
    --------
    >>> completeness(Estate.empty()).shape
    (22, 0)
    """
    said = pd.DataFrame({field.label: is_said(estate.assets, field) for field in TOLD})
    shares: pd.DataFrame = said.groupby(estate.assets["register"].astype("str")).mean().T
    return shares.reindex(index=[field.label for field in TOLD], columns=estate.registers.index).astype(float)


def positions(estate: Estate) -> pd.DataFrame:
    """Share of the assets of each register by how exactly they are placed.

    Parameters
    ----------
    estate : Estate
        Assets and registers.

    Returns
    -------
    pandas.DataFrame
        By id of register: `exact` (coordinates, outline or UPRN), `approximate` (postcode), `nowhere`; they add to 1.
    """
    placed = estate.assets["placed_by"]
    how: dict[str, Any] = {
        "exact": placed.isin(EXACT),
        "approximate": placed == PlacedBy.POSTCODE,
        "nowhere": placed == PlacedBy.NOWHERE,
    }
    shares = pd.DataFrame(how).groupby(estate.assets["register"].astype("str")).mean()
    return shares.reindex(index=estate.registers.index, columns=list(POSITION_COLUMNS)).astype(float)


def counts(estate: Estate) -> pd.DataFrame:
    """How many rows of each register are here, and how many places they are.

    Parameters
    ----------
    estate : Estate
        Assets and registers.

    Returns
    -------
    pandas.DataFrame
        `rows` and `assets`, by id of register.
    """
    groups = pd.Series(estate.group).groupby(estate.assets["register"].to_numpy(object))
    found = pd.DataFrame({"rows": groups.size(), "assets": groups.nunique()})
    return found.reindex(estate.registers.index, fill_value=0).astype(np.int64)


def dates(estate: Estate) -> pd.Series[str]:
    """The day that each register speaks of: its own, else the latest that any of its rows bears.

    Parameters
    ----------
    estate : Estate
        Assets and registers.

    Returns
    -------
    pandas.Series of str
        ISO day by id of register; empty where nothing says.
    """
    own = estate.registers["as_of"].fillna("").astype("str")
    latest = estate.assets["as_of"].fillna("").astype("str").groupby(estate.assets["register"].astype("str")).max()
    return own.where(own != "", own.index.to_series().map(latest.to_dict()).fillna("").astype("str")).rename("as_of")
