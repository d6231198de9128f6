"""The six elements: evidence where there is a row, and its absence said where there is none."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from atlas.errors import NotFoundError
from atlas.graph.guide import ELEMENTS, Element
from atlas.graph.readiness import Readiness, readiness_of

SAID: dict[str, Any] = {"source": "s", "evidence": "page 1", "checked_on": "2026-11-21"}


def bare(**fields: Any) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("network:n", kind="network", name="N", status="active", start="2021", **{**SAID, **fields})
    graph.add_node("institution:a", kind="institution", name="A", status="active", **SAID)
    graph.add_node("network:old", kind="network", name="Old", status="ended", **SAID)
    graph.add_node("programme:p", kind="programme", name="P", status="active", **SAID)
    return graph


def said_of(graph: nx.MultiDiGraph[str]) -> dict[Element, list[str]]:
    return {answer.element: [row.words for row in answer.found] for answer in readiness_of(graph, "network:n").answers}


def tie(graph: nx.MultiDiGraph[str], one: str, relation: str, other: str, **fields: Any) -> None:
    graph.add_edge(one, other, relation=relation, **{"status": "active", "start": None, "end": None, **SAID, **fields})


def test_where_nothing_is_on_record_nothing_is_invented() -> None:
    found: Readiness = readiness_of(bare(), "network:n")
    assert [answer.element for answer in found.answers] == list(Element) == list(ELEMENTS)
    assert not any(answer.is_evidenced for answer in found.answers)
    assert not any(aspect.rows for aspect in (*found.mission, *found.structure))
    assert not hasattr(found, "score")


@pytest.mark.parametrize(
    ("aspect", "element"),
    [
        ("vision", Element.FOUNDATION),
        ("foundation", Element.FOUNDATION),
        ("purpose", Element.AGENDA),
        ("agreements", Element.TEAM),
        ("goals", Element.COMMITMENTS),
        ("reporting", Element.MEASUREMENT),
        ("building on success", Element.SUCCESS),
    ],
)
def test_a_profile_answers_its_element_alone(aspect: str, element: Element) -> None:
    row = {"aspect": aspect, "position": "mature", "note": "in writing", **SAID}
    found = said_of(bare(profiles=(row,)))
    assert found.pop(element) == [f"{aspect}, mature: in writing"]
    assert not any(found.values())


def test_rows_of_an_element_carry_their_source() -> None:
    (row,) = readiness_of(bare(domains=("workforce",)), "network:n").answers[1].found
    assert (row.words, row.source, row.evidence, row.kind) == ("Works on jobs and skills", "s", "page 1", "record")


def test_a_promise_a_baseline_and_its_measure() -> None:
    jobs = {"metric": "jobs", "unit": "jobs", **SAID}
    found = said_of(
        bare(
            commitments=({**jobs, "baseline": 10.0, "target": 40.0, "due": "2027"},),
            measurements=({**jobs, "value": 41.0, "period_start": None, "period_end": "2026"},),
        )
    )
    assert found[Element.FOUNDATION] == ["Baseline of jobs: 10 jobs"]
    assert found[Element.COMMITMENTS] == ["jobs: 40 jobs by 2027"]
    assert found[Element.MEASUREMENT] == ["jobs: 41 jobs, 2026"]
    assert found[Element.SUCCESS] == ["Target reached in jobs: 41 jobs of 40 jobs"]


def test_a_target_is_reached_in_its_own_unit() -> None:
    people = {"metric": "jobs", "unit": "people", **SAID}
    found = said_of(
        bare(
            commitments=({**people, "baseline": None, "target": 40.0, "due": None},),
            measurements=(
                {**people, "value": 41.0, "period_start": None, "period_end": "2025"},
                {**people, "unit": "%", "value": 8.0, "period_start": None, "period_end": "2026"},
            ),
        )
    )
    assert found[Element.SUCCESS] == ["Target reached in jobs: 41 people of 40 people"]


def test_a_programme_of_its_own_commits_for_it() -> None:
    graph = bare()
    graph.nodes["programme:p"]["commitments"] = (
        {"metric": "jobs", "unit": "jobs", "baseline": None, "target": 40.0, "due": None, **SAID},
    )
    assert said_of(graph)[Element.COMMITMENTS] == []
    tie(graph, "network:n", "delivers", "programme:p")
    assert said_of(graph)[Element.COMMITMENTS] == ["jobs: 40 jobs (P)"]
    assert said_of(graph)[Element.AGENDA] == ["Acts through P"]


def test_how_many_members_is_growth_and_no_measure_of_progress() -> None:
    sizes = [
        {"metric": "members", "unit": "institutions", "value": value, "period_start": None, "period_end": end, **SAID}
        for value, end in ((14.0, "2021"), (22.0, "2024"))
    ]
    found = said_of(bare(measurements=tuple(sizes)))
    assert found[Element.MEASUREMENT] == []
    assert found[Element.SUCCESS] == ["Grew in members: 14 (2021) to 22 (2024)"]
    assert said_of(bare(measurements=tuple(reversed(sizes)))) == found


def test_one_report_without_a_promise_measures_nothing() -> None:
    one = {"metric": "jobs", "unit": "jobs", "value": 4.0, "period_start": None, "period_end": "2026", **SAID}
    assert said_of(bare(measurements=(one,)))[Element.MEASUREMENT] == []
    assert said_of(bare(measurements=(one, {**one, "period_end": "2025"})))[Element.MEASUREMENT] != []


def test_ties_make_the_team_and_the_history() -> None:
    graph = bare()
    tie(graph, "institution:a", "convenes", "network:n")
    tie(graph, "institution:a", "member_of", "network:n", start="2024")
    tie(graph, "institution:a", "funds", "network:n", status="ended")
    tie(graph, "network:n", "succeeds", "network:old")
    found = said_of(graph)
    assert found[Element.TEAM] == ["A convenes it", "A is a member of it"]
    assert found[Element.SUCCESS] == ["A joined later, 2024", "Grew out of Old"]


def test_a_spectrum_shows_both_sides_where_sources_differ() -> None:
    rows = tuple(
        {"aspect": "meetings", "position": position, "note": "", **SAID} for position in ("formal", "informal")
    )
    structure = readiness_of(bare(profiles=rows), "network:n").structure
    assert {aspect.name: len(aspect.rows) for aspect in structure if aspect.rows} == {"meetings": 2}


@pytest.mark.parametrize("wanted", ["network:none", "institution:a"])
def test_only_networks_and_programmes_are_asked(wanted: str) -> None:
    with pytest.raises(NotFoundError):
        readiness_of(bare(), wanted)
