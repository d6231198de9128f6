"""What a scenario changes: access, gap areas, who covers them and who stands between whom, before and after.

Percentiles are relative: where many gain, an area whose own access is as it was may sink into the lowest fifth. So each
area is also judged with the bar held where it was: the highest access that counted as low before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.gaps.analysis import Gaps
from atlas.gaps.briefs import COVERED_SHARE, GapArea
from atlas.gaps.rule import is_high_need, is_low_access
from atlas.geo.areas import AreaSet
from atlas.geo.footprints import covers
from atlas.graph.measures import Brokerage, brokerage
from atlas.vocabulary import Domain, FootprintKind, Kind, Status, Verdict

SAME_TO: Final = 1e-9
"""Access that differs by less than this share of itself is the same: sums in another order."""

_Floats = NDArray[np.float64]


class AreaFate(StrEnum):
    """What becomes of a gap area."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Standing:
    """One gap area on one side of the comparison.

    Parameters
    ----------
    id, name : str
        Of the gap area there.
    rank : int
        Its rank there, 1 has the most people.
    verdict : Verdict
        How sure, there.
    population : int
        People.
    p_gap : float
        Mean share of draws in which it is a gap, 0 to 1.
    """

    id: str
    name: str
    rank: int
    verdict: Verdict
    population: int
    p_gap: float


