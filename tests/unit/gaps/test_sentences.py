from __future__ import annotations

import dataclasses
import math

import pytest

from atlas.gaps.clusters import Cluster
from atlas.gaps.sentences import boroughs_words, distance_words, gap_sentence, headline, share_words
from atlas.parameters import Parameters
from atlas.vocabulary import NeedDomain, Sector, Verdict

CLUSTER = Cluster(
    lsoas=("E01000001", "E01000002"),
    lads=("E09000001",),
    population=3_200,
    need=40.0,
    need_percentile=90.0,
    access=0.0001,
    access_percentile=10.0,
    nearest_anchor_m=3_440.0,
    p_gap=0.94,
    verdict=Verdict.ROBUST,
    bounds=(0.0, 0.0, 1.0, 1.0),
)


def said(parameters: Parameters | None = None, unsurveyed: tuple[Sector, ...] = (), **changed: object) -> str:
    return gap_sentence(dataclasses.replace(CLUSTER, **changed), parameters or Parameters(), unsurveyed)


def test_a_robust_gap_in_plain_words() -> None:
    assert said() == (
        "2 neighbourhoods, home to 3,200 people. Need is in London's highest fifth and access to anchors in its lowest "
        "fifth; the nearest anchor is 3.4 km away on average. It stays a gap in 94% of the ways we measured."
    )


def test_each_verdict_has_its_words() -> None:
    assert said(p_gap=1.0).endswith("It stays a gap in every way we measured.")
    assert said(p_gap=0.997).endswith("It stays a gap in 99% of the ways we measured.")
    assert said(p_gap=0.63, verdict=Verdict.FRAGILE).endswith(
        "in 63% of the ways we measured, so how we measure decides it."
    )
    unknown = said(verdict=Verdict.UNKNOWN, unsurveyed=(Sector.FURTHER_EDUCATION, Sector.COUNCIL))
    assert unknown.endswith(
        "Anchors have not all been surveyed here (further education and councils), so whether they are few "
        "is not known."
    )


def test_the_readers_choices_show() -> None:
    words = said(Parameters(need_domain=NeedDomain.HEALTH, need_share=0.1, access_share=0.15), lsoas=("E01000001",))
    assert words.startswith("1 neighbourhood, home to")
    assert "Deprivation in health and disability is in London's highest tenth" in words
    assert "in its lowest 15%" in words


def test_the_headline_counts_one_several_and_none() -> None:
    assert headline(47, 270_487, Parameters()) == (
        "In 47 areas of London, home to 270,000 people, need is among the highest fifth "
        "and anchor institutions among the fewest."
    )
    assert headline(1, 900, Parameters(), "Brent").startswith("In one area of Brent, home to 900 of its people, need")
    assert headline(0, 0, Parameters(need_domain=NeedDomain.INCOME, need_share=0.1), "Brent") == (
        "In no area of Brent is income deprivation among London's highest tenth "
        "and anchor institutions among the fewest."
    )


def test_boroughs_are_said_in_order_and_all_of_them_at_once() -> None:
    names = {"E1": "Camden", "E2": "Brent", "E3": "Barnet"}
    assert boroughs_words(("E1", "E2"), names) == "Brent and Camden"
    assert boroughs_words(names, names) == "any borough"


def test_no_anchor_at_all() -> None:
    assert "no anchor of the chosen kinds is recorded" in said(nearest_anchor_m=math.nan)


@pytest.mark.parametrize(
    ("metres", "words"), [(0.0, "0 m"), (949.9, "950 m"), (951.0, "1.0 km"), (986.0, "1.0 km"), (12_345.0, "12.3 km")]
)
def test_distances_are_rounded(metres: float, words: str) -> None:
    assert distance_words(metres) == words


def test_shares_have_names() -> None:
    assert [share_words(share) for share in (0.5, 0.25, 0.2, 0.125)] == ["half", "quarter", "fifth", "12.5%"]
