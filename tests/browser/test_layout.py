"""Pages under the reader's own spacing and colours, on a narrow screen, and from one page of a section to the next."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from atlas.snapshot import Atlas
from tests.browser.conftest import READY, overflow

OpenPage = Callable[..., Page]

SPACED = """() => {
  for (const { style } of document.querySelectorAll("*")) {
    style.setProperty("line-height", "1.5", "important");
    style.setProperty("letter-spacing", ".12em", "important");
    style.setProperty("word-spacing", ".16em", "important");
  }
  for (const { style } of document.querySelectorAll("p")) style.setProperty("margin-bottom", "2em", "important");
}"""
"""WCAG 2.2, 1.4.12."""


@pytest.mark.parametrize("width", [320, 1152, 1200, 1280, 1366, 1440])
def test_wider_spacing_pushes_nothing_off_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page("/about", width)
    band = page.locator(".band").bounding_box()
    assert band is not None
    assert width < 1000 or band["height"] < 60
    page.evaluate(SPACED)
    assert overflow(page) <= 0


CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const words = (list) => list.selectedOptions[0].textContent.trim();
  const isCut = (list) => {
    const style = getComputedStyle(list);
    Object.assign(pen, { font: style.font, letterSpacing: style.letterSpacing, wordSpacing: style.wordSpacing });
    const room = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return innerWidth > 400 && pen.measureText(words(list)).width > room + 1;
  };
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.offsetParent);
  const lists = seen("select").filter(isCut).map(words);
  const opened = seen(".chosen").filter((one) => one.scrollWidth > one.clientWidth + 1);
  return [...lists, ...opened.map((one) => one.textContent)];
}"""
"""What is chosen and has not the room for its words; a list of choices cannot wrap them on the narrowest screen."""


@pytest.mark.parametrize("path", ["/", "/siting", "/graph", "/estate", "/compare", "/compare/boroughs"])
@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_chosen_can_be_read_at_any_spacing(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(path, width)
    assert page.locator("select:visible").count()
    for _ in range(2):
        assert page.evaluate(CUT) == []
        page.evaluate(SPACED)


def test_a_scenario_fits_the_narrowest_screen(open_page: OpenPage) -> None:
    page = open_page("/scenarios", 320, 800)
    page.locator(".what-if-example h3 a").first.click()
    page.locator("#london").wait_for()
    assert overflow(page) <= 0


def edges(region: Locator) -> tuple[bool, bool]:
    """Whether the left and the right edge of a region are in shadow."""
    picture = Image.open(BytesIO(region.screenshot())).convert("L")
    # above the words of the heading, which stand at its foot
    row = picture.crop((0, 3, picture.width, 4)).tobytes()
    return min(row[:3]) < 230, min(row[-3:]) < 230


@pytest.mark.parametrize("path", ["/siting", "/boroughs/lewisham"])
def test_a_table_that_goes_on_says_so_at_its_edge(open_page: OpenPage, path: str) -> None:
    page = open_page(path, 390, 800)
    region = page.locator(".scroll").first
    assert region.evaluate("(one) => one.scrollWidth > one.clientWidth")
    assert edges(region) == (False, True)
    region.evaluate("(one) => one.scrollTo(40, 0)")
    assert edges(region) == (True, True)
    region.evaluate("(one) => one.scrollTo(one.scrollWidth, 0)")
    assert edges(region) == (True, False)


@pytest.mark.parametrize(("path", "width"), [("/gaps", 1440), ("/graph/export", 1280)])
def test_a_table_that_fits_has_no_shadow(open_page: OpenPage, path: str, width: int) -> None:
    # at 1,280 px the page's edge lies between two pixels
    page = open_page(path, width)
    assert edges(page.locator(".scroll").first) == (False, False)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_what_colours_told_is_told_by_edges_in_the_systems_colours(
    open_page: OpenPage, london: Atlas, scheme: str
) -> None:
    page = open_page(f"/gaps/{london.gap_areas[0].id}")
    page.wait_for_selector(READY)
    page.emulate_media(forced_colors="active", color_scheme="dark" if scheme == "dark" else "light")

    def style(selector: str, name: str) -> str:
        return str(page.locator(selector).first.evaluate(f"(one) => getComputedStyle(one).{name}"))

    assert style(".search input", "borderTopWidth") == "1px"
    here = style(".govuk-service-navigation__item--active", "borderBottomColor")
    other = style(".govuk-service-navigation__item:not(.govuk-service-navigation__item--active)", "borderBottomColor")
    assert here != other
    assert style(".atlas-keys", "backgroundColor") == "rgb(255, 255, 255)"
    assert style(".trials", "backgroundColor") == "rgb(255, 255, 255)"
    page.goto("/".join(page.url.split("/")[:3]) + "/siting")
    assert style(".govuk-button", "borderTopStyle") == "solid"
    assert style(".govuk-button", "borderTopWidth") == "1px"


def test_what_is_to_be_pressed_is_large_enough(open_page: OpenPage, london: Atlas) -> None:
    page = open_page(f"/gaps/{london.gap_areas[0].id}")
    box = page.locator("[data-print]").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


GRAPH = ["", "/measures", "/chains", "/changes", "/serves", "/bridges", "/export"]
ESTATE = ["", "/opportunities", "/imports"]


def places(page: Page, paths: list[str]) -> set[tuple[float, float, float]]:
    """Where the tabs of a section and the heading under them begin."""
    found = set()
    origin = "/".join(page.url.split("/")[:3])
    for path in paths:
        page.goto(origin + path)
        tabs, heading = page.locator(".subnav").bounding_box(), page.locator("h1").bounding_box()
        assert tabs is not None
        assert heading is not None
        found.add((tabs["x"], tabs["height"], heading["x"]))
    return found


@pytest.mark.parametrize("width", [1280, 1600])
def test_the_tabs_of_a_section_stay_where_they_are(open_page: OpenPage, open_estate: OpenPage, width: int) -> None:
    graph = [*(f"/graph{path}" for path in GRAPH), "/progress"]
    assert len(places(open_page("/about", width), graph)) == 1
    assert len(places(open_estate("/about", width), [f"/estate{path}" for path in ESTATE])) == 1
