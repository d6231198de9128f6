from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.siting.answer import Answer, CandidateFile
from atlas.siting.question import Candidates, Demand, Objective, Question
from atlas.siting.solve import site
from atlas.siting.words import basis, not_surveyed, proof, sentence, totals
from atlas.snapshot import Atlas
from atlas.vocabulary import AccessMeasure, Decay, Sector, Status
from tests.toy import EAST, WEST, X0, Y0, code_of, toy_atlas, toy_inputs

FEW = 16
AREAS = Question(candidates=Candidates.AREAS, radius_m=1_200, p=2, time_limit_s=0)


def health_only(**changed: Any) -> Atlas:
    """The toy world in which the hospital alone counts."""
    return analyse(toy_inputs(), Parameters(sectors=(Sector.HEALTH,), draws=FEW, **changed))


def points(**columns: Any) -> CandidateFile:
    frame = pd.DataFrame({"name": "A point", "max_people": np.nan, **columns})
    return CandidateFile("mine.csv", "0" * 64, frame.set_index(pd.Index(["a", "b"][: len(frame)], name="id")))


EASTERN = points(x_m=[X0 + 7_500.0, X0 + 20_000.0], y_m=[Y0 + 500.0, Y0 + 500.0])


def test_the_best_pair_is_found_and_said_to_be() -> None:
    atlas = toy_atlas()
    answer = site(atlas, AREAS)
    places = atlas.inputs.areaset.areas
    need = answer.areas["people"].reindex(places.index).fillna(0.0)
    xy = places[["x_m", "y_m"]].to_numpy()

    def reached(codes: tuple[int, ...]) -> float:
        away = np.hypot(*(xy[:, None] - xy[list(codes)]).transpose(2, 0, 1)).min(axis=1)
        return float(need[away <= 1_200].sum())

    assert answer.siting.proved
    assert answer.siting.added == max(map(reached, itertools.combinations(range(len(places)), 2)))
    assert [new.order for new in answer.sites] == list(range(1, len(answer.sites) + 1))
    assert sum(new.adds for new in answer.sites) == answer.siting.added
    assert answer.areas["after"].sum() > 0
    assert set(atlas.gap_areas[0].lsoas) & set(answer.areas.index[answer.areas["after"]])
    assert answer.sites[0].gap_areas == (atlas.gap_areas[0].id,)


def test_in_need_are_those_whom_the_rule_of_gaps_calls_so() -> None:
    atlas = toy_atlas()
    answer = site(atlas, AREAS)
    high = atlas.gaps.areas["need_percentile"] >= 80
    people = atlas.inputs.areaset.areas["population"]
    assert answer.areas["people"].to_dict() == people[high].astype(float).to_dict()
    assert answer.people == people[high].sum() == answer.siting.total


def test_weighted_demand_counts_everybody_by_need() -> None:
    atlas = toy_atlas()
    answer = site(atlas, dataclasses.replace(AREAS, demand=Demand.WEIGHTED))
    share = atlas.gaps.areas["need_percentile"] / 100
    assert answer.people == pytest.approx(float((share * atlas.inputs.areaset.areas["population"]).sum()))
    assert "counted by need" in sentence(answer)


def test_sites_that_count_already_and_those_that_are_gone_are_no_candidates() -> None:
    answer = site(health_only(), Question(p=5, radius_m=9_000, demand=Demand.WEIGHTED))
    assert (answer.candidates, dict(answer.of_sectors)) == (2, {Sector.HIGHER_EDUCATION: 1, Sector.COUNCIL: 1})
    inputs = toy_inputs()
    ended = inputs.sites.assign(status=[Status.ENDED, Status.ACTIVE, Status.ACTIVE])
    gone = analyse(dataclasses.replace(inputs, sites=ended), Parameters(sectors=(Sector.HEALTH,), draws=FEW))
    assert site(gone, Question()).candidates == 1


def test_what_stands_there_and_whose_it_is() -> None:
    answer = site(health_only(), Question(p=1, radius_m=1_000, demand=Demand.WEIGHTED))
    (new,) = answer.sites
    assert (new.id, new.stands, new.institution_name) == ("site:university", "University campus", "West University")
    assert (new.sector, new.lad_name, new.nearest_anchor_m) == (Sector.HIGHER_EDUCATION, "West", np.sqrt(2) * 1_000)


