from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from atlas import cli, pipeline
from atlas.cli.output import MOST_ALIKE
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
    def load(_: Settings, release: object, parameters: Parameters, **__: object) -> Atlas:
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

    def test_the_ending_of_the_file_chooses_the_format(self, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for ending, begins in (
            ("csv", "rank,id,"),
            ("geojson", '{"type": "FeatureCollection"'),
            ("txt", "In one area of London"),
        ):
            out = workspace / f"gaps.{ending}"
            assert run("gaps", "--out", str(out), monkeypatch=monkeypatch) == 0
            assert out.read_text(encoding="utf-8").startswith(begins)

    def test_nothing_found_is_said_so(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        run("gaps", "--in", "West", monkeypatch=monkeypatch)
        said = capsys.readouterr().out
        assert said.startswith("In no area of West is need")
        assert "robust" not in said

    def test_what_is_not_known_is_said_apart(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        run("gaps", "--sector", "faith", monkeypatch=monkeypatch)
        said = capsys.readouterr().out
        assert said.startswith("In no area of London is need")
        assert "Not known: 1 more (3,200 people), where anchors are not all surveyed." in said
        assert "Faith: not surveyed completely in any borough." in said

    def test_a_sector_named_twice_counts_once(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        run("gaps", "--format", "json", "--sector", "health", "--sector", "health", monkeypatch=monkeypatch)
        assert json.loads(capsys.readouterr().out)["parameters"]["sectors"] == ["health"]

    def test_a_full_disk_is_one_line(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(cli, "write", full)
        assert run("gaps", "--format", "csv", monkeypatch=monkeypatch) == 1
        assert capsys.readouterr().err == "error: [Errno 28] No space left on device\n"

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
            (("--in", ""), "no borough called ''"),
            (("--catchment", "20000"), "catchment_m 20000.0"),
            (("--domain", "crime"), "crime"),
            (("--weights", "1,2"), "needs 7 numbers"),
            (("--weights", "a,b"), "expected seven numbers separated by commas"),
            (("--weights", "100,0,0,0,0,0,0"), "estimate"),
            (("--leave-out", "crime", "--weights", "100,0,0,0,0,0,0"), "not both"),
            (("--leave-out", "idaci"), "is not weighed"),
            (("--draws", "100"), "power of two"),
            (("--minutes", "30"), "--travel-times"),
            (("--explain", "quartr 3"), "quarter-3-east"),
            (("--explain", "quarter-3-east", "--format", "csv"), "table or json"),
        ],
    )
    def test_the_callers_fault_is_one_line_and_two(
        self, words: tuple[str, ...], said: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert run("gaps", *words, monkeypatch=monkeypatch) == 2
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.out == ""

    def test_an_explanation_answers_each_question(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        run("gaps", "--explain", "Quarter 3", monkeypatch=monkeypatch)
        said = capsys.readouterr().out
        for question in ("only missing data", "how we measure", "chance", "Which choice matters most"):
            assert question in said
        run("gaps", "--explain", "quarter-3-east", "--format", "json", monkeypatch=monkeypatch)
        found = json.loads(capsys.readouterr().out)
        assert found["areas"][0]["id"] == "quarter-3-east"
        assert [reason["key"] for reason in found["reasons"]][:3] == ["records", "method", "rank"]

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


def test_faults_that_are_alike_are_counted(
    workspace: Path, checkout: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workspace / "partnerships"
    shutil.copytree(checkout / "data/partnerships", folder)
    ties = (folder / "ties.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.rpartition(",")[0] + ",21/11/2026" for line in ties[1:]]
    (folder / "ties.csv").write_text("\n".join([ties[0], *rows]) + "\n", encoding="utf-8")
    assert run("check", "--partnerships", str(folder), monkeypatch=monkeypatch) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith("found '21/11/2026', expected when somebody last looked, a day such as 2026-10-31")
    assert said[-2] == f"ties.csv, column checked_on: wrong value in {len(rows) - MOST_ALIKE:,} more rows"
    assert said[-1] == f"{len(rows):,} errors, 0 warnings"


def test_a_folder_that_is_not_there(workspace: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", "--partnerships", str(workspace / "none"), monkeypatch=monkeypatch) == 1
    assert capsys.readouterr().err.startswith("error: there is no folder")


@pytest.mark.parametrize("words", [("data", "list"), ("data", "pull", "--from")])
def test_a_workspace_that_is_a_file(
    words: tuple[str, ...], workspace: Path, checkout: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "workspace").write_text("", encoding="utf-8")
    folder = workspace / "from"
    folder.mkdir()
    shutil.copy(checkout / "data/README.md", folder / "iod2025.csv")
    given = (*words, str(folder)) if words[-1] == "--from" else words
    assert run(*given, monkeypatch=monkeypatch) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("error: ")
    assert "workspace" in said


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
