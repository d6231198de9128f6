"""Adding assets up: how many, how much land and floor, by owner, use, tenure and status."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.geo.estate.model import Estate
from atlas.geo.estate.select import Codes, index_of
from atlas.vocabulary import label
from atlas.vocabulary.estate import AVAILABLE, AssetStatus, PlacedBy, Tenure, Use

Numbers = NDArray[np.float64]
Positions = NDArray[np.intp]

_LISTS: Final = {"use": Use, "tenure": Tenure, "status": AssetStatus}


@dataclass(frozen=True, slots=True)
class Row:
    """Assets that share an owner, a use, a tenure or a status.

    Parameters
    ----------
    key, label : str
        What they share: its spelling, and in words.
    interests : int
        Rows of registers.
    assets : int
        Distinct places among them.
    land_ha, floor_m2 : float
        Land and floor that are stated, each place counted once.
    no_land, no_floor : int
        Places of which no row states it, so that the sum is a lower bound.
    """

    key: str
    label: str
    interests: int
    assets: int
    land_ha: float
    floor_m2: float
    no_land: int
    no_floor: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What a choice of assets adds up to.

    Parameters
    ----------
    whole : Row
        All of them.
    on_map : int
        Places that are on the map.
    approximate : int
        Places among those that no interest places better than by postcode.
    available : int
        Places of which any interest is vacant, surplus or for disposal.
    by_owner, by_use, by_tenure, by_status : tuple of Row
        Most assets first. A place in which two owners have an interest is counted for each, so that these may add up
        to more than the whole.
    """

    whole: Row
    on_map: int
    approximate: int
    available: int
    by_owner: tuple[Row, ...]
    by_use: tuple[Row, ...]
    by_tenure: tuple[Row, ...]
    by_status: tuple[Row, ...]


def totals(estate: Estate, positions: Positions) -> Totals:
    """Add assets up; a place's land is counted once, the largest that any interest in it states.

    Parameters
    ----------
    estate : Estate
        Assets.
    positions : numpy.ndarray of int, shape (k,)
        Those to count, from `atlas.geo.estate.select.select`.

    Returns
    -------
    Totals

    Examples
    --------
    >>> totals(Estate.empty(), np.arange(0)).whole.assets
    0
    """
    codes = index_of(estate).codes
    adder = _Adder.of(estate, positions)
    everything = Codes(("",), np.zeros(len(estate), dtype=np.intp))
    none = Row("", "All", 0, 0, 0.0, 0.0, 0, 0)
    available = positions[codes["status"].among(AVAILABLE)[positions]]
    placed = positions[~codes["placed_by"].among((PlacedBy.NOWHERE,))[positions]]
    exact = placed[~codes["placed_by"].among((PlacedBy.POSTCODE,))[placed]]
    on_map = count_places(estate, placed)
    lists = {
        name: adder.rows(codes[name], {member.value: said(member) for member in members})
        for name, members in _LISTS.items()
    }
    return Totals(
        whole=next(iter(adder.rows(everything, {"": "All"})), none),
        on_map=on_map,
        approximate=on_map - count_places(estate, exact),
        available=count_places(estate, available),
        by_owner=adder.rows(codes["partner"], estate.partner_names),
        by_use=lists["use"],
        by_tenure=lists["tenure"],
        by_status=lists["status"],
    )


def count_places(estate: Estate, positions: Positions) -> int:
    """How many places some interests are in.

    Examples
    --------
    >>> count_places(Estate.empty(), np.arange(0))
    0
    """
    return int(np.count_nonzero(np.bincount(estate.group[positions])))


