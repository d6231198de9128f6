"""What partners could do together, in the toy world: need is high and anchors few at its eastern edge."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.exports.opportunities import (
    CSV_COLUMNS,
    opportunities_csv,
    opportunities_geojson,
    opportunities_json,
    rows_of,
    tables,
)
from atlas.geo.estate.model import Estate
from atlas.opportunities import opportunities
from atlas.opportunities.answer import Opportunities
from atlas.opportunities.question import Question
from atlas.opportunities.words import basis, reasons, sentence, sources_of, to_act, to_partner, together, what
from atlas.siting.question import Candidates
from atlas.siting.question import Question as SitingQuestion
from atlas.siting.solve import site
from atlas.siting.words import basis as siting_basis
from atlas.siting.words import sentence as siting_sentence
from atlas.snapshot import Atlas
from tests.land import inputs_with, land
from tests.toy import EAST, HOSTILE, WEST, X0, Y0, toy_atlas

LAND = (
    {"id": "library", "at": (6_000, 500), "use": "library", "status": "in_use"},
    {"of": "hospital", "id": "clinic", "at": (6_100, 500), "use": "health", "placed_by": "postcode"},
    {"id": "hall", "at": (7_300, 500), "use": "community", "status": "vacant"},
    {"of": "hospital", "id": "works", "at": (7_350, 500), "use": "health", "status": "under_construction"},
    {"of": "nobody", "id": "yard", "at": (5_600, 1_900), "use": "depot", "status": "surplus"},
    {"of": "university", "id": "store", "at": (500, 500), "use": "depot", "status": "vacant"},
    {"id": "refuge", "at": (7_310, 500), "use": "refuge", "status": "vacant"},
    {"id": "lost", "status": "surplus"},
)


def atlas_with(*rows: dict[str, Any]) -> Atlas:
    atlas: Atlas = toy_atlas()
    return replace(atlas, inputs=inputs_with(land(*rows)) if rows else atlas.inputs)


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return atlas_with(*LAND)


@pytest.fixture(scope="module")
def found(atlas: Atlas) -> Opportunities:
    return opportunities(atlas)


def test_a_library_and_a_clinic_could_share_a_place(found: Opportunities) -> None:
    (row,) = found.co_locations
    assert [held.asset for held in row.assets] == ["asset:council-library", "asset:hospital-clinic"]
    assert row.distances_m == (100.0,)
    assert row.nearest.asset.partner == "institution:hospital"
    assert reasons(row) == ("Advice and health checks can be held where people go anyway.",)
    assert found.pairs == 1


def people_around(atlas: Atlas, x: float, y: float, reach_m: float) -> float:
    """People in the toy world's areas most in need, whose point lies within reach of a place."""
    areas = atlas.inputs.areaset.areas
    need = atlas.gaps.areas["need_percentile"].reindex(areas.index)
    apart = np.hypot(areas["x_m"] - (X0 + x), areas["y_m"] - (Y0 + y))
    return float(areas["population"][(need >= 80 - 1e-9) & (apart <= reach_m)].sum())


def test_people_in_need_are_those_within_reach(atlas: Atlas, found: Opportunities) -> None:
    assert found.co_locations[0].people_in_need == people_around(atlas, 6_000, 500, 2_000) > 0
    near = opportunities(atlas, question=Question(reach_m=1_200))
    assert near.co_locations[0].people_in_need == people_around(atlas, 6_000, 500, 1_200)


def test_what_stands_empty_near_a_robust_gap_area_is_ranked_by_whom_it_would_bring_within_reach(
    atlas: Atlas, found: Opportunities
) -> None:
    assert [(row.asset.asset, row.gap_area) for row in found.spare] == [
        ("asset:council-hall", "quarter-3-east"),
        ("asset:nobody-yard", "quarter-3-east"),
    ]
    hall, yard = found.spare
    assert hall.people_in_need == people_around(atlas, 7_300, 500, 2_000) > yard.people_in_need
    assert (hall.distance_m, yard.distance_m) == (0.0, 400.0)
    assert found.near == 2


def test_a_place_that_two_partners_hold_is_one_place_not_in_use_and_helps_once(atlas: Atlas) -> None:
    lease = {"of": "university", "id": "hall", "at": (7_301, 500), "use": "community", "status": "vacant"}
    estate = land(*LAND, lease)
    pair = {"left": "asset:council-hall", "right": "asset:university-hall", "rule": "uprn", "score": 1.0}
    matches = pd.DataFrame([{**pair, "reasons": "", "decision": "accepted"}])
    apart, one = (
        opportunities(replace(atlas, inputs=inputs_with(held))) for held in (estate, replace(estate, matches=matches))
    )
    assert (apart.near, len(apart.spare), apart.neighbours) == (3, 3, 2)
    assert (one.near, len(one.spare), one.neighbours) == (2, 2, 1)
    assert "2 places not in use" in sentence(one)


