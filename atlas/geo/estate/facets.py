"""How many places each choice of a list would leave, with all else as it is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from atlas.geo.estate.model import Estate
from atlas.geo.estate.select import Selection, index_of, select
from atlas.geo.estate.totals import count_each

LISTS: Final = {"partner": "partners", "use": "uses", "tenure": "tenures", "status": "statuses"}
"""Columns whose values are offered as a list, and the field of a `Selection` that holds what is chosen of each."""


def facets(estate: Estate, selection: Selection) -> dict[str, dict[str, int]]:
    """Count the places that each choice of each list would leave.

    A list follows every other choice but not its own: what is chosen of one list may be any of it, so that another
    tick adds as many places as stand beside it.

    Parameters
    ----------
    estate : Estate
        Assets.
    selection : Selection
        What is chosen.

    Returns
    -------
    dict of str to dict of str to int
        For each column of `LISTS` every value that it has in the estate, with the number of places; 0 where none.

    Examples
    --------
    >>> facets(Estate.empty(), Selection())
    {'partner': {}, 'use': {}, 'tenure': {}, 'status': {}}
    """
    codes = index_of(estate).codes
    others = select(estate, replace(selection, partners=(), uses=(), tenures=(), statuses=()))
    chosen = {column: getattr(selection, field) for column, field in LISTS.items()}
    masks = {column: codes[column].among(values)[others] for column, values in chosen.items() if values}
    found = {}
    for column in LISTS:
        kept = np.ones(len(others), dtype=bool)
        for other, mask in masks.items():
            kept &= mask | (other == column)
        counts = count_each(estate, others[kept], codes[column])
        found[column] = dict(zip(codes[column].names, counts.tolist(), strict=True))
    return found
