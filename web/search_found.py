"""What a search finds, the nearest first: pure but for the indexes and the postcodes, which are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely import Point

from atlas.errors import UnavailableError
from atlas.geo.estate.model import Estate, Viewer
from atlas.graph.estate import names_of
from atlas.graph.lookup import NEAR
from atlas.snapshot import Atlas, Inputs
from atlas.sources.london_postcodes import LondonPostcodes, is_beginning, is_whole
from atlas.vocabulary import Kind
from web.names import Name, gap_names, names_of_inputs, plain
from web.search_index import TextIndex, make_index

POSTCODES: Final = LondonPostcodes()
"""One for the whole process: postcodes follow from nothing that is chosen."""

ORDER: Final = (
    "postcode", "borough", "network", "programme", "institution", "gap area", "board", "place", "site",
    "neighbourhood", "asset",
)  # fmt: skip
"""Of what is equally near, the kind that more people mean comes first."""

LIKED: Final = 0.6
"""What each step in that order takes from a likeness of 0 to 100."""

SMALL: Final = "neighbourhood"
NAMESAKES: Final = 3
"""Assets of one name that are each shown; more are on the map of the estate."""

CALLED, CODED, CLEAR = 99.5, 86.0, 75.0
"""Least likeness where something is called just so and may be a code; of other codes; and where the name is clear."""

CODE_DIGITS: Final = 4
UPRN_DIGITS: Final = 12
POSTCODES_SHOWN: Final = 8


@dataclass(frozen=True, eq=False)
class NameIndex:
    """Names and the index of their keys.

    Parameters
    ----------
    names : sequence of Name
        What is found.
    owners : sequence of int
        Position of the name of each key.
    index : TextIndex
        Of the keys.
    """

    names: Sequence[Name]
    owners: Sequence[int]
    index: TextIndex

    @classmethod
    def of(cls, names: Iterable[Name]) -> NameIndex:
        """Index names by their keys."""
        names = tuple(names)
        keys = [(key, owner) for owner, name in enumerate(names) for key in name.keys if key]
        return cls(names, [owner for _, owner in keys], make_index([key for key, _ in keys]))

    def search(self, typed: str, limit: int) -> list[tuple[float, Name]]:
        """The names nearest to what was typed, each once."""
        found: dict[int, float] = {}
        for hit in self.index.search(typed, 3 * limit):
            found.setdefault(self.owners[hit.key], hit.score)
        return [(score, self.names[owner]) for owner, score in found.items()][:limit]


@dataclass(frozen=True, eq=False)
class AssetIndex:
    """Assets by what they are called and by their UPRN.

    Parameters
    ----------
    estate : Estate
        What everybody may see.
    names : sequence of str
        Of each asset.
    index : TextIndex
        Of the names, each once.
    order : numpy.ndarray of int
        Positions of the assets, those of one name together.
    starts : numpy.ndarray of int
        Where those of each name begin.
    uprns, uprn_order : numpy.ndarray of int
        UPRNs in order, and whose each is.
    keys, owners, postcodes : sequence of str
        Last part of each asset's address, whose register it is on, and its postcode.
    """

    names: Sequence[str]
    index: TextIndex
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    uprns: NDArray[np.int64]
    uprn_order: NDArray[np.intp]
    keys: Sequence[str]
    owners: Sequence[str]
    postcodes: Sequence[str]

    @classmethod
    def of(cls, estate: Estate) -> AssetIndex:
        """Index the assets that everybody may see."""
        estate = estate.seen_by(Viewer.public())
        names = [str(name) for name in names_of(estate.assets)]
        codes, unique = pd.factorize(pd.Series([plain(name) for name in names], dtype=object))
        order = np.argsort(codes, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(unique)))]).astype(np.intp)
        numbers = pd.to_numeric(estate.assets["uprn"].astype(str), errors="coerce").fillna(-1).to_numpy()
        uprn_order = np.argsort(numbers, kind="stable")
        owners = estate.partner_names
        return cls(
            names=names,
            index=make_index([str(key) for key in unique]),
            order=order.astype(np.intp),
            starts=starts,
            uprns=numbers[uprn_order].astype(np.int64),
            uprn_order=uprn_order.astype(np.intp),
            keys=[str(asset).removeprefix(f"{Kind.ASSET}:") for asset in estate.assets.index],
            owners=[owners.get(partner, partner) for partner in estate.assets["partner"].astype(str)],
            postcodes=estate.assets["postcode"].astype(str).tolist(),
        )

    def search(self, typed: str, limit: int) -> list[tuple[float, Name]]:
        """The assets nearest to what was typed; of many with one name the first, and how many there are."""
        found: list[tuple[float, Name]] = []
        for hit in self.index.search(typed, limit):
            positions = self.order[self.starts[hit.key] : self.starts[hit.key + 1]]
            found += [(hit.score, self._name(int(position))) for position in positions[:NAMESAKES]]
            if len(positions) > NAMESAKES:
                called, more = self.names[int(positions[0])], len(positions)
                found.append((hit.score, Name("assets", called, called, f"all {more:,} assets of this name", ())))
        return found

    def by_uprn(self, uprn: int) -> list[Name]:
        """The assets that bear a UPRN."""
        first, last = np.searchsorted(self.uprns, [uprn, uprn + 1])
        return [self._name(int(position), f"UPRN {uprn}, ") for position in self.uprn_order[first:last]]

    def _name(self, position: int, before: str = "") -> Name:
        name, postcode = self.names[position], self.postcodes[position]
        where = f", {postcode}" if postcode not in {"", name} else ""
        what = f"{before}on the register of {self.owners[position]}{where}"
        return Name("asset", self.keys[position], name, what, ())


_NAMES: WeakKeyDictionary[Inputs, tuple[NameIndex, NameIndex]] = WeakKeyDictionary()
_ASSETS: WeakKeyDictionary[Estate, AssetIndex] = WeakKeyDictionary()
_GAPS: WeakKeyDictionary[Atlas, NameIndex] = WeakKeyDictionary()
_MAKING: Final = Lock()


def names_index(inputs: Inputs) -> tuple[NameIndex, NameIndex]:
    """The indexes of what has a page whatever is chosen, made when first asked for.

    Small areas have one of their own: their names are a borough's with a number, and would stand before all else there.
    """
    with _MAKING:
        if inputs not in _NAMES:
            names = names_of_inputs(inputs)
            small = [name for name in names if name.kind == SMALL]
            _NAMES[inputs] = NameIndex.of(name for name in names if name.kind != SMALL), NameIndex.of(small)
        return _NAMES[inputs]


def assets_index(estate: Estate) -> AssetIndex:
    """The index of assets, made when first asked for: two seconds for 100,000."""
    with _MAKING:
        if estate not in _ASSETS:
            _ASSETS[estate] = AssetIndex.of(estate)
        return _ASSETS[estate]


def gaps_index(atlas: Atlas) -> NameIndex:
    """The index of an atlas's gap areas."""
    with _MAKING:
        if atlas not in _GAPS:
            _GAPS[atlas] = NameIndex.of(gap_names(atlas))
        return _GAPS[atlas]


