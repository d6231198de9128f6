from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.scenario.changes import AddSite, AddTie, Change, CloseSite, ExtendNetwork, Scenario
from atlas.gaps.scenario.effects import AreaFate, Side, compare_sides
from atlas.gaps.scenario.words import areas_words, effect_sentence
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import Domain, Relation
from atlas.what_if import ScenarioResult, borough_rows, derive, london_rows, run_scenario
from tests.toy import EAST, X0, Y0, toy_inputs

FEW = Parameters(draws=16)
HUB = AddSite(name="East Hub", institution="institution:hospital", easting_m=X0 + 7_500, northing_m=Y0 + 1_000)


@cache
def inputs() -> Inputs:
    return toy_inputs()


NOWHERE = pd.Series(data=False, index=inputs().areaset.areas.index)


@cache
def before() -> Atlas:
    return analyse(inputs(), FEW)


def run(*changes: Change, **given: Any) -> ScenarioResult:
    return run_scenario(inputs(), FEW, Scenario(name="A question", changes=changes, **given), before=before())


def test_an_anchor_in_the_gap_ends_it() -> None:
    found = run(HUB)
    totals, (area,) = found.effects.totals(), [a for a in found.effects.areas if a.before]
    assert area.fate is AreaFate.GONE
    assert area.access_before == 0 < area.access_after
    assert area.held_share == 0
    assert totals["people_losing"] == 0
    assert totals["people_brought_within_reach"] >= 3_200
    assert found.effects.mean_access("after") > found.effects.mean_access("before")
    assert effect_sentence(found.effects).startswith("In this scenario, ")


def test_people_in_totals_are_those_of_the_areas() -> None:
    found = run(HUB)
    rows = found.effects.lsoas
    assert (
        found.effects.totals()["people_gaining"]
        == rows.loc[rows["access_after"] > rows["access_before"], "population"].sum()
    )
    assert list(rows.index) == list(inputs().areaset.areas.index)


def test_an_area_may_enter_a_gap_while_its_access_is_the_same() -> None:
    found = run(HUB)
    rows = found.effects.lsoas
    entered = rows[~rows["in_gap_before"] & rows["in_gap_after"]]
    unchanged = entered[entered["access_change"] == 0]
    assert found.effects.totals()["people_entering_gaps_no_worse"] >= unchanged["population"].sum()


def test_with_the_bar_held_an_added_site_never_makes_a_gap() -> None:
    rows = run(HUB).effects.lsoas
    assert not (rows["gap_at_fixed_threshold"] & ~rows["is_gap_before"]).any()


def test_without_changes_everything_is_the_same() -> None:
    found = run()
    assert found.after is found.before
    assert {area.fate for area in found.effects.areas} == {AreaFate.SAME}
    rows = found.effects.lsoas
    assert (rows["gap_at_fixed_threshold"] == rows["is_gap_before"]).all()
    assert not any(value for name, value in found.effects.totals().items() if name.startswith("people_enter"))
    assert (
        effect_sentence(found.effects)
        == "In this scenario, nobody's access to anchors changes. No gap area comes or goes."
    )


def test_closing_takes_access_away() -> None:
    found = run(CloseSite(site="site:university"))
    assert found.effects.totals()["people_gaining"] == 0
    assert found.effects.totals()["people_losing"] > 0
    assert found.after.summary.sites == 2


def test_a_network_extended_covers_the_gap_and_its_domains() -> None:
    found = run(ExtendNetwork(network="network:west", places=("East",)))
    (area,) = found.effects.areas
    assert area.fate is AreaFate.SAME
    assert area.networks_before == ("network:all",)
    assert area.networks_after == ("network:all", "network:west")
    assert area.programmes_before == area.programmes_after == ("programme:east",)
    assert Domain.WORKFORCE not in area.missing_before
    assert found.after.gap_areas[0].networks[-1] == "network:all"
    assert set(found.after.gap_areas[0].networks) == set(area.networks_after)
    assert "1 gap area is reached by a network or programme anew." in effect_sentence(found.effects)


def test_a_network_that_is_extended_elsewhere_stays_where_it_was() -> None:
    found = run(ExtendNetwork(network="programme:east", places=("West",)))
    (area,) = found.effects.areas
    assert area.programmes_after == area.programmes_before


def test_a_tie_moves_brokerage_and_nothing_else() -> None:
    found = run(AddTie(source="institution:university", relation=Relation.MEMBER_OF, target="network:west"))
    assert found.effects.brokerage.movers[0].node == "network:west"
    assert (found.effects.lsoas["access_change"] == 0).all()
    assert "West Partnership comes to stand between" in effect_sentence(found.effects)