def test_the_best_of_them_are_those_of_the_siting(atlas: Atlas, found: Opportunities) -> None:
    question = SitingQuestion(p=3, candidates=Candidates.ASSETS, time_limit_s=0)
    answer = site(atlas, question, among=["asset:council-hall", "asset:nobody-yard"])
    assert found.siting == answer.siting
    assert [(row.asset.asset, row.adds) for row in found.spare if row.chosen] == [
        (new.id, new.adds) for new in answer.sites
    ]
    assert together(found).startswith("The best of them would bring ")
    assert "no other one would bring more" in together(found)


def test_land_too_far_from_the_gap_area_is_left_out(atlas: Atlas) -> None:
    near = opportunities(atlas, question=Question(near_m=399))
    assert [row.asset.asset for row in near.spare] == ["asset:council-hall"]


def test_an_empty_hall_could_help_the_hospital_next_door(found: Opportunities) -> None:
    (row,) = found.helps
    assert (row.gives.asset, row.takes.asset, row.rule) == (
        "asset:council-hall",
        "asset:hospital-works",
        "room_during_works",
    )
    assert row.distance_m == 50.0


def test_each_row_leads_to_the_other_partner_by_ties_with_their_sources(found: Opportunities) -> None:
    row = found.co_locations[0]
    assert to_partner(row) == "West Council convenes West Partnership, which has as a member Western Hospital."
    assert sources_of(row.ways.to_partner, found) == ("A toy",)


def test_each_row_leads_to_somebody_who_can_act(found: Opportunities) -> None:
    assert to_act(found.spare[0], found) == "West Council convenes West Partnership, which delivers Eastern Start."
    assert to_act(found.spare[1], found) == "Nobody who can act there is joined to it by ties on record."


def test_a_council_can_act_in_its_own_borough_itself() -> None:
    from atlas.records import Tie  # noqa: PLC0415
    from atlas.vocabulary import Confidence, Relation  # noqa: PLC0415
    from tests.toy import EVIDENCE, toy_inputs, toy_partnerships  # noqa: PLC0415

    plain = toy_partnerships()
    serves = Tie(
        subject="institution:council",
        relation=Relation.SERVES,
        object=f"place:{EAST}",
        confidence=Confidence.HIGH,
        **EVIDENCE,
    )
    inputs = toy_inputs(plain.model_copy(update={"ties": (*plain.ties, serves)}))
    estate = land(*LAND)
    atlas = replace(toy_atlas(), inputs=replace(inputs, estate=estate))
    found = opportunities(atlas)
    assert to_act(found.co_locations[0], found) == "West Council can act there itself."


def test_a_partner_that_is_not_on_record_is_joined_to_nobody(found: Opportunities) -> None:
    yard = found.spare[1]
    assert yard.ways.to_partner is None
    assert to_partner(yard) == "No chain of ties on record joins Nobody and West Council."


def test_what_is_guarded_or_nowhere_is_never_shown(found: Opportunities) -> None:
    text = opportunities_json(found)
    assert "council-refuge" not in text
    assert "council-lost" not in text
    assert "1 piece of land or building cannot be placed on the map, and is left out." in basis(found)


def test_a_borough_keeps_what_lies_in_it(atlas: Atlas) -> None:
    assert [row.asset.lad for row in opportunities(atlas, EAST).spare] == [EAST, EAST]
    west = opportunities(atlas, WEST)
    assert (west.co_locations, west.spare, west.helps) == ((), (), ())
    assert sentence(west) == "In the registers of 4 partners nothing in West was found that partners could share."


def test_the_sentence_says_what_was_found(found: Opportunities) -> None:
    assert sentence(found) == (
        "The registers of 4 partners show 1 pair of places that two partners could share, 2 places not in use inside "
        "or near robust gap areas and 1 pair of neighbours who could help each other."
    )


def test_without_registers_nothing_is_said_of_land() -> None:
    found = opportunities(atlas_with())
    assert sentence(found).startswith("No land or property register is here yet")
    assert (found.co_locations, found.spare, found.helps, found.siting) == ((), (), (), None)
    assert together(found) == ""
    assert tables(found) == []
    assert len(opportunities_csv(found).splitlines()) == 1


def test_a_register_without_assets_is_not_counted(found: Opportunities) -> None:
    estate = land(*LAND)
    empty = estate.registers.iloc[:1].rename(index=lambda _: "empty").assign(partner="institution:empty")
    estate = replace(estate, registers=pd.concat([estate.registers, empty]))
    again = opportunities(replace(toy_atlas(), inputs=inputs_with(estate)))
    assert (again.registers, again.partners) == (found.registers, found.partners) == (4, 4)


def test_the_order_of_the_registers_does_not_matter(atlas: Atlas, found: Opportunities) -> None:
    again = opportunities(atlas_with(*reversed(LAND)))
    assert opportunities_json(again) == opportunities_json(found)
    assert opportunities_json(opportunities(atlas)) == opportunities_json(found)


