"""The single map and what goes with it: its table in order, drawing by keys, marks that can be pressed, own colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.settings import Settings
from tests.browser.conftest import opening, overflow, serving, until
from tests.land import inputs_with, land
from tests.toy import toy_atlas
from web import create_app
from web.opportunities import FIRST

OpenPage = Callable[..., Page]
PAIRS = 14
RANKS = "tbody tr:visible > td:first-child"


def drawn(page: Page) -> None:
    page.wait_for_selector("html[data-estate-ready]", state="attached")


def land_of(page: Page) -> list[str]:
    return page.locator(".estate-table tbody td[data-words='Land, ha']").all_inner_texts()


@pytest.fixture(scope="module")
def shared_server() -> Iterator[str]:
    """Address of a toy world with more pairs of places that could be shared than a table shows at once."""
    rows = []
    for number in range(PAIRS):
        x, y = 500 + 1_000 * (number % 7), 500 + 1_000 * (number // 7)
        rows.append({"id": f"library{number:02}", "at": (x, y), "use": "library", "status": "in_use"})
        rows.append({"of": "hospital", "id": f"clinic{number}", "at": (x + 60, y), "use": "health", "status": "in_use"})
    with serving(create_app(Settings(), replace(toy_atlas(), inputs=inputs_with(land(*rows))))) as address:
        yield address


@pytest.fixture
def open_shared(browser: Browser, shared_server: str) -> Iterator[OpenPage]:
    with opening(browser, shared_server) as open_:
        yield open_


@pytest.mark.parametrize("width", [1280, 390])
def test_the_table_is_put_in_order_and_focus_tab_and_choices_stay(open_estate: OpenPage, width: int) -> None:
    page = open_estate("/estate?owner=council#table", width, 844)
    heading = page.locator(".estate-table th").filter(has_text="Land, ha")
    before = land_of(page)
    heading.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(heading.get_by_role("link")).to_be_focused()
    expect(page).to_have_url(re.compile(r"owner=council&sort=land#table$"))
    known = [float(cell) for cell in land_of(page) if cell]
    assert known == sorted(known)
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert [float(cell) for cell in land_of(page) if cell] == known[::-1]
    expect(page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
    assert overflow(page) <= 0
    page.get_by_label("Find").fill("council")
    page.get_by_label("Find").press("Enter")
    expect(page).to_have_url(re.compile(r"find=council&sort=-land"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"owner=council&sort=-land#table$"))
    page.get_by_role("link", name="Not in use first, then the largest").click()
    expect(page.locator(".estate-table [aria-sort]")).to_have_count(0)
    assert land_of(page) == before


def test_the_table_is_turned_over_where_it_is(open_estate: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.estate.PAGE_ROWS", 4)
    page = open_estate("/estate?sort=-floor#table")
    page.locator("#panel-table").get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"sort=-floor&page=2#table$"))
    expect(page.locator("#panel-table .scroll")).to_be_focused()
    expect(page.locator(".estate-table [aria-sort=descending]")).to_have_text("Floor, m²")


def test_without_javascript_the_table_is_put_in_order_too(open_estate: OpenPage) -> None:
    page = open_estate("/estate", javascript=False)
    page.locator(".estate-table").get_by_role("link", name="Land, ha").click()
    known = [float(cell) for cell in land_of(page) if cell]
    assert known == sorted(known)
    expect(page.locator(".estate-table [aria-sort=ascending]")).to_have_text("Land, ha")


def test_the_focus_stays_when_the_area_goes(open_estate: OpenPage) -> None:
    page = open_estate("/estate?area=-0.04,51.50,-0.03,51.50,-0.03,51.51")
    drawn(page)
    clear = page.locator(".estate-tools").get_by_role("button", name="No area")
    clear.focus()
    page.keyboard.press("Enter")
    expect(clear).to_be_hidden()
    expect(page.get_by_role("button", name="Draw an area")).to_be_focused()


def test_the_middle_is_marked_for_keys_and_not_for_the_pointer(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    cross = page.locator(".estate-cross")
    draw = page.locator(".estate-tools button").first
    draw.focus()
    page.keyboard.press("Enter")
    expect(cross).to_have_css("display", "block")
    assert page.evaluate("""() => {
      const map = document.getElementById("atlas_map").getBoundingClientRect();
      const cross = document.querySelector(".estate-cross").getBoundingClientRect();
      return Math.hypot(map.x + map.width / 2 - cross.x, map.y + map.height / 2 - cross.y);
    }""") == pytest.approx(0, abs=1)
    page.keyboard.press("Escape")
    expect(cross).to_have_css("display", "none")
    draw.click()
    box = page.locator("#atlas_map").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
    expect(cross).to_have_css("display", "none")
    page.keyboard.press("ArrowLeft")
    expect(cross).to_have_css("display", "block")
    page.mouse.move(box["x"] + 200, box["y"] + 220)
    expect(cross).to_have_css("display", "none")


def test_the_ring_of_the_map_lies_over_all_that_moves(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.locator(".estate-tools button").first.focus()
    page.keyboard.press("Enter")
    ring = page.evaluate("""() => {
      const map = document.getElementById("atlas_map");
      const { zIndex, boxShadow, inset, pointerEvents } = getComputedStyle(map, "::after");
      const panes = [...map.children].map((one) => Number(getComputedStyle(one).zIndex) || 0);
      return { over: Number(zIndex) > Math.max(...panes), boxShadow, inset, pointerEvents };
    }""")
    assert ring["over"]
    assert "inset" in ring["boxShadow"]
    assert (ring["inset"], ring["pointerEvents"]) == ("0px", "none")


def test_sorting_is_by_all_opportunities_and_the_first_of_them_are_shown(open_shared: OpenPage) -> None:
    page = open_shared("/estate/opportunities")
    table = page.locator("section:has(#share) .opportunities")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(PAIRS)
    assert table.locator(RANKS).count() == FIRST
    where = table.get_by_role("button", name="Where")
    where.click()
    where.click()
    expect(rows.locator("th").first).to_contain_text(f"Library{PAIRS - 1}")
    assert table.locator(RANKS).count() == FIRST
    page.get_by_label("Only rows with").fill("library00")
    expect(rows.filter(visible=True)).to_have_count(1)
    page.get_by_label("Only rows with").fill("")
    page.get_by_text(f"Show all {PAIRS}, not only the first {FIRST}").click()
    expect(rows.filter(visible=True)).to_have_count(PAIRS)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_mark_is_pressed_by_24_pixels_and_the_nearest_is_meant(open_shared: OpenPage, width: int) -> None:
    page = open_shared("/estate/opportunities", width, 844)
    marks = page.locator(".opportunities-map a")
    sizes = marks.evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    )
    assert len(sizes) == PAIRS
    assert min(sizes) >= 24
    for number in (0, PAIRS - 1):
        mark = marks.nth(number)
        box = mark.locator("circle").last.bounding_box()
        anchor = mark.get_attribute("href")
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2 + 2, box["y"] + box["height"] / 2)
        until(page, f"location.hash === '{anchor}'")
        expect(page.locator(str(anchor))).to_be_visible()
        page.evaluate("scrollTo(0, 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_that_mean_something_stay_under_the_readers_own(
    browser: Browser, server: str, estate_server: str, shared_server: str, scheme: str
) -> None:
    context = browser.new_context(forced_colors="active", color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()

    def ground(selector: str) -> str:
        return str(page.locator(selector).first.evaluate("(one) => getComputedStyle(one).backgroundColor"))

    page.goto(server + "/siting")
    assert ground(".siting-key-reached") not in {"rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    page.goto(estate_server + "/estate")
    assert ground("#estate-groups .estate-kind-0") == "rgb(29, 95, 168)"
    page.goto(shared_server + "/estate/opportunities")
    assert ground(".mark-key-share") == "rgb(29, 112, 184)"
    assert ground(".mark-key-spare") == "rgb(138, 31, 17)"
    assert ground(".opportunities-map") == "rgb(255, 255, 255)"
    context.close()