def test_the_derived_inputs_have_their_own_fingerprint_and_the_base_keeps_its() -> None:
    was = inputs().fingerprint
    found = run(HUB)
    assert inputs().fingerprint == was == found.before.inputs.fingerprint
    assert found.after.inputs.fingerprint != was
    assert found.after.inputs.provenance[-1].sha256 == found.scenario.sha256
    assert derive(inputs(), Scenario(name="Nothing", changes=()))[0] is inputs()


def test_the_scenarios_choices_are_those_of_both_sides() -> None:
    found = run(HUB, parameters=Parameters(catchment_m=1_500))
    assert found.before.parameters == found.after.parameters == Parameters(draws=16, catchment_m=1_500)
    assert found.before is not before()


def test_minutes_to_a_new_site_are_not_known() -> None:
    asked = Scenario(name="A question", changes=(HUB,), parameters=Parameters(catchment_min=30))
    with pytest.raises(QueryError, match="has no minutes to them"):
        run_scenario(inputs(), FEW, asked)


def test_gap_areas_are_paired_by_their_people_and_each_once() -> None:
    atlas = before()
    (area,) = atlas.gap_areas
    codes = area.lsoas
    people = inputs().areaset.areas["population"]

    def part(name: str, *inside: str) -> Any:
        import dataclasses  # noqa: PLC0415

        return dataclasses.replace(area, id=name, name=name, lsoas=inside, population=int(people[list(inside)].sum()))

    def fates(left: list[Any], right: list[Any]) -> list[tuple[str, str | None, str | None]]:
        sides = (Side(atlas.gaps, areas, atlas.graph) for areas in (left, right))
        found = compare_sides(*sides, areaset=inputs().areaset).areas
        return [
            (pair.fate.value, pair.before.id if pair.before else None, pair.after.id if pair.after else None)
            for pair in found
        ]

    whole, large, small = part("whole", *codes), part("large", *codes[:2]), part("small", codes[2])
    assert fates([whole], [small, large]) == [("changed", "whole", "large"), ("split", None, "small")]
    assert fates([large, small], [whole]) == [("changed", "large", "whole"), ("merged", "small", None)]
    assert fates([large], [small]) == [("gone", "large", None), ("new", None, "small")]


def test_words_for_areas() -> None:
    assert areas_words(0, 2, 1) == "No gap area goes, 2 appear and 1 changes its outline or verdict."


def test_inputs_are_not_mutated() -> None:
    sites, need = inputs().sites.copy(), inputs().deprivation.scores.copy()
    run(HUB, CloseSite(site="site:council"), ExtendNetwork(network="network:west", places=(EAST,)))
    pd.testing.assert_frame_equal(inputs().sites, sites)
    pd.testing.assert_frame_equal(inputs().deprivation.scores, need)
    assert np.asarray(inputs().sites["status"] == "active").all()


def test_a_first_look_rests_on_few_draws_on_either_side() -> None:
    many = Parameters(draws=64)
    scenario = Scenario(name="A question", changes=(HUB,), parameters=Parameters(draws=32))
    found = run_scenario(inputs(), many, scenario, before=before(), most_draws=16)
    assert found.before is before()
    assert found.after.parameters == FEW
    assert run_scenario(inputs(), many, scenario, most_draws=64).before.parameters.draws == 32


def test_london_before_and_after_in_words() -> None:
    rows = {words: sides for words, *sides in london_rows(run(HUB))}
    assert rows["sites counted"] == ["3", "4"]
    assert rows["gap areas"] == ["1", "0"]
    assert rows["people with no anchor in reach"] == ["3,200", "0"]


def test_boroughs_add_up_to_london() -> None:
    found = run(HUB)
    rows, totals = borough_rows(found, NOWHERE), found.effects.totals()
    assert sum(row.people for row in rows) == totals["people_gaining"] + totals["people_losing"]
    assert sum(row.leaving for row in rows) == totals["people_leaving_gaps"]
    assert sum(row.entering for row in rows) == totals["people_entering_gaps"]
    assert [row.name for row in rows] == sorted(row.name for row in rows)
    assert all(row.access_after >= row.access_before for row in rows)


def test_a_borough_where_nothing_changes_is_left_out() -> None:
    assert borough_rows(run(), NOWHERE) == []
    (row,) = borough_rows(run(), inputs().areaset.areas["lad"] == EAST)
    assert (row.lad, row.reached, row.people) == (EAST, 8, 0)
