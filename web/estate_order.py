"""The order of the table of the single map: by one of its columns, what is not known last either way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.model import Estate
from atlas.geo.estate.totals import said
from atlas.graph.estate import names_of
from atlas.vocabulary.estate import AssetStatus, Tenure, Use

_NUMBER_DIGITS: Final = 8


def _words(members: type[StrEnum], column: pd.Series[Any]) -> pd.Series[Any]:
    return column.map({member.value: said(member) for member in members if member != "unknown"})


_COLUMNS: Final[Mapping[str, Callable[[Estate], pd.Series[Any]]]] = {
    "name": lambda estate: names_of(estate.assets),
    "owner": lambda estate: estate.holder.map(lambda key: estate.partner_names.get(key, key)),
    "use": lambda estate: _words(Use, estate.assets["use"]),
    "tenure": lambda estate: _words(Tenure, estate.assets["tenure"]),
    "status": lambda estate: _words(AssetStatus, estate.assets["status"]),
    "postcode": lambda estate: estate.assets["postcode"],
    "land": lambda estate: estate.assets["land_ha"],
    "floor": lambda estate: estate.assets["floor_m2"],
}

SORTS: Final = tuple(_COLUMNS)
"""Columns of the table by their name in the address; a minus before it turns the order round."""


def read_as(text: str) -> str:
    """Text as it is put in order: without accents or capitals, numbers by their size.

    Examples
    --------
    >>> sorted(["Élan House", "10 Dean Street", "9 Dean Street", "elm Court"], key=read_as)
    ['9 Dean Street', '10 Dean Street', 'Élan House', 'elm Court']
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.sub(r"\d+", lambda number: number[0].zfill(_NUMBER_DIGITS), plain.casefold()).strip()


def ranks(estate: Estate, column: str) -> NDArray[np.intp]:
    """Where each asset stands by a column, from 0, equal ones alike; -1 for one that does not say.

    Parameters
    ----------
    estate : Estate
        Assets.
    column : str
        One of `SORTS`.
    """
    values = _COLUMNS[column](estate)
    if not pd.api.types.is_numeric_dtype(values):
        # several spellings may read alike, so that what is ranked is how they are read
        values = values.map({text: read_as(str(text)) for text in values.dropna().unique() if text})
    return np.asarray(pd.factorize(values, sort=True)[0], dtype=np.intp)


def ordered(
    positions: NDArray[np.intp], rank: NDArray[np.intp], otherwise: NDArray[np.intp], *, is_falling: bool
) -> NDArray[np.intp]:
    """Put assets in the order of a column, those that do not say last.

    Parameters
    ----------
    positions : numpy.ndarray of int
        Assets that were chosen.
    rank, otherwise : numpy.ndarray of int
        Place of every asset by the column, -1 where it is not known, and among those that are equal in it.
    is_falling : bool
        Whether the greatest comes first.

    Examples
    --------
    >>> ordered(np.arange(4), np.array([1, -1, 0, 1]), np.array([3, 2, 1, 0]), is_falling=True).tolist()
    [3, 0, 2, 1]
    """
    mine = rank[positions]
    order = np.lexsort((otherwise[positions], -mine if is_falling else mine, mine < 0))
    return np.asarray(positions[order], dtype=np.intp)
