from __future__ import annotations

import csv
import dataclasses
import io
import json

import numpy as np

from atlas.exports.siting import CSV_COLUMNS, siting_csv, siting_document, siting_geojson, siting_json
from atlas.siting.answer import Answer, CandidateFile
from atlas.siting.question import Candidates, Objective, Question
from atlas.siting.solve import site
from tests.toy import toy_atlas

AREAS = Question(candidates=Candidates.AREAS, radius_m=1_200, p=2, time_limit_s=0)


def found() -> Answer:
    """An answer with a place that is named like a formula, and no anchor anywhere."""
    answer = site(toy_atlas(), AREAS)
    first = dataclasses.replace(answer.sites[0], name="=1+1", nearest_anchor_m=float("nan"))
    return dataclasses.replace(answer, sites=(first, *answer.sites[1:]))


def test_the_document_says_how_it_was_made_and_how_good_it_is() -> None:
    answer = found()
    document = siting_document(answer)
    assert document["revision"] == toy_atlas().revision
    assert document["question"]["radius_m"] == 1_200
    assert (document["proved"], document["gap"]) == (True, 0.0)
    assert document["after"] - document["before"] == sum(row["adds"] for row in document["sites"])
    assert document["places"] == 16
    assert document["sentence"]
    assert document["proof"]


def test_json_has_null_for_what_is_not_there() -> None:
    document = json.loads(siting_json(found()))
    assert document["sites"][0]["nearest_anchor_m"] is None
    assert document["question"]["file"] is None


def test_the_file_that_was_asked_of_is_named() -> None:
    points = toy_atlas().inputs.areaset.areas[["name", "x_m", "y_m"]].assign(max_people=np.nan)
    file = CandidateFile("mine.csv", "a" * 64, points)
    question = dataclasses.replace(AREAS, candidates=Candidates.FILE)
    document = siting_document(site(toy_atlas(), question, file))
    assert document["question"]["file"] == {"name": "mine.csv", "sha256": "a" * 64}


def test_what_is_not_used_is_not_written() -> None:
    question = Question(objective=Objective.WORST, candidates=Candidates.AREAS, p=1, time_limit_s=0)
    document = json.loads(siting_json(site(toy_atlas(), question)))
    assert "radius_m" not in document["question"]
    assert document["reach_m"] == 4_000


def test_csv_has_a_row_a_place_and_runs_no_formula() -> None:
    answer = found()
    rows = list(csv.DictReader(io.StringIO(siting_csv(answer))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == len(answer.sites)
    assert (rows[0]["name"], rows[0]["nearest_anchor_m"], rows[0]["proved"]) == ("'=1+1", "", "true")


def test_geojson_has_a_point_a_place() -> None:
    answer = found()
    document = json.loads(siting_geojson(answer))
    assert [feature["id"] for feature in document["features"]] == [new.id for new in answer.sites]
    longitude, latitude = document["features"][0]["geometry"]["coordinates"]
    assert -1 < longitude < 1
    assert 51 < latitude < 52
    nothing = json.loads(siting_geojson(site(toy_atlas(), Question())))
    assert nothing["features"] == []
