from __future__ import annotations

import csv
import io
import json
from functools import cache

from atlas.exports.scenario import CSV_COLUMNS, scenario_csv, scenario_json
from atlas.gaps.scenario.changes import AddSite, CloseSite, ExtendNetwork, Scenario
from atlas.parameters import Parameters
from atlas.what_if import ScenarioResult, run_scenario
from tests.toy import HOSTILE, X0, Y0, toy_inputs, toy_partnerships


@cache
def result(name: str = "=1+1", *, closes: bool = False) -> ScenarioResult:
    changes = (
        CloseSite(site="site:council")
        if closes
        else AddSite(name="Hub", institution="institution:hospital", easting_m=X0 + 7_500, northing_m=Y0 + 1_000),
        ExtendNetwork(network="network:west", places=("East",)),
    )
    scenario = Scenario(name=name, changes=changes)
    return run_scenario(toy_inputs(toy_partnerships(HOSTILE)), Parameters(draws=16), scenario)


def test_json_is_whole_and_can_be_run_again() -> None:
    found = result()
    document = json.loads(scenario_json(found.scenario, found.before, found.after, found.effects, found.notes))
    assert (
        Scenario.model_validate_json(json.dumps(document["scenario"]), strict=True).sha256
        == document["scenario_sha256"]
    )
    assert document["base_revision"] == found.before.revision != document["revision"]
    assert Parameters(**document["parameters"]) == found.before.parameters
    moved = {row["lsoa"] for row in document["lsoas"]}
    rows = found.effects.lsoas
    assert set(rows.index[rows["access_change"] != 0]) <= moved
    assert document["areas"][0]["networks_after"] == ["network:all", "network:west"]


def test_csv_has_a_row_for_each_gap_area_and_runs_no_formula() -> None:
    found = result(closes=True)
    text = scenario_csv(found.scenario, found.before, found.after, found.effects)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == len(found.effects.areas)
    assert rows[0]["scenario"] == "'=1+1"
    assert rows[0]["networks_gained"] == "network:west"
    assert rows[0]["rank_before"] == "1"


def test_a_world_without_sites_is_written_without_nan() -> None:
    closing = tuple(CloseSite(site=f"site:{name}") for name in ("council", "hospital", "university"))
    found = run_scenario(toy_inputs(), Parameters(draws=16), Scenario(name="None left", changes=closing))
    document = json.loads(scenario_json(found.scenario, found.before, found.after, found.effects))
    assert document["areas"][0]["nearest_after_m"] is None
    assert "NaN" not in scenario_csv(found.scenario, found.before, found.after, found.effects)
