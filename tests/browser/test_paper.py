"""Pages on A4: what the screen shows is on the paper, all of it, and the screen is as it was afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from atlas.snapshot import Atlas
from tests.browser.conftest import READY, overflow

OpenPage = Callable[..., Page]

PAPER_PX = 703
"""A4 less its margins."""

WATCH = """() => addEventListener("beforeprint", () => {
  const { map } = atlasMap, box = map.getContainer(), seen = map.getBounds();
  globalThis.paper = {
    width: box.clientWidth,
    size: [map.getSize().x, box.clientWidth],
    holds: seen.contains(map.atlas.fitted),
    within: document.querySelector(".atlas-canvas").getBoundingClientRect().width / box.clientWidth,
    layered: [...document.querySelectorAll(".atlas-canvas")].every((one) => getComputedStyle(one).opacity < 1),
  };
})"""
WHERE = "[atlasMap.map.getZoom(), atlasMap.map.getCenter().lat, atlasMap.map.getContainer().clientWidth]"


def on_paper(page: Page) -> dict[str, Any]:
    """How the map stood when the page was printed; the screen must be as it was."""
    page.wait_for_selector(READY)
    page.evaluate(WATCH)
    before = page.evaluate(WHERE)
    page.pdf(format="A4", prefer_css_page_size=True)
    assert page.evaluate(WHERE) == pytest.approx(before, abs=0.001)
    found: dict[str, Any] = page.evaluate("paper")
    return found


@pytest.mark.parametrize("path", ["/", "/networks/lain", "/boroughs/lewisham", "/gaps/{area}"])
def test_all_of_a_map_is_on_the_paper(open_page: OpenPage, london: Atlas, path: str) -> None:
    found = on_paper(open_page(path.format(area=london.gap_areas[0].id)))
    assert found["width"] <= PAPER_PX
    assert found["size"][0] == found["size"][1]
    assert found["holds"]
    # else the clearing of one canvas would take away those under it
    assert found["layered"]


def test_all_of_the_estates_map_is_on_the_paper(open_estate: OpenPage) -> None:
    found = on_paper(open_estate("/estate"))
    assert found["width"] <= PAPER_PX
    assert found["holds"]


def test_where_a_reader_has_gone_is_on_the_paper(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.evaluate("atlasMap.map.setView([51.46, -0.01], 13, { animate: false }); atlasMap.map.atlas.moved = true")
    page.evaluate("globalThis.seen = atlasMap.map.getBounds()")
    page.evaluate("""() => addEventListener("beforeprint", () => {
      globalThis.all = atlasMap.map.getBounds().pad(0.001).contains(seen);
    })""")
    assert on_paper(page)["width"] <= PAPER_PX
    assert page.evaluate("all")
    assert page.evaluate("atlasMap.map.atlas.moved")


@pytest.mark.parametrize(
    "path",
    [
        "/siting",
        "/gaps",
        "/boroughs",
        "/boroughs/lewisham",
        "/networks/lain",
        "/graph/measures",
        "/compare",
        "/progress",
    ],
)
def test_no_table_is_cut_off_by_the_paper(open_page: OpenPage, path: str) -> None:
    page = open_page(path, PAPER_PX, 1000)
    page.emulate_media(media="print")
    assert overflow(page) <= 0
    cut = "(all) => all.filter((one) => getComputedStyle(one).overflowX !== 'visible').length"
    assert page.locator(".scroll").evaluate_all(cut) == 0


def test_the_table_of_a_scenario_is_not_cut_off_by_the_paper(open_page: OpenPage) -> None:
    page = open_page("/scenarios", PAPER_PX, 1000)
    page.locator(".what-if-example h3 a").first.click()
    table = page.locator(".what-if-areas")
    table.wait_for()
    page.emulate_media(media="print")
    assert overflow(page) <= 0
    box = table.bounding_box()
    assert box is not None
    assert box["width"] <= PAPER_PX
    assert page.locator(".scroll").first.evaluate("(one) => getComputedStyle(one).overflowX") == "visible"


INK = """() => {
  const { width, height } = document.querySelector(".graph-picture");
  const dots = document.querySelector(".graph-picture").getContext("2d").getImageData(0, 0, width, height).data;
  return dots.filter((_, place) => place % 4 === 3 && dots[place]).length / (width * height);
}"""
"""Share of the picture that is drawn on."""


def test_the_drawing_of_the_graph_is_on_the_paper_and_leaves_the_screen_as_it_was(open_page: OpenPage) -> None:
    page = open_page("/graph?node=network:lain")
    page.wait_for_selector("html[data-graph-ready]")
    picture = page.locator(".graph-picture")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert 0.01 < page.evaluate(INK) < 0.5
    expect(picture).to_be_hidden()
    page.emulate_media(media="print")
    expect(picture).to_be_visible()
    expect(page.locator("#drawing")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert picture.evaluate("({ width, height }) => width + height") == 0
    expect(page.locator("#drawing")).to_be_visible()


def test_the_graph_leaves_its_map_and_its_words_on_the_paper(open_page: OpenPage) -> None:
    page = open_page("/graph?node=network:lain")
    found = on_paper(page)
    assert found["width"] <= PAPER_PX
    assert found["holds"]
    page.emulate_media(media="print")
    about, after = (page.locator(one).bounding_box() for one in ("#about", "#evolutions"))
    assert about is not None
    assert after is not None
    assert 0 < about["y"] + about["height"] <= after["y"]
    # or a page may end in the middle of the map
    assert page.locator(".graph-map").evaluate("(one) => getComputedStyle(one).breakInside") == "avoid"
    assert not page.locator("#drawing").is_visible()
