from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from atlas import pipeline
from atlas.cli import app
from atlas.errors import DataError, QueryError, UnavailableError
from atlas.pipeline import analyse
from tests.toy import X0, Y0, toy_inputs


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def load(_: object, release: object, parameters: Any, counted: object) -> Any:
        assert release is None
        assert callable(counted)
        return analyse(toy_inputs(), parameters.model_copy(update={"draws": 16}))

    monkeypatch.setenv("ATLAS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(pipeline, "load", load)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["site", *words], catch_exceptions=False)


def test_the_answer_in_words_and_a_table() -> None:
    found = run("--candidates", "areas", "--radius", "1200", "-p", "2", "--time-limit", "0")
    assert found.exit_code == 0
    assert "people in need within 1.2 km of an anchor" in found.output
    assert "Proved" in found.output
    assert "with these" in found.output
    assert "The partners' land registers are not in yet." in found.output


def test_the_worst_served() -> None:
    found = run("--objective", "worst", "--candidates", "areas", "-p", "1", "--in", "east")
    assert "would raise the access" in found.output
    assert "neighbourhoods of East" in found.output


@pytest.mark.parametrize("name", ["found.json", "found.csv", "found.geojson", "found.txt"])
def test_the_ending_of_the_file_chooses_the_format(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    run("--candidates", "areas", "--radius", "1200", "--out", str(out))
    start = {"found.json": '{\n "release"', "found.csv": "order,id,", "found.geojson": '{"type": "F'}
    assert out.read_text(encoding="utf-8").startswith(start.get(name, ("One", "Two", "Three")))


def test_points_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(f"id,easting_m,northing_m\n[a],{X0 + 7_500},{Y0 + 500}\n", encoding="utf-8")
    found = run("--candidates", str(file), "--radius", "1200", "--format", "json")
    document = json.loads(found.stdout)
    assert [row["name"] for row in document["sites"]] == ["[a]"]
    assert document["question"]["file"]["name"] == "mine.csv"
    assert "[a]" in run("--candidates", str(file), "--radius", "1200").output
    file.write_text("id,easting_m,northing_m\na,x,y\n", encoding="utf-8")
    with pytest.raises(DataError, match="candidates"):
        run("--candidates", str(file))
    with pytest.raises(UnavailableError, match="cannot open"):
        run("--candidates", str(tmp_path / "none.csv"))


def test_what_belongs_to_the_other_objective_is_refused() -> None:
    for words in (["--radius", "500"], ["--demand", "weighted"], ["--max-people", "500"]):
        with pytest.raises(QueryError, match="cover"):
            run("--objective", "worst", *words)
