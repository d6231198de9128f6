from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from atlas.gaps.assurance import Assurance, assure
from atlas.gaps.explain import explain
from atlas.parameters import Parameters
from atlas.pipeline import analyse, study_of
from atlas.snapshot import Atlas
from tests.toy import EAST, toy_atlas, toy_inputs


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return toy_atlas()


@pytest.fixture(scope="module")
def assurance(atlas: Atlas) -> Assurance:
    return assure(study_of(atlas.inputs, atlas.parameters), atlas.gaps)


def reasons(atlas: Atlas, assurance: Assurance | None = None) -> dict[str, str]:
    found = explain(atlas.gaps, atlas.inputs.areaset.areas, atlas.gap_areas[0], assurance)
    return {reason.key: reason.answer for reason in found}


def test_without_tests_only_records_method_and_rank_are_answered(atlas: Atlas) -> None:
    said = reasons(atlas)
    assert list(said) == ["records", "method", "rank"]
    assert said["records"].startswith("No. Every sector counted")
    share = round(100 * atlas.gap_areas[0].p_gap)
    assert f"Its neighbourhoods are gaps, on average by people, in {share}%" in said["method"]
    assert "of 1,024 other ways of measuring" in said["method"]
    assert "They differ in the catchment and how reach fades." in said["method"]


def test_with_tests_every_question_is_answered(atlas: Atlas, assurance: Assurance) -> None:
    said = reasons(atlas, assurance)
    assert list(said) == ["records", "method", "rank", "chance", "scan", "areas", "driver"]
    assert "bivariate local Moran" in said["chance"]
    assert said["areas"].startswith("Measured on MSOAs")
    assert said["driver"] == assurance.facts["driver"]


def test_where_anchors_are_not_surveyed_the_records_decide() -> None:
    inputs = toy_inputs()
    surveys = inputs.surveys[inputs.surveys["borough"] != EAST]
    atlas = analyse(dataclasses.replace(inputs, surveys=surveys), Parameters(draws=64))
    assert reasons(atlas)["records"].startswith("It may be.")
    assert "not what decides it" in reasons(atlas)["method"]


def test_numbers_stand_behind_the_words(atlas: Atlas, assurance: Assurance) -> None:
    area = atlas.gap_areas[0]
    found = {r.key: r.numbers for r in explain(atlas.gaps, atlas.inputs.areaset.areas, area, assurance)}
    assert found["method"]["p_gap"] == area.p_gap
    assert found["rank"]["lsoa"] in area.lsoas
    assert 1 <= found["rank"]["rank_low"] <= found["rank"]["rank_high"] <= len(atlas.gaps.areas)
    people = atlas.inputs.areaset.areas.loc[list(area.lsoas), "population"]
    unlikely = assurance.areas.loc[list(area.lsoas), "is_unlikely"]
    assert found["chance"]["share"] == pytest.approx(people[unlikely].sum() / people.sum())


def test_assurance_can_be_put_away_and_taken_out_again(assurance: Assurance) -> None:
    again = Assurance.of_tables(*assurance.tables())
    pd.testing.assert_frame_equal(again.areas, assurance.areas)
    pd.testing.assert_frame_equal(again.choices, assurance.choices)
    assert again.facts == assurance.facts


def test_assurance_tells_how_far_it_is(atlas: Atlas) -> None:
    told: list[tuple[int, int]] = []
    assure(study_of(atlas.inputs, atlas.parameters), atlas.gaps, lambda done, total: told.append((done, total)))
    assert told == [(done, 5) for done in range(1, 6)]
