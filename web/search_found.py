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

from atlas.errors import UnavailableError
from atlas.geo.estate.model import Estate, Viewer
from atlas.graph.estate import names_of
from atlas.graph.lookup import OVER
from atlas.snapshot import Atlas, Inputs
from atlas.sources.london_postcodes import is_whole
from atlas.vocabulary import Kind
from web.names import Name, gap_names, names_of_inputs, plain
from web.search_index import TextIndex, make_index
from web.search_keys import Key, keys_of
from web.search_postcodes import POSTCODES, POSTCODES_BEGUN, meant_names, postcode_names

ORDER: Final = (
    POSTCODES_BEGUN, "postcode", "borough", "institution", "network", "programme", "gap area", "board", "place",
    "site", "ward", "neighbourhood", "asset",
)  # fmt: skip
"""Of what is equally near, the kind that more people mean comes first."""

_PLACES: Final = {kind: place for place, kind in enumerate(ORDER)}

LIKED: Final = 0.6
"""What each step in that order takes from a likeness of 0 to 100."""

AFTER_OTHERS: Final = {"ward": 2.0, "asset": 6.0, "assets": 6.0}
"""What more is taken from kinds that are often called after a body or a place, which is meant."""

OVER_BY_NAME: Final = 4.5
"""What is taken from the likeness of what has ended where just that was typed; else it is `OVER`."""

SMALL: Final = "neighbourhood"
NAMESAKES: Final = 3
"""Assets of one name that are each shown; more are on the map of the estate."""

CALLED, CODED, SHOWN = 99.5, 86.0, 76.0
"""Least likeness of what is called just so; of other codes; and of what is worth showing: names that share no more than
a word with what was typed, or some letters, are below, and nothing found says more than they do."""

MEANT: Final = 90.0
"""Likeness of a postcode that differs in a letter or two."""

CODE_DIGITS: Final = 4
UPRN_DIGITS: Final = 12


@dataclass(frozen=True, eq=False)
class NameIndex:
    """Names and the index of their keys.

    Parameters
    ----------
    names : sequence of Name
        What is found.
    keys : sequence of Key
        What they are found by.
    owners : sequence of int
        Position of the name of each key.
    index : TextIndex
        Of the keys.
    """

    names: Sequence[Name]
    keys: Sequence[Key]
    owners: Sequence[int]
    index: TextIndex

    @classmethod
    def of(cls, names: Iterable[Name]) -> NameIndex:
        """Index names by their keys."""
        names = tuple(names)
        found = keys_of(names)
        keys = [key for key, _ in found]
        return cls(names, keys, [owner for _, owner in found], make_index([key.text for key in keys]))

    def search(self, typed: str) -> list[tuple[float, Name]]:
        """The names that are near to what was typed, each once."""
        found: dict[int, float] = {}
        for hit in self.index.search(typed, len(self.keys)):
            key, owner = self.keys[hit.key], self.owners[hit.key]
            found[owner] = max(found.get(owner, 0.0), key.likeness(typed, hit.score))
        return [(score, self.names[owner]) for owner, score in found.items()]


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
    groups : numpy.ndarray of int
        The place that each is in.
    keys, owners, postcodes : sequence of str
        Last part of each asset's address, whose register it is on, and its postcode.
    """

    names: Sequence[str]
    index: TextIndex
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    uprns: NDArray[np.int64]
    uprn_order: NDArray[np.intp]
    groups: NDArray[np.int64]
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
            groups=estate.group,
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
                called, more = self.names[int(positions[0])], len(np.unique(self.groups[positions]))
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

    A postcode comes with the borough and the small area that it lies in, one that is nearly right alone; a number may
    be a UPRN.
    """
    wanted = plain(typed)
    if not wanted:
        return []
    if meant := meant_names(atlas, typed):
        return [(MEANT, name) for name in meant[:limit]]
    found = [(100.0, name) for name in (*postcode_names(atlas, typed), *_uprns(atlas, typed))]
    is_code = bool(found)
    named, small = names_index(atlas.inputs)
    for index in (named, gaps_index(atlas), *([small] if any(map(str.isdecimal, wanted)) else [])):
        found += index.search(wanted)
    found += assets_index(atlas.inputs.estate).search(wanted, limit)
    least = CALLED if is_code else _least(wanted, found)
    found = [(score, name) for score, name in found if score >= least]
    found.sort(key=lambda one: _rank(wanted, *one), reverse=True)
    once: dict[tuple[str, str], tuple[float, Name]] = {}
    for score, name in found:
        once.setdefault((name.kind, name.wanted), (score, name))
    return list(once.values())[:limit]


def _rank(wanted: str, score: float, name: Name) -> float:
    """Its likeness, more for what is meant more often, less for what has ended."""
    over = 0.0 if not name.is_over else OVER_BY_NAME if wanted in name.keys else OVER
    after = LIKED * _PLACES.get(name.kind, len(ORDER)) + AFTER_OTHERS.get(name.kind, 0.0)
    return score - after + name.weight - over


def _least(wanted: str, found: Sequence[tuple[float, Name]]) -> float:
    """How near must be what is shown: a code is what it is."""
    if is_whole(wanted) or sum(map(str.isdecimal, wanted)) >= CODE_DIGITS:
        return CALLED if any(score >= CALLED for score, _ in found) else CODED
    return SHOWN


def _uprns(atlas: Atlas, typed: str) -> list[Name]:
    number = "".join(typed.split()).lower().removeprefix("uprn").lstrip(":")
    if not (number.isascii() and number.isdecimal() and 0 < len(number) <= UPRN_DIGITS and int(number)):
        return []
    return assets_index(atlas.inputs.estate).by_uprn(int(number))
