from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from atlas import pipeline
from atlas.cli.scenario import scenario_app
from atlas.errors import DataError, QueryError
from atlas.vocabulary import Release
from tests.toy import X0, Y0, toy_inputs

HUB = {"do": "add_site", "name": "[Hub]", "institution": "institution:hospital"}


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Release | None]:
    asked: list[Release | None] = []

    def load_inputs(_: object, release: Release | None) -> Any:
        asked.append(release)
        return toy_inputs()

    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(pipeline, "load_inputs", load_inputs)
    return asked


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "asked.json"
    site = {**HUB, "easting_m": X0 + 7_500, "northing_m": Y0 + 1_000}
    tie = {"do": "add_tie", "source": "institution:university", "relation": "member_of", "target": "network:west"}
    document = {"name": "A [bold] question", "release": "estimate", "parameters": {"draws": 16}, "changes": [site, tie]}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_table_says_it_in_words(file: Path, toy: list[Release | None]) -> None:
    found = CliRunner().invoke(scenario_app, ["run", str(file)], catch_exceptions=False)
    assert found.exit_code == 0
    assert "A [bold] question" in found.output
    assert "In this scenario, " in found.output
    assert "gone" in found.output
    assert "stands between pairs of others" in found.output
    assert toy == [Release.ESTIMATE]


def test_the_release_asked_for_comes_before_the_files(file: Path, toy: list[Release | None]) -> None:
    CliRunner().invoke(scenario_app, ["run", str(file), "--release", "iod2025"], catch_exceptions=False)
    assert toy == [Release.IOD2025]


@pytest.mark.parametrize("name", ["found.json", "found.csv", "found.txt"])
def test_the_ending_of_the_file_chooses_the_format(file: Path, name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    CliRunner().invoke(scenario_app, ["run", str(file), "--out", str(out)], catch_exceptions=False)
    start = out.read_text(encoding="utf-8")[:10]
    assert start.startswith({"found.json": "{", "found.csv": "fate,", "found.txt": "A [bold]"}[name])


def test_faults_and_formats_that_cannot_be_are_raised(file: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="not as geojson"):
        CliRunner().invoke(scenario_app, ["run", str(file), "--format", "geojson"], catch_exceptions=False)
    bad = tmp_path / "bad.json"
    bad.write_text('{"name": "x", "changes": [{"do": "close_site", "site": "site:x"}]}', encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.json cannot be run"):
        CliRunner().invoke(scenario_app, ["run", str(bad)], catch_exceptions=False)