def test_as_many_pairs_are_said_as_are_given() -> None:
    found = opportunities(atlas_with(*LAND, {**LAND[1], "id": "surgery", "at": (6_120, 500)}))
    given = sum(len(row.assets) - 1 for row in found.co_locations)
    assert found.pairs == given == 1
    assert f"{given} pair of places that two partners could share" in sentence(found)
    assert found.neighbours == len(found.helps)


def test_only_so_many_rows_are_given_but_all_are_counted() -> None:
    rows = [
        {**row, "id": f"{row['id']}{number}", "at": (row["at"][0], 100 + 600 * number)}
        for number in range(3)
        for row in LAND[:2]
    ]
    found = opportunities(atlas_with(*rows), question=Question(most=2, p=1))
    assert (len(found.co_locations), found.pairs) == (2, 3)
    assert [row.rank for row in found.co_locations] == [1, 2]


@pytest.mark.parametrize("wrong", [{"walk_m": 0}, {"near_m": -1}, {"reach_m": 1e9}, {"most": 0}, {"p": 0}, {"p": 51}])
def test_a_question_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        Question(**wrong)


def test_json_has_every_row_with_its_assets_and_each_tie_with_its_evidence(found: Opportunities) -> None:
    document = json.loads(opportunities_json(found))
    assert document["question"]["walk_m"] == 400.0
    assert document["parameters"] == found.parameters.model_dump(mode="json")
    (row,) = document["co_locations"]["rows"]
    assert [one["asset"] for one in row["assets"]] == ["asset:council-library", "asset:hospital-clinic"]
    assert row["to_partner"]["steps"][0]["evidence"] == "drawn by hand"
    assert row["to_partner"]["steps"][0]["source_title"] == "A toy"
    assert document["spare"]["siting"]["proved"] is True


def test_csv_has_a_line_for_each_row_and_no_live_formula() -> None:
    rows = [{**row, "name": "=1+1"} for row in LAND]
    found = opportunities(atlas_with(*rows))
    lines = list(csv.DictReader(io.StringIO(opportunities_csv(found))))
    assert tuple(lines[0]) == CSV_COLUMNS
    assert [line["kind"] for line in lines] == ["co_location", "spare", "spare", "help"]
    assert {line["name"] for line in lines} == {"'=1+1"}


def test_geojson_has_the_points_of_every_asset_of_a_row(found: Opportunities) -> None:
    collection = json.loads(opportunities_geojson(found))
    assert len(collection["features"]) == len([*rows_of(found)]) == 4
    for feature in collection["features"]:
        points = feature["geometry"]["coordinates"]
        assert len(points) == len(feature["properties"]["assets"])
        assert all(-0.1 < longitude < 0.1 and 51.4 < latitude < 51.6 for longitude, latitude in points)


def test_rows_for_a_terminal_are_text_and_say_whose_land_it_is(found: Opportunities) -> None:
    titles = [title for title, _, _ in tables(found)]
    assert titles == ["Could share a place", "Not in use, near robust gap areas", "Could help a neighbour"]
    for _, headers, rows in tables(found):
        assert all(len(row) == len(headers) and all(isinstance(cell, str) for cell in row) for row in rows)
    assert tables(found)[0][2][0][1] == "Library (Library, in use), West Council"


def test_a_position_by_postcode_is_said_to_be_approximate(found: Opportunities) -> None:
    assert what(found.co_locations[0].assets[1]) == "Health (position approximate)"


def test_a_name_is_data() -> None:
    found = opportunities(atlas_with(*({**row, "name": HOSTILE} for row in LAND)))
    assert found.co_locations[0].assets[0].name == HOSTILE


def test_siting_chooses_among_what_partners_do_not_use(atlas: Atlas) -> None:
    answer = site(atlas, SitingQuestion(p=1, candidates=Candidates.ASSETS, time_limit_s=0))
    assert answer.candidates == 3
    (new,) = answer.sites
    assert (new.id, new.stands, new.institution_name) == (
        "asset:council-hall",
        "Community centre, vacant",
        "West Council",
    )
    assert answer.siting.proved
    assert "vacant, surplus or subject to disposal" in siting_basis(answer)[0]
    assert "Here four registers can be seen" in siting_basis(answer)[0]


def test_siting_among_assets_keeps_to_a_borough(atlas: Atlas) -> None:
    west = site(atlas, SitingQuestion(p=1, candidates=Candidates.ASSETS, borough=WEST, time_limit_s=0))
    assert west.candidates == 1


def test_siting_without_registers_has_nothing_to_choose_from() -> None:
    answer = site(atlas_with(), SitingQuestion(candidates=Candidates.ASSETS))
    assert siting_sentence(answer) == "In London there is no place to choose from."
    assert answer.registers == 0


def test_siting_among_sites_names_land_as_another_choice(atlas: Atlas) -> None:
    answer = site(atlas, SitingQuestion(candidates=Candidates.AREAS, time_limit_s=0))
    assert "another choice (assets)" in siting_basis(answer)[0]


def test_an_empty_estate_is_no_error() -> None:
    assert len(Estate.empty()) == 0
    assert opportunities(atlas_with({"id": "nowhere"})).placed == 0
