from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from atlas import cli, pipeline
from atlas.records import Commitment
from atlas.settings import Settings
from atlas.snapshot import Inputs
from atlas.vocabulary import Release
from tests.toy import EVIDENCE, toy_inputs, toy_partnerships


@pytest.fixture(autouse=True)
def _toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    promise = Commitment(node="network:west", metric="jobs", target=40, unit="jobs", due="2024", **EVIDENCE)

    def read(_: Settings, __: Release | None) -> Inputs:
        return toy_inputs(toy_partnerships().model_copy(update={"commitments": (promise,)}))

    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setattr(pipeline, "load_inputs", read)


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["atlas", "graph", *words])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_seats_in_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("seats", "West Partnership", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "West Partnership works on jobs and skills." in said
    assert "West University (" in said
    assert "no site on record inside, and not all have been looked for" in said


@pytest.mark.parametrize("wanted", ["network:west", "west", "WEST"])
def test_a_network_by_any_name(
    wanted: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("seats", wanted, "--format", "json", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out)["network"] == "network:west"


def test_seats_as_rows(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("seats", "west", "--format", "csv", monkeypatch=monkeypatch) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    held = {row["institution"]: row["is_held"] for row in rows if row["institution"]}
    assert held == {
        "institution:hospital": "true",
        "institution:council": "true",
        "institution:university": "false",
    }


def test_readiness(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("readiness", "west", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "jobs: 40 jobs by 2024" in said
    assert said.count("no evidence on record") == 3
    assert run("readiness", "west", "--format", "csv", monkeypatch=monkeypatch) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["element"] for row in rows if row["is_evidenced"] == "false"} == {
        "foundation",
        "measurement",
        "building_on_success",
    }


def test_progress_of_one_and_of_all(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("progress", "west", monkeypatch=monkeypatch) == 0
    assert "not reported; due date has passed" in capsys.readouterr().out
    assert run("progress", "--format", "json", monkeypatch=monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["states"]["not_reported"] == 1
    assert found["metrics"][0]["commitments"][0]["is_overdue"] is True


def test_what_is_not_there_is_named_with_what_is_near(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("seats", "wets", monkeypatch=monkeypatch) == 2
    assert "did you mean West Partnership" in capsys.readouterr().err
    assert run("readiness", "west", "--format", "geojson", monkeypatch=monkeypatch) == 2
    assert "not as geojson" in capsys.readouterr().err
