"""Adding assets up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from atlas.geo.estate.model import NOBODY, Estate
from atlas.geo.estate.select import Selection, select
from atlas.geo.estate.totals import Row, Totals, sentence, totals
from atlas.vocabulary.estate import Tenure
from tests.land import land
from tests.toy_estate import toy_estate


def of(**asked: Any) -> Totals:
    estate = toy_estate()
    return totals(estate, select(estate, Selection(**asked)))


def row(rows: tuple[Row, ...], key: str) -> Row:
    return next(one for one in rows if one.key == key)


def test_two_interests_in_one_place_are_one_asset() -> None:
    found = of()
    assert (found.whole.interests, found.whole.assets) == (12, 11)


def test_the_land_of_a_place_counts_once_and_the_largest_statement_is_taken() -> None:
    both = of(text="quarter block")
    assert (both.whole.assets, both.whole.land_ha, both.whole.floor_m2) == (1, 0.5, 3_000.0)


def test_each_owner_of_a_place_has_what_its_own_rows_state() -> None:
    both = of(text="quarter block").by_owner
    assert row(both, "institution:council").land_ha == 0.4
    assert row(both, "institution:hospital").land_ha == 0.5


def test_what_states_no_area_is_counted_and_said() -> None:
    found = of(uses=("depot",))
    assert (found.whole.land_ha, found.whole.no_land, found.whole.no_floor) == (1.5, 1, 2)
    assert sentence(found) == "2 assets, at least 1.5 ha of land (1 of 2 state none), floor not stated."


def test_a_place_of_which_any_interest_states_its_land_states_it() -> None:
    estate = toy_estate()
    assets = estate.assets.copy()
    assets.loc["asset:council-block", "land_ha"] = np.nan
    half = replace(estate, assets=assets)
    found = totals(half, select(half, Selection(text="quarter block")))
    assert (found.whole.land_ha, found.whole.no_land) == (0.5, 0)


def test_a_whole_sum_is_no_lower_bound() -> None:
    assert sentence(of(text="library")) == "1 asset, 0.2 ha of land, 800 m² of floor."


def test_position_and_availability_are_counted() -> None:
    found = of()
    assert (found.on_map, found.approximate, found.available) == (10, 1, 4)


def test_rows_come_with_most_assets_first_and_in_words() -> None:
    assert [(one.label, one.assets) for one in of().by_owner] == [("Council", 8), ("Hospital", 3), ("Nobody", 1)]
    tenures = {one.label for one in of().by_tenure}
    assert {"Freehold", "Not stated"} <= tenures


def test_a_value_that_nothing_has_makes_no_row() -> None:
    assert {one.key for one in of(tenures=(Tenure.OTHER,)).by_tenure} == {"other"}


@pytest.mark.parametrize("estate", [Estate.empty(), toy_estate()], ids=["empty estate", "nothing chosen"])
def test_nothing_adds_up_to_nothing(estate: Estate) -> None:
    found = totals(estate, np.arange(0))
    assert (found.whole.assets, found.by_owner, sentence(found)) == (0, (), "No asset.")


def test_what_a_register_only_lists_is_nobodys() -> None:
    estate = land({"id": "ours", "at": (500, 500)}, {"id": "theirs", "at": (600, 500), "tenure": "not_held"})
    found = totals(estate, select(estate, Selection()))
    assert [(one.key, one.assets) for one in found.by_owner] == [("institution:council", 1), (NOBODY, 1)]
    (ours,) = select(estate, Selection(partners=("institution:council",)))
    assert estate.assets.index[ours] == "asset:council-ours"
