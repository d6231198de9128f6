"""A comparison of two releases as people read it: gap areas then and now, in words, and for one borough."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from atlas.comparison import ReleaseComparison
from atlas.gaps.briefs import GapArea
from atlas.gaps.comparison import COMPARED, HELD, NARROW, Comparison, Fate, Match
from atlas.gaps.shares import held_share
from atlas.graph.wording import listed
from atlas.snapshot import Atlas
from atlas.vocabulary import Verdict, label

FATES: Final = {
    Fate.REMAINS: ("Remains", "a gap both times"),
    Fate.PARTLY: ("Remains in part", "less than half of its people live in a gap at the other time"),
    Fate.NEW: ("New", "a gap now, and not then"),
    Fate.GONE: ("Gone", "a gap then, and not now"),
    Fate.UNKNOWN: ("Not known", "anchors there are not all surveyed"),
    Fate.NOT_COMPARED: ("Not compared", "it has no counterpart that figures could be taken from"),
    Fate.NEITHER: ("Never", "a gap neither then nor now"),
}
"""Words for what became of a gap, and what they mean, in the order in which they are told."""

MATCHES: Final = {
    Match.UNCHANGED: ("Same boundary", "keeps its earlier figures"),
    Match.SPLIT: ("Split", "a piece of an earlier one; takes the earlier figures of the whole"),
    Match.MERGED: ("Merged", "several earlier ones in one; takes the mean of theirs, weighted by people"),
    Match.CHANGED: ("Changed otherwise", "not compared: nobody counted the people on the ground that moved"),
    Match.MISSING: ("No counterpart", "not compared: the other release has none, or not all of it"),
}
"""Words for how a neighbourhood came from the earlier ones, and what follows for its figures."""

PLACES: Final = (
    "Scores and national ranks are not compared: each release measures other things in other ways. What is compared "
    "is each neighbourhood's place among London's people, by need and by access."
)
ANCHORS: Final = (
    "The anchors are today's both times: access changes with people and boundaries, never because an anchor opened "
    "or closed."
)

_MEASURES: Final = ("need_percentile", "access_percentile")
_GRAVITY: Final = (Verdict.NOT_A_GAP, Verdict.UNKNOWN, Verdict.FRAGILE, Verdict.ROBUST)


@dataclass(frozen=True, slots=True)
class AreaThenNow:
    """One gap area at both times, on its own ground.

    Parameters
    ----------
    area : GapArea
        As its own release has it.
    is_later : bool
        Whether that is the later release.
    fate : Fate
        What became of it.
    shared : float
        Share of its people, among those compared, who live in a gap at the other time, 0 to 1; NaN where none is
        compared.
    need : tuple of float
        Percentile then and now, 100 the most deprived: means weighted by people; NaN where nothing is compared.
    access : tuple of float
        Percentile then and now, 100 the best served; as `need`.
    verdicts : tuple of str
        Then and now: at the other time the gravest of the gap areas on its ground; "" where nothing is compared.
    others : tuple of GapArea
        Gap areas of the other release on its ground, in their rank.
    """

    area: GapArea
    is_later: bool
    fate: Fate
    shared: float
    need: tuple[float, float]
    access: tuple[float, float]
    verdicts: tuple[str, str]
    others: tuple[GapArea, ...]

    @property
    def shared_percent(self) -> int | None:
        """`shared` as whole per cent, never rounded to where its fate would be another; None where it is not known."""
        return None if math.isnan(self.shared) else held_share(self.shared, HELD)


@dataclass(frozen=True, eq=False)
class BoroughComparison(ReleaseComparison):
    """The part of a comparison that lies in one borough; places are still those among all London's people.

    Parameters
    ----------
    place : str
        The borough's name.
    whole : Comparison
        Of all London: a gap area may reach across the borough's edge.
    """

    place: str
    whole: Comparison

    @property
    def sentence(self) -> str:
        """The comparison in plain words, from the borough's numbers."""
        words = super().sentence
        return f"In {self.place}: {words[0].lower()}{words[1:]}"


