"""Two releases on the areas of the later one: who moved, which gaps are new, gone or remain, what has no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.gaps.briefs import GapArea
from atlas.gaps.need import check_numbers
from atlas.gaps.rule import is_high_need
from atlas.parameters import Parameters
from atlas.vocabulary import Verdict


class Match(StrEnum):
    """How an LSOA of 2021 came from those of 2011, and so what its earlier figures are."""

    UNCHANGED = "unchanged"
    SPLIT = "split"
    MERGED = "merged"
    CHANGED = "changed_otherwise"
    MISSING = "missing"


class Fate(StrEnum):
    """What became of a gap from one release to the next; only whole gap areas remain partly."""

    NEW = "new"
    GONE = "gone"
    REMAINS = "remains"
    PARTLY = "partly"
    NEITHER = "neither"
    UNKNOWN = "unknown"
    NOT_COMPARED = "not_compared"


COMPARED: Final = (Match.UNCHANGED, Match.SPLIT, Match.MERGED)
"""The others have no earlier figures: nobody counted the people on the ground that moved."""

GAP: Final = (Verdict.ROBUST, Verdict.FRAGILE)
HELD: Final = 0.5
"""A gap area remains where at least this share of its people live in a gap at the other time, too."""

NARROW: Final = 5.0
"""A line crossed by fewer places in a hundred than this is said to be crossed narrowly."""

MEASURES: Final = ("need_percentile", "england_percentile", "access_percentile", "p_gap")
"""Carried over as means weighted by people, as far as both sides have them."""

_NEEDED: Final = ("need_percentile", "access_percentile", "verdict", "population")
# of two verdicts with as many people, the graver
_GRAVITY: Final = {Verdict.NOT_A_GAP: 0, Verdict.UNKNOWN: 1, Verdict.FRAGILE: 2, Verdict.ROBUST: 3}


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two releases side by side.

    Parameters
    ----------
    areas : pandas.DataFrame
        On the later areas' index and order: `match` (`Match` values), `lsoas_before` (codes, separated by spaces),
        `population_before` (the share of the earlier people) and `population_after`; for each of `MEASURES`, the
        value `_before`, `_after`, and their difference `_shift`; `verdict_before`, `verdict_after`; `fate` (`Fate`
        values); `because` ("need" where a new or gone gap crossed the share called most in need, "access" where
        only access or its certainty changed, else ""). Need percentile 100 is the most deprived, access percentile
        100 the best served. Where `match` is none of `COMPARED`, earlier figures and shifts are NaN and earlier
        verdicts "".
    pairs : pandas.DataFrame
        A row for each earlier and later area that are compared: `lsoa11`, `lsoa21`, `match`, `population` (earlier
        people apportioned to the pair).
    unmatched : tuple of str
        Earlier areas that have no counterpart to be compared with, sorted.
    """

    areas: pd.DataFrame
    pairs: pd.DataFrame
    unmatched: tuple[str, ...]

    def count(self, column: str) -> dict[str, int]:
        """How many areas have each value of `match`, `fate` or `because`."""
        return {str(value): int(n) for value, n in self.areas[column].value_counts().sort_index().items()}

    def people(self, fate: Fate) -> int:
        """People of the later release in areas of one fate."""
        return round(float(self.areas.loc[self.areas["fate"] == fate, "population_after"].sum()))

    def narrow(self, fate: Fate) -> int:
        """How many areas of one fate, new or gone by need, crossed the line by fewer than `NARROW` places in 100."""
        crossed = self.areas[(self.areas["fate"] == fate) & (self.areas["because"] == "need")]
        return int((crossed["need_percentile_shift"].abs() < NARROW).sum())

    @property
    def correlation(self) -> float | None:
        """Of need percentiles before and after, weighted by people: 1 where no place moved; None without spread."""
        held = self.areas[self.areas["match"].isin(COMPARED)]
        people = held["population_after"].to_numpy(np.float64)
        if not people.sum() > 0:
            return None
        both = held[["need_percentile_before", "need_percentile_after"]].to_numpy(np.float64)
        apart = both - people @ both / people.sum()
        spread = np.sqrt(people @ apart**2)
        return float(people @ apart.prod(axis=1) / spread.prod()) if (spread > 0).all() else None

    @property
    def mean_shift(self) -> float:
        """Mean distance that need percentiles moved, up or down, weighted by people; 0 where none is compared."""
        held = self.areas[self.areas["match"].isin(COMPARED)]
        people = held["population_after"].to_numpy(np.float64)
        moved = np.abs(held["need_percentile_shift"].to_numpy(np.float64))
        return float(people @ moved / people.sum()) if people.sum() > 0 else 0.0


