from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from atlas import cli, pipeline
from tests.toy import toy_inputs


@pytest.fixture(autouse=True)
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(pipeline, "load_inputs", lambda *_, **__: toy_inputs())


def run(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["atlas", "graph", *words])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("measures",), "West Partnership stands between the most others."),
        (("measures", "--by", "constraint", "--top", "1"), "Burt (1992)"),
        (("measures", "--at", "2022"), "may have stood on 2022-01-01"),
        (("communities",), "Modularity"),
        (("overlap", "--shared", "1"), "Jaccard"),
        (("overlap", "--of", "institutions", "--shared", "1"), "Western Hospital"),
        (("without", "West Partnership"), "Eastern Start loses its only deliverer on record."),
        (("without", "council"), "West Partnership loses its only convenor on record."),
    ],
)
def test_tables_say(words: tuple[str, ...], said: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(*words, monkeypatch=monkeypatch) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("command", ["measures", "communities", "overlap", "overlap --of institutions", "without west"])
def test_json_and_csv(command: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(*command.split(), "--format", "json", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out)["size"]["nodes"] == 6
    assert run(*command.split(), "--format", "csv", monkeypatch=monkeypatch) == 0
    assert next(csv.reader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("measures", "--by", "charm"), "no measure called 'charm'"),
        (("measures", "--at", "soon"), "a year, a month or a day"),
        (("measures", "--format", "geojson"), "not as geojson"),
        (("without", "nowhere at all"), "nowhere at all"),
    ],
)
def test_what_cannot_be_asked(words: tuple[str, ...], said: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(*words, monkeypatch=monkeypatch) == 2
    assert said in capsys.readouterr().err
