"""Commitments against measurements: shares, states, silence and disagreement."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from atlas.errors import NotFoundError
from atlas.graph.figures import amount
from atlas.graph.progress import (
    Commitment,
    Direction,
    State,
    all_tracks,
    commitments_in,
    count_states,
    direction_of,
    share_reached,
    state_words,
    tracks_of,
)

SAID: dict[str, Any] = {"source": "s", "evidence": "page 1", "checked_on": "2026-11-21"}


def promise(target: float = 40.0, **changes: Any) -> dict[str, Any]:
    return {"metric": "jobs", "unit": "jobs", "baseline": None, "target": target, "due": None, **SAID, **changes}


def report(value: float, end: str | None = "2026-06", **changes: Any) -> dict[str, Any]:
    return {
        "metric": "jobs",
        "unit": "jobs",
        "value": value,
        "period_start": None,
        "period_end": end,
        **SAID,
        **changes,
    }


def graph_of(commitments: list[dict[str, Any]], measurements: list[dict[str, Any]]) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    hung = {"commitments": tuple(commitments), "measurements": tuple(measurements)}
    graph.add_node("network:n", kind="network", name="N", status="active", **hung)
    graph.add_node("network:silent", kind="network", name="A", status="active")
    return graph


def only(commitments: list[dict[str, Any]], measurements: list[dict[str, Any]]) -> Commitment:
    (found,) = commitments_in(tracks_of(graph_of(commitments, measurements), "network:n"))
    return found


@pytest.mark.parametrize(
    ("due", "reports", "state", "silent_since", "is_overdue"),
    [
        (None, [], State.NOT_REPORTED, None, False),
        ("2024", [], State.NOT_REPORTED, None, True),
        ("2027", [report(40.0)], State.REACHED, None, False),
        ("2024", [report(45.0, "2025")], State.REACHED, None, False),
        ("2027", [report(10.0)], State.UNDER_WAY, None, False),
        ("2027", [report(10.0, "2024")], State.UNDER_WAY, "2024", False),
        ("2025", [report(10.0, "2025")], State.MISSED, None, True),
        ("2025", [report(10.0, "2024-11")], State.NOT_REPORTED, "2024-11", True),
        ("2027", [report(10.0, None)], State.UNDER_WAY, None, False),
        ("2027", [report(10.0, unit="posts")], State.NOT_COMPARABLE, None, False),
    ],
    ids=[
        "never",
        "never-due",
        "reached",
        "reached-late",
        "under-way",
        "silent",
        "missed",
        "silent-due",
        "undated",
        "unit",
    ],
)
def test_states(
    *, due: str | None, reports: list[dict[str, Any]], state: State, silent_since: str | None, is_overdue: bool
) -> None:
    found = only([promise(due=due)], reports)
    assert (found.state, found.silent_since, found.is_overdue) == (state, silent_since, is_overdue)


def test_a_due_year_lasts_to_its_last_day() -> None:
    assert not only([promise(due="2026", checked_on="2026-12-31")], []).is_overdue
    assert only([promise(due="2026", checked_on="2027-01-01")], []).is_overdue


def test_the_share_starts_from_the_baseline_where_there_is_one() -> None:
    assert only([promise(209.0, baseline=180.0)], [report(194.5)]).share == pytest.approx(0.5)
    assert only([promise(209.0, baseline=180.0)], [report(170.0)]).share == pytest.approx(-10 / 29)
    assert only([promise(200.0)], [report(50.0)]).share == pytest.approx(0.25)


def test_less_may_be_better() -> None:
    assert direction_of("emissions", None, 10) is Direction.LESS
    assert direction_of("emissions avoided", None, 10) is Direction.MORE
    assert direction_of("anything", 10, 2) is Direction.LESS
    assert share_reached(6, 2, 10, Direction.LESS) == pytest.approx(0.5)
    rate = {"metric": "vacancy rate", "unit": "%"}
    found = only([promise(5.0, **rate)], [report(4.0, **rate)])
    assert (found.state, found.share, found.is_direction_assumed) == (State.REACHED, None, True)
    assert only([promise(5.0, **rate)], [report(6.0, **rate)]).state is State.UNDER_WAY


def test_no_share_of_nothing() -> None:
    assert share_reached(3, 0, None, Direction.MORE) is None
    assert share_reached(3, 5, 5, Direction.MORE) is None


def test_reports_that_disagree_stand_side_by_side_and_the_worse_decides() -> None:
    found = only([promise()], [report(50.0, source="b"), report(30.0, source="a")])
    assert [(one.value, one.is_disputed) for one in found.reports] == [(30.0, True), (50.0, True)]
    assert (found.state, found.share) == (State.UNDER_WAY, 0.75)


def test_the_same_figure_twice_is_no_disagreement() -> None:
    found = only([promise()], [report(30.0, source="b"), report(30.0, source="a")])
    assert [one.is_disputed for one in found.reports] == [False, False]


def test_reports_stand_in_order_of_time_undated_first() -> None:
    found = only([promise()], [report(3.0, "2026"), report(1.0, None), report(2.0, "2026-02")])
    assert [one.value for one in found.reports] == [1.0, 2.0, 3.0]


def test_a_metric_may_have_several_targets_the_earliest_first() -> None:
    (track,) = tracks_of(
        graph_of([promise(20.0, due="2025-03"), promise(10.0, due="2023")], [report(12.0)]), "network:n"
    )
    assert [(one.target, one.state) for one in track.commitments] == [(10.0, State.REACHED), (20.0, State.MISSED)]


def test_what_was_only_reported_comes_last() -> None:
    tracks = tracks_of(graph_of([promise()], [report(1.0, metric="firms")]), "network:n")
    assert [(track.metric, len(track.commitments), len(track.reports)) for track in tracks] == [
        ("jobs", 1, 0),
        ("firms", 0, 1),
    ]


def test_all_tracks_leave_out_who_said_nothing() -> None:
    tracks = all_tracks(graph_of([promise()], []))
    assert [track.node for track in tracks] == ["network:n"]
    assert count_states(commitments_in(tracks))[State.NOT_REPORTED] == 1


def test_an_unknown_node_is_refused() -> None:
    with pytest.raises(NotFoundError, match="network:x"):
        tracks_of(graph_of([], []), "network:x")


def test_words() -> None:
    assert state_words(only([promise(due="2025")], [report(10.0, "2024-11")])) == "Not reported since November 2024"
    assert state_words(only([promise()], [report(10.0, "2024")])) == "Under way, nothing reported since 2024"
    assert amount(2_720_000_000, "GBP") == "£2.72bn"
