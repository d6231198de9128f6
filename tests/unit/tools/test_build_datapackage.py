"""The committed data package says what the classes say, and the committed tables keep to it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from atlas.exports.partnerships import field
from atlas.records import TABLES
from atlas.vocabulary import Domain, Relation
from tools.build_datapackage import descriptor, text


@pytest.fixture
def fields() -> dict[str, dict[str, dict[str, object]]]:
    return {
        table["name"]: {column["name"]: column for column in table["schema"]["fields"]}
        for table in descriptor()["resources"]
    }


def test_committed_descriptor_is_the_generated_one(checkout: Path) -> None:
    committed = (checkout / "data" / "partnerships" / "datapackage.json").read_text(encoding="utf-8")
    assert committed == text(), "run: python -m tools.build_datapackage"


def test_every_table_and_column_is_described_in_order(fields: dict[str, dict[str, dict[str, object]]]) -> None:
    assert list(fields) == list(TABLES)
    for table, record in TABLES.items():
        assert tuple(fields[table]) == record.columns()
        assert all(column["description"] for column in fields[table].values())


def test_types_and_constraints_come_from_the_classes(fields: dict[str, dict[str, dict[str, object]]]) -> None:
    assert fields["ties"]["relation"]["constraints"] == {"required": True, "enum": [*Relation]}
    assert fields["ties"]["checked_on"]["type"] == "date"
    assert fields["sites"]["easting_m"] == {
        "name": "easting_m",
        "type": "integer",
        "description": "EPSG:27700; empty: taken from the postcode",
        "constraints": {"minimum": 0, "maximum": 700_000},
    }
    assert fields["commitments"]["target"]["type"] == "number"
    assert fields["institutions"]["is_anchor"]["type"] == "boolean"


def test_lists_are_strings_of_known_words_between_semicolons(fields: dict[str, dict[str, dict[str, object]]]) -> None:
    constraints = fields["networks"]["domains"]["constraints"]
    assert isinstance(constraints, dict)
    pattern = re.compile(constraints["pattern"])
    assert pattern.fullmatch(";".join(Domain))
    assert pattern.fullmatch("workforce; procurement")
    assert not pattern.fullmatch("workforce;charm")


def test_optional_column_has_no_required_constraint() -> None:
    column = field("end", {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "last"}, {}, required=False)
    assert column == {"name": "end", "type": "string", "description": "last"}


@pytest.mark.parametrize("table", TABLES)
def test_committed_headers_are_the_described_ones(checkout: Path, table: str) -> None:
    with (checkout / "data" / "partnerships" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == TABLES[table].columns()


def test_frictionless_accepts_the_committed_tables(checkout: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = checkout / "data" / "partnerships"
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    report = frictionless.Package.from_descriptor(described, basepath=str(folder)).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []
