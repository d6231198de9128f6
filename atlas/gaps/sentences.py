"""What is said of a gap area in plain words, from its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from atlas.gaps.clusters import Cluster
from atlas.parameters import Parameters
from atlas.vocabulary import NeedDomain, Sector, Verdict, label

_SHARES: Final = {0.5: "half", 0.25: "quarter", 0.2: "fifth", 0.1: "tenth", 0.05: "twentieth"}


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
    domain = parameters.need_domain
    need = "Need" if domain is NeedDomain.OVERALL else f"Need in {label(domain).lower()}"
    standing = (
        f"{need} is in London's highest {share_words(parameters.need_share)} and access to anchors in its lowest "
        f"{share_words(parameters.access_share)}; {_nearest(cluster.nearest_anchor_m)}."
    )
    return f"{homes} {standing} {_sure(cluster, unsurveyed)}"


def share_words(share: float) -> str:
    """A share of people in words.

    Examples
    --------
    >>> share_words(0.2), share_words(0.15)
    ('fifth', '15%')
    """
    return _SHARES.get(share, f"{100 * share:.3g}%")


def distance_words(distance_m: float) -> str:
    """A distance in words.

    Examples
    --------
    >>> distance_words(849.0), distance_words(3440.0)
    ('850 m', '3.4 km')
    """
    rounded = round(distance_m, -1)
    return f"{rounded:.0f} m" if rounded < 1000 else f"{distance_m / 1000:.1f} km"


def _nearest(distance_m: float) -> str:
    if math.isnan(distance_m):
        return "no anchor of the chosen kinds is recorded"
    return f"the nearest anchor is {distance_words(distance_m)} away on average"


def _sure(cluster: Cluster, unsurveyed: Sequence[Sector]) -> str:
    share = f"{100 * cluster.p_gap:.0f}%"
    match cluster.verdict:
        case Verdict.ROBUST if share == "100%":
            return "It stays a gap in every way we measured."
        case Verdict.ROBUST:
            return f"It stays a gap in {share} of the ways we measured."
        case Verdict.UNKNOWN:
            missing = ", ".join(label(sector).lower() for sector in unsurveyed)
            return f"Anchors have not all been surveyed here ({missing}), so whether they are few is not known."
        case _:
            return f"It is a gap in {share} of the ways we measured, so how we measure decides it."
