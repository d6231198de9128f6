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


def same_name(name: str, record: dict[str, str]) -> bool:
    return fuzz.token_sort_ratio(name, record["name"], processor=utils.default_process) >= SAME_NAME


def away_m(site: dict[str, str], record: dict[str, str]) -> float:
    east = float(site["easting_m"]) - float(record["easting"])
    return float(np.hypot(east, float(site["northing_m"]) - float(record["northing"])))


def distances_m(site: dict[str, str], name: str, reference: list[dict[str, str]]) -> list[float]:
    kinds = TYPES.get(site["kind"], set())
    return [away_m(site, record) for record in reference if record["type"] in kinds and same_name(name, record)]


def test_there_are_enough_sites_of_each_kind(sites: list[dict[str, str]]) -> None:
    counts = {kind: sum(site["kind"] == kind for site in sites) for kind in TYPES}
    assert len(sites) >= 250
    assert sum(site["kind"] == "council_office" for site in sites) >= 33
    assert min(counts.values()) >= 15


def test_sites_agree_with_the_reference_or_say_why_not(
    sites: list[dict[str, str]], reference: list[dict[str, str]]
) -> None:
    # an institution's own name tells where one of its sites is; only a site's name tells that it is elsewhere
    agreeing = [
        site["id"]
        for site in sites
        if any(
            min(distances_m(site, name, reference), default=np.inf) <= NEAR_M for name in (site["name"], site["owner"])
        )
    ]
    unexplained = [
        (site["id"], found)
        for site in sites
        if (found := distances_m(site, site["name"], reference))
        and min(found) > NEAR_M
        and not any(word in site["evidence"] for word in EXPLAINED)
    ]
    assert len(agreeing) >= 120
    assert unexplained == []
