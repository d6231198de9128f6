"""Why a gap area is called what it is called: the questions that a statistician would ask, and what the numbers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.gaps.analysis import Gaps
from atlas.gaps.assurance import ALPHA, MERGED, Assurance
from atlas.gaps.briefs import GapArea
from atlas.gaps.sentences import distance_words
from atlas.gaps.shares import whole_share
from atlas.gaps.significance import HIGH_NEED_LOW_ACCESS
from atlas.graph.wording import listed
from atlas.vocabulary import Verdict, label

VARIED_WORDS: Final = {
    "weights": "the weights of the domains of need",
    "normalisation": "the scale they are put on",
    "aggregation": "how they are added",
    "catchment": "the catchment",
    "decay": "how reach fades",
    "capacity": "what a site counts for",
}
"""Each choice that is varied, in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One question about a gap area, and its answer.

    Parameters
    ----------
    key : str
        Short name: method, rank, chance, scan, areas, driver or records.
    question, answer : str
        In words.
    numbers : dict
        What the answer rests on, as JSON values.
    """

    key: str
    question: str
    answer: str
    numbers: dict[str, Any]


def explain(gaps: Gaps, areas: pd.DataFrame, area: GapArea, assurance: Assurance | None = None) -> tuple[Reason, ...]:
    """Say how sure a gap area is, and why.

    Parameters
    ----------
    gaps : Gaps
        The analysis.
    areas : pandas.DataFrame
        By LSOA code: `population`, `name`.
    area : GapArea
        One of its gap areas.
    assurance : Assurance, optional
        Tests and checks; without them their questions are left out.

    Returns
    -------
    tuple of Reason
        What decides the verdict first.
    """
    codes = list(area.lsoas)
    people = np.asarray(areas.loc[codes, "population"], dtype=np.float64)
    reasons = [_records(gaps, area), _method(gaps, area), _rank(gaps, codes)]
    if assurance is not None:
        tested = assurance.areas.loc[codes]
        reasons += [_chance(tested, people), _scan(tested, people), *_merged(tested, people), _driver(assurance)]
    return tuple(reasons)


def _records(gaps: Gaps, area: GapArea) -> Reason:
    missing = gaps.unsurveyed_in(area.lads)
    counted = listed([label(sector).lower() for sector in gaps.parameters.sectors])
    if missing:
        words = listed([label(sector).lower() for sector in missing])
        answer = (
            f"It may be. Not every anchor here has been surveyed ({words}), so the gap may be in our records alone: "
            "the verdict is unknown until they are."
        )
    else:
        answer = (
            f"No. Every sector counted ({counted}) has been surveyed completely in this borough. "
            f"The nearest site on record is {distance_words(area.nearest_anchor_m)} away on average."
        )
    return Reason("records", "Is it only missing data?", answer, {"unsurveyed": [sector.value for sector in missing]})


def _method(gaps: Gaps, area: GapArea) -> Reason:
    tried = gaps.robustness
    varied = listed([words for choice, words in VARIED_WORDS.items() if choice in tried.varied])
    error = float(np.sqrt(area.p_gap * (1 - area.p_gap) / tried.draws))
    share = f"{whole_share(area.p_gap, gaps.parameters)}%"
    verdicts = {
        Verdict.ROBUST: "Hardly: it is robust.",
        Verdict.FRAGILE: "Yes: it is fragile.",
        Verdict.UNKNOWN: "That is not what decides it here.",
        Verdict.NOT_A_GAP: "It is no gap.",
    }
    about = f" (give or take {100 * error:.1f})" if error else ""
    who = "It is a gap" if len(area.lsoas) == 1 else "Its neighbourhoods are gaps, on average by people,"
    answer = f"{verdicts[area.verdict]} {who} in {share}{about} of {tried.draws:,} other ways of measuring."
    if varied:
        answer += f" They differ in {varied}."
    numbers = {
        "p_gap": area.p_gap,
        "standard_error": error,
        "draws": tried.draws,
        "varied": [str(choice) for choice in tried.varied],
    }
    return Reason("method", "Does it depend on how we measure?", answer, numbers)


def _rank(gaps: Gaps, codes: Sequence[str]) -> Reason:
    measured = gaps.areas.loc[list(codes)]
    first = measured.sort_values("rank").iloc[0]
    low, high = int(first["rank_low"]), int(first["rank_high"])
    answer = (
        f"Its most pressing neighbourhood ranks {int(first['rank']):,} of London's {len(gaps.areas):,} by gap index; "
        f"in nine of ten other ways of measuring its rank is between {low:,} and {high:,}."
    )
    numbers = {"lsoa": str(first.name), "rank": int(first["rank"]), "rank_low": low, "rank_high": high}
    return Reason("rank", "How far could its rank move?", answer, numbers)


def _chance(tested: pd.DataFrame, people: NDArray[np.float64]) -> Reason:
    share, nearest = (_share(tested[name], people) for name in ("is_unlikely", "is_unlikely_nearest"))
    ours = tested.loc[tested["quadrant"] == HIGH_NEED_LOW_ACCESS, "moran_q"]
    smallest = float(ours.min()) if len(ours) else 1.0
    test = "bivariate local Moran's I, 99,999 permutations, at most 5% false discoveries"
    beside = f"with the eight nearest as neighbours instead, {_share_words(nearest)}"
    if share:
        answer = (
            f"Hardly, for {_share_words(share)}: need is high there, and the places around have less access than if "
            f"London's access were dealt out at random ({test}); {beside}."
        )
    else:
        answer = (
            f"It could be. Round none of its neighbourhoods is access lower than if London's were dealt out at random "
            f"({test}; the smallest q here is {smallest:.2g}); {beside}."
        )
    return Reason(
        "chance", "Could it be chance?", answer, {"share": share, "share_nearest": nearest, "smallest_q": smallest}
    )


def _scan(tested: pd.DataFrame, people: NDArray[np.float64]) -> Reason:
    inside = (tested["scan"] > 0) & (tested["scan_p"] <= ALPHA)
    share = _share(inside, people)
    p = float(tested.loc[inside, "scan_p"].min()) if inside.any() else 1.0
    answer = (
        f"{_first_up(_share_words(share))} live in a circle with fewer sites than its people would lead one to expect "
        f"(Kulldorff's scan, p = {p:.2g})."
        if share
        else "No. No circle that holds it has significantly few sites for its people (Kulldorff's scan), which does "
        "not prove that there are enough."
    )
    return Reason("scan", "Does another test find few anchors here?", answer, {"share": share, "p": p})


def _merged(tested: pd.DataFrame, people: NDArray[np.float64]) -> list[Reason]:
    shares = {name: _share(tested[f"is_gap_{name}"], people) for name in MERGED if f"is_gap_{name}" in tested}
    if not shares:
        return []
    said = [f"on {MERGED[name]}, {_share_words(share)} live in a gap" for name, share in shares.items()]
    return [Reason("areas", "Would other areas say the same?", f"Measured {'; '.join(said)}.", dict(shares))]


def _driver(assurance: Assurance) -> Reason:
    return Reason("driver", "Which choice matters most?", str(assurance.facts["driver"]), {})


def _share(flags: pd.Series[bool], people: NDArray[np.float64]) -> float:
    return float(people @ np.asarray(flags, dtype=np.float64) / people.sum())


def _share_words(share: float) -> str:
    """A share of an area's people.

    Examples
    --------
    >>> _share_words(1.0), _share_words(0.0), _share_words(0.414)
    ('all of its people', 'none of its people', '41% of its people')
    """
    if share in {0.0, 1.0}:
        return f"{'all' if share else 'none'} of its people"
    return f"{min(max(round(100 * share), 1), 99)}% of its people"


def _first_up(words: str) -> str:
    return words[0].upper() + words[1:]
