"""A scenario is built, run, shared and sent as a file, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from atlas.snapshot import Atlas
from tests.browser.conftest import READY, overflow

OpenPage = Callable[..., Page]
EXAMPLES = Path(__file__).parents[2] / "docs" / "scenarios"


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (390, False)], ids=["wide", "narrow-plain"])
def test_a_site_is_opened_where_a_gap_is(open_page: OpenPage, london: Atlas, width: int, javascript: bool) -> None:  # noqa: FBT001
    area = london.gap_areas[0]
    page = open_page(f"/gaps/{area.id}", width=width, javascript=javascript)
    page.get_by_role("link", name="What if a site opened here?").click()
    expect(page.get_by_label("Easting")).to_have_value(str(round(area.centre[0])))
    page.get_by_label("Name of the site").fill("A new hub")
    page.locator("#institution").fill("Hub Trust")
    page.locator("#sector").select_option("health")
    page.locator("#add_site").get_by_role("button", name="Add").click()
    expect(page.locator(".what-if-list li")).to_contain_text("A new hub opens at")
    page.locator("#scenario-name").fill("A hub in the largest gap")
    page.locator("#about").fill("What then?")
    if not javascript:
        assert overflow(page) == 0
    page.locator("#scenario-form").get_by_role("button", name="See what would change").click()
    expect(page.locator("h1")).to_contain_text("people gain access to anchors and nobody loses any")
    expect(page.locator(".what-if-areas")).to_contain_text(area.name)
    assert overflow(page) == 0
    address = urlsplit(page.url)
    shared = open_page(f"{address.path}?{address.query}")
    expect(shared.locator("h1")).to_have_text(page.locator("h1").inner_text())
    expect(shared.locator("main")).to_contain_text("A hub in the largest gap")


def result(open_page: OpenPage, width: int = 1280, *, javascript: bool = True) -> Page:
    """The page of the first example's result."""
    page = open_page("/scenarios", width, javascript=javascript)
    page.locator(".what-if-example h3 a").first.click()
    if javascript:
        page.wait_for_selector(READY, state="attached")
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_a_map_shows_where_a_scenario_changes_london(open_page: OpenPage, width: int) -> None:
    page = result(open_page, width)
    expect(page.locator("#where + p")).to_contain_text("Access falls in")
    expect(page.locator(".atlas-frame")).to_have_attribute("data-colours", "change")
    mark = page.get_by_role("button", name="Closes: ")
    assert page.evaluate("atlasMap.map.getBounds().contains(atlasMap.map.atlas.values.change.sites[0].at)")
    # all of what changes, not all of London
    assert page.evaluate("atlasMap.map.getZoom()") > page.evaluate(
        "atlasMap.map.getBoundsZoom(atlasMap.map.atlas.config.bounds)"
    )
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".atlas-panel")).to_contain_text("Closes in this scenario")
    assert overflow(page) == 0


def test_an_area_says_what_it_had_before(open_page: OpenPage) -> None:
    page = result(open_page)
    page.evaluate("atlasMap.map.fire('atlas:open', { area: atlasMap.map.atlas.values.change.at[0], pans: true })")
    expect(page.locator(".atlas-facts dt").first).to_contain_text("Access, per 100,000 people")
    expect(page.locator(".atlas-facts dd").first).to_contain_text("before")
    page.evaluate("atlasMap.map.fire('atlas:open', { area: atlasMap.map.atlas.values.change.at[0] - 1, pans: true })")
    expect(page.locator(".atlas-facts dd").first).to_have_text("as before")


def test_the_maps_view_is_in_the_address_of_a_result(open_page: OpenPage) -> None:
    page = result(open_page)
    page.locator(".atlas-layers > summary").click()
    page.get_by_label("Areas coloured by").select_option(label="Need and anchors")
    page.get_by_label("Gap areas as they were").uncheck()
    expect(page).to_have_url(re.compile("hide=gap-areas-as-they-were.*colours=need|colours=need.*hide=gap-areas"))
    again = open_page(page.url.removeprefix(page.evaluate("location.origin")))
    again.wait_for_selector(READY, state="attached")
    expect(again.locator(".atlas-frame")).to_have_attribute("data-colours", "need")


def test_without_javascript_tables_stand_for_the_map(open_page: OpenPage) -> None:
    page = result(open_page, 390, javascript=False)
    expect(page.locator(".what-if-map")).to_be_hidden()
    assert "The map needs JavaScript" in page.content()
    expect(page.locator(".what-if-boroughs")).to_contain_text("Croydon")


def test_a_file_is_sent_and_its_table_sorts(open_page: OpenPage) -> None:
    page = open_page("/scenarios")
    page.get_by_label("Scenario file").set_input_files(EXAMPLES / "northolt-hub.json")
    page.locator("section", has_text="Or send a file").get_by_role("button").last.click()
    expect(page.locator("#changes")).to_have_text("A council and health hub in Northolt")
    assert "scenario=" in page.url
    page.locator(".what-if-areas").get_by_role("button", name="People").click()
    expect(page.locator(".what-if-areas th[aria-sort]")).to_contain_text("People")
    with page.expect_download() as found:
        page.get_by_role("link", name="Scenario file").click()
    assert found.value.suggested_filename.startswith("atlas-scenario-")
