from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from typer.testing import CliRunner

from atlas import pipeline
from atlas.cli import app
from atlas.exports.graph.formats import GraphFormat
from atlas.pipeline import analyse, laid_out
from atlas.snapshot import Atlas
from tests.toy import toy_inputs


@pytest.fixture(autouse=True)
def workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    def load(_: object, __: object) -> Atlas:
        return analyse(toy_inputs(), pipeline.Parameters(draws=16))

    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(pipeline, "load", load)
    return tmp_path / "workspace"


def test_what_the_first_start_would_make_is_there_and_not_made_again(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(*_: Any) -> None:
        raise AssertionError("made again")

    said = CliRunner().invoke(app, ["prepare"], catch_exceptions=False)
    assert said.output == "Estimate of need: ready\n"
    kept = sorted(path.name.partition("-")[0] for path in (workspace / "cache").iterdir())
    assert kept == ["assurance", "layout", "shapes", "sizes"]
    assert (workspace / "atlas.db").is_file()
    fresh = pipeline.positions(toy_inputs().graph)
    monkeypatch.setattr(pipeline, "assure", again)
    monkeypatch.setattr(pipeline, "positions", again)
    monkeypatch.setattr("atlas.maps.geometry.topology", again)
    monkeypatch.setattr(GraphFormat, "pieces", again)
    assert CliRunner().invoke(app, ["prepare"], catch_exceptions=False).exit_code == 0
    where = laid_out(toy_inputs().graph, workspace)
    assert where.index.tolist() == fresh.index.tolist()
    assert where.to_numpy().tolist() == fresh.to_numpy().tolist()


def test_a_layout_is_kept_by_what_it_follows_from(workspace: Path) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(toy_inputs().graph)
    before = laid_out(graph, workspace)
    graph.add_node("institution:another", kind="institution", name="Another")
    assert laid_out(graph, workspace).index.difference(before.index).tolist() == ["institution:another"]
