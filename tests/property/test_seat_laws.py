"""Laws that seats and progress obey whoever sits at the table."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from atlas.graph.levers import LEVERS
from atlas.graph.progress import State, share_reached, tracks_of
from atlas.graph.progress import direction_of as direction
from atlas.graph.seats import Seats, Surroundings, network_seats
from atlas.vocabulary import Domain, Sector

SECTORS = list(Sector)
members = st.lists(st.tuples(st.sampled_from(SECTORS), st.booleans()), max_size=8)
domains = st.sets(st.sampled_from(list(Domain)), min_size=1)
places = st.lists(st.tuples(st.sampled_from(SECTORS), st.integers(0, 9), st.integers(0, 9)), max_size=12)


def world(
    works_on: set[Domain], seated: list[tuple[Sector, bool]], standing: list[tuple[Sector, int, int]], seed: int = 0
) -> tuple[nx.MultiDiGraph[str], Surroundings]:
    """A network, its members, further institutions with a site, and ties between them, in an order by the seed."""
    nodes: list[tuple[str, dict[str, Any]]] = [
        ("network:n", {"kind": "network", "name": "N", "status": "active", "domains": tuple(sorted(works_on))})
    ]
    ties: list[tuple[str, str, dict[str, Any]]] = []
    rows = []
    for at, (sector, is_certain) in enumerate(seated):
        node = f"institution:m{at}"
        nodes.append((node, {"kind": "institution", "name": node, "status": "active", "sector": sector.value}))
        status = "active" if is_certain else "unknown"
        ties.append((node, "network:n", {"relation": "member_of", "status": status, "confidence": "high"}))
    for at, (sector, x, y) in enumerate(standing):
        node = f"institution:s{at}"
        nodes.append((node, {"kind": "institution", "name": node, "status": "active", "sector": sector.value}))
        rows.append((f"site:s{at}", f"site {at}", node, node, sector.value, float(x), float(y)))
        friend = f"institution:m{at}" if at < len(seated) else f"institution:s{max(at - 1, 0)}"
        if friend != node:
            ties.append((node, friend, {"relation": "partners_with", "status": "active", "confidence": "medium"}))
    shuffler = random.Random(seed)  # noqa: S311 -- an order, not a secret
    for rows_of in (nodes, ties, rows):
        if seed:
            shuffler.shuffle(rows_of)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(ties)
    columns = ["site", "name", "institution", "institution_name", "sector", "x_m", "y_m"]
    return graph, Surroundings(pd.DataFrame(rows, columns=columns).set_index("site"), (4.0, 5.0))


def found_in(
    works_on: set[Domain], seated: list[tuple[Sector, bool]], standing: list[tuple[Sector, int, int]], seed: int = 0
) -> Seats:
    graph, around = world(works_on, seated, standing, seed)
    return network_seats(graph, "network:n", around)


@given(domains, members, places)
def test_a_member_of_a_lacking_sector_fills_its_seat_and_no_other(
    works_on: set[Domain], seated: list[tuple[Sector, bool]], standing: list[tuple[Sector, int, int]]
) -> None:
    before = [seat.sector for seat in found_in(works_on, seated, standing).lacks]
    for sector in before:
        after = [seat.sector for seat in found_in(works_on, [*seated, (sector, True)], standing).lacks]
        assert after == [one for one in before if one is not sector]


@given(domains, members, places, st.integers(1, 1_000))
def test_the_order_of_rows_changes_nothing(
    works_on: set[Domain], seated: list[tuple[Sector, bool]], standing: list[tuple[Sector, int, int]], seed: int
) -> None:
    assert found_in(works_on, seated, standing, seed) == found_in(works_on, seated, standing)


@given(domains, members, places)
def test_seats_are_those_that_the_domains_need_and_candidates_fit(
    works_on: set[Domain], seated: list[tuple[Sector, bool]], standing: list[tuple[Sector, int, int]]
) -> None:
    found = found_in(works_on, seated, standing)
    needed = {lever.sector for domain in works_on for lever in LEVERS[domain]}
    assert {seat.sector for seat in found.seats} == needed
    assert {seat.sector for seat in found.has} == needed & {sector for sector, _ in seated}
    for seat in found.lacks:
        away = [one.distance_m or 0.0 for one in seat.candidates]
        assert away == sorted(away)
        assert len(away) + seat.others == sum(sector is seat.sector for sector, _, _ in standing)


@given(domains, members, places)
def test_nothing_given_is_changed(
    works_on: set[Domain], seated: list[tuple[Sector, bool]], standing: list[tuple[Sector, int, int]]
) -> None:
    graph, around = world(works_on, seated, standing)
    kept, sites = nx.MultiDiGraph(graph), around.sites.copy()
    network_seats(graph, "network:n", around)
    assert nx.utils.graphs_equal(graph, kept)
    pd.testing.assert_frame_equal(around.sites, sites)


figures = st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 2))


@given(figures, figures, st.none() | figures)
def test_all_of_the_way_is_the_target_and_none_of_it_the_baseline(
    value: float, target: float, baseline: float | None
) -> None:
    way = direction("jobs", baseline, target)
    share = share_reached(value, target, baseline, way)
    if share is not None:
        assert share_reached(target, target, baseline, way) == 1
        assert share_reached(baseline or 0.0, target, baseline, way) == 0


@given(st.lists(st.tuples(figures, st.sampled_from([None, "2023", "2024-06", "2026-01-31"])), max_size=6), st.randoms())
def test_reports_in_any_order_say_the_same(reports: list[tuple[float, str | None]], shuffler: random.Random) -> None:
    said = {"metric": "jobs", "unit": "jobs", "source": "s", "evidence": "e", "checked_on": "2026-11-21"}
    promise = {**said, "baseline": None, "target": 500.0, "due": "2025"}
    rows = [{**said, "value": value, "period_start": None, "period_end": end} for value, end in reports]
    shuffled = rows.copy()
    shuffler.shuffle(shuffled)
    answers = []
    for order in (rows, shuffled):
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_node("network:n", kind="network", commitments=(promise,), measurements=tuple(order))
        answers.append(tracks_of(graph, "network:n"))
    assert answers[0] == answers[1]
    (found,) = answers[0][0].commitments
    assert (found.state is State.NOT_REPORTED) >= (not reports)
    assert len(found.reports) == len(reports)
