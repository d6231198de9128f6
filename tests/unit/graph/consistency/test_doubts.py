from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from atlas.graph.consistency import Rows, doubts
from atlas.records import TABLES, Commitment, Measurement, Source
from atlas.vocabulary import Relation, Status
from tests.toy import EVIDENCE, toy_partnerships


def rows_of(**changes: Any) -> dict[str, list[tuple[int, Any]]]:
    toy = toy_partnerships()
    return {table: list(enumerate(changes.get(table, getattr(toy, table)), 2)) for table in TABLES}


def changed(table: str, **by_index: dict[str, Any]) -> Rows:
    records = list(getattr(toy_partnerships(), table))
    for index, fields in by_index.items():
        place = int(index.removeprefix("at"))
        records[place] = records[place].model_copy(update=fields)
    return rows_of(**{table: records})


def told(rows: Rows) -> list[tuple[str, int | None, str | None, str]]:
    assert doubts(rows).errors == ()
    return [(fault.file, fault.row, fault.column, fault.problem) for fault in doubts(rows)]


def test_the_toy_world_leaves_no_doubt() -> None:
    assert told(rows_of()) == []


def test_what_is_tied_to_nothing() -> None:
    toy = toy_partnerships()
    alone = toy.institutions[0].model_copy(update={"id": "institution:alone", "name": "Somebody Alone"})
    rows = rows_of(institutions=(*toy.institutions, alone))
    assert told(rows) == [("institutions.csv", 5, "id", "tied to nothing")]
    assert told(rows_of(institutions=(*toy.institutions, alone), ties=())) == [
        ("institutions.csv", 5, "id", "tied to nothing"),
        ("networks.csv", 2, "id", "tied to nothing"),
        ("networks.csv", 3, "id", "tied to nothing"),
        ("programmes.csv", 2, "id", "tied to nothing"),
    ]


def test_of_tables_not_read_whole_nothing_is_said_that_rests_on_what_is_missing() -> None:
    rows = {**changed("ties", at0={"end": "2020"}), "institutions": [], "sites": []}
    late = ("ties.csv", 2, "status", "status active though it ended (2020)")
    assert [(f.file, f.row, f.column, f.problem) for f in doubts({**rows, "networks": []}, is_whole=False)] == [late]


def test_sources_that_nobody_cites() -> None:
    sources = [
        Source(id=name, title="T", publisher="P", licence="L") for name in ("toy", "silent", "in-words", "in-words-2")
    ]
    tie = toy_partnerships().ties[0].model_copy(update={"evidence": "page 1; launch: in-words."})
    rows = rows_of(sources=sources, ties=(tie, *toy_partnerships().ties[1:]))
    assert told(rows) == [
        ("sources.csv", 3, "id", "nobody cites it"),
        ("sources.csv", 5, "id", "nobody cites it"),
    ]


def test_a_home_page_of_two() -> None:
    rows = changed(
        "institutions", at0={"website": "https://www.west.example.org/"}, at2={"website": "http://west.example.org"}
    )
    assert told(rows) == [("institutions.csv", 4, "website", "shared home page")]


def test_names_alike_unless_one_succeeds_the_other() -> None:
    rows = changed("institutions", at1={"name": "Western Hospitals"})
    assert told(rows) == [("institutions.csv", 3, "name", "name much like another")]
    assert "96% like row 2, 'Western Hospital'" in doubts(rows).found[0].expected
    old = {"status": Status.ENDED, "end": "2020", "name": "Western Hospitals"}
    records = [*toy_partnerships().institutions]
    records[1] = records[1].model_copy(update=old)
    succeeds = (
        toy_partnerships()
        .ties[0]
        .model_copy(update={"relation": Relation.SUCCEEDS, "object": "institution:council", "start": "2020"})
    )
    ties = (succeeds, *(tie for tie in toy_partnerships().ties if tie.subject != "institution:council"))
    assert told(rows_of(institutions=records, ties=ties)) == []


@pytest.mark.parametrize(
    ("fields", "column", "problem"),
    [
        ({"end": "2020"}, "status", "status active though it ended (2020)"),
        ({"end": "2031", "status": Status.ENDED}, "status", "status ended though its end (2031) was still to come"),
        ({"start": "2020", "status": Status.PLANNED}, "status", "status planned though it began (2020)"),
        ({"end": "2026"}, None, None),
        ({"status": Status.ENDED}, None, None),
        ({"end": "2020", "status": Status.UNKNOWN}, None, None),
        ({"start": "2026", "status": Status.PLANNED}, None, None),
    ],
)
@pytest.mark.parametrize("table", ["institutions", "sites", "programmes", "ties"])
def test_status_and_dates_of_a_row(table: str, fields: dict[str, Any], column: str | None, problem: str | None) -> None:
    found = [fault for fault in told(changed(table, at0=fields)) if fault[2] == "status"]
    assert found == ([(f"{table}.csv", 2, column, problem)] if problem else [])


WEST = {"start": "2021", "end": None}


