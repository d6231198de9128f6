"""Every fact of the source documents stands in the tables: `partnership_seeds.json`, written by hand from the seeds.

A fact names its document and section, and the rows that carry it by some of their columns; a number is compared as one.
`partnership_memberships.json` says which tie carries each membership of the lists in the shared data.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from atlas.sources import embedded

GOLDEN = Path(__file__).parent
FACTS: list[dict[str, Any]] = json.loads((GOLDEN / "partnership_seeds.json").read_text(encoding="utf-8"))
MEMBERSHIPS: list[dict[str, str]] = json.loads((GOLDEN / "partnership_memberships.json").read_text(encoding="utf-8"))
ELEMENTS = {
    "foundation": {"baseline", "community voice", "mission", "values", "vision"},
    "agenda": {"agenda", "purpose"},
    "team": {"agreements", "leadership", "membership", "resources", "structure"},
    "commitments": {"goals", "targets"},
    "measurement": {"data", "metrics", "reporting"},
    "building on success": {"evolution", "growth"},
}
"""Elements of the guide and the aspects that speak of them, as data/partnerships/README.md has them."""

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def tables() -> dict[str, Rows]:
    folder = embedded.data_folder() / "partnerships"
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def says(cell: str, wanted: str | float) -> bool:
    if isinstance(wanted, str):
        return cell == wanted
    return bool(cell) and float(cell) == wanted


def carriers(tables: dict[str, Rows], fact: dict[str, Any]) -> list[Rows]:
    """Rows that carry each part of a fact."""
    return [
        [row for row in tables[part["table"]] if all(says(row[name], wanted) for name, wanted in part["where"].items())]
        for part in fact["rows"]
    ]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['document']}: {fact['fact']}"[:80])
def test_a_fact_of_the_documents_has_its_rows_with_evidence(tables: dict[str, Rows], fact: dict[str, Any]) -> None:
    found = carriers(tables, fact)
    assert [part["where"] for part, rows in zip(fact["rows"], found, strict=True) if not rows] == []
    sources = {row["id"] for row in tables["sources"]}
    for row in (row for rows in found for row in rows):
        assert row["source"] in sources
        assert row["evidence"]
        assert row["checked_on"]
    cited = {f"{row['source']} {row['evidence']} {row.get('note', '')}" for rows in found for row in rows}
    assert any(fact["document"] in text for text in cited)


def test_every_document_was_read() -> None:
    assert {fact["document"] for fact in FACTS} == {
        "lain-local-networks-2022",
        "lain-procurement-case",
        "lain-conference-2024",
        "lain-missions",
        "cles-anchor-networks",
    }


def test_what_answers_a_commitment_is_counted_in_its_words(tables: dict[str, Rows]) -> None:
    committed = {(row["node"], row["metric"]): row["unit"] for row in tables["commitments"]}
    answers = [row for row in tables["measurements"] if (row["node"], row["metric"]) in committed]
    assert {row["unit"] == committed[row["node"], row["metric"]] for row in answers} == {True}
    assert {row["node"] for row in answers} >= {
        "network:lain",
        "network:local-london-careers-hub",
        "programme:base",
        "programme:camden-kickstart-gateway",
        "programme:nwl-mass-vaccination-recruitment",
    }


@pytest.mark.parametrize("element", ELEMENTS)
def test_each_element_of_the_guide_has_evidence(tables: dict[str, Rows], element: str) -> None:
    assert len({row["node"] for row in tables["profiles"] if row["aspect"] in ELEMENTS[element]}) >= 5


def test_a_node_has_one_position_on_an_aspect(tables: dict[str, Rows]) -> None:
    pairs = [(row["node"], row["aspect"]) for row in tables["profiles"]]
    assert len(pairs) == len(set(pairs))


def test_each_listed_membership_is_a_tie(tables: dict[str, Rows], shared: Path) -> None:
    with (shared / "networks" / "london_anchor_network_membership.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    addresses = {row["url"] for row in tables["sources"]}
    assert sorted({row["source_url"] for row in listed} - addresses) == []
    told = {(row["network"], row["group"], row["member"]) for row in MEMBERSHIPS}
    assert sorted({(row["network"], row["group"], row["member"]) for row in listed} - told) == []
    tied = {
        (row["subject"], row["object"])
        for row in tables["ties"]
        if row["relation"] == "member_of" and row["confidence"] != "low" and row["source"]
    }
    assert sorted({(row["subject"], row["object"]) for row in MEMBERSHIPS} - tied) == []
