"""The map of a scenario: every area's change of access, gap areas as they were, and the sites that open or close."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from atlas.gaps.scenario.changes import AddSite, AddTie, Change, CloseSite, ExtendNetwork, Scenario
from atlas.maps.page import Urls, fragments
from atlas.maps.style import COLOURINGS
from atlas.maps.what_if_map import CLASSES, UNCHANGED, Shown, WhatIfMap, shown_words, what_if_json
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import AccessMeasure, Relation
from atlas.what_if import run_scenario
from tests.toy import EAST, HOSTILE, X0, Y0, toy_inputs

FEW = Parameters(draws=16)
HUB = AddSite(name="East Hub", institution="institution:hospital", easting_m=X0 + 7_500, northing_m=Y0 + 1_000)
CLOSE = CloseSite(site="site:hospital")
REACH = ExtendNetwork(network="network:west", places=(EAST,))
TIE = AddTie(source="institution:council", relation=Relation.MEMBER_OF, target="network:all")


@cache
def inputs() -> Inputs:
    return toy_inputs()


@cache
def before(parameters: Parameters = FEW) -> Atlas:
    return analyse(inputs(), parameters)


def shown(*changes: Change, parameters: Parameters = FEW) -> Shown:
    scenario = Scenario(name="A question", changes=changes)
    found = run_scenario(inputs(), parameters, scenario, before=before(parameters))
    return Shown(found.before, found.after, found.effects)


def change(of: Shown) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(what_if_json(of, 100_000))["change"]
    return found


def test_a_class_says_whether_access_rises_or_falls_and_by_how_much() -> None:
    found = shown(HUB)
    lsoas = found.effects.lsoas
    for access, shift, position in zip(lsoas["access_before"], lsoas["access_change"], found.classes, strict=True):
        expected = UNCHANGED if shift == 0 else 4 if abs(shift) >= abs(access) / 10 else 3
        assert position == expected
    assert len(CLASSES) == 5
    assert set(shown(CLOSE).classes) <= {0, 1, UNCHANGED}


def test_values_are_those_of_the_atlas_with_the_scenario_and_what_differs() -> None:
    found = shown(HUB)
    sent = json.loads(what_if_json(found, 100_000))
    assert sent["revision"] == found.after.revision
    own = sent["change"]
    assert len(own["classes"]) == len(sent["classes"])
    changing = np.cumsum(own["at"]).tolist()
    assert changing == [at for at, digit in enumerate(own["classes"]) if digit != str(UNCHANGED)]
    assert {len(side) for side in (*own["access"], *own["nearest_m"])} == {len(changing)}
    assert [(one["name"], one["opens"]) for one in own["sites"]] == [("East Hub", True)]
    gone = found.before.gap_areas[0]
    codes = found.effects.lsoas.index[np.cumsum(own["was"][0])]
    assert sorted(codes) == sorted(gone.lsoas)
    (south, west), (north, east) = own["bounds"]
    latitude, longitude = own["sites"][0]["at"]
    assert south < latitude < north
    assert west < longitude < east


def test_a_site_that_closes_is_where_it_stood() -> None:
    (one,) = change(shown(CLOSE))["sites"]
    assert (one["name"], one["opens"]) == (inputs().sites.loc["site:hospital", "name"], False)


def test_what_is_reached_anew_is_outlined() -> None:
    found = shown(REACH)
    areas = inputs().areaset.areas
    reached = areas.index[np.cumsum(change(found)["reached"])]
    assert set(areas.loc[reached, "lad"]) == {EAST}
    assert "reached anew (outlined)" in shown_words(found)
    assert "Reached anew" in WhatIfMap(found, Urls("a", "b")).keys


def test_the_nearest_anchor_is_no_amount() -> None:
    found = shown(HUB, parameters=Parameters(draws=16, measure=AccessMeasure.NEAREST))
    assert change(found)["access"] == []
    assert len(change(found)["nearest_m"]) == 2


def test_a_tie_is_nowhere_on_the_map() -> None:
    found = shown(TIE)
    assert not found.is_anywhere
    assert found.bounds() is None
    assert shown(HUB).is_anywhere
    assert shown(REACH).is_anywhere


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((HUB,), "Access rises in "),
        ((CLOSE,), "Access falls in "),
        ((REACH,), "Access changes nowhere. Marked: "),
    ],
    ids=["opens", "closes", "reaches"],
)
def test_words_say_what_the_map_shows(changes: tuple[Change, ...], said: str) -> None:
    words = shown_words(shown(*changes))
    assert words.startswith(said)
    assert ("1 site that opens (+)" in words) == (HUB in changes)
    assert ("1 site that closes (\N{MULTIPLICATION SIGN})" in words) == (CLOSE in changes)


def test_areas_are_coloured_by_the_change_first_and_by_need_at_choice() -> None:
    made = WhatIfMap(shown(HUB), Urls("/shapes", "/values"))
    pieces = fragments(made)
    assert 'data-colours="change"' in pieces.html
    order = [pieces.script.index(f'"id":"{name}"') for name in ("change", *COLOURINGS)]
    assert order == sorted(order)
    assert all(words in made.legend for words in CLASSES)
    assert "Site that opens" in made.keys
    assert "Gap area as it was" in made.keys
    assert "Site that closes" not in made.keys
    assert "Gap area as it was" not in WhatIfMap(shown(REACH), Urls("a", "b")).keys


def test_a_hostile_name_stays_text() -> None:
    site = AddSite(name=HOSTILE, institution="institution:hospital", easting_m=X0 + 7_500, northing_m=Y0 + 1_000)
    found = shown(site)
    assert "<" not in what_if_json(found, 100_000)
    assert change(found)["sites"][0]["name"] == HOSTILE
    assert HOSTILE not in "".join((fragments(WhatIfMap(found, Urls("a", "b"))).html, shown_words(found)))
