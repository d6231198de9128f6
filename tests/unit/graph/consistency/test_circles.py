from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.errors import Faults
from atlas.graph.consistency.circles import check_circles
from atlas.graph.tie_columns import TieColumns
from atlas.records import Tie
from atlas.vocabulary import Relation
from tests.toy import EVIDENCE


def tie(subject: str, target: str, relation: Relation = Relation.PART_OF) -> Tie:
    ends = {"subject": f"institution:{subject}", "object": f"institution:{target}"}
    return Tie(relation=relation, confidence="high", **ends, **EVIDENCE)


def circles(*ties: Tie) -> list[tuple[int | None, object]]:
    faults = Faults()
    check_circles(TieColumns.of(list(enumerate(ties, 2))), faults)
    return [(fault.row, str(fault.value).replace("institution:", "")) for fault in faults.errors]


@pytest.mark.parametrize("relation", [Relation.PART_OF, Relation.SUCCEEDS])
def test_a_circle_is_told_whole_at_its_first_row(relation: Relation) -> None:
    ties = [tie("x", "a", relation), tie("b", "c", relation), tie("c", "a", relation), tie("a", "b", relation)]
    assert circles(*ties) == [(3, "a > b > c > a")]


def test_each_relation_runs_by_itself() -> None:
    assert circles(tie("a", "b"), tie("b", "a", Relation.SUCCEEDS)) == []
    assert circles(tie("a", "b", Relation.PARTNERS_WITH), tie("b", "a", Relation.PARTNERS_WITH)) == []


def test_two_circles_are_both_told() -> None:
    ties = [tie("a", "b"), tie("b", "a"), tie("c", "d"), tie("d", "c"), tie("d", "a")]
    assert circles(*ties) == [(2, "a > b > a"), (4, "c > d > c")]


def test_of_a_knot_every_node_is_on_a_circle_that_is_told() -> None:
    ties = [tie("a", "b"), tie("b", "a"), tie("b", "c"), tie("c", "b")]
    assert circles(*ties) == [(2, "a > b > a"), (4, "c > b > c")]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=14))
def test_circles_are_found_just_where_there_are_some(ends: list[tuple[str, str]]) -> None:
    different = [(a, b) for a, b in ends if a != b]
    told = circles(*(tie(a, b) for a, b in ends))
    whole = nx.DiGraph(different)
    on_circles = {node for knot in nx.strongly_connected_components(whole) if len(knot) > 1 for node in knot}
    assert {node for _, circle in told for node in str(circle).split(" > ")} == on_circles
    for _, circle in told:
        assert nx.is_path(whole, str(circle).split(" > "))
