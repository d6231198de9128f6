from __future__ import annotations

import networkx as nx
import pytest

from atlas.errors import QueryError
from atlas.estate import find_partner


@pytest.fixture
def graph() -> nx.MultiDiGraph[str]:
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    found.add_node("institution:lewisham-council", kind="institution", name="Lewisham Council", gss_code="E09000023")
    return found


@pytest.mark.parametrize(
    "wanted", ["institution:lewisham-council", "lewisham-council", "Lewisham Council", "E09000023"]
)
def test_a_partner_is_found_by_what_people_call_it(graph: nx.MultiDiGraph[str], wanted: str) -> None:
    found = find_partner(graph, wanted)
    assert (found.id, found.name, found.home, found.is_known) == (
        "institution:lewisham-council",
        "Lewisham Council",
        "E09000023",
        True,
    )


def test_a_partner_nobody_knows_gets_an_id_of_its_own_and_near_names(graph: nx.MultiDiGraph[str]) -> None:
    found = find_partner(graph, "lewisham-counsil")
    assert (found.id, found.name, found.is_known) == ("institution:lewisham-counsil", "Lewisham counsil", False)
    assert found.near


def test_nothing_is_no_partner(graph: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(QueryError, match="no id of a partner"):
        find_partner(graph, "institution:")
