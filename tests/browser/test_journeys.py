"""The three journeys of the README, each from its first page to what it is for, by keyboard alone, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pyogrio
import pytest
from playwright.sync_api import Page, expect

from atlas.snapshot import Atlas
from tests.browser.conftest import READY, overflow

OpenPage = Callable[..., Page]

MOST_KEYS = 200
SCREENS = pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what is wanted, a selector, has the focus; it must then be seen."""
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            expect(page.locator(":focus")).to_be_in_viewport()
            return
    raise AssertionError(f"{wanted} was not reached in {MOST_KEYS} keys")


def follow(page: Page, wanted: str) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def kept(page: Page, wanted: str, folder: Path) -> Path:
    """Follow a link that downloads, and keep the file."""
    with page.expect_download() as waiting:
        follow(page, wanted)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def fits(page: Page) -> None:
    """Nothing stands out of the screen sideways, once all styles are there."""
    page.wait_for_load_state()
    assert overflow(page) <= 0


@SCREENS
def test_a_working_group_finds_where_to_go_first(open_page: OpenPage, london: Atlas, width: int, height: int) -> None:
    first = london.gap_areas_in("E09000023")[0]
    page = open_page("/", width, height)
    page.wait_for_selector(READY)
    tab_to(page, "#choices select[name=in]")
    page.keyboard.type("Lewisham")
    expect(page.locator("h1")).to_contain_text("Lewisham")
    expect(page).to_have_url(re.compile(r"\?in=E09000023"))
    fits(page)
    follow(page, ".entry-name a")
    expect(page.locator("h1")).to_contain_text(first.name)
    expect(page.get_by_role("heading", name="How sure are we?")).to_be_visible()
    expect(page.get_by_role("heading", name="Who could take a seat")).to_be_visible()
    fits(page)
    tab_to(page, "a[href$='.pdf'], [data-print]")


@SCREENS
def test_a_council_takes_the_land_it_asked_for(open_estate: OpenPage, tmp_path: Path, width: int, height: int) -> None:
    page = open_estate("/estate", width, height)
    page.wait_for_selector("html[data-estate-ready]", state="attached")
    tab_to(page, "#find")
    page.keyboard.type("e1 1bj")
    page.keyboard.press("Enter")
    expect(page.locator("#total-assets")).to_have_text("1")
    fits(page)
    land = kept(page, "#panel-list a[href*='.gpkg']", tmp_path)
    assert pyogrio.read_info(land)["features"] == 1
    follow(page, "a[href*='/estate/opportunities']")
    expect(page).to_have_url(re.compile("/estate/opportunities"))
    fits(page)


@SCREENS
def test_a_researcher_takes_the_graph(
    open_page: OpenPage, london: Atlas, tmp_path: Path, width: int, height: int
) -> None:
    page = open_page("/", width, height)
    page.wait_for_selector(READY)
    follow(page, "#doors h2 a[href^='/graph']")
    expect(page).to_have_url(re.compile("/graph"))
    page.wait_for_selector("html[data-graph-ready]", state="attached")
    follow(page, "a[href^='/graph/export']")
    expect(page.locator("h1")).to_have_text("Download the graph")
    fits(page)
    graph = nx.read_graphml(kept(page, "a[href$='.graphml']", tmp_path))
    assert len(graph) == len(london.inputs.graph)
