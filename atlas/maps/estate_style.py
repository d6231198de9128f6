"""How assets are told apart: by owner, use, tenure or status, each with a colour and a letter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from atlas.geo.estate.model import Estate
from atlas.geo.estate.select import Codes, index_of
from atlas.geo.estate.totals import said
from atlas.vocabulary.estate import AssetStatus, Tenure, Use


class ColouredBy(StrEnum):
    """What assets on the map are coloured by."""

    OWNER = "owner"
    USE = "use"
    TENURE = "tenure"
    STATUS = "status"


COLOURS: Final = (
    ("#1d5fa8", "#ffffff"),
    ("#f0a830", "#0b0c0c"),
    ("#00735c", "#ffffff"),
    ("#e58fb8", "#0b0c0c"),
    ("#8fd0ee", "#0b0c0c"),
    ("#b5401a", "#ffffff"),
    ("#f3e552", "#0b0c0c"),
    ("#5d4499", "#ffffff"),
)
"""Fill and letter of each group, after Okabe and Ito. Letters contrast at least 4.5:1; every mark has a black line."""

OTHER: Final = ("#c9ccce", "#0b0c0c")
UNSAID: Final = ("#ffffff", "#0b0c0c")

LETTERS: Final = {
    Tenure.FREEHOLD: "F",
    Tenure.LEASEHOLD: "L",
    Tenure.FREEHOLD_AND_LEASEHOLD: "B",
    Tenure.LICENCE: "N",
    Tenure.OTHER: "O",
    AssetStatus.IN_USE: "I",
    AssetStatus.VACANT: "V",
    AssetStatus.SURPLUS: "S",
    AssetStatus.SUBJECT_TO_DISPOSAL: "D",
    AssetStatus.UNDER_CONSTRUCTION: "C",
}
"""Letters of the short lists; owners and uses are lettered A, B, C … by how many assets they have."""

_COLUMN: Final = {
    ColouredBy.OWNER: "partner",
    ColouredBy.USE: "use",
    ColouredBy.TENURE: "tenure",
    ColouredBy.STATUS: "status",
}
_LISTS: Final = {ColouredBy.USE: Use, ColouredBy.TENURE: Tenure, ColouredBy.STATUS: AssetStatus}
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Group:
    """Assets of one colour.

    Parameters
    ----------
    key, label : str
        What they share: its spelling, empty for what is put together, and in words.
    letter : str
        On each mark.
    fill, ink : str
        Colours of the mark and of its letter.
    """

    key: str
    label: str
    letter: str
    fill: str
    ink: str


@dataclass(frozen=True, eq=False)
class Colouring:
    """The groups of an estate by one thing.

    Parameters
    ----------
    groups : tuple of Group
        Most assets first, then others put together, then those that do not say.
    of : numpy.ndarray of int, shape (n,)
        Position in `groups` of each asset's.
    """

    groups: tuple[Group, ...]
    of: NDArray[np.intp]


_KEPT: WeakKeyDictionary[Estate, dict[ColouredBy, Colouring]] = WeakKeyDictionary()


def colouring(estate: Estate, by: ColouredBy) -> Colouring:
    """The groups of an estate, made when first asked for: the same whatever is chosen of it.

    Parameters
    ----------
    estate : Estate
        Assets.
    by : ColouredBy
        What they are told apart by.
    """
    kept = _KEPT.setdefault(estate, {})
    if by not in kept:
        kept[by] = _make(estate, by)
    return kept[by]


def _make(estate: Estate, by: ColouredBy) -> Colouring:
    codes = index_of(estate).codes[_COLUMN[by]]
    order = _order(codes)
    named = order[: len(COLOURS)]
    groups = [_group(estate, by, codes.names[code], at) for at, code in enumerate(named)]
    of = np.full(len(codes.names), len(groups), dtype=np.intp)
    of[named] = np.arange(len(named))
    if len(order) > len(named):
        groups.append(Group("", f"{len(order) - len(named)} others", "+", *OTHER))
    if _UNKNOWN in codes.names:
        of[codes.names.index(_UNKNOWN)] = len(groups)
        groups.append(Group(_UNKNOWN, "Not stated", "?", *UNSAID))
    return Colouring(tuple(groups), of[codes.of] if len(codes.names) else codes.of)


def _order(codes: Codes) -> list[int]:
    """What is said, most assets first."""
    counts = np.bincount(codes.of, minlength=len(codes.names))
    known = [at for at, value in enumerate(codes.names) if value != _UNKNOWN]
    return sorted(known, key=lambda at: (-counts[at], codes.names[at]))


def _group(estate: Estate, by: ColouredBy, key: str, at: int) -> Group:
    letter = chr(ord("A") + at)
    if by is ColouredBy.OWNER:
        return Group(key, estate.partner_names.get(key, key), letter, *COLOURS[at])
    member = _LISTS[by](key)
    return Group(key, said(member), LETTERS.get(member, letter), *COLOURS[at])
