"""Scenarios of the toy world as addresses carry them, and the words of a page."""

from __future__ import annotations

import json
import re
from typing import Any

from atlas.gaps.scenario.changes import Scenario
from tests.toy import EAST, X0, Y0
from web.scenario_address import packed

HUB: dict[str, Any] = {
    "do": "add_site",
    "name": "East Hub",
    "institution": "Western Hospital",
    "easting_m": X0 + 7_500,
    "northing_m": Y0 + 1_000,
}
REACH: dict[str, Any] = {"do": "extend_network", "network": "network:west", "places": [EAST]}
TIE: dict[str, Any] = {
    "do": "add_tie",
    "source": "institution:council",
    "relation": "member_of",
    "target": "network:all",
}


def document(*changes: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"name": "A question", "changes": list(changes), **given}


def address(*changes: dict[str, Any], **given: Any) -> str:
    text = json.dumps(document(*changes, **given))
    return packed(Scenario.model_validate_json(text))


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())
