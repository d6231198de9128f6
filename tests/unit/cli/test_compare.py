from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from atlas import cli, pipeline
from atlas.cli.compare import compare
from atlas.comparison import ReleaseComparison, compare_atlases
from atlas.parameters import Parameters
from atlas.settings import Settings
from atlas.vocabulary import Release
from tests.toy import EAST, toy_inputs


@pytest.fixture(autouse=True)
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Release, Release, Parameters]]:
    """The toy world under two names; what was asked for."""
    found: list[tuple[Release, Release, Parameters]] = []

    def releases(_: Settings, before: Release, after: Release, parameters: Parameters, __: object) -> ReleaseComparison:
        found.append((before, after, parameters))
        earlier, later = (
            pipeline.analyse(dataclasses.replace(toy_inputs(), release=release), parameters)
            for release in (before, after)
        )
        return compare_atlases(earlier, later, pd.DataFrame())

    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(pipeline, "compare_releases", releases)
    return found


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["atlas", "compare", *words])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_the_sentence_the_areas_and_the_limits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert said.startswith("Of the only gap area of London by ")
    assert "neighbourhoods have one boundary in both" in said.replace("\n", " ")
    assert "remains" in said
    assert "Quarter 3, East" in said
    assert "Same boundary: 16 neighbourhoods" in said
    assert "Scores and national ranks are not compared" in said


def test_json_and_csv_are_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("--format", "json", monkeypatch=monkeypatch) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["before"]["release"], document["after"]["release"]) == ("iod2019", "iod2025")
    assert len(document["areas"]) == 16
    out = tmp_path / "compared.csv"
    assert run("--out", str(out), monkeypatch=monkeypatch) == 0
    assert len(list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))) == 16


def test_a_borough_narrows_all_of_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("--in", "East", "--format", "json", monkeypatch=monkeypatch) == 0
    document = json.loads(capsys.readouterr().out)
    assert {area["lad"] for area in document["areas"]} == {EAST}
    assert document["sentence"].startswith("In East: ")
    assert run("--in", "West", monkeypatch=monkeypatch) == 0
    assert "West has no known gap area" in capsys.readouterr().out
    assert run("--in", "Atlantis", monkeypatch=monkeypatch) == 2


def test_choices_reach_both_sides(
    asked: list[tuple[Release, Release, Parameters]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--before", "estimate", "--after", "iod2019", "--catchment", "2500", "--draws", "64", monkeypatch=monkeypatch)
    assert asked == [(Release.ESTIMATE, Release.IOD2019, Parameters(catchment_m=2500, draws=64))]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--before", "iod2025"], "both are iod2025; choose two releases"),
        (["--format", "geojson"], "as table, csv or json, not as geojson"),
        (["--catchment", "0"], "catchment_m 0"),
        (["--release", "iod2019"], "No such option"),
    ],
    ids=["same", "geojson", "catchment", "release"],
)
def test_what_cannot_be_asked_is_said(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(*words, monkeypatch=monkeypatch) == 2
    assert said in capsys.readouterr().err


def test_it_has_two_releases_and_no_third() -> None:
    assert not {"release", "choices"} & set(compare.__annotations__)
    assert {"before", "after", "inside", "catchment", "draws"} <= set(compare.__annotations__)


def test_a_release_that_is_not_here_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("ATLAS_WORKSPACE", "/nowhere")
    assert run(monkeypatch=monkeypatch) == 2
    assert "atlas data pull" in capsys.readouterr().err