@pytest.mark.parametrize(
    ("tie", "network", "problem"),
    [
        ({"start": "2020"}, {}, "tie (2020 to) begins before its object"),
        ({"start": "2021"}, {}, None),
        ({"start": "2021"}, {"start": "2021-06"}, None),
        ({"start": "2021-05"}, {"start": "2021-06"}, "tie (2021-05 to) begins before its object"),
        (
            {"end": "2025", "status": Status.ENDED},
            {"end": "2024", "status": Status.ENDED},
            "tie (to 2025) ends after its object",
        ),
        ({"end": "2024-03", "status": Status.ENDED}, {"end": "2024", "status": Status.ENDED}, None),
        (
            {"start": "2025", "status": Status.UNKNOWN},
            {"end": "2024", "status": Status.ENDED},
            "tie (2025 to) begins after the end of its object",
        ),
        ({}, {"end": "2024", "status": Status.ENDED}, "tie (to) goes on after the end of its object"),
    ],
)
def test_a_tie_lies_within_the_lives_of_what_it_joins(
    tie: dict[str, Any], network: dict[str, Any], problem: str | None
) -> None:
    toy = toy_partnerships()
    ties = [toy.ties[0].model_copy(update=tie), toy.ties[2], toy.ties[3].model_copy(update={"subject": "network:all"})]
    ties.append(toy.ties[2].model_copy(update={"subject": "institution:council"}))
    networks = [toy.networks[0].model_copy(update=network), toy.networks[1]]
    found = told(rows_of(ties=ties, networks=networks))
    assert found == ([("ties.csv", 2, "object", problem)] if problem else [])


@pytest.mark.parametrize(
    ("tie", "gone", "expected"),
    [
        ({"start": "2024"}, {"end": "2024", "status": Status.ENDED}, []),
        ({"start": "2025"}, {"end": "2024", "status": Status.ENDED}, []),
        ({}, {"status": Status.ENDED}, []),
        ({"start": "2026"}, {"end": "2024", "status": Status.ENDED}, ["start"]),
        ({"start": "2022"}, {"end": "2024", "status": Status.ENDED}, ["start"]),
        ({"start": "2024"}, {}, ["object"]),
    ],
)
def test_a_succession_agrees_with_the_end_of_what_is_succeeded(
    tie: dict[str, Any], gone: dict[str, Any], expected: list[str]
) -> None:
    toy = toy_partnerships()
    succeeds = {"subject": "network:all", "relation": Relation.SUCCEEDS, "object": "network:west", **tie}
    ties = [toy.ties[0].model_copy(update=succeeds), toy.ties[2]]
    ties.append(toy.ties[3].model_copy(update={"subject": "network:all"}))
    networks = [toy.networks[0].model_copy(update=gone), toy.networks[1]]
    assert [column for _, _, column, _ in told(rows_of(ties=ties, networks=networks))] == expected


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ({"start": "2021", "end": "2022", "status": Status.ENDED}, {"start": "2024"}, False),
        ({"start": "2021", "end": "2024", "status": Status.ENDED}, {"start": "2023"}, True),
        ({}, {"start": "2023"}, True),
        ({"status": Status.ENDED}, {"start": "2023"}, False),
        ({"start": "2021", "end": "2024", "status": Status.ENDED}, {"start": "2024"}, False),
    ],
)
def test_one_tie_in_two_rows_of_one_time(first: dict[str, Any], second: dict[str, Any], is_told: bool) -> None:  # noqa: FBT001
    toy = toy_partnerships()
    ties = [*toy.ties, *(toy.ties[0].model_copy(update=fields) for fields in (first, second))][1:]
    found = told(rows_of(ties=ties))
    assert found == ([("ties.csv", 6, "subject", "the same tie twice at one time")] if is_told else [])


@pytest.mark.parametrize(
    ("metric", "unit", "is_told"),
    [
        ("apprentices begun", "people", True),
        ("apprentices begun", "%", False),
        ("apprentices started", "people", False),
        ("members", "people", False),
    ],
)
def test_a_metric_in_nearly_the_words_of_a_commitment(metric: str, unit: str, is_told: bool) -> None:  # noqa: FBT001
    committed = Commitment(node="network:west", metric="apprentices started", target=5, unit="people", **EVIDENCE)
    measured = Measurement(node="network:west", metric=metric, value=3, unit=unit, **EVIDENCE)
    near = measured.model_copy(update={"metric": "Apprentices Started", "unit": unit}) if is_told else measured
    found = told(rows_of(commitments=[committed], measurements=[near]))
    assert found == ([("measurements.csv", 2, "metric", "nearly the words of a commitment")] if is_told else [])


def test_rows_in_another_order_leave_the_same_doubts() -> None:
    toy = toy_partnerships()
    rows = {
        **changed("ties", at0={"end": "2020"}, at1={"start": "1999", "checked_on": date(2026, 1, 1)}),
        "institutions": [
            (k, body.model_copy(update={"name": f"Western Hospital{'s' * k}", "website": "https://w.example.org"}))
            for k, body in enumerate(toy.institutions, 2)
        ],
    }
    turned = {table: list(reversed(pairs)) for table, pairs in rows.items()}
    one, other = (sorted(map(str, doubts(table))) for table in (rows, turned))
    assert one == other
    assert len(one) > 4