def count_each(estate: Estate, positions: Positions, codes: Codes) -> Positions:
    """How many places have each value of a column; a place counts for every value that an interest in it has.

    Parameters
    ----------
    estate : Estate
        Assets.
    positions : numpy.ndarray of int
        Those to count.
    codes : Codes
        The column.

    Returns
    -------
    numpy.ndarray of int, shape (len(codes.names),)

    Examples
    --------
    >>> count_each(Estate.empty(), np.arange(0), Codes(("office",), np.arange(0))).tolist()
    [0]
    """
    code, group = codes.of[positions], estate.group[positions]
    is_shared = np.bincount(group, minlength=1)[group] > 1
    # only interests that share a place can say the same twice: to sort those alone is quick
    size = int(group.max(initial=0)) + 1
    twice = np.unique(code[is_shared] * size + group[is_shared])
    value = np.concatenate([code[~is_shared], twice // size])
    return np.bincount(value.astype(np.intp), minlength=len(codes.names))


@dataclass(frozen=True, eq=False)
class _Adder:
    """Interests to count: those alone in their place first, then those that share one, which take longer."""

    positions: Positions
    group: NDArray[np.int64]
    stated: Numbers
    alone: int

    @classmethod
    def of(cls, estate: Estate, positions: Positions) -> _Adder:
        is_shared = np.bincount(estate.group[positions], minlength=len(estate))[estate.group[positions]] > 1
        ordered = np.concatenate([positions[~is_shared], positions[is_shared]])
        stated = estate.assets[["land_ha", "floor_m2"]].to_numpy(float)[ordered]
        return cls(ordered, estate.group[ordered], stated, int((~is_shared).sum()))

    def rows(self, codes: Codes, labels: dict[str, str]) -> tuple[Row, ...]:
        """One row for each value that occurs."""
        code, size = codes.of[self.positions], len(codes.names)
        value, stated = self._places(code)
        interests, assets = np.bincount(code, minlength=size), np.bincount(value, minlength=size)
        is_said = ~np.isnan(stated)
        sums = [
            np.bincount(value, weights=np.where(is_said[:, at], stated[:, at], 0.0), minlength=size) for at in (0, 1)
        ]
        unsaid = [np.bincount(value[~is_said[:, at]], minlength=size) for at in (0, 1)]
        rows = [
            Row(
                key,
                labels.get(key, key),
                *(int(numbers[at]) for numbers in (interests, assets)),
                *(float(numbers[at]) for numbers in sums),
                *(int(numbers[at]) for numbers in unsaid),
            )
            for at, key in enumerate(codes.names)
            if interests[at]
        ]
        return tuple(sorted(rows, key=lambda row: (-row.assets, row.label)))

    def _places(self, code: Positions) -> tuple[Positions, Numbers]:
        """The value of each place and the most that any interest in it states; a place is counted for each value."""
        shared = slice(self.alone, None)
        size = int(self.group.max(initial=0)) + 1
        # one number for each value and place, so that interests in one place stand together
        places, which = np.unique(code[shared] * size + self.group[shared], return_inverse=True)
        largest = np.full((len(places), 2), np.nan)
        np.fmax.at(largest, which, self.stated[shared])
        value = np.concatenate([code[: self.alone], (places // size).astype(np.intp)])
        return value, np.concatenate([self.stated[: self.alone], largest])


def said(member: StrEnum) -> str:
    """Words for a member of a list of the estate; "Not stated" where a register says nothing.

    Examples
    --------
    >>> said(Tenure.FREEHOLD), said(Tenure.UNKNOWN)
    ('Freehold', 'Not stated')
    """
    return "Not stated" if member == "unknown" else label(member)


def sentence(found: Totals) -> str:
    """What a choice adds up to, in a sentence; says where a sum is a lower bound.

    Examples
    --------
    >>> sentence(totals(Estate.empty(), np.arange(0)))
    'No asset.'
    """
    whole = found.whole
    if not whole.interests:
        return "No asset."
    interests = f" ({whole.interests:,} interests)" if whole.interests != whole.assets else ""
    assets = f"{whole.assets:,} {'asset' if whole.assets == 1 else 'assets'}"
    land = amount_words(whole.land_ha, "ha", "land", whole.no_land, whole.assets)
    floor = amount_words(whole.floor_m2, "m²", "floor", whole.no_floor, whole.assets)
    return f"{assets}{interests}, {land}, {floor}."


def amount_words(amount: float, unit: str, of: str, unsaid: int, places: int) -> str:
    """How much of something places state together: a lower bound where some state none.

    Examples
    --------
    >>> amount_words(12.25, "ha", "land", 3, 10), amount_words(0.0, "m²", "floor", 4, 4)
    ('at least 12.2 ha of land (3 of 10 state none)', 'floor not stated')
    >>> amount_words(1200.0, "m²", "floor", 0, 10)
    '1,200 m² of floor'
    """
    if unsaid and unsaid == places:
        return f"{of} not stated"
    said = f"{amount:,.{1 if unit == 'ha' else 0}f} {unit} of {of}"
    return f"at least {said} ({unsaid:,} of {places:,} state none)" if unsaid else said
