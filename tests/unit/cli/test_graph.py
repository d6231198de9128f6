from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from atlas import pipeline
from atlas.cli import app
from atlas.errors import NotFoundError, QueryError
from tests.toy import toy_inputs


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(pipeline, "load_inputs", lambda *_: toy_inputs())


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["graph", *words], catch_exceptions=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["members", "WEST PARTNERSHIP"], "West Partnership has 1 member on record as at 21 November 2026."),
        (["members", "network:west", "--at", "2020"], "has 0 members on record as at 1 January 2020"),
        (["serves", "east"], "1 network, 1 programme and 0 institutions on record serve East"),
        (["serves", "E01000101"], "Western Hospital"),
        (["ego", "west"], "3 others within 1 tie of West Partnership"),
        (["ego", "hospital", "--radius", "2", "--relation", "member_of"], "1 other within 2 ties"),
        (["chains", "hospital", "Eastern Start"], "1 shortest chain of 2 ties, through 1 other body, joins"),
        (["chains", "hospital", "university"], "No chain of recorded ties joins"),
        (["bridges", "west", "all"], "Nothing on record joins West Partnership and Everyone's Network"),
        (["changes", "2020", "2026"], "From 1 January 2020 to 31 December 2026: 1 body or site and 0 ties began"),
        (["lineage", "west"], "nothing is recorded of what it came from or became"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_each_question_is_answered_in_words(words: list[str], said: str) -> None:
    found = run(*words)
    assert found.exit_code == 0
    assert said in " ".join(found.output.split())


def test_members_say_whom_the_network_reaches() -> None:
    assert "home to 8,400 people" in run("members", "west").output


@pytest.mark.parametrize("name", ["found.json", "found.csv", "found.txt"])
def test_the_ending_of_the_file_chooses_the_format(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    assert run("serves", "west", "--out", str(out)).output == ""
    text = out.read_text(encoding="utf-8")
    if name.endswith("json"):
        assert json.loads(text)["rows"][0]["node"] == "network:west"
    elif name.endswith("csv"):
        assert next(csv.DictReader(text.splitlines()))["ways"] == "footprint"
    else:
        assert "West Partnership" in text


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["members", "wets"], NotFoundError, "no network or programme called 'wets'; did you mean West Partnership"),
        (["serves", "nowhere at all"], NotFoundError, "no place called"),
        (["ego", "west", "--at", "yesterday"], QueryError, "a date is a year, a month or a day"),
        (["changes", "2026", "2020"], QueryError, r"the first day \(2026\) is after the last"),
        (["chains", "west", "network:west"], None, "Both are West Partnership"),
        (["lineage", "west", "--format", "geojson"], QueryError, "not as geojson"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_asked_is_said(words: list[str], error: type[Exception] | None, said: str) -> None:
    if error is None:
        assert said in run(*words).output
        return
    with pytest.raises(error, match=said):
        run(*words)
