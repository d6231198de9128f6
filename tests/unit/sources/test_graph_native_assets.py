"""A graph that was written with assets is read back without them: land comes from registers."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import Faults
from atlas.exports.graph.formats import graph_format
from atlas.sources.graph_files import read_graph
from atlas.sources.graph_native import draft_of_ours
from tests.land import inputs_with, some_land
from tests.toy import toy_inputs


@pytest.mark.parametrize("name", ["graphml", "node-link"])
def test_assets_are_passed_over_and_all_else_is_read_back(name: str, tmp_path: Path) -> None:
    read = {}
    for which, inputs in (("held", inputs_with(some_land())), ("bare", toy_inputs())):
        one = graph_format(name)
        path = tmp_path / f"graph.{one.ending}"
        path.write_bytes(b"".join(one.pieces(inputs.graph, inputs)))
        faults = Faults()
        draft = draft_of_ours(read_graph([path], faults), {})
        assert [*faults, *draft.faults] == []
        read[which] = {
            table: [repr(row.record) for row in rows] for table, rows in draft.rows.items() if table != "sources"
        }
    assert read["held"] == read["bare"]
    assert read["bare"]["ties"]
