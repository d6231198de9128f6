"""What is said of gaps in plain words, from their numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from atlas.gaps.clusters import Cluster
from atlas.gaps.shares import whole_share
from atlas.graph.wording import listed
from atlas.parameters import Parameters
from atlas.vocabulary import WEIGHTED_DOMAINS, AccessMeasure, NeedDomain, Sector, Verdict, label

_SHARES: Final = {0.5: "half", 0.25: "quarter", 0.2: "fifth", 0.1: "tenth", 0.05: "twentieth"}

NEED_WORDS: Final = {
    NeedDomain.OVERALL: "need",
    NeedDomain.INCOME: "income deprivation",
    NeedDomain.EMPLOYMENT: "employment deprivation",
    NeedDomain.EDUCATION: "deprivation in education and skills",
    NeedDomain.HEALTH: "deprivation in health and disability",
    NeedDomain.CRIME: "deprivation through crime",
    NeedDomain.HOUSING_AND_SERVICES: "deprivation in housing and services",
    NeedDomain.LIVING_ENVIRONMENT: "deprivation in the living environment",
    NeedDomain.IDACI: "income deprivation among children",
    NeedDomain.IDAOPI: "income deprivation among older people",
}


def headline(areas: int, people: int, parameters: Parameters, place: str = "London") -> str:
    """The answer in one sentence: in how many areas, home to how many people.

    Examples
    --------
    >>> headline(1, 87, Parameters(), "Brent")
    "In one area of Brent, home to 87 of its people, need is among London's highest fifth and anchor institutions \
among the fewest."
    """
    whose = "the" if place == "London" else "London's"
    need, among = NEED_WORDS[parameters.need_domain], f"among {whose} highest {share_words(parameters.need_share)}"
    few = "and anchor institutions among the fewest."
    if not areas:
        return f"In no area of {place} is {need} {among} {few}"
    where = "one area" if areas == 1 else f"{areas:,} areas"
    homes = f"{rounded(people)} people" if place == "London" else f"{rounded(people)} of its people"
    return f"In {where} of {place}, home to {homes}, {need} is {among} {few}"


def left_out_words(people: int) -> str:
    """How many live where the rule of gaps holds, but too seldom for a gap; empty where nobody does.

    Examples
    --------
    >>> print(left_out_words(148_173))
    148,000 more people live where it is so as measured here, but in less than half of the ways of measuring: no gap.
    """
    live = "people live" if people != 1 else "person lives"
    return (
        f"{rounded(people)} more {live} where it is so as measured here, but in less than half of the ways of "
        "measuring: no gap."
        if people
        else ""
    )


def gap_sentence(cluster: Cluster, parameters: Parameters, unsurveyed: Sequence[Sector]) -> str:
    """Who lives there, how need and access stand, and how sure that is.

    Parameters
    ----------
    cluster : Cluster
        The gap area.
    parameters : Parameters
        The reader's choices.
    unsurveyed : sequence of Sector
        Chosen sectors that no complete survey covers in its boroughs.

    Returns
    -------
    str
        Three short sentences.
    """
    count = len(cluster.lsoas)
    homes = f"{count} neighbourhood{'s' if count > 1 else ''}, home to {cluster.population:,} people."
    need = NEED_WORDS[parameters.need_domain]
    high, low = share_words(parameters.need_share), share_words(parameters.access_share)
    standing = (
        f"{need[0].upper()}{need[1:]} is in London's highest {high} and access to anchors in its lowest {low}; "
        f"{_nearest(cluster.nearest_anchor_m)}."
    )
    return f"{homes} {standing} {_sure(cluster, unsurveyed, parameters)}"


def share_words(share: float) -> str:
    """A share of people in words.

    Examples
    --------
    >>> share_words(0.2), share_words(0.15)
    ('fifth', '15%')
    """
    return _SHARES.get(share, f"{100 * share:.3g}%")


def reach_words(parameters: Parameters) -> str:
    """How far an anchor reaches, in words.

    Examples
    --------
    >>> reach_words(Parameters()), reach_words(Parameters(catchment_min=30))
    ('within 4 km', 'within 30 minutes')
    """
    within = (
        f"within {parameters.catchment_min:g} minutes"
        if parameters.catchment_min
        else f"within {parameters.catchment_m / 1000:g} km"
    )
    return f"by the nearest one, {within}" if parameters.measure is AccessMeasure.NEAREST else within


def changed_words(parameters: Parameters) -> list[str]:
    """The choices of method that are not as by default, in words; reach and sectors, which every answer says, left out.

    Examples
    --------
    >>> changed_words(Parameters(measure="m2sfca", decay="step", draws=64))
    ['Access measured by: Modified two-step floating catchment area', 'Reach fades with distance: Steps']
    """
    default = Parameters()
    said = {
        "Access measured by": label(parameters.measure) if parameters.measure is not default.measure else "",
        "Reach fades with distance": label(parameters.decay) if parameters.decay is not default.decay else "",
        "What a site counts for": label(parameters.capacity) if parameters.capacity is not default.capacity else "",
        "Weights of need, per cent": ", ".join(
            f"{label(domain).lower()} {weight:.4g}"
            for domain, weight in zip(WEIGHTED_DOMAINS, parameters.weights or (), strict=False)
        ),
    }
    return [f"{what}: {words}" for what, words in said.items() if words]


def distance_words(distance_m: float | None) -> str:
    """A distance in words.

    Examples
    --------
    >>> distance_words(849.0), distance_words(3440.0), distance_words(None)
    ('850 m', '3.4 km', 'not known')
    """
    if distance_m is None or math.isnan(distance_m):
        return "not known"
    # in kilometres from where the map says so, which knows hundreds of metres alone
    hundreds = round(distance_m, -2)
    return f"{round(distance_m, -1):.0f} m" if hundreds < 1000 else f"{hundreds / 1000:.1f} km"


def rounded(people: int) -> str:
    """Three leading figures of a number of people: what a headline can carry.

    Examples
    --------
    >>> rounded(434871), rounded(1234), rounded(87)
    ('435,000', '1,230', '87')
    """
    step = 10 ** max(len(str(people)) - 3, 0)
    return f"{round(people / step) * step:,}"


def boroughs_words(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Boroughs where something has not been done, given the names of all by code.

    Examples
    --------
    >>> names = {"E09000001": "City of London", "E09000002": "Barking and Dagenham"}
    >>> boroughs_words(["E09000002"], names), boroughs_words(names, names)
    ('Barking and Dagenham', 'any borough')
    """
    found = sorted(names[code] for code in codes)
    return "any borough" if len(found) == len(names) else listed(found)


def _nearest(distance_m: float) -> str:
    if math.isnan(distance_m):
        return "no anchor of the chosen kinds is recorded"
    return f"the nearest anchor is {distance_words(distance_m)} away on average"


def _sure(cluster: Cluster, unsurveyed: Sequence[Sector], parameters: Parameters) -> str:
    share = f"{whole_share(cluster.p_gap, parameters)}%"
    match cluster.verdict:
        case Verdict.ROBUST if math.isclose(cluster.p_gap, 1):
            return "It stays a gap in every way we measured."
        case Verdict.ROBUST:
            return f"It stays a gap in {share} of the ways we measured."
        case Verdict.UNKNOWN:
            missing = listed([label(sector).lower() for sector in unsurveyed])
            return f"Anchors have not all been surveyed here ({missing}), so whether they are few is not known."
        case _:
            return f"It is a gap in {share} of the ways we measured, so how we measure decides it."