def compare(
    before: pd.DataFrame, after: pd.DataFrame, changes: pd.DataFrame, parameters: Parameters | None = None
) -> Comparison:
    """Put two releases side by side on the areas of the later one.

    An unchanged area keeps its figures; each piece of a split one takes those of the whole, and of its people the
    share that it has of them at the later time; a merged one takes the mean of its parts, weighted by their people,
    and the verdict under which most of them live. One changed otherwise, or of which some relative is not among the
    areas given, is not compared. Only places within one release are carried over (percentiles, verdicts): scores of
    two releases are on no common scale.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Indexed by LSOA code, of 2011 and of 2021: `need_percentile` (100 is the most deprived), `access_percentile`
        (100 is the best served), `verdict`, `population`; optionally the others of `MEASURES`.
    changes : pandas.DataFrame
        `lsoa11`, `lsoa21`, `change` (U unchanged, S split, M merged, X otherwise), a row for each pair that shares
        ground.
    parameters : Parameters, optional
        The choices behind both; for the share called most in need.

    Raises
    ------
    QueryError
        If a column is missing, a code is there twice, a percentile or population is not a number, or no area of one
        side has a counterpart on the other.

    Examples
    --------
    >>> columns = ["need_percentile", "access_percentile", "verdict", "population"]
    >>> before = pd.DataFrame([[90.0, 10.0, "robust", 100]], index=["A"], columns=columns)
    >>> after = pd.DataFrame([[95.0, 9.0, "robust", 90], [60.0, 9.0, "not_a_gap", 30]], ["B", "C"], columns)
    >>> split = pd.DataFrame({"lsoa11": ["A", "A"], "lsoa21": ["B", "C"], "change": ["S", "S"]})
    >>> found = compare(before, after, split).areas
    >>> found[["match", "population_before", "need_percentile_shift", "fate", "because"]].to_numpy().tolist()
    [['split', 75.0, 5.0, 'remains', ''], ['split', 25.0, -30.0, 'gone', 'need']]
    """
    parameters = parameters or Parameters()
    _check(before, "earlier")
    _check(after, "later")
    links = _matched(before, after, changes)
    pairs = _apportioned(before, after, links[links["match"].isin(COMPARED)])
    if pairs.empty:
        raise QueryError("no area of one release has a counterpart in the other; is the lookup the right way round?")
    areas = pd.DataFrame(index=after.index)
    areas["match"] = links.drop_duplicates("lsoa21").set_index("lsoa21")["match"].reindex(after.index)
    areas["match"] = areas["match"].fillna(Match.MISSING.value)
    areas["lsoas_before"] = _joined(links, after.index)
    areas["population_before"] = pairs.groupby("lsoa21")["population"].sum().reindex(after.index)
    areas["population_after"] = after["population"].astype(np.float64)
    means = _means(before, pairs).reindex(after.index)
    for name in (name for name in MEASURES if name in before and name in after):
        areas[f"{name}_before"] = means[name]
        areas[f"{name}_after"] = after[name]
        areas[f"{name}_shift"] = after[name] - means[name]
    areas["verdict_before"] = _verdicts(before, pairs).reindex(after.index).fillna("")
    areas["verdict_after"] = after["verdict"].astype(str)
    areas["fate"] = _fates(areas)
    areas["because"] = _because(areas, parameters)
    return Comparison(
        areas,
        pairs[["lsoa11", "lsoa21", "match", "population"]].reset_index(drop=True),
        tuple(sorted(before.index.difference(pd.Index(pairs["lsoa11"])))),
    )