def test_a_site_with_no_place_left_to_choose_is_said_in_words() -> None:
    answer = site(toy_atlas(), Question())
    assert sentence(answer) == "In London there is no place to choose from."
    assert proof(answer) == "Every active anchor site on record there counts already."
    assert answer.sites == ()


def test_candidates_can_be_kept_to_one_borough() -> None:
    answer = site(toy_atlas(), dataclasses.replace(AREAS, borough=WEST, radius_m=2_000, p=1))
    assert (answer.candidates, answer.place) == (8, "West")
    assert {new.lad for new in answer.sites} <= {WEST}
    assert "of these 8 places in West" in proof(answer) or "None of these 8 places in West" in sentence(answer)


def test_points_from_a_file_know_their_borough() -> None:
    question = Question(candidates=Candidates.FILE, radius_m=1_200, p=1)
    answer = site(toy_atlas(), question, EASTERN)
    assert [(new.id, new.lad, new.lad_name) for new in answer.sites] == [("a", EAST, "East")]
    assert "the 2 points of mine.csv" in basis(answer)[0]
    assert answer.file is EASTERN
    only_far = dataclasses.replace(EASTERN, points=EASTERN.points.iloc[1:])
    assert "brings anybody" not in proof(site(toy_atlas(), question, only_far))
    assert sentence(site(toy_atlas(), question, only_far)).startswith("None of this one place would")


def test_a_limit_bounds_what_a_site_adds() -> None:
    file = points(x_m=[X0 + 7_500.0], y_m=[Y0 + 1_000.0], max_people=[300.0])
    question = Question(candidates=Candidates.FILE, radius_m=1_200, p=1)
    answer = site(toy_atlas(), question, file)
    assert answer.sites[0].adds == pytest.approx(300)
    assert "said to hold" in " ".join(basis(answer))
    free = dataclasses.replace(file, points=file.points.assign(max_people=np.nan))
    assert site(toy_atlas(), dataclasses.replace(question, max_people=100.0), free).siting.added == pytest.approx(100)


@pytest.mark.parametrize("x_m", [X0 + 7_000.0, X0 + 3_400.0], ids=["inside", "shared-with-people-around"])
def test_the_worst_served_are_raised_by_what_the_site_would_measure(x_m: float) -> None:
    inputs = toy_inputs()
    atlas = analyse(inputs, Parameters(decay=Decay.UNIFORM, draws=FEW))
    question = Question(objective=Objective.WORST, candidates=Candidates.FILE, p=1, time_limit_s=0)
    answer = site(atlas, question, points(x_m=[x_m], y_m=[Y0 + 500.0]))
    row = inputs.sites.iloc[[0]].assign(x_m=x_m, y_m=Y0 + 500.0).set_axis(["site:new"])
    after = analyse(dataclasses.replace(inputs, sites=pd.concat([inputs.sites, row])), atlas.parameters)
    people = inputs.areaset.areas["population"]
    was, now = (one.gaps.areas["access"] for one in (atlas, after))
    worst = (atlas.gaps.areas["access_percentile"] <= 20) | (was == 0)
    assert set(answer.areas.index) == set(worst.index[worst])
    assert (now[worst] > was[worst]).any()
    capped = now[worst].clip(upper=answer.mean_access)
    assert answer.siting.after == pytest.approx(float((people[worst] * capped).sum()))
    assert "served worst" in sentence(answer)


def test_the_worst_served_need_a_measure_that_adds_up_and_metres() -> None:
    question = Question(objective=Objective.WORST)
    with pytest.raises(QueryError, match="measured by one of e2sfca"):
        site(health_only(measure=AccessMeasure.NEAREST), question)
    atlas = dataclasses.replace(toy_atlas(), parameters=Parameters(catchment_min=10))
    with pytest.raises(QueryError, match="a catchment in metres"):
        site(atlas, question)


