"""What the choices of the request at work find in the estate, worked out once for page, map and downloads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
import pandas as pd
from flask import current_app
from numpy.typing import NDArray

from atlas.geo.estate import completeness
from atlas.geo.estate.model import NOBODY, Estate
from atlas.geo.estate.select import index_of, select
from atlas.geo.estate.totals import Totals, count_places, totals
from atlas.maps.estate_style import ColouredBy, colouring
from atlas.maps.estate_view import Places, boxes, places
from atlas.snapshot import Atlas
from atlas.vocabulary.estate import AVAILABLE
from web.estate_choices import Wanted
from web.estate_order import ordered, ranks
from web.memo import Memo
from web.visit import address_of, digest

EXTENSION: Final = "atlas estate found"
KEPT: Final = 24
"""Choices kept, each at most 2 MB for 100,000 assets."""


@dataclass(frozen=True, eq=False)
class Found:
    """Assets that were chosen.

    Parameters
    ----------
    estate : Estate
        All that everybody may see.
    positions : numpy.ndarray of int
        Those chosen.
    """

    estate: Estate
    positions: NDArray[np.intp]

    @cached_property
    def totals(self) -> Totals:
        """What they add up to."""
        return totals(self.estate, self.positions)

    @cached_property
    def registers(self) -> set[str]:
        """Ids of the registers that they are of."""
        return set(map(str, self.estate.assets["register"].iloc[self.positions].unique()))

    @cached_property
    def held(self) -> int:
        """How many of them a partner holds; the others are only listed."""
        is_held = ~index_of(self.estate).codes["partner"].among((NOBODY,))
        return count_places(self.estate, self.positions[is_held[self.positions]])

    @cached_property
    def places(self) -> Places:
        """Each place once."""
        return places(self.estate, self.positions)

    @cached_property
    def ordered(self) -> NDArray[np.intp]:
        """Those not in use first, then the largest first."""
        return self.positions[np.argsort(_about(self.estate).rank[self.positions], kind="stable")]

    def ordered_by(self, sort: str) -> NDArray[np.intp]:
        """Those chosen in the order of a column of the table; as `ordered` where none is asked for."""
        if not sort:
            return self.ordered
        column = sort.removeprefix("-")
        key = ("ranks", column, id(self.estate), self.estate.fingerprint)
        rank = cast("NDArray[np.intp]", _memo().get(key, lambda: ranks(self.estate, column)))
        return ordered(self.positions, rank, _about(self.estate).rank, is_falling=sort.startswith("-"))

    @property
    def outside(self) -> int:
        """How many places on the map no London borough holds."""
        return int(index_of(self.estate).codes["lad"].among(("",))[self.places.first].sum())

    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north of those on the map, metres; None where none is."""
        own = boxes(self.estate)[self.places.first]
        if not len(own):
            return None
        west, south = own[:, :2].min(axis=0).tolist()
        east, north = own[:, 2:].max(axis=0).tolist()
        return west, south, east, north


@dataclass(frozen=True, eq=False)
class About:
    """What is said of a whole estate, whatever is chosen.

    Parameters
    ----------
    totals : Totals
        Of all of it.
    shares, positions : pandas.DataFrame
        How complete each register is, from `atlas.geo.estate.completeness`.
    dates : pandas.Series of str
        The day that each register speaks of; empty where nothing says.
    counts : pandas.DataFrame
        `rows` of each register that are here, and the `assets`, places, that they are.
    rank : numpy.ndarray of int
        Place of each asset in a list.
    """

    totals: Totals
    shares: pd.DataFrame
    positions: pd.DataFrame
    dates: pd.Series[str]
    counts: pd.DataFrame
    rank: NDArray[np.intp]


def make_ready(estate: Estate) -> None:
    """Work out what every choice rests on, so that no reader waits for it: two seconds for 100,000 assets."""
    index_of(estate)
    boxes(estate)
    for by in ColouredBy:
        colouring(estate, by)
    places(estate, np.arange(len(estate)))


def found(atlas: Atlas, wanted: Wanted) -> Found:
    """The assets that were chosen."""
    estate = atlas.inputs.estate
    chosen = address_of({**wanted.address(shown=False)}).partition("?")[2]
    key = ("found", atlas.revision if wanted.gap else estate_version(atlas), digest(chosen))
    return cast("Found", _memo().get(key, lambda: Found(estate, select(estate, wanted.selection))))


def about(atlas: Atlas) -> About:
    """What is said of the whole estate."""
    return _about(atlas.inputs.estate)


def estate_version(atlas: Atlas) -> str:
    """What changes with the land and the areas, but not with how gaps are measured."""
    return atlas.inputs.fingerprint


def _memo() -> Memo[object]:
    return cast("Memo[object]", current_app.extensions.setdefault(EXTENSION, Memo[object](KEPT)))


def _about(estate: Estate) -> About:
    return cast("About", _memo().get(("about", id(estate), estate.fingerprint), lambda: _tell(estate)))


def _tell(estate: Estate) -> About:
    is_used = ~index_of(estate).codes["status"].among(AVAILABLE)
    land = estate.assets["land_ha"].to_numpy(float)
    order = np.lexsort((np.nan_to_num(-land, nan=np.inf), is_used))
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return About(
        totals=totals(estate, np.arange(len(estate))),
        shares=completeness.completeness(estate),
        positions=completeness.positions(estate),
        dates=completeness.dates(estate),
        counts=completeness.counts(estate),
        rank=rank,
    )