def compare_gap_areas(comparison: Comparison, before: Sequence[GapArea], after: Sequence[GapArea]) -> pd.DataFrame:
    """What became of the earlier gap areas, and which of the later ones are new.

    Parameters
    ----------
    comparison : Comparison
        Of the releases that the gap areas are of.
    before, after : sequence of GapArea
        The earlier and the later ones.

    Returns
    -------
    pandas.DataFrame
        A row for each, the later first: `release` ("after", "before"), `id`, `name`, `lad_name`, `lad_names` (all its
        boroughs), `population`, `shared` (share of its people, among those compared, who live in a gap at the other
        time; NaN where none is compared) and `fate`: remains where `shared` is at least `HELD`, partly below, new or
        gone at 0; unknown where its anchors are not surveyed.
    """
    areas, pairs = comparison.areas, comparison.pairs
    held = areas[areas["match"].isin(COMPARED)]
    now = held["population_after"], held["verdict_before"].isin(GAP)
    by_part = pairs.set_index("lsoa11")
    then = by_part["population"], by_part["lsoa21"].map(areas["verdict_after"].isin(GAP))
    rows = []
    for when, gap_areas, (people, is_gap) in (("after", after, now), ("before", before, then)):
        for area in gap_areas:
            inside = people.index.isin(area.lsoas)
            total = float(people[inside].sum())
            shared = float(people[inside & is_gap.to_numpy(bool)].sum()) / total if total > 0 else np.nan
            about = (area.id, area.name, area.lad_name, area.lad_names, area.population)
            rows.append((when, *about, shared, _area_fate(area, shared, when)))
    columns = ["release", "id", "name", "lad_name", "lad_names", "population", "shared", "fate"]
    return pd.DataFrame(rows, columns=columns)


def _area_fate(area: GapArea, shared: float, when: str) -> str:
    if np.isnan(shared):
        return Fate.NOT_COMPARED.value
    if area.verdict is Verdict.UNKNOWN:
        return Fate.UNKNOWN.value
    if shared > 0:
        return (Fate.REMAINS if shared >= HELD else Fate.PARTLY).value
    return (Fate.NEW if when == "after" else Fate.GONE).value


def _check(side: pd.DataFrame, which: str) -> None:
    missing = [name for name in _NEEDED if name not in side]
    if missing:
        raise QueryError(f"the {which} release has no column {missing[0]}; expected {', '.join(_NEEDED)}")
    if not side.index.is_unique:
        raise QueryError(f"the {which} release has {side.index[side.index.duplicated()][0]} twice; expected each once")
    for name in (*MEASURES, "population"):
        if name in side:
            check_numbers(side[name].to_numpy(np.float64), side.index, f"{name} in the {which} release")
    if (side["population"] < 0).any():
        raise QueryError(f"a population of the {which} release is negative; expected zero or more")


