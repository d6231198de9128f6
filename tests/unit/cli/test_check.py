from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from atlas import cli


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["atlas", *words])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def changed(workspace: Path, checkout: Path, table: str, row: str) -> Path:
    folder = workspace / "partnerships"
    shutil.copytree(checkout / "data/partnerships", folder)
    with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    return folder


def test_coverage_is_shown_as_tables(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", "--older-than", "2.5", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    for words in (
        "Identifiers: nodes",
        "Ties: dated, sourced",
        "older than 2.5 years",
        "Networks and programmes with",
    ):
        assert words in said
    assert "all is well" in said


def test_every_tie_is_sourced(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", "--format", "json", monkeypatch=monkeypatch) == 0
    report = json.loads(capsys.readouterr().out)
    whole = report["coverage"]["dated"][0]
    assert whole["ties"] == whole["sourced"] == report["rows"]["ties"] >= 700
    assert report["coverage"]["older_than_years"] == 3
    assert [fault for fault in report["faults"] if fault["severity"] == "error"] == []


def test_doubts_are_warnings(workspace: Path, checkout: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = changed(workspace, checkout, "sources", "nobody-cites-this,Title,Publisher,,2020,none")
    assert run("check", "--partnerships", str(folder), monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    assert "nobody cites it, found 'nobody-cites-this'" in said.err
    assert "all is well" in said.out


def test_with_errors_there_is_no_coverage(
    workspace: Path, checkout: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = changed(workspace, checkout, "places", "place:E09000099,A,borough,too much")
    out = workspace / "report.json"
    assert run("check", "--partnerships", str(folder), "--out", str(out), monkeypatch=monkeypatch) == 1
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["coverage"] is None
    assert [fault["file"] for fault in report["faults"] if fault["severity"] == "error"] == ["places.csv"]
    assert "1 error" in capsys.readouterr().err


def test_a_check_is_no_map(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", "--format", "geojson", monkeypatch=monkeypatch) == 2
    assert "table or json" in capsys.readouterr().err
