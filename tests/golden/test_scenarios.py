"""The example scenarios run on the data that Atlas carries, and say what they are there to show."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from atlas.gaps.scenario.words import effect_sentence
from atlas.parameters import Parameters
from atlas.pipeline import load_inputs
from atlas.settings import Settings
from atlas.snapshot import Inputs
from atlas.sources.scenarios import read_scenario
from atlas.vocabulary import Release
from atlas.what_if import ScenarioResult, run_scenario

FEW = Parameters(draws=64)


@cache
def inputs() -> Inputs:
    return load_inputs(Settings(), Release.ESTIMATE)


def run(checkout: Path, name: str) -> ScenarioResult:
    return run_scenario(inputs(), FEW, read_scenario(checkout / "docs" / "scenarios" / name, inputs()))


def fates(found: ScenarioResult) -> dict[str, Any]:
    return {area.before.id: area for area in found.effects.areas if area.before}


def test_every_example_is_here(checkout: Path) -> None:
    names = sorted(path.name for path in (checkout / "docs" / "scenarios").glob("*.json"))
    assert names == ["croydon-college-site-closes.json", "northolt-hub.json"]


def test_a_hub_ends_northolts_largest_gap(checkout: Path) -> None:
    found = run(checkout, "northolt-hub.json")
    totals = found.effects.totals()
    area = fates(found)["northolt-south-and-kingshill-avenue-ealing"]
    assert area.fate == "gone"
    assert area.access_after > 2 * area.access_before
    assert area.held_share == 0
    assert totals["people_gaining"] > 200_000
    assert totals["people_losing"] == 0
    assert totals["people_at_fixed_threshold"] < totals["people_by_the_rule_before"]
    assert found.notes == ()
    assert {mover.node for mover in found.effects.brokerage.movers} >= {
        "institution:ealing-council",
        "network:nhs-london-anchor-network",
    }
    assert "Ealing Council comes to stand between" in effect_sentence(found.effects)


def test_a_site_closes_and_a_network_comes(checkout: Path) -> None:
    found = run(checkout, "croydon-college-site-closes.json")
    totals = found.effects.totals()
    area = fates(found)["new-addington-south-croydon"]
    assert area.access_after < area.access_before
    assert "network:south-east-london-anchor-alliance" in set(area.networks_after) - set(area.networks_before)
    assert totals["people_gaining"] == 0
    assert totals["people_put_out_of_reach"] > 10_000
    assert totals["people_at_fixed_threshold"] > totals["people_by_the_rule_before"]


@pytest.mark.parametrize("release", [Release.IOD2019, Release.IOD2025])
def test_the_examples_name_nothing_that_hangs_on_a_release(checkout: Path, release: Release) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (checkout / "docs" / "scenarios").glob("*.json"))
    assert release.value not in text
    assert "E0100" not in text
