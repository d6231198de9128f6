"""Curated sites against a reference list of mixed age: agreement is counted, and every disagreement is explained."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, utils

from atlas.sources.embedded import data_folder

NEAR_M = 500.0
SAME_NAME = 92.0
TYPES = {
    "acute_hospital": {"hospital"},
    "mental_health_hospital": {"hospital"},
    "specialist_hospital": {"hospital"},
    "community_hospital": {"hospital"},
    "university_campus": {"university"},
    "fe_college_campus": {"fe_college", "training_provider"},
    "council_office": {"council"},
    "cultural_venue": {"museum", "library"},
}
EXPLAINED = ("kept", "only the institution's main address", "agrees with a reference list")


@pytest.fixture(scope="module")
def reference(shared: Path) -> list[dict[str, str]]:
    with (shared / "institutions/london_institutions.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["easting"] and row["northing"]]


@pytest.fixture(scope="module")
def sites() -> list[dict[str, str]]:
    folder = data_folder() / "partnerships"
    with (folder / "institutions.csv").open(encoding="utf-8") as file:
        names = {row["id"]: row["name"] for row in csv.DictReader(file)}
    with (folder / "sites.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["borough"].startswith("E09")]
    return [{**row, "owner": names[row["institution"]]} for row in rows]


def same_name(site: dict[str, str], record: dict[str, str]) -> bool:
    # a trust has many hospitals, so its own name says nothing of where one of them is
    names = (site["name"],) if record["type"] == "hospital" else (site["name"], site["owner"])
    return any(
        fuzz.token_sort_ratio(name, record["name"], processor=utils.default_process) >= SAME_NAME for name in names
    )


def away_m(site: dict[str, str], record: dict[str, str]) -> float:
    east = float(site["easting_m"]) - float(record["easting"])
    return float(np.hypot(east, float(site["northing_m"]) - float(record["northing"])))


def matches(site: dict[str, str], reference: list[dict[str, str]]) -> list[float]:
    kinds = TYPES.get(site["kind"], set())
    return [away_m(site, record) for record in reference if record["type"] in kinds and same_name(site, record)]


def test_there_are_enough_sites_of_each_kind(sites: list[dict[str, str]]) -> None:
    counts = {kind: sum(site["kind"] == kind for site in sites) for kind in TYPES}
    assert len(sites) >= 250
    assert sum(site["kind"] == "council_office" for site in sites) >= 33
    assert min(counts.values()) >= 15


def test_sites_agree_with_the_reference_or_say_why_not(
    sites: list[dict[str, str]], reference: list[dict[str, str]]
) -> None:
    distances = {site["id"]: matches(site, reference) for site in sites}
    agreeing = [name for name, found in distances.items() if found and min(found) <= NEAR_M]
    unexplained = [
        site["id"]
        for site in sites
        if distances[site["id"]]
        and min(distances[site["id"]]) > NEAR_M
        and not any(word in site["evidence"] for word in EXPLAINED)
    ]
    assert len(agreeing) >= 120
    assert unexplained == []
