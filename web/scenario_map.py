"""The map of a scenario's result, and its values."""

from __future__ import annotations

from markupsafe import Markup

from atlas.maps.what_if_map import Shown, WhatIfMap, shown_words, what_if_json
from atlas.what_if import PER, BoroughEffect, ScenarioResult, borough_rows
from web.maps import PAGES, PageMap, placed, urls_with
from web.payloads import JSON, Body


def values(found: ScenarioResult) -> Body:
    """The values of the map."""
    return Body(what_if_json(_shown(found), PER).encode(), JSON)


def inside(found: ScenarioResult) -> Markup:
    """The values of the map, to stand in the page."""
    return Markup(values(found).data.decode())  # noqa: S704 -- atlas.maps.text escapes


def result_map(found: ScenarioResult, address: str) -> PageMap | None:
    """The map of the page of a result; None where nothing that differs has a place.

    Parameters
    ----------
    found : ScenarioResult
        The result.
    address : str
        Of its values; ``#id`` where they are in the page.
    """
    shown = _shown(found)
    # a gap area or an institution of the scenario has no page
    urls = urls_with(address, {"borough": PAGES["borough"]})
    return placed(WhatIfMap(shown, urls)) if shown.is_anywhere else None


def map_words(found: ScenarioResult) -> str:
    """What the map shows."""
    return shown_words(_shown(found))


def by_borough(found: ScenarioResult) -> list[BoroughEffect]:
    """The same in rows."""
    return borough_rows(found, _shown(found).reached)


def _shown(found: ScenarioResult) -> Shown:
    return Shown(found.before, found.after, found.effects)
