from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.access import e2sfca, pairs_within
from atlas.gaps.costs import CostTable
from atlas.gaps.need import population_percentile
from atlas.gaps.robustness.maup import Maup, maup
from atlas.parameters import Parameters
from tests.unit.gaps.robustness.studies import random_study


def test_groups_are_measured_as_areas_of_their_own() -> None:
    study = random_study(3, catchment_m=2_500)
    found = maup(study, study.areas["msoa"])
    people = pd.Series(study.residents, study.areas.index)
    expected = []
    for code, codes in study.areas.groupby("msoa").groups.items():
        at = study.areas.index.get_indexer(codes)
        weight = study.residents[at] if study.residents[at].sum() else np.ones(len(at))
        x, y = np.average(study.demand_xy[at], axis=0, weights=weight)
        expected.append((code, len(at), people[codes].sum(), x, y, np.average(study.need[at], weights=weight)))
    frame = pd.DataFrame(expected, columns=["group", "n_areas", "people", "x_m", "y_m", "need"]).set_index("group")
    pd.testing.assert_frame_equal(found.groups[list(frame)], frame)
    xy = np.concatenate((frame[["x_m", "y_m"]], study.demand_xy[study.n_areas :]))
    everyone = pd.Series(np.concatenate((frame["people"], study.people[study.n_areas :])))
    access = e2sfca(
        everyone, pd.Series(study.amount), pairs_within(xy, study.supply_xy, 2_500),
        catchment_m=2_500, decay=study.parameters.decay,
    )[: len(frame)]  # fmt: skip
    np.testing.assert_allclose(found.groups["access"], access)
    percentile = population_percentile(frame["need"], frame["people"])
    np.testing.assert_allclose(found.groups["need_percentile"], percentile)
    assert found.groups["is_gap"].any()
    of_area = found.groups["is_gap"].reindex(study.areas["msoa"]).to_numpy()
    np.testing.assert_array_equal(found.is_group_gap, of_area)
    assert found.people_in_group_gaps == found.groups.loc[found.groups["is_gap"], "people"].sum()
    assert found.people_in_both == people[found.is_gap & of_area].sum()


@pytest.mark.parametrize("measure", ["e2sfca", "2sfca", "m2sfca", "spatial_availability", "nearest"])
def test_each_area_its_own_group_changes_nothing(measure: str) -> None:
    study = random_study(5, measure=measure, catchment_m=2_500)
    found = maup(study, pd.Series(study.areas.index, study.areas.index))
    np.testing.assert_array_equal(found.is_gap, found.is_group_gap)
    assert found.people_in_both == found.people_in_gaps == found.people_in_group_gaps > 0


def test_one_group_is_no_gap_and_a_share_of_nothing_is_none() -> None:
    study = random_study(5, catchment_m=2_500)
    found = maup(study, pd.Series("all", study.areas.index))
    assert found.groups.loc["all", "need_percentile"] == 50
    assert (found.people_in_both, found.people_in_group_gaps) == (0.0, 0.0)
    assert found.sentence("regions").endswith("people in gaps, none are in gaps of regions: there are none.")


def test_a_group_where_nobody_lives_has_a_plain_mean_and_is_no_gap() -> None:
    study = random_study(5)
    people = study.people.copy()
    people[8:12] = 0
    found = maup(dataclasses.replace(study, people=people), study.areas["msoa"])
    empty = found.groups.loc["E02000002"]
    assert empty["people"] == 0
    assert empty["need"] == pytest.approx(study.need[8:12].mean())
    assert not empty["is_gap"]
    assert not found.groups.isna().any(axis=None)


def test_minutes_are_means_of_the_members_and_one_that_is_left_out_is_at_the_end_of_the_table() -> None:
    study = random_study(5, n=2, n_sites=1)
    table = CostTable.from_pairs([0, 1, 2], [0, 0, 0], [10.0, 20.0, 5.0], (4, 1))
    people = np.array([100.0, 300.0, 900.0, 50.0])
    minutes = Parameters(catchment_min=30, decay="uniform")
    study = dataclasses.replace(study, parameters=minutes, people=people, costs=table)
    both = pd.Series("both", study.areas.index)
    # 17.5 minutes: within 30, with the first of the surroundings
    assert maup(study, both).groups["access"].tolist() == [study.amount[0] / 1_300]
    half = dataclasses.replace(study, costs=CostTable.from_pairs([0, 2], [0, 0], [10.0, 5.0], (4, 1)))
    # 10 for 100 people and 60 for 300: 47.5
    assert maup(half, both).groups["access"].tolist() == [0.0]


@pytest.mark.parametrize("n_sites", [0, 3])
def test_minutes_with_few_or_no_sites_are_defined(n_sites: int) -> None:
    study = random_study(5, n=4, n_sites=n_sites)
    study = dataclasses.replace(study, parameters=Parameters(catchment_min=30))
    found = maup(study, study.areas["msoa"])
    assert not found.groups.isna().any(axis=None)


@pytest.mark.parametrize(
    ("is_gap", "is_group", "both", "said"),
    [
        (0.0, 0.0, 0.0, "There are no gaps, of LSOAs or of wards."),
        (0.0, 9.0, 0.0, "No LSOA is a gap, but 9 people are in gaps of wards."),
        (9.0, 0.0, 0.0, "Of the 9 people in gaps, none are in gaps of wards: there are none."),
        (
            9.0,
            6.0,
            3.0,
            "Of the 9 people in gaps, 33% are in gaps of wards too; of the 6 in gaps of wards, 50% are in gaps.",
        ),
    ],
    ids=["neither", "groups", "areas", "both"],
)
def test_the_sentence_has_a_form_for_each_case(is_gap: float, is_group: float, both: float, said: str) -> None:
    nothing = np.zeros(0, np.bool_)
    assert Maup(pd.DataFrame(), nothing, nothing, is_gap, is_group, both).sentence("wards") == said


def test_every_area_needs_one_group() -> None:
    study = random_study(5)
    msoas = study.areas["msoa"]
    with pytest.raises(QueryError, match="2 areas have no group, among them E01000000, E01000001"):
        maup(study, msoas.iloc[2:])
    with pytest.raises(QueryError, match="E01000000 stands twice"):
        maup(study, pd.concat([msoas, msoas.iloc[:1]]))