@dataclass(frozen=True, slots=True)
class AreaEffect:
    """One gap area before and after; means are over the people of the land that it had before, or has if it is new.

    Parameters
    ----------
    fate : AreaFate
        `split` came from a gap area that is listed with another, `merged` went into one.
    before, after : Standing or None
        None where no gap area of that side is the same one.
    shared : float
        People in both over people in either, 0 to 1: by this, not by name, they are held to be the same.
    lad_name : str
        Borough with most of its people.
    lad_names : tuple of str
        All its boroughs, most people first.
    access_before, access_after : float
        Mean access; higher is better served.
    nearest_before_m, nearest_after_m : float or None
        Mean distance to the nearest anchor, metres.
    held_share : float
        Share of its people whose need is high and whose access is under the bar of before, afterwards.
    networks_before, networks_after, programmes_before, programmes_after : tuple of str
        Active ones whose footprint holds more than half of its people.
    missing_before, missing_after : tuple of Domain
        Domains that none of those works in.
    """

    fate: AreaFate
    before: Standing | None
    after: Standing | None
    shared: float
    lad_name: str
    lad_names: tuple[str, ...]
    access_before: float
    access_after: float
    nearest_before_m: float | None
    nearest_after_m: float | None
    held_share: float
    networks_before: tuple[str, ...]
    networks_after: tuple[str, ...]
    programmes_before: tuple[str, ...]
    programmes_after: tuple[str, ...]
    missing_before: tuple[Domain, ...]
    missing_after: tuple[Domain, ...]

    @property
    def differs(self) -> bool:
        """Whether its outline, verdict, mean access or coverage is another afterwards."""
        return (
            self.fate is not AreaFate.SAME
            or not math.isclose(self.access_before, self.access_after, rel_tol=SAME_TO)
            or self.networks_before != self.networks_after
            or self.programmes_before != self.programmes_after
        )


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """What a scenario changes.

    Parameters
    ----------
    lsoas : pandas.DataFrame
        On the areas' index: `population`; `access`, `access_percentile`, `nearest_anchor_m`, `is_reached`, `p_gap`,
        `verdict`, each with `_before` and `_after`; `access_change` (0 where it is the same but for rounding);
        `is_gap_before`, `is_gap_after` (the rule at the reader's choices), `gap_at_fixed_threshold` (the rule
        afterwards with the bar for access held where it was); `in_gap_before`, `in_gap_after` (in a gap area, unknown
        ones among them).
    areas : tuple of AreaEffect
        Every gap area of either side: those of before in order of rank, then the others.
    fixed_threshold : float or None
        The bar: the highest access that counted as low before; None where none did.
    brokerage : Brokerage
        Who stands between whom.
    """

    lsoas: pd.DataFrame
    areas: tuple[AreaEffect, ...]
    fixed_threshold: float | None
    brokerage: Brokerage

    def people(self, chosen: pd.Series[bool]) -> int:
        """People of the chosen LSOAs."""
        return int(self.lsoas.loc[chosen, "population"].sum())

    def mean_access(self, side: str) -> float:
        """Mean access over people, `before` or `after`."""
        return float(np.average(self.lsoas[f"access_{side}"], weights=self.lsoas["population"]))

    def totals(self) -> dict[str, int]:
        """People who gain or lose access, come within reach or out of it, leave or enter gap areas; areas by fate.

        `people_entering_gaps_no_worse` enter though their own access does not fall, and `people_leaving_gaps_no_better`
        leave though it does not rise: the lowest fifth is relative.
        """
        at = self.lsoas
        found = {
            "people_gaining": self.people(at["access_change"] > 0),
            "people_losing": self.people(at["access_change"] < 0),
            "people_brought_within_reach": self.people(~at["is_reached_before"] & at["is_reached_after"]),
            "people_put_out_of_reach": self.people(at["is_reached_before"] & ~at["is_reached_after"]),
            "people_leaving_gaps": self.people(at["in_gap_before"] & ~at["in_gap_after"]),
            "people_entering_gaps": self.people(~at["in_gap_before"] & at["in_gap_after"]),
            "people_entering_gaps_no_worse": self.people(
                ~at["in_gap_before"] & at["in_gap_after"] & (at["access_change"] >= 0)
            ),
            "people_leaving_gaps_no_better": self.people(
                at["in_gap_before"] & ~at["in_gap_after"] & (at["access_change"] <= 0)
            ),
            "people_by_the_rule_before": self.people(at["is_gap_before"]),
            "people_by_the_rule_after": self.people(at["is_gap_after"]),
            "people_at_fixed_threshold": self.people(at["gap_at_fixed_threshold"]),
            "lsoas_leaving_gaps": int((at["in_gap_before"] & ~at["in_gap_after"]).sum()),
            "lsoas_entering_gaps": int((~at["in_gap_before"] & at["in_gap_after"]).sum()),
        }
        return found | {f"areas_{fate}": sum(area.fate is fate for area in self.areas) for fate in AreaFate}


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of a comparison: an analysis with its gap areas and its graph."""

    gaps: Gaps
    gap_areas: Sequence[GapArea]
    graph: nx.MultiDiGraph[str]


def compare_sides(before: Side, after: Side, areaset: AreaSet, extended: Sequence[str] = ()) -> Effects:
    """Set two analyses of the same areas and choices side by side.

    Parameters
    ----------
    before, after : Side
        Without the scenario, and with it.
    areaset : AreaSet
        The areas of both.
    extended : sequence of str
        Networks and programmes whose footprint differs.
    """
    lsoas, bar = _lsoas(before.gaps, after.gaps, areaset.areas)
    coverage = _coverage(before, after, areaset, extended)
    pairs = _matches(before.gap_areas, after.gap_areas, lsoas["population"])
    areas = tuple(_area_effect(pair, lsoas, coverage) for pair in pairs)
    return Effects(lsoas, areas, bar, brokerage(before.graph, after.graph))


def _lsoas(before: Gaps, after: Gaps, areas: pd.DataFrame) -> tuple[pd.DataFrame, float | None]:
    was, now = before.areas.reindex(areas.index), after.areas.reindex(areas.index)
    people = np.asarray(areas["population"], dtype=np.float64)
    columns: dict[str, Any] = {"population": areas["population"]}
    for name in ("access", "access_percentile", "nearest_anchor_m", "is_reached", "p_gap", "verdict"):
        columns |= {f"{name}_before": was[name], f"{name}_after": now[name]}
    old, new = (np.asarray(side["access"], dtype=np.float64) for side in (was, now))
    columns["access_change"] = np.where(np.isclose(old, new, rtol=SAME_TO, atol=0.0), 0.0, new - old)
    for side, gaps in (("before", was), ("after", now)):
        columns[f"is_gap_{side}"] = gaps["is_gap_here"]
        columns[f"in_gap_{side}"] = gaps["verdict"] != Verdict.NOT_A_GAP
    percentile = np.asarray(was["access_percentile"], dtype=np.float64)
    low = is_low_access(np.asarray(was["is_reached"]), percentile, before.parameters)
    bar = float(old[low].max()) if low.any() else None
    high = is_high_need(np.asarray(was["need_percentile"], dtype=np.float64), people, before.parameters)
    under = np.zeros(len(areas), np.bool_) if bar is None else new <= bar + SAME_TO * abs(bar)
    columns["gap_at_fixed_threshold"] = high & (under | ~np.asarray(now["is_reached"]))
    return pd.DataFrame(columns, index=areas.index), bar


_Pair: TypeAlias = tuple[GapArea | None, GapArea | None, float, AreaFate]


def _matches(before: Sequence[GapArea], after: Sequence[GapArea], population: pd.Series[float]) -> list[_Pair]:
    """Pair the gap areas that share most of their people, each once; the rest stand alone."""
    where = {code: at for at, area in enumerate(after) for code in area.lsoas}
    people = population.to_dict()
    common: dict[tuple[int, int], float] = {}
    for at, area in enumerate(before):
        for code in area.lsoas:
            if code in where:
                key = at, where[code]
                common[key] = common.get(key, 0.0) + people[code]
    share = {
        (a, b): both / (before[a].population + after[b].population - both) if both else 0.0
        for (a, b), both in common.items()
    }
    taken: dict[int, int] = {}
    for a, b in sorted(share, key=lambda pair: (-share[pair], pair)):
        if a not in taken and b not in taken.values():
            taken[a] = b
    pairs: list[_Pair] = []
    for at, area in enumerate(before):
        if at in taken:
            other = after[taken[at]]
            same = area.lsoas == other.lsoas and area.verdict is other.verdict
            pairs.append((area, other, share[at, taken[at]], AreaFate.SAME if same else AreaFate.CHANGED))
        else:
            pairs.append((area, None, 0.0, AreaFate.MERGED if any(a == at for a, _ in share) else AreaFate.GONE))
    for at, area in enumerate(after):
        if at not in taken.values():
            pairs.append((None, area, 0.0, AreaFate.SPLIT if any(b == at for _, b in share) else AreaFate.NEW))
    return pairs


@dataclass(frozen=True, slots=True)
class _Coverage:
    """Which networks and programmes hold a gap area on either side; only those that differ are looked at again."""

    graph: nx.MultiDiGraph[str]
    inside: Mapping[str, Mapping[str, pd.Series[bool]]]
    population: pd.Series[float]

    def of(self, area: GapArea, known: str, side: str) -> tuple[str, ...]:
        """Nodes that cover a gap area on one side, given those that it was found with on the `known` side."""
        nodes = (*area.networks, *area.programmes)
        if side == known:
            return nodes
        codes = list(area.lsoas)
        people = self.population.loc[codes]
        held = [
            node
            for node in sorted(self.inside)
            if people[self.inside[node][side].loc[codes]].sum() > COVERED_SHARE * people.sum()
        ]
        stay = [node for node in nodes if node not in self.inside or node in held]
        return (*stay, *(node for node in held if node not in stay))

    def of_kind(self, nodes: Sequence[str], kind: Kind) -> tuple[str, ...]:
        return tuple(node for node in nodes if self.graph.nodes[node]["kind"] == kind)

    def missing(self, nodes: Sequence[str]) -> tuple[Domain, ...]:
        acted_on = {domain for node in nodes for domain in self.graph.nodes[node].get("domains", ())}
        return tuple(domain for domain in Domain if domain.value not in acted_on)


def _coverage(before: Side, after: Side, areaset: AreaSet, extended: Sequence[str]) -> _Coverage:
    inside: dict[str, dict[str, pd.Series[bool]]] = {}
    for node in extended:
        if after.graph.nodes[node].get("status") != Status.ACTIVE:
            continue
        inside[node] = {}
        for name, side in (("before", before), ("after", after)):
            record = side.graph.nodes[node]
            kind = FootprintKind(record.get("footprint_kind", FootprintKind.NONE))
            written = record.get("footprint", ())
            inside[node][name] = covers(kind, written, areaset.areas, areaset.boroughs, areaset.icbs)
    return _Coverage(after.graph, inside, areaset.areas["population"])


def _area_effect(pair: _Pair, lsoas: pd.DataFrame, coverage: _Coverage) -> AreaEffect:
    before, after, shared, fate = pair
    known = "before" if before else "after"
    area = before or after
    assert area is not None  # noqa: S101 -- a pair has at least one side
    inside = lsoas.loc[list(area.lsoas)]
    was, now = (coverage.of(area, known, side) for side in ("before", "after"))
    return AreaEffect(
        fate=fate,
        before=_standing(before),
        after=_standing(after),
        shared=shared,
        lad_name=area.lad_name,
        lad_names=area.lad_names,
        access_before=_mean(inside, "access_before"),
        access_after=_mean(inside, "access_after"),
        nearest_before_m=_distance(inside, "nearest_anchor_m_before"),
        nearest_after_m=_distance(inside, "nearest_anchor_m_after"),
        held_share=_mean(inside, "gap_at_fixed_threshold"),
        networks_before=coverage.of_kind(was, Kind.NETWORK),
        networks_after=coverage.of_kind(now, Kind.NETWORK),
        programmes_before=coverage.of_kind(was, Kind.PROGRAMME),
        programmes_after=coverage.of_kind(now, Kind.PROGRAMME),
        missing_before=coverage.missing(was),
        missing_after=coverage.missing(now),
    )


def _standing(area: GapArea | None) -> Standing | None:
    if area is None:
        return None
    return Standing(area.id, area.name, area.rank, area.verdict, area.population, area.p_gap)


def _mean(inside: pd.DataFrame, name: str) -> float:
    return float(np.average(np.asarray(inside[name], dtype=np.float64), weights=inside["population"]))


def _distance(inside: pd.DataFrame, name: str) -> float | None:
    found = _mean(inside, name)
    return None if np.isnan(found) else found
