from __future__ import annotations

import dataclasses

import pytest

from atlas.errors import NotFoundError
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.records import Partnerships, slug
from atlas.snapshot import Atlas
from tests.toy import EAST, WEST, toy_atlas, toy_inputs, toy_partnerships


def without_surveys() -> Partnerships:
    return toy_partnerships().model_copy(update={"surveys": ()})


def test_an_atlas_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        toy_atlas().parameters = Parameters()  # type: ignore[misc]


def test_the_revision_follows_inputs_and_parameters() -> None:
    atlas = toy_atlas()
    again = analyse(toy_inputs(), Parameters())
    wider = analyse(toy_inputs(), Parameters(catchment_m=5_000))
    assert atlas.revision == again.revision
    assert atlas.revision != wider.revision
    other = dataclasses.replace(atlas.inputs.provenance[0], sha256="1" * 64)
    moved = Atlas(dataclasses.replace(atlas.inputs, provenance=(other,)), atlas.parameters, atlas.gaps, ())
    assert moved.revision != atlas.revision


def test_the_summary_adds_up() -> None:
    atlas = toy_atlas()
    people = atlas.inputs.areaset.areas["population"]
    assert atlas.summary.people == sum(area.population for area in atlas.gap_areas)
    assert atlas.summary.areas == atlas.summary.robust + atlas.summary.fragile
    assert atlas.summary.sites == 3
    assert atlas.summary.out_of_reach == pytest.approx(people[~atlas.gaps.areas["is_reached"]].sum() / people.sum())


def test_an_unsurveyed_gap_is_unknown_and_not_counted() -> None:
    atlas = analyse(toy_inputs(without_surveys()), Parameters())
    assert {area.verdict for area in atlas.gap_areas} == {"unknown"}
    assert (atlas.summary.areas, atlas.summary.people) == (0, 0)
    assert atlas.summary.unknown == len(atlas.gap_areas) > 0
    assert atlas.unsurveyed()[Parameters().sectors[0]] == (WEST, EAST)


@pytest.mark.parametrize("wanted", ["East", "east", "E09000002", "e09000002"])
def test_a_borough_is_found_by_name_or_code(wanted: str) -> None:
    assert toy_atlas().borough(wanted) == EAST


def test_an_unknown_borough_gets_suggestions() -> None:
    with pytest.raises(NotFoundError, match="did you mean"):
        toy_atlas().borough("Eest")


def test_gap_areas_are_found_by_id_and_by_borough() -> None:
    atlas = toy_atlas()
    assert atlas.gap_area(atlas.gap_areas[0].id) is atlas.gap_areas[0]
    with pytest.raises(NotFoundError):
        atlas.gap_area("nowhere")
    assert atlas.gap_areas_in(WEST) == ()
    assert atlas.gap_areas_in() == atlas.gap_areas


def test_slugs_are_plain() -> None:
    assert slug("Barking & Dagenham — north") == "barking-and-dagenham-north"
