from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from atlas import cli
from atlas.exports.graph.formats import FORMATS
from atlas.graph.build import build
from atlas.sources import embedded
from atlas.sources.partnerships import read_partnerships


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("ATLAS_PARTNERSHIPS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["atlas", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tables that Atlas carries: others may be changing them meanwhile."""
    folder = tmp_path_factory.mktemp("data") / "partnerships"
    shutil.copytree(embedded.data_folder() / "partnerships", folder)
    return folder


@pytest.fixture
def examples(checkout: Path) -> Path:
    return checkout / "docs" / "how-to" / "examples"


def ties_of(folder: Path, source: str) -> list[tuple[str, str, str]]:
    return [
        (tie.subject, str(tie.relation), tie.object)
        for tie in read_partnerships(folder, embedded.read_areas().icbs.index).partnerships.ties
        if tie.source == source
    ]


class TestHowTo:
    def test_kumu(self, run: Any, examples: Path, tables: Path, tmp_path: Path) -> None:
        files = (examples / "kumu-elements.csv", examples / "kumu-connections.csv")
        out = tmp_path / "mine"
        code, said, wrong = run(
            "import", *files, "--mapping", examples / "kumu-mapping.toml", "--into", tables, "--out", out
        )
        assert (code, wrong) == (0, "")
        assert "sources 1, institutions 2, networks 1, programmes 1, ties 8" in said
        assert "left out, as the mapping says: nodes 1, ties 1" in said
        assert f"ATLAS_PARTNERSHIPS={out} atlas serve" in said
        ties = ties_of(out, "deptford-food-alliance-map-2026")
        assert ("institution:goldsmiths-university-of-london", "member_of", "network:deptford-food-alliance") in ties
        assert ("network:deptford-food-alliance", "serves", "place:E09000023") in ties
        code, said, _ = run("check", "--partnerships", out)
        assert code == 0
        assert "all is well" in said

    def test_gephi(self, run: Any, examples: Path, tables: Path, tmp_path: Path) -> None:
        options = ("--mapping", examples / "gephi-mapping.toml", "--into", tables, "--out", tmp_path / "mine")
        code, said, wrong = run("import", examples / "gephi-network.gexf", *options)
        assert (code, wrong) == (0, "")
        assert "attributes of nodes that were not taken: Modularity Class" in said
        ties = ties_of(tmp_path / "mine", "lea-bridge-retrofit-review-2026")
        assert ("institution:homerton-healthcare", "member_of", "network:lea-bridge-retrofit-network") in ties
        assert len(ties) == 4

    @pytest.mark.parametrize("name", ["kumu", "gephi"])
    def test_suggestions(self, run: Any, examples: Path, tables: Path, tmp_path: Path, name: str) -> None:
        files = sorted(path for path in examples.glob(f"{name}-*") if path.suffix != ".toml")
        out = tmp_path / "mapping.toml"
        assert run("import", *files, "--suggest", "--into", tables, "--out", out)[0] == 0
        assert 'kind = "Type"' in out.read_text(encoding="utf-8")

    def test_the_page_names_its_files(self, examples: Path) -> None:
        page = (examples.parent / "import-a-graph.md").read_text(encoding="utf-8")
        assert [path.name for path in examples.iterdir() if path.name not in page] == []


@pytest.mark.parametrize("name", ["graphml", "csv"])
def test_what_atlas_exports_is_imported_without_a_mapping(run: Any, tables: Path, tmp_path: Path, name: str) -> None:
    before = read_partnerships(tables, embedded.read_areas().icbs.index).partnerships
    one = next(one for one in FORMATS if one.name == name)
    file = tmp_path / f"graph.{one.ending}"
    file.write_bytes(b"".join(one.pieces(build(before), None)))  # type: ignore[arg-type]
    code, _, wrong = run("import", file, "--out", tmp_path / "mine")
    assert (code, wrong) == (0, "")
    after = read_partnerships(tmp_path / "mine", embedded.read_areas().icbs.index).partnerships
    for table in ("sources", "institutions", "sites", "networks", "programmes", "places", "ties"):
        assert sorted(map(repr, getattr(after, table))) == sorted(map(repr, getattr(before, table))), table
    for table in ("commitments", "measurements", "profiles"):
        assert sorted(map(repr, getattr(after, table))) == sorted(map(repr, getattr(before, table))), table


class TestRefusals:
    def test_faults_are_all_listed_and_nothing_is_written(self, run: Any, examples: Path, tmp_path: Path) -> None:
        (tmp_path / "m.json").write_text(json.dumps({"nodes": {"kind": "Type"}}), encoding="utf-8")
        files = (examples / "kumu-elements.csv", examples / "kumu-connections.csv")
        code, said, wrong = run("import", *files, "--mapping", tmp_path / "m.json", "--out", tmp_path / "mine")
        assert (code, said) == (1, "")
        assert "kumu-elements.csv, row 4, column Type: no such kind, found 'Council'" in wrong
        assert "kumu-connections.csv, row 2, column relation: no relation" in wrong
        assert "error: nothing was written: " in wrong
        assert not (tmp_path / "mine").exists()

    def test_a_mapping_is_needed(self, run: Any, examples: Path) -> None:
        code, _, wrong = run("import", examples / "gephi-network.gexf", "--out", "mine")
        assert code == 2
        assert "--suggest writes a first mapping" in wrong

    def test_out_is_needed_and_suggest_takes_no_mapping(self, run: Any, examples: Path) -> None:
        file, mapping = examples / "gephi-network.gexf", examples / "gephi-mapping.toml"
        assert run("import", file, "--mapping", mapping)[0] == 2
        assert run("import", file, "--mapping", mapping, "--suggest")[0] == 2

    def test_a_folder_that_holds_something_else_is_left(
        self, run: Any, examples: Path, tables: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "mine"
        words = ("import", examples / "gephi-network.gexf", "--mapping", examples / "gephi-mapping.toml")
        assert run(*words, "--into", tables, "--out", out)[0] == 0
        assert run(*words, "--into", tables, "--out", out)[0] == 0  # an earlier import gives way
        (out / "notes.txt").write_text("mine", encoding="utf-8")
        code, _, wrong = run(*words, "--into", tables, "--out", out)
        assert code == 2
        assert "holds other files as well (notes.txt)" in wrong
        assert (out / "notes.txt").is_file()
