"""What each choice of a list would leave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from atlas.geo.estate.facets import LISTS, facets
from atlas.geo.estate.select import Selection, index_of, select
from atlas.geo.estate.totals import totals
from atlas.vocabulary.estate import AssetStatus, Tenure, Use
from tests.toy import WEST
from tests.toy_estate import toy_estate

HOSPITAL = "institution:hospital"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"lads": (WEST,)},
        {"partners": (HOSPITAL,)},
        {"partners": (HOSPITAL,), "uses": (Use.HEALTH, Use.OFFICE)},
        {"uses": (Use.OFFICE,), "tenures": (Tenure.FREEHOLD,), "statuses": (AssetStatus.IN_USE,)},
        {"statuses": (AssetStatus.VACANT,), "only_available": True},
        {"text": "quarter", "min_ha": 0.45},
        {"text": "nothing such"},
    ],
)
def test_a_number_is_what_the_choice_alone_would_find_among_all_else_that_is_chosen(asked: dict[str, Any]) -> None:
    estate, selection = toy_estate(), Selection(**asked)
    found = facets(estate, selection)
    assert list(found) == list(LISTS)
    for column, field in LISTS.items():
        assert tuple(found[column]) == index_of(estate).codes[column].names
        for value, number in found[column].items():
            alone = select(estate, replace(selection, **{field: (value,)}))
            assert number == totals(estate, alone).whole.assets, (column, value)


def test_a_place_with_two_interests_counts_once_for_a_value_that_both_have() -> None:
    estate = toy_estate()
    assert facets(estate, Selection())["status"]["in_use"] == 4
    assert int((estate.assets["status"] == "in_use").sum()) == 5
    assert facets(estate, Selection(text="quarter"))["use"] == {
        **dict.fromkeys(index_of(estate).codes["use"].names, 0),
        "health": 1,
        "office": 1,
    }
