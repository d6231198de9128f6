"""The report of an import as JSON and CSV: every row of the file is in it, and the counts add up."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from atlas.exports.estate.report import CSV_COLUMNS, changes_of, report_csv, report_json
from atlas.geo.estate.differences import DIFFERENCE_COLUMNS
from atlas.geo.estate.imports import GONE_COLUMNS, ROW_COLUMNS
from atlas.geo.estate.model import FINDING_COLUMNS, SET_ASIDE_COLUMNS, ColumnMatch
from atlas.store import ImportRecord, Report

RECORD: dict[str, Any] = {
    "id": 7,
    "register": "council",
    "partner": "institution:council",
    "partner_name": "Council",
    "title": "Council",
    "visibility": "public",
    "as_of": "2026-03-31",
    "file": "assets.csv",
    "sha256": "0" * 64,
    "size_bytes": 10,
    "form": "CSV",
    "notes": ("A title row was passed over.",),
    "kept": "0.csv",
    "who": "import token",
    "at": "2026-11-28T10:00:00+00:00",
    "rows": 5,
    "accepted": 2,
    "repaired": 1,
    "set_aside": 1,
    "unchanged": 1,
    "added": 2,
    "changed": 1,
    "gone": 1,
    "on_map": 4,
    "doubts": 1,
    "state": "standing",
    "supersedes": 6,
}

FINDINGS = [
    (0, "", "", "doubt", "few_rows", "", "", "the file has few rows"),
    (3, "Postcode", "postcode", "repair", "postcode_space", "SE64RU", "SE6 4RU", "a postcode has a space"),
    (3, "Name", "name", "repair", "trimmed", "=1+1 ", "=1+1", "spaces were cut"),
    (4, "Easting", "x", "doubt", "outside_borough", "1", "", "the point lies outside the borough"),
    (6, "Name", "name", "set_aside", "total", "Total", "", "it is a total"),
]
ROWS = [
    (2, "accepted", "asset:council-a", "added"),
    (3, "repaired", "asset:council-b", "changed"),
    (4, "accepted", "asset:council-c", "added"),
    (5, "unchanged", "asset:council-d", ""),
    (6, "set_aside", "", ""),
]


def report(findings: list[tuple[Any, ...]] = FINDINGS, gone: list[tuple[str, str]] | None = None) -> Report:
    raw = json.dumps({"Name": "Total", "Area": "=SUM(A1)"})
    return Report(
        ImportRecord(**RECORD),
        (ColumnMatch("Post_Code", "postcode", 98, "name", ("SE6 4RU",)), ColumnMatch("Tnr", None, 0, "none")),
        pd.DataFrame(findings, columns=list(FINDING_COLUMNS)),
        pd.DataFrame([(6, "it is a total", raw)], columns=list(SET_ASIDE_COLUMNS)),
        pd.DataFrame(ROWS, columns=list(ROW_COLUMNS)),
        pd.DataFrame([("asset:council-z", "+Old Hall")] if gone is None else gone, columns=list(GONE_COLUMNS)),
    )


def lines(found: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report_csv(found))))


def test_the_counts_of_the_json_add_up_to_the_rows_of_the_file() -> None:
    found = json.loads(report_json(report()))
    parts = [found[name] for name in ("accepted", "repaired", "set_aside", "unchanged")]
    assert sum(parts) == found["rows"] == 5


def test_the_json_has_all_that_was_found() -> None:
    found = json.loads(report_json(report()))
    assert {name: found[name] for name in ("import", "register", "partner", "file", "form", "is_standing")} == {
        "import": 7,
        "register": "council",
        "partner": "institution:council",
        "file": "assets.csv",
        "form": "CSV",
        "is_standing": True,
    }
    assert found["notes"] == ["A title row was passed over."]
    told = {"column": "Post_Code", "field": "postcode", "unit": "", "confidence": 98, "how": "name"}
    assert found["columns"][0] == told
    assert [tuple(row.values()) for row in found["findings"]] == FINDINGS
    assert found["set_aside_rows"] == [{"row": 6, "why": "it is a total", "raw": {"Name": "Total", "Area": "=SUM(A1)"}}]
    assert found["changes"][-1] == {"change": "gone", "asset": "asset:council-z", "row": None, "name": "+Old Hall"}


def test_every_row_of_the_file_has_a_line_with_its_outcome_and_its_asset() -> None:
    found = {}
    for line in lines(report()):
        if line["row"]:
            found[int(line["row"])] = (line["outcome"], line["asset"], line["change"])
    assert [(row, *said) for row, said in sorted(found.items())] == ROWS


def test_each_finding_has_a_line_with_from_to_and_why() -> None:
    told = [line for line in lines(report()) if line["row"] == "3"]
    assert [(line["what"], line["column"], line["to"]) for line in told] == [
        ("repair: postcode space", "Postcode", "SE6 4RU"),
        ("repair: trimmed", "Name", "'=1+1"),
    ]


def test_a_row_that_was_set_aside_has_one_line_with_its_cells() -> None:
    told = [line for line in lines(report()) if line["row"] == "6"]
    assert [(line["what"], line["why"]) for line in told] == [("set aside", "it is a total")]
    assert json.loads(told[0]["from"])["Name"] == "Total"


def test_what_is_of_the_whole_file_or_gone_has_a_line_without_a_row() -> None:
    whole, *_, gone = lines(report())
    assert (whole["row"], whole["why"]) == ("", "the file has few rows")
    assert (gone["row"], gone["asset"], gone["change"], gone["what"]) == ("", "asset:council-z", "gone", "'+Old Hall")


def test_no_cell_of_the_csv_is_a_live_formula() -> None:
    cells = [cell for row in csv.reader(io.StringIO(report_csv(report()))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("findings", [[], FINDINGS[:1]])
def test_a_file_without_findings_still_has_all_its_rows(findings: list[tuple[Any, ...]]) -> None:
    found = lines(report(findings, gone=[]))
    assert {int(line["row"]) for line in found if line["row"]} == {2, 3, 4, 5, 6}
    assert tuple(found[0]) == CSV_COLUMNS


def test_changes_are_by_row_and_those_that_are_gone_by_name() -> None:
    changes = changes_of(report())
    assert changes["change"].tolist() == ["added", "changed", "added", "gone"]
    assert changes["name"].tolist() == ["", "", "", "+Old Hall"]


CHANGED = [
    ("asset:council-b", "=Depot", "status", "in_use", "vacant", False),
    ("asset:council-b", "=Depot", "cell: Lot", "", "=1+1", False),
]


def changed() -> Report:
    return replace(report(), differences=pd.DataFrame(CHANGED, columns=list(DIFFERENCE_COLUMNS)))


def test_the_json_says_what_changed_field_by_field() -> None:
    found = json.loads(report_json(changed()))["differences"]
    assert [tuple(row.values()) for row in found] == [row[:5] for row in CHANGED]
    assert "differences" not in json.loads(report_json(report()))


def test_the_csv_has_a_line_for_each_field_that_changed_at_its_row() -> None:
    told = [line for line in lines(changed()) if line["what"] == "changed"]
    assert [(line["row"], line["column"], line["from"], line["to"]) for line in told] == [
        ("3", "status", "in_use", "vacant"),
        ("3", "cell: Lot", "", "'=1+1"),
    ]
    assert len(lines(changed())) == len(lines(report())) + 2


def test_what_failed_after_the_register_was_in_is_said() -> None:
    found = json.loads(report_json(replace(report(), troubles=("matching failed",))))
    assert found["troubles"] == ["matching failed"]