def test_uniform_access_is_raised_as_it_was_measured() -> None:
    question = Question(objective=Objective.WORST, candidates=Candidates.AREAS, p=2, time_limit_s=0)
    by_two_steps = site(health_only(measure=AccessMeasure.TSFCA, decay=Decay.GAUSSIAN), question)
    assert by_two_steps.sites == site(health_only(decay=Decay.UNIFORM), question).sites
    assert by_two_steps.sites != site(health_only(decay=Decay.GAUSSIAN), question).sites


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"p": 0}, "p must be from 1 to 100"),
        ({"p": 101}, "p must be from 1 to 100"),
        ({"radius_m": 0.0}, "the radius must be above 0"),
        ({"radius_m": float("nan")}, "the radius must be above 0"),
        ({"max_people": 0.0}, "must be above 0"),
        ({"max_people": 10.0, "objective": Objective.WORST}, "the objective worst has no such limit"),
    ],
)
def test_a_question_that_cannot_be_asked(given: dict[str, Any], words: str) -> None:
    with pytest.raises(QueryError, match=words):
        Question(**given)


def test_a_file_that_was_not_given() -> None:
    with pytest.raises(QueryError, match="none was given"):
        site(toy_atlas(), Question(candidates=Candidates.FILE))


def test_progress_is_told_and_ends() -> None:
    told: list[tuple[int, int]] = []
    site(toy_atlas(), AREAS, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]


def test_what_is_not_surveyed_is_said() -> None:
    assert not_surveyed(toy_atlas()) == []
    (line,) = not_surveyed(analyse(toy_inputs(), Parameters(sectors=(Sector.POLICE, Sector.HEALTH), draws=FEW)))
    assert line.startswith("Police: not surveyed completely in any borough;")


def said(**changed: Any) -> tuple[str, str]:
    """Words of an answer whose numbers are made up."""
    answer = site(toy_atlas(), AREAS)
    siting = dataclasses.replace(answer.siting, **changed.pop("siting", {}))
    one = answer.sites[0]
    sites = tuple(dataclasses.replace(one, order=k + 1) for k in range(changed.pop("chosen", 2)))
    question = dataclasses.replace(answer.question, **changed.pop("question", {}))
    made: Answer = dataclasses.replace(answer, siting=siting, sites=sites, question=question, **changed)
    return sentence(made), proof(made)


AMOUNTS = {"before": 100_000.0, "after": 141_234.0, "total": 220_300.0}


def test_the_sentence_has_the_numbers() -> None:
    words, _ = said(siting=AMOUNTS, chosen=3, question={"p": 3, "radius_m": 2_000})
    assert words == (
        "Three more sites would bring 41,200 people in need within 2 km of an anchor, "
        "of the 120,000 who have none within 2 km today."
    )
    words, _ = said(siting={**AMOUNTS, "before": 220_300.0, "after": 220_300.0}, chosen=0)
    assert words == "All people in need have an anchor within 1.2 km already: more sites would bring nobody closer."


def test_the_proof_says_how_much_better_any_other_could_be() -> None:
    by_bound = {**AMOUNTS, "proved": True, "method": "Lagrangian bound", "upper_bound": 141_234.0}
    assert said(siting=by_bound)[1] == "Proved best: no two of these 16 places reach more (by a Lagrangian bound)."
    assert said(siting=by_bound, chosen=1, question={"p": 1})[1] == (
        "Proved best: no other of these 16 places reaches more (by a Lagrangian bound)."
    )
    assert said(siting=by_bound, question={"p": 5})[1] == (
        "Proved: no other of these 16 places adds anything (by a Lagrangian bound)."
    )
    open_ = {**AMOUNTS, "proved": False, "method": "greedy and exchanges", "upper_bound": 141_358.0}
    assert said(siting=open_)[1] == (
        "At most 0.3% fewer people than the best two of these 16 places could reach. "
        "Found by greedy choice and exchanges, bounded by Lagrangian relaxation."
    )
    assert said(siting=by_bound, candidates=2)[1] == "There is no other place to choose from."


def test_totals_are_those_of_the_answer() -> None:
    answer = site(toy_atlas(), AREAS)
    assert totals(answer)[1] == ("with these", f"{answer.siting.after:,.0f}")


def test_a_neighbourhood_bears_its_everyday_name() -> None:
    (new, *_) = site(toy_atlas(), AREAS).sites
    column = int(new.id[5:7])
    assert new.id == code_of(column, int(new.id[7:]))
    assert new.name.startswith(f"Quarter {column // 2} (Square ")
