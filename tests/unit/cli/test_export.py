from __future__ import annotations

import zipfile
from pathlib import Path

import networkx as nx
import pytest

from atlas import cli, pipeline
from tests.toy import toy_inputs


@pytest.fixture(autouse=True)
def toy_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(pipeline, "load_inputs", lambda *_, **__: toy_inputs())


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["atlas", "export", *words])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_a_format_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "graph.graphml"
    assert run("graphml", "--out", str(out), monkeypatch=monkeypatch) == 0
    assert set(nx.read_graphml(out)) == set(toy_inputs().graph)
    assert "nodes, " in capsys.readouterr().out


def test_a_part_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "graph.graphml"
    words = ("graphml", "--out", str(out), "--network", "network:west", "--at", "2022-05")
    assert run(*words, monkeypatch=monkeypatch) == 0
    graph = nx.read_graphml(out)
    assert graph.graph["as_at"] == "2022-05-01"
    assert "institution:university" not in graph
    assert graph.nodes["network:west"]["standing"] == "stands"


def test_several_files_go_into_an_archive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("csv", "--out", str(tmp_path / "graph.csv"), monkeypatch=monkeypatch) == 2
    assert "ending in .zip" in capsys.readouterr().err
    assert run("csv", "--out", str(tmp_path / "graph.zip"), monkeypatch=monkeypatch) == 0
    assert "nodes.csv" in zipfile.ZipFile(tmp_path / "graph.zip").namelist()


def test_a_bundle_written_again_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def files() -> dict[str, bytes]:
        folder = tmp_path / "bundle"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert run("bundle", "--out", str(tmp_path / "bundle"), monkeypatch=monkeypatch) == 0
    first = files()
    assert "SHA256SUMS" in first
    assert run("bundle", "--out", str(tmp_path / "bundle"), monkeypatch=monkeypatch) == 0
    assert files() == first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dot",), "no format called 'dot'; did you mean graphml"),
        (("gexf", "--at", "spring"), "a date is a year"),
        (("gexf", "--network", "nobody"), "nobody"),
    ],
)
def test_a_wrong_word_is_answered_in_words(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run(*words, "--out", str(tmp_path / "x"), monkeypatch=monkeypatch) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
