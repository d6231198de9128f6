from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from atlas import cli, pipeline
from atlas.parameters import Parameters
from atlas.settings import Settings
from atlas.snapshot import Atlas
from tests.toy import EAST, toy_inputs


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: Settings, release: object, parameters: Parameters) -> Atlas:
        assert release in {None, "estimate"}
        return pipeline.analyse(toy_inputs(), parameters)

    monkeypatch.setattr(pipeline, "load", load)


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["atlas", *words])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.mark.usefixtures("toy")
class TestGaps:
    def test_json_is_the_contract(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run("gaps", "--format", "json", "--top", "1", monkeypatch=monkeypatch) == 0
        document = json.loads(capsys.readouterr().out)
        assert set(document) == {"release", "revision", "parameters", "areas"}
        assert len(document["areas"]) == 1

    def test_csv_and_geojson_and_table(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        run("gaps", "--format", "csv", monkeypatch=monkeypatch)
        assert next(csv.DictReader(io.StringIO(capsys.readouterr().out)))["lad"] == EAST
        run("gaps", "--format", "geojson", monkeypatch=monkeypatch)
        assert json.loads(capsys.readouterr().out)["type"] == "FeatureCollection"
        run("gaps", monkeypatch=monkeypatch)
        assert "East" in capsys.readouterr().out

    def test_a_borough_narrows_the_list(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        run("gaps", "--in", "West", "--format", "json", monkeypatch=monkeypatch)
        assert json.loads(capsys.readouterr().out)["areas"] == []

    def test_choices_reach_the_parameters(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        words = ("--catchment", "2500", "--decay", "step", "--sector", "health", "--sector", "council")
        run("gaps", "--format", "json", *words, monkeypatch=monkeypatch)
        parameters = json.loads(capsys.readouterr().out)["parameters"]
        assert (parameters["catchment_m"], parameters["decay"]) == (2500.0, "step")
        assert parameters["sectors"] == ["health", "council"]

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--in", "Eest"), "did you mean"),
            (("--catchment", "20000"), "catchment_m 20000.0"),
            (("--domain", "crime"), "crime"),
        ],
    )
    def test_the_callers_fault_is_one_line_and_two(
        self, words: tuple[str, ...], said: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert run("gaps", *words, monkeypatch=monkeypatch) == 2
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.out == ""

    def test_a_file_is_written_whole(self, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        out = workspace / "gaps.json"
        assert run("gaps", "--format", "json", "--out", str(out), monkeypatch=monkeypatch) == 0
        assert json.loads(out.read_text())["areas"]
        assert run("gaps", "--out", str(workspace / "none" / "gaps.json"), monkeypatch=monkeypatch) == 1

    def test_the_map_is_one_file(self, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run("map", "--out", str(workspace / "map.html"), monkeypatch=monkeypatch) == 0
        assert (workspace / "map.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_a_release_that_is_not_here_says_the_way_out(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("gaps", "--release", "iod2025", monkeypatch=monkeypatch) == 2
    assert "atlas data pull" in capsys.readouterr().err


def test_the_embedded_data_are_well(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", monkeypatch=monkeypatch) == 0
    assert "all is well" in capsys.readouterr().out


def test_check_reports_every_fault_at_once(
    workspace: Path, checkout: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workspace / "partnerships"
    shutil.copytree(checkout / "data/partnerships", folder)
    sites = (folder / "sites.csv").read_text(encoding="utf-8").splitlines()
    place = sites[0].split(",").index("postcode")
    for row, postcode in ((1, "N99 9ZZ"), (2, "W1 1")):
        cells = next(csv.reader([sites[row]]))
        cells[place] = postcode
        written = io.StringIO()
        csv.writer(written).writerow(cells)
        sites[row] = written.getvalue().strip()
    (folder / "sites.csv").write_text("\n".join(sites) + "\n", encoding="utf-8")
    (folder / "networks.csv").write_text("", encoding="utf-8")
    assert run("check", "--partnerships", str(folder), monkeypatch=monkeypatch) == 1
    said = capsys.readouterr().err
    assert "sites.csv, row 2, column postcode" in said
    assert "sites.csv, row 3, column postcode" in said
    assert "networks.csv: the file is empty" in said


def test_data_list_names_what_is_not_here(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("data", "list", monkeypatch=monkeypatch) == 0
    assert "iod2025" in capsys.readouterr().out


def test_pulled_data_take_the_estimates_place(shared: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("data", "pull", "--from", str(shared), monkeypatch=monkeypatch) == 0
    capsys.readouterr()
    assert run("gaps", "--in", "Lewisham", "--format", "json", monkeypatch=monkeypatch) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["release"] == "iod2025"
    assert document["areas"]
    assert all("E09000023" in area["lads"] for area in document["areas"])


def test_an_unknown_file_is_suggested(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("data", "pull", "iod2026", monkeypatch=monkeypatch) == 2
    assert "did you mean" in capsys.readouterr().err