def _matched(before: pd.DataFrame, after: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Pairs that touch either side, each with its `Match`; told by the pairs themselves, and by X where it is said."""
    links = changes[["lsoa11", "lsoa21", "change"]].drop_duplicates(["lsoa11", "lsoa21"])
    links = links[links["lsoa11"].isin(before.index) | links["lsoa21"].isin(after.index)].sort_values(
        ["lsoa21", "lsoa11"]
    )
    parents = links.groupby("lsoa21")["lsoa11"].transform("size")
    children = links.groupby("lsoa11")["lsoa21"].transform("size")
    most_parents = parents.groupby(links["lsoa11"]).transform("max")
    most_children = children.groupby(links["lsoa21"]).transform("max")
    match = np.select(
        [(parents == 1) & (children == 1), (children > 1) & (most_parents == 1), (parents > 1) & (most_children == 1)],
        [Match.UNCHANGED.value, Match.SPLIT.value, Match.MERGED.value],
        Match.CHANGED.value,
    )
    odd = (links["change"] == "X").groupby(links["lsoa21"]).transform("any")
    match = np.where(odd, Match.CHANGED.value, match)
    family = np.where(match == Match.SPLIT.value, links["lsoa11"], links["lsoa21"])
    here = links["lsoa11"].isin(before.index) & links["lsoa21"].isin(after.index)
    whole = here.groupby(family).transform("all").to_numpy(bool) | (match == Match.CHANGED.value)
    return links.assign(match=np.where(whole, match, Match.MISSING.value))


def _apportioned(before: pd.DataFrame, after: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the earlier people of each: a split shares its own out by its pieces' later people."""
    later = links["lsoa21"].map(after["population"]).astype(np.float64)
    by_parent = later.groupby(links["lsoa11"])
    total = by_parent.transform("sum")
    # pieces where nobody lives today share alike
    share = np.where(total > 0, later / total.where(total > 0, 1.0), 1.0 / by_parent.transform("size"))
    earlier = links["lsoa11"].map(before["population"]).astype(np.float64)
    alone = links["match"] != Match.SPLIT.value
    return links.assign(population=earlier * np.where(alone, 1.0, share))


def _weights(pairs: pd.DataFrame) -> pd.Series[float]:
    """Share of each pair in its later area: by people, alike where there were none."""
    by_area = pairs.groupby("lsoa21")["population"]
    total = by_area.transform("sum")
    alike = 1.0 / by_area.transform("size")
    return (pairs["population"] / total.where(total > 0, 1.0)).where(total > 0, alike)


def _joined(links: pd.DataFrame, codes: pd.Index[str]) -> list[str]:
    parts: dict[str, list[str]] = {}
    for old, new in zip(links["lsoa11"].tolist(), links["lsoa21"].tolist(), strict=True):
        parts.setdefault(new, []).append(old)
    return [" ".join(parts.get(code, ())) for code in codes]


def _means(before: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    weights = _weights(pairs).to_numpy(np.float64)
    names = [name for name in MEASURES if name in before]
    parts = before.loc[pairs["lsoa11"], names].to_numpy(np.float64) * weights[:, None]
    return pd.DataFrame(parts, index=pd.Index(pairs["lsoa21"]), columns=names).groupby(level=0).sum()


def _verdicts(before: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series[str]:
    named = pd.DataFrame(pairs[["lsoa21"]]).assign(
        verdict=before["verdict"].astype(str).loc[pairs["lsoa11"]].to_numpy(), weight=_weights(pairs)
    )
    people = pd.DataFrame(named.groupby(["lsoa21", "verdict"], as_index=False)[["weight"]].sum())
    people["gravity"] = people["verdict"].map({verdict.value: rank for verdict, rank in _GRAVITY.items()})
    most = people.sort_values(["weight", "gravity"]).drop_duplicates("lsoa21", keep="last")
    return pd.Series(most["verdict"].to_numpy(), index=most["lsoa21"], dtype="str")


def _fates(areas: pd.DataFrame) -> NDArray[np.str_]:
    was, now = areas["verdict_before"].isin(GAP), areas["verdict_after"].isin(GAP)
    unknown = (areas[["verdict_before", "verdict_after"]] == Verdict.UNKNOWN.value).any(axis=1)
    return np.select(
        [~areas["match"].isin(COMPARED), unknown, was & now, now, was],
        [fate.value for fate in (Fate.NOT_COMPARED, Fate.UNKNOWN, Fate.REMAINS, Fate.NEW, Fate.GONE)],
        Fate.NEITHER.value,
    )


def _because(areas: pd.DataFrame, parameters: Parameters) -> NDArray[np.str_]:
    high = [
        is_high_need(areas[f"need_percentile_{when}"].to_numpy(), areas[f"population_{when}"].to_numpy(), parameters)
        for when in ("before", "after")
    ]
    moved = areas["fate"].isin([Fate.NEW, Fate.GONE]).to_numpy()
    return np.where(moved, np.where(high[0] != high[1], "need", "access"), "")
