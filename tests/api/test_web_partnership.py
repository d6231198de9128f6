"""Who is missing, how ready, what was promised: on pages and for programs."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.graph.progress import tracks_of
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.records import Commitment, Measurement, Partnerships
from atlas.settings import Settings
from atlas.snapshot import Atlas
from tests.toy import toy_inputs, toy_partnerships
from web import create_app
from web.chart import HEIGHT, WIDTH, chart_of

ADDRESSES = [
    "/progress",
    "/networks/west",
    "/programmes/east",
    "/institutions/council",
    "/gaps/quarter-3-east",
    "/api/v1/commitments",
    "/api/v1/networks/west/seats",
    "/api/v1/programmes/east/seats",
    "/api/v1/networks/west/readiness",
    "/api/v1/gaps/quarter-3-east/seats",
]


def reporting() -> Partnerships:
    """The toy world with promises: one reached, one silent, one in dispute."""
    said = {"source": "toy", "evidence": "drawn by hand", "checked_on": date(2026, 11, 21)}

    def report(node: str, metric: str, value: float, start: str | None, end: str | None, unit: str) -> Measurement:
        return Measurement(node=node, metric=metric, value=value, unit=unit, period_start=start, period_end=end, **said)

    return toy_partnerships().model_copy(
        update={
            "commitments": (
                Commitment(node="network:west", metric="contracts", target=1.17e9, unit="GBP", due="2027", **said),
                Commitment(node="network:west", metric="trainees", target=20, unit="people", due="2024", **said),
                Commitment(node="institution:council", metric="jobs", target=40, unit="jobs", baseline=10, **said),
            ),
            "measurements": (
                report("network:west", "contracts", 1.75e9, "2021", "2024-02-08", "GBP"),
                report("network:west", "contracts", 2.72e9, "2021", "2024", "GBP"),
                report("institution:council", "jobs", 25, None, "2026-06", "jobs"),
                report("institution:council", "jobs", 31, None, "2026-06", "jobs"),
                report("institution:council", "jobs", 12, None, None, "jobs"),
            ),
        }
    )


@pytest.fixture(scope="module")
def promised() -> Atlas:
    return analyse(toy_inputs(reporting()), Parameters())


@pytest.fixture
def reader(promised: Atlas) -> FlaskClient:
    return create_app(Settings(), promised).test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_answer_and_say_when_they_have_not_changed(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_seats_for_programs(client: FlaskClient) -> None:
    found = client.get("/api/v1/networks/west/seats").get_json()
    assert (found["network"], found["domains"]) == ("network:west", ["workforce"])
    assert {seat["sector"] for seat in found["has"]} == {"council", "health"}
    lacking = {seat["sector"]: seat for seat in found["lacks"]}
    assert [one["id"] for one in lacking["higher_education"]["candidates"]] == ["institution:university"]
    assert all(lever["section"] for seat in lacking.values() for lever in seat["levers"])
    assert not any("candidates" in seat for seat in found["has"])


def test_readiness_for_programs_has_no_score(client: FlaskClient) -> None:
    found = client.get("/api/v1/networks/west/readiness").get_json()
    assert [one["is_evidenced"] for one in found["elements"]] == [False, True, True, False, False, False]
    assert "score" not in found


@pytest.mark.parametrize(
    "address", ["/api/v1/networks/none/seats", "/api/v1/gaps/none/seats", "/api/v1/commitments?node=network:none"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/api/v1/commitments?format=xml", "/api/v1/networks/west/seats?sector=health"])
def test_what_cannot_be_asked_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


def test_commitments_for_programs(reader: FlaskClient) -> None:
    found = reader.get("/api/v1/commitments").get_json()
    assert {state: count for state, count in found["states"].items() if count} == {
        "reached": 1,
        "under_way": 1,
        "not_reported": 1,
    }
    one = reader.get("/api/v1/commitments?node=institution:council").get_json()["metrics"][0]
    assert one["commitments"][0]["share"] == 0.5
    assert [report["is_disputed"] for report in one["reports"]] == [False, True, True]
    rows = list(csv.DictReader(io.StringIO(reader.get("/api/v1/commitments?format=csv").text)))
    assert len(rows) == 3 + 5
    assert sum(bool(row["target"]) for row in rows) == 3


def test_the_page_of_all_commitments(reader: FlaskClient) -> None:
    text = reader.get("/progress").text
    assert "<h1>3 commitments: " in text
    assert "£1.17bn" in text
    assert text.count("Not reported</strong>") == 1
    assert "the due date has passed" in text


def test_a_network_page_shows_what_was_said_and_what_was_not(reader: FlaskClient) -> None:
    text = reader.get("/networks/west").text
    for words in ("Who is missing", "How ready is it?", "£2.72bn", "nothing reported", "No evidence on record"):
        assert words in text
    assert "style=" not in text[text.index('<figure class="chart">') : text.index("</figure>")]


def test_disagreeing_reports_stand_side_by_side(reader: FlaskClient) -> None:
    text = reader.get("/institutions/council").text
    assert text.count("sources disagree") == 2
    assert "25 jobs" in text
    assert "31 jobs" in text


def test_a_chart_is_well_formed_described_and_inside_its_frame(reader: FlaskClient, promised: Atlas) -> None:
    text = reader.get("/networks/west").text
    (drawn,) = re.findall(r"<svg viewBox=\"0 0 460 220\".*?</svg>", text, re.DOTALL)
    svg = ET.fromstring(drawn)  # noqa: S314 -- our own page
    ids = {part.get("id") for part in svg.iter()}
    assert svg.get("role") == "img"
    assert set((svg.get("aria-labelledby") or "").split()) <= ids
    assert "£1.75bn" in (svg.findtext("desc") or "")
    chart = next(chart for track in tracks_of(promised.graph, "network:west") if (chart := chart_of(track)))
    for point in chart.points:
        assert 0 <= point.since <= point.x <= WIDTH
        assert 0 <= point.y <= HEIGHT
    assert chart.points[0].y > chart.points[1].y
    assert all(target.y > chart.points[0].y for target in chart.targets)


def test_a_chart_shows_silence_and_leaves_out_what_has_no_date(promised: Atlas) -> None:
    charts = [chart_of(track) for track in tracks_of(promised.graph, "network:west")]
    assert [chart is not None and chart.silence is not None for chart in charts] == [True, False]
    (council,) = (chart_of(track) for track in tracks_of(promised.graph, "institution:council"))
    assert council is not None
    assert (council.silence, council.undated, len(council.points)) == (None, 1, 2)
    assert council.path == ""


def test_a_chart_has_targets_of_its_own_unit_only(promised: Atlas) -> None:
    track = tracks_of(promised.graph, "network:west")[0]
    other = replace(track.commitments[0], unit="%", target=1e12)
    alone, both = chart_of(track), chart_of(replace(track, commitments=(*track.commitments, other)))
    assert alone is not None
    assert both is not None
    assert (both.targets, both.values) == (alone.targets, alone.values)


def test_a_commitment_is_asked_for_by_any_name(reader: FlaskClient) -> None:
    found = [reader.get(f"/api/v1/commitments?node={name}").get_json() for name in ("network:west", "WEST")]
    assert found[0] == found[1]
    assert found[0]["node"] == "network:west"


def test_an_institution_says_what_came_before_and_after(london_app: Flask) -> None:
    text = london_app.test_client().get("/networks/we-make-camden").text
    assert "Before it" in text
    assert "Camden 2025" in text


def test_hostile_words_are_text(hostile_app: Flask) -> None:
    reader = hostile_app.test_client()
    for address in ("/progress", "/networks/west", "/gaps/quarter-3-east"):
        assert "<img src=x" not in reader.get(address).text


def test_a_network_says_who_lives_in_its_footprint(client: FlaskClient) -> None:
    said = client.get("/api/v1/graph/members?network=west").get_json()["reach"]
    assert f"{said['people']:,} people in {said['areas']} neighbourhoods" in client.get("/networks/west").text