def make_ready(inputs: Inputs) -> None:
    """Make what a first search would wait for."""
    names_index(inputs)
    assets_index(inputs.estate)
    try:
        POSTCODES.load()
    except UnavailableError:
        return


def search_all(atlas: Atlas, typed: str, limit: int = 20) -> list[tuple[float, Name]]:
    """Everything that is near to what was typed, the nearest first, with its likeness from 0 to 100.

    A postcode comes with the borough and the small area that it lies in; a number may be a UPRN.
    """
    wanted = plain(typed)
    if not wanted:
        return []
    found = [(100.0, name) for name in (*postcode_names(atlas, typed), *_uprns(atlas, typed))]
    named, small = names_index(atlas.inputs)
    for index in (named, gaps_index(atlas), *([small] if any(map(str.isdecimal, wanted)) else [])):
        found += index.search(wanted, limit)
    found += assets_index(atlas.inputs.estate).search(wanted, limit)
    places = {kind: place for place, kind in enumerate(ORDER)}
    least = _least(wanted, found)
    found = [(score, name) for score, name in found if score >= least]
    found.sort(key=lambda one: -one[0] + LIKED * places.get(one[1].kind, len(ORDER)))
    once: dict[tuple[str, str], tuple[float, Name]] = {}
    for score, name in found:
        once.setdefault((name.kind, name.wanted), (score, name))
    return list(once.values())[:limit]


def _least(wanted: str, found: Sequence[tuple[float, Name]]) -> float:
    """How near must be what is shown: a code is what it is, and what is called so leaves little doubt."""
    best = max((score for score, _ in found), default=0.0)
    if best >= CALLED and any(name.kind in {"postcode", "asset"} for score, name in found if score >= CALLED):
        return CALLED
    if is_whole(wanted) or sum(map(str.isdecimal, wanted)) >= CODE_DIGITS:
        return CALLED if best >= CALLED else CODED
    return CLEAR if best >= CALLED else NEAR


def _uprns(atlas: Atlas, typed: str) -> list[Name]:
    number = "".join(typed.split()).lower().removeprefix("uprn").lstrip(":")
    if not (number.isascii() and number.isdecimal() and 0 < len(number) <= UPRN_DIGITS and int(number)):
        return []
    return assets_index(atlas.inputs.estate).by_uprn(int(number))


def postcode_names(atlas: Atlas, typed: str) -> list[Name]:
    """The postcode typed, or the first that begin so; none where nothing does, or the package is not installed."""
    if not is_beginning(typed):
        return []
    try:
        return [
            name for postcode in POSTCODES.beginning(typed, POSTCODES_SHOWN) if (name := _postcode(atlas, postcode))
        ]
    except UnavailableError:
        return []


def _postcode(atlas: Atlas, postcode: str) -> Name | None:
    place = POSTCODES.find(postcode)
    if place is None:
        return None
    areaset = atlas.inputs.areaset
    borough = areaset.borough_names().get(place.lad, "")
    inside = areaset.areas.sindex.query(Point(place.easting_m, place.northing_m), predicate="intersects")
    if not borough or not len(inside):
        return None
    area = areaset.areas.iloc[int(inside[0])]
    code = str(areaset.areas.index[int(inside[0])])
    called = area["name"] if area["msoa_name"] in area["name"] else f"{area['msoa_name']} ({area['name']})"
    return Name("postcode", postcode, postcode, f"postcode in {called}, {borough}", (), place.lad, (code,))
