"""Choosing assets: by owner, tenure, use, status, size, words, borough or a shape drawn on the map."""

from __future__ import annotations

import sys
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from atlas.geo.estate.model import Estate
from atlas.vocabulary.estate import AVAILABLE, AssetStatus, PlacedBy, Tenure, Use

SEARCHED: Final = ("name", "number", "street", "town", "postcode", "uprn", "reference")
"""Columns that words are looked for in."""

CHOSEN_BY: Final = ("partner", "tenure", "use", "status", "lad", "placed_by")
"""Columns that are chosen by a closed list, held as numbers."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; a field left as it is leaves nothing out.

    Parameters
    ----------
    partners : tuple of str
        Ids of the institutions whose registers count.
    tenures, uses, statuses, placed_by : tuple of Tenure, Use, AssetStatus, PlacedBy
        Any of them.
    min_ha, max_ha : float, optional
        Land, hectares, both ends included; an asset that does not state it is left out then.
    text : str
        Words that must all begin a word of the asset's name, address, UPRN or reference.
    lads : tuple of str
        GSS codes of boroughs.
    area : shapely.Polygon or shapely.MultiPolygon, optional
        Polygon in EPSG:27700 that the asset's point must lie in or on the edge of.
    bbox : tuple of float, optional
        West, south, east, north in metres (EPSG:27700), edges included.
    only_available : bool
        Only what is vacant, surplus or for disposal.

    Examples
    --------
    >>> Selection().is_everything, Selection(text="town hall").is_everything
    (True, False)
    """

    partners: tuple[str, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    uses: tuple[Use, ...] = ()
    statuses: tuple[AssetStatus, ...] = ()
    placed_by: tuple[PlacedBy, ...] = ()
    min_ha: float | None = None
    max_ha: float | None = None
    text: str = ""
    lads: tuple[str, ...] = ()
    area: shapely.Polygon | shapely.MultiPolygon | None = None
    bbox: tuple[float, float, float, float] | None = None
    only_available: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether it leaves nothing out."""
        return self == Selection()


@dataclass(frozen=True, eq=False)
class Codes:
    """A column of few values as numbers.

    Parameters
    ----------
    names : tuple of str
        Its distinct values, sorted.
    of : numpy.ndarray of int, shape (n,)
        Position in `names` of each asset's.
    """

    names: tuple[str, ...]
    of: NDArray[np.intp]

    def among(self, wanted: tuple[str, ...]) -> Mask:
        """Whether each asset has one of these values."""
        is_wanted = np.isin(np.asarray(self.names, dtype=object), np.asarray([*map(str, wanted)], dtype=object))
        return np.asarray(is_wanted[self.of]) if len(self.names) else np.zeros(len(self.of), dtype=bool)


@dataclass(frozen=True, eq=False)
class Words:
    """Which assets have which word.

    Parameters
    ----------
    sorted : list of str
        Every distinct word, in order, so that those with one beginning stand together.
    start : numpy.ndarray of int, shape (k + 1,)
        Where in `rows` the assets of each word begin.
    rows : numpy.ndarray of int
        Positions of assets, word after word.
    count : int
        How many assets there are.
    """

    sorted: list[str]
    start: NDArray[np.intp]
    rows: NDArray[np.intp]
    count: int

    def beginning(self, word: str) -> Mask:
        """Whether each asset has a word that begins so."""
        first, last = (bisect_left(self.sorted, bound) for bound in (word, word + chr(sys.maxunicode)))
        found = np.zeros(self.count, dtype=bool)
        found[self.rows[self.start[first] : self.start[last]]] = True
        return found


@dataclass(frozen=True, eq=False)
class Index:
    """What is worked out once for each estate, so that every choice after is quick.

    Parameters
    ----------
    codes : dict of str to Codes
        Columns of `CHOSEN_BY`.
    words : Words
        What is searched.
    """

    codes: dict[str, Codes]
    words: Words


_KEPT: WeakKeyDictionary[Estate, Index] = WeakKeyDictionary()


def index_of(estate: Estate) -> Index:
    """The index of an estate, made when it is first asked for."""
    if estate not in _KEPT:
        codes = {name: _codes(estate.holder if name == "partner" else estate.assets[name]) for name in CHOSEN_BY}
        _KEPT[estate] = Index(codes, _searched(estate.assets))
    return _KEPT[estate]


def _codes(column: pd.Series[Any]) -> Codes:
    numbers, values = pd.factorize(column, sort=True)
    return Codes(tuple(map(str, values)), np.asarray(numbers, dtype=np.intp))


def _searched(assets: pd.DataFrame) -> Words:
    columns = [pa.array(assets[name].fillna("").astype(object), pa.string()) for name in SEARCHED]
    unspaced = pc.replace_substring(columns[SEARCHED.index("postcode")], " ", "")
    parts = pc.utf8_split_whitespace(_fold(pc.binary_join_element_wise(*columns, unspaced, " ")))
    rows = pc.list_parent_indices(parts).to_numpy()
    encoded = pc.list_flatten(parts).dictionary_encode()
    words = encoded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words), dtype=np.intp)
    place[order] = np.arange(len(words))
    of = place[encoded.indices.to_numpy()]
    start = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=len(words)))]).astype(np.intp)
    by_word = np.argsort(of, kind="stable")
    return Words([words[at] for at in order], start, np.asarray(rows[by_word], dtype=np.intp), len(assets))


def folded(text: str) -> str:
    """Text as it is searched: small letters and digits without accents, words parted by one space.

    Examples
    --------
    >>> folded("St. John's  Café, SE13-8HD")
    'st johns cafe se13 8hd'
    """
    return str(_fold(pa.array([text], pa.string()))[0].as_py()).strip()


def _fold(texts: pa.Array) -> pa.Array:
    plain = pc.replace_substring_regex(pc.utf8_normalize(texts, form="NFKD"), r"\pM|['\x{2019}`]", "")
    return pc.replace_substring_regex(pc.utf8_lower(plain), r"[^\pL\pN]+", " ")


def select(estate: Estate, selection: Selection) -> NDArray[np.intp]:
    """Find the assets that are asked for.

    Parameters
    ----------
    estate : Estate
        Assets.
    selection : Selection
        What is asked for.

    Returns
    -------
    numpy.ndarray of int, shape (k,)
        Positions in `estate.assets`, rising.

    Examples
    --------
    >>> select(Estate.empty(), Selection(text="library")).tolist()
    []
    """
    if selection.is_everything or not len(estate):
        return np.arange(len(estate), dtype=np.intp)
    kept = np.ones(len(estate), dtype=bool)
    for mask in (*_by_lists(estate, selection), *_by_size(estate, selection)):
        kept &= mask
    if selection.bbox is not None:
        kept &= _in_box(estate.xy, selection.bbox)
    if selection.text.strip():
        kept &= _with_words(index_of(estate).words, selection.text)
    if selection.area is not None:
        kept &= _inside(estate.xy, selection.area, kept)
    return np.flatnonzero(kept)


def _by_lists(estate: Estate, selection: Selection) -> list[Mask]:
    codes = index_of(estate).codes
    wanted: dict[str, tuple[str, ...]] = {
        "partner": selection.partners,
        "tenure": selection.tenures,
        "use": selection.uses,
        "status": selection.statuses,
        "placed_by": selection.placed_by,
        "lad": selection.lads,
    }
    masks = [codes[name].among(values) for name, values in wanted.items() if values]
    if selection.only_available:
        masks.append(codes["status"].among(AVAILABLE))
    return masks


def _by_size(estate: Estate, selection: Selection) -> list[Mask]:
    land_ha = estate.assets["land_ha"].to_numpy(float)
    masks = []
    if selection.min_ha is not None:
        masks.append(land_ha >= selection.min_ha)
    if selection.max_ha is not None:
        masks.append(land_ha <= selection.max_ha)
    return masks


def _in_box(xy: NDArray[np.float64], box: tuple[float, float, float, float]) -> Mask:
    west, south, east, north = box
    x, y = xy[:, 0], xy[:, 1]
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _with_words(words: Words, text: str) -> Mask:
    kept = np.ones(words.count, dtype=bool)
    for word in folded(text).split():
        kept &= words.beginning(word)
    return kept


def _inside(xy: NDArray[np.float64], area: shapely.Polygon | shapely.MultiPolygon, among: Mask) -> Mask:
    found = np.zeros(len(xy), dtype=bool)
    if area.is_empty:
        return found
    asked = np.flatnonzero(among & _in_box(xy, area.bounds))
    shapely.prepare(area)
    found[asked] = shapely.intersects_xy(area, xy[asked, 0], xy[asked, 1])
    return found
