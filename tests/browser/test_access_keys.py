"""Everyone can use every page: by keyboard, on a narrow screen, enlarged, and with less movement."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.snapshot import Atlas
from tests.browser.conftest import READY, overflow, until
from tests.browser.test_access import ESTATE, PAGES

OpenPage = Callable[..., Page]

VISIBLE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
}"""


def tabbed(page: Page, most: int) -> list[str]:
    """Press Tab so often; gives what had the focus each time, by id, class or name."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("(({ id, classList, tagName }) => id || classList[0] || tagName)(document.activeElement)")
        )
    return seen


@pytest.mark.parametrize("path", ["/", "/gaps", "/graph/chains", "/data", "/icss"])
def test_the_first_key_skips_to_the_content(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", ["/", "/boroughs/lewisham", "/scenarios", "/graph/measures"])
def test_what_has_the_focus_is_seen(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert page.evaluate(VISIBLE), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_the_order_of_the_keys_is_that_of_the_page(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    seen = tabbed(page, 24)
    order = [seen.index(one) for one in ("q", "in", "release", "catchment", "share", "tab-map")]
    assert order == sorted(order)
    assert seen[1:4] == ["govuk-service-navigation__link"] * 3


def test_the_table_behind_the_map_is_reached_sorted_and_read_by_keyboard(open_page: OpenPage, london: Atlas) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.get_by_role("tab", name="Map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel-table tbody tr")).to_have_count(len(london.gap_areas))
    people = page.locator("#panel-table th").filter(has_text="People")
    people.locator("a").focus()
    page.keyboard.press("Enter")
    expect(people).to_have_attribute("aria-sort", "ascending")
    page.locator("#panel-table tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/gaps/"))


def test_markers_of_the_map_are_reached_and_opened_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    badge = page.locator(".atlas-badge").first
    expect(badge).to_have_attribute("tabindex", "0")
    expect(badge).to_have_accessible_name(re.compile("people"))
    badge.focus()
    page.keyboard.press("Enter")
    until(page, "atlasMap.map.atlas.selected === 0")


def test_the_menu_of_a_narrow_screen_opens_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/gaps", 390, 844)
    menu, doors = page.get_by_role("button", name="Menu"), page.get_by_role("navigation", name="Main")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(doors.get_by_role("link", name="Map our estate")).not_to_be_visible()
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(doors.get_by_role("link", name="Map our estate")).to_be_visible()
    expect(doors.get_by_role("link", name="Find gaps")).to_have_attribute("aria-current", "true")


def test_without_javascript_every_door_is_open_on_a_narrow_screen(open_page: OpenPage) -> None:
    page = open_page("/", 390, 844, javascript=False)
    doors = page.get_by_role("navigation", name="Main")
    for name in ("Find gaps", "Map our estate", "Get the graph", "Networks", "Method"):
        expect(doors.get_by_role("link", name=name)).to_be_visible()
    # what shows a place on the map is no button where there is no map
    expect(page.locator(".entry .rank").first).to_be_hidden()
    expect(page.locator(".entry .rank-said").first).to_have_text("1")
    expect(page.locator(".entry .rank-said").first).to_be_visible()


@pytest.mark.parametrize("width", [320, 640])
def test_no_page_scrolls_sideways_narrow_or_at_twice_the_size(
    open_page: OpenPage, open_estate: OpenPage, london: Atlas, width: int
) -> None:
    page = open_page("/", width, 450)
    origin = page.url.rstrip("/")
    for path in [*PAGES, f"/gaps/{london.gap_areas[0].id}"]:
        page.goto(origin + path)
        assert overflow(page) <= 0, path
    page = open_estate("/estate", width, 450)
    origin = page.url.removesuffix("/estate")
    for path in ESTATE:
        page.goto(origin + path)
        assert overflow(page) <= 0, path


def test_nothing_moves_for_those_who_ask_for_less_movement(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    still = "[...document.querySelectorAll('*')].every((one) => getComputedStyle(one).animationName === 'none')"
    assert page.evaluate(still)
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("atlasMap.map.options.zoomAnimation") is False


@pytest.mark.parametrize("path", ["/", "/gaps", "/icss", "/estate/imports"])
def test_words_and_places_are_the_same_on_every_page(browser: Browser, server: str, path: str) -> None:
    page = browser.new_page()
    page.goto(server + path)
    doors = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    assert doors == [
        "Find gaps", "Map our estate", "Get the graph", "Networks", "Institutions", "Boroughs", "Data", "Method",
    ]  # fmt: skip
    assert page.locator("h1").count() == 1
    page.close()


def test_a_map_has_its_summary_and_its_table_on_the_same_page(open_page: OpenPage, london: Atlas) -> None:
    for path in ("/", "/boroughs/lewisham", "/icss/north-east-london", f"/gaps/{london.gap_areas[0].id}"):
        page = open_page(path)
        expect(page.locator(".lead").first).not_to_be_empty()
        assert page.locator("table.sortable tbody tr").count() > 0, path


def test_what_is_pressed_is_large_enough(open_page: OpenPage) -> None:
    page = open_page("/", 390, 844)
    for target in page.locator(".band a, .band button, .entry .rank, .tabs button, .choice select").all():
        if (box := target.bounding_box()) is not None:
            assert min(box["width"], box["height"]) >= 24, target.inner_text()


def test_a_long_table_is_filtered_by_what_is_typed(open_page: OpenPage) -> None:
    page = open_page("/boroughs")
    rows = page.locator("main tbody tr:visible")
    everyone = rows.count()
    page.get_by_label("Only rows with").fill("barking 185")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text=f"1 of {everyone}")).to_be_visible()
    page.get_by_label("Only rows with").fill("")
    expect(rows).to_have_count(everyone)