def within(found: ReleaseComparison, borough: str) -> BoroughComparison:
    """Narrow a comparison to a borough: its neighbourhoods, and the gap areas of which any part lies in it.

    Parameters
    ----------
    found : ReleaseComparison
        Of all London.
    borough : str
        GSS code.
    """
    whole, earlier = found.comparison, found.before.inputs.areaset.areas["lad"]
    areas = whole.areas[whole.areas["lad"] == borough]
    pairs = whole.pairs[whole.pairs["lsoa21"].isin(areas.index)]
    unmatched = tuple(code for code in whole.unmatched if earlier.get(code) == borough)
    held = [borough in area.lads for area in (*found.after.gap_areas, *found.before.gap_areas)]
    return BoroughComparison(
        found.before,
        found.after,
        Comparison(areas, pairs, unmatched),
        found.gap_areas[held],
        found.after.inputs.areaset.borough_names()[borough],
        whole,
    )


def then_and_now(found: ReleaseComparison) -> tuple[AreaThenNow, ...]:
    """Every later gap area, then the earlier ones that are gone or that no later one stands for."""
    by_id = {
        (when, area.id): area
        for when, atlas in (("before", found.before), ("after", found.after))
        for area in atlas.gap_areas
    }
    ground = {when: _ground(found, when) for when in ("before", "after")}
    rows = []
    for when, id_, shared, fate in found.gap_areas[["release", "id", "shared", "fate"]].itertuples(index=False):
        there = "before" if when == "after" else "after"
        pairs = ground[when].get(id_)
        others = [] if pairs is None else [by_id[there, other] for other in pairs[there].dropna().unique()]
        row = _row(by_id[when, id_], Fate(fate), float(shared), pairs, others, is_later=when == "after")
        if row.is_later or row.fate is Fate.GONE or not row.others:
            rows.append(row)
    return tuple(rows)


def headline(found: ReleaseComparison) -> str:
    """What became of the gap areas, in one sentence."""
    after, before = (found.gap_areas[found.gap_areas["release"] == when] for when in ("after", "before"))
    counts, gone = Counter(after["fate"]), int((before["fate"] == Fate.GONE).sum())
    remain, partly, new = (counts[fate] for fate in (Fate.REMAINS, Fate.PARTLY, Fate.NEW))
    place = found.place if isinstance(found, BoroughComparison) else "London"
    then, now = release_words(found.before), release_words(found.after)
    lost = f"of the earlier ones, {_many(gone, 'is', 'are')} gone"
    if not remain + partly + new:
        return f"{place} has no known gap area by {now}{f'; {lost}' if gone else f', and had none by {then}'}."
    counted = "the only gap area" if remain + partly + new == 1 else f"the {remain + partly + new:,} gap areas"
    parts = [f"{_many(remain, 'was a gap', 'were gaps')} by {then} too"]
    parts += [f"{_many(partly, 'was', 'were')} in part"] if partly else []
    parts += [f"{_many(new, 'is', 'are')} new"]
    return f"Of {counted} of {place} by {now}, {listed(parts)}; {lost}."


def movement(found: ReleaseComparison) -> str:
    """Neighbourhood by neighbourhood: how many are gaps both times, new or no longer, and through what."""
    comparison, fates = found.comparison, found.comparison.count("fate")
    remain, new, gone = (fates.get(fate, 0) for fate in (Fate.REMAINS, Fate.NEW, Fate.GONE))
    words = [f"Neighbourhood by neighbourhood, {remain:,} are gaps both times, {new:,} are new, {gone:,} no longer."]
    for fate, count, how in ((Fate.NEW, new, "rose"), (Fate.GONE, gone, "fell")):
        if count:
            moved = comparison.areas[comparison.areas["fate"] == fate]
            by_need, narrow = int((moved["because"] == "need").sum()), comparison.narrow(fate)
            closely = f" ({narrow:,} of them narrowly, by fewer than {NARROW:g} places in 100)" if narrow else ""
            words.append(
                f"Of the {'new' if fate is Fate.NEW else 'gone'}, {by_need:,} because need there {how} among "
                f"London's{closely}, {count - by_need:,} through access or how sure it is."
            )
    if comparison.correlation is not None:
        words.append(
            f"A neighbourhood's place among London's, by need, moved by {comparison.mean_shift:.0f} in 100 on average "
            f"(correlation {comparison.correlation:.2f})."
        )
    return " ".join(words)


def limits(found: ReleaseComparison) -> tuple[str, ...]:
    """What cannot be compared, and why; sentence by sentence."""
    comparison, matches = found.comparison, found.comparison.count("match")
    left_out = sum(number for match, number in matches.items() if match not in COMPARED)
    unknown = comparison.count("fate").get(Fate.UNKNOWN, 0)
    said = [PLACES, ANCHORS]
    if left_out or comparison.unmatched:
        reasons = [
            f"{matches[match]:,} ({MATCHES[match][1].removeprefix('not compared: ')})"
            for match in (Match.CHANGED, Match.MISSING)
            if match in matches
        ]
        earlier = len(comparison.unmatched)
        reasons += [f"{earlier:,} of the earlier ones (none of today's stands for all of it)"] if earlier else []
        said.append(f"Neighbourhoods that cannot be compared: {'; '.join(reasons)}.")
    else:
        said.append("No neighbourhood is left out: each has a counterpart in the other release.")
    if unknown:
        said.append(f"Of {unknown:,} it is not known whether they are gaps: anchors there are not all surveyed.")
    if any(atlas.inputs.deprivation.is_estimate for atlas in (found.before, found.after)):
        said.append(
            "The estimate of need is Atlas's own, made of the Indices of 2019: some of what differs is its error."
        )
    return tuple(said)


def fate_rows(found: ReleaseComparison) -> list[tuple[str, str, int, int, int]]:
    """Words, their meaning, neighbourhoods, people, and how many narrowly; for each fate that there is."""
    counts = found.comparison.count("fate")
    return [
        (words, means, counts[fate], found.comparison.people(fate), found.comparison.narrow(fate))
        for fate, (words, means) in FATES.items()
        if fate in counts
    ]


def match_rows(found: ReleaseComparison) -> list[tuple[str, str, int, int]]:
    """Words, what follows from it, neighbourhoods and people today; for each way of matching."""
    areas = found.comparison.areas
    people = areas.groupby("match")["population_after"].sum()
    counts = found.comparison.count("match")
    return [
        (words, follows, counts.get(match, 0), round(float(people.get(match, 0.0))))
        for match, (words, follows) in MATCHES.items()
    ]


def release_words(atlas: Atlas) -> str:
    """A release as a sentence names it."""
    words = label(atlas.inputs.release)
    return f"the {words.lower() if atlas.inputs.deprivation.is_estimate else words}"


def _many(number: int, one: str, many: str) -> str:
    return f"{number:,} {many}" if number > 1 else f"{'one' if number else 'none'} {one}"


def _ground(found: ReleaseComparison, when: str) -> dict[str, pd.DataFrame]:
    """The pairs of areas on the ground of each gap area of one release, with the gap areas of both and all figures."""
    whole = found.whole if isinstance(found, BoroughComparison) else found.comparison
    pairs = whole.pairs.assign(
        before=whole.pairs["lsoa11"].map(_owners(found.before.gap_areas)),
        after=whole.pairs["lsoa21"].map(_owners(found.after.gap_areas)),
    )
    figures = whole.areas[[f"{measure}_{side}" for measure in _MEASURES for side in ("before", "after")]]
    held = pairs[pairs[when].notna()].join(figures, on="lsoa21")
    return {str(id_): rows for id_, rows in held.groupby(when)}


def _owners(areas: Iterable[GapArea]) -> dict[str, str]:
    return {code: area.id for area in areas for code in area.lsoas}


def _row(
    area: GapArea, fate: Fate, shared: float, pairs: pd.DataFrame | None, others: list[GapArea], *, is_later: bool
) -> AreaThenNow:
    def both(measure: str) -> tuple[float, float]:
        own = float(getattr(area, measure))
        there = float("nan") if pairs is None else _mean(pairs, f"{measure}_{'before' if is_later else 'after'}")
        return (there, own) if is_later else (own, there)

    graves = [_GRAVITY.index(other.verdict) for other in others]
    verdict = "" if pairs is None else _GRAVITY[max(graves, default=0)].value
    return AreaThenNow(
        area=area,
        is_later=is_later,
        fate=fate,
        shared=shared,
        need=both("need_percentile"),
        access=both("access_percentile"),
        verdicts=(verdict, area.verdict.value) if is_later else (area.verdict.value, verdict),
        others=tuple(sorted(others, key=lambda other: other.rank)),
    )


def _mean(pairs: pd.DataFrame, column: str) -> float:
    weight = pairs["population"].to_numpy(np.float64)
    return float(np.average(pairs[column].to_numpy(np.float64), weights=weight)) if weight.sum() > 0 else float("nan")
