"""What a reader does with the pages, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from atlas.snapshot import Atlas
from tests.browser.conftest import READY, back, overflow

OpenPage = Callable[..., Page]
BUDGET_BYTES = 600_000


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def zoom(page: Page) -> float:
    return float(page.evaluate("atlasMap.ready.then(() => atlasMap.map.getZoom())"))


def test_the_first_page_is_light_and_its_map_is_drawn(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    sizes = page.evaluate("performance.getEntries().map((entry) => entry.transferSize ?? 0)")
    assert 50_000 < sum(sizes) <= BUDGET_BYTES
    map_box, main = page.locator("#panel-map").bounding_box(), page.locator("#views").bounding_box()
    assert map_box is not None
    assert main is not None
    assert map_box["width"] >= 0.6 * main["width"]
    expect(page.locator("#atlas_map_message")).to_be_hidden()


def test_a_page_that_was_kept_still_runs(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    with page.expect_response(lambda answer: urlsplit(answer.url).path == "/") as answered:
        page.reload()
    page.wait_for_selector(READY)
    assert answered.value.status in {200, 304}


def test_an_entry_of_the_list_zooms_the_map(open_page: OpenPage, london: Atlas) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    before = zoom(page)
    entry = page.locator(".entry").nth(1)
    entry.hover()
    expect(entry).to_have_attribute("data-selected", "")
    entry.get_by_role("button").click()
    assert zoom(page) > before + 1
    assert page.evaluate("atlasMap.map.atlas.selected") == 1
    entry.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(london.gap_areas[1].name)


def test_choices_change_the_answer_and_the_address_in_place(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.evaluate("window.still = true")
    before = page.locator("h1").inner_text()
    revision = page.evaluate("atlasMap.map.atlas.values.revision")
    page.get_by_label("Catchment").focus()
    page.get_by_label("Catchment").select_option("2000")
    expect(page.locator("h1")).not_to_have_text(before)
    assert query(page) == {"catchment": ["2000"]}
    expect(page.locator(f'#views:not([data-values*="{revision}"])')).to_be_attached()
    assert page.evaluate("atlasMap.map.atlas.values.revision") != revision
    assert page.evaluate("window.still") is True
    assert "catchment=2000" in (page.locator(".entry a").first.get_attribute("href") or "")
    assert "catchment=2000" in page.evaluate("atlasMap.map.atlas.config.pages.borough")
    expect(page.get_by_label("Catchment")).to_be_focused()

    page.get_by_text("Anchors", exact=True).click()
    page.get_by_label("Further education").uncheck()
    expect(page.locator(".atlas-keys")).not_to_contain_text("Further education")
    assert query(page) == {"catchment": ["2000"], "sectors": ["health,higher_education,council"]}
    page.keyboard.press("Escape")
    expect(page.get_by_label("Further education")).to_be_hidden()
    changed = page.locator("h1").inner_text()

    page.reload()
    expect(page.locator("h1")).to_have_text(changed)
    back(page)
    expect(page.get_by_label("Catchment")).to_have_value("2000")
    expect(page.get_by_label("Further education")).to_be_checked()
    back(page)
    expect(page.locator("h1")).to_have_text(before)
    expect(page.get_by_label("Catchment")).to_have_value("4000")


def test_a_borough_narrows_the_list_and_moves_the_map(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    before = zoom(page)
    page.get_by_label("Where").select_option(label="Enfield")
    expect(page.locator("h1")).to_contain_text("of Enfield")
    expect(page.locator("#views[data-focus=E09000010]")).to_be_attached()
    assert zoom(page) > before
    assert set(page.locator(".entry-name .quiet").all_inner_texts()) == {"Enfield"}
    page.get_by_label("Where").select_option(label="All London")
    expect(page.locator("h1")).to_contain_text("of London")
    expect(page.locator("#views[data-focus='']")).to_be_attached()
    assert abs(zoom(page) - before) < 0.5
    assert page.evaluate("atlasMap.map.atlas.footprint") == ""


def test_no_sector_at_all_cannot_be_chosen(open_page: OpenPage) -> None:
    page = open_page("/?sectors=health")
    page.get_by_text("Anchors", exact=True).click()
    page.locator("fieldset [value=health]").uncheck()
    message = page.locator("fieldset [name=sectors]").first.evaluate("(box) => box.validationMessage")
    assert message == "Choose at least one sector."
    assert query(page) == {"sectors": ["health"]}


def test_map_and_table_are_tabs(open_page: OpenPage, london: Atlas) -> None:
    page = open_page("/")
    expect(page.get_by_role("tab")).to_have_count(2)
    page.get_by_role("tab", name="Map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#panel-map")).not_to_be_visible()
    rows = page.locator("#panel-table tbody tr")
    expect(rows).to_have_count(len(london.gap_areas))
    people = page.locator("#panel-table th").filter(has_text="People")
    people.locator("a").click()
    expect(people).to_have_attribute("aria-sort", "ascending")
    smallest = min(london.gap_areas, key=lambda area: area.population)
    expect(rows.first).to_contain_text(f"{smallest.population:,}")
    people.locator("a").click()
    expect(rows.first).to_contain_text(london.gap_areas[0].name)
    assert page.url.endswith("/#table")
    page.reload()
    expect(page.locator("#panel-table")).to_be_visible()


def test_other_tables_sort_by_buttons(open_page: OpenPage) -> None:
    page = open_page("/boroughs")
    page.get_by_role("button", name="Borough").click()
    expect(page.locator("tbody tr").first).to_contain_text("Barking and Dagenham")


PAGES = [
    "/",
    "/gaps",
    "/boroughs",
    "/boroughs/lewisham",
    "/institutions",
    "/networks",
    "/networks/lain",
    "/data",
    "/method",
]


@pytest.mark.parametrize("width", [390, 320, 640])
def test_nothing_scrolls_sideways(open_page: OpenPage, london: Atlas, width: int) -> None:
    page = open_page("/", width, 800)
    for path in [*PAGES, f"/gaps/{london.gap_areas[0].id}", "/institutions/barts-health-nhs-trust", "/search?q=lain"]:
        page.goto("/".join(page.url.split("/")[:3]) + path)
        assert overflow(page) <= 0, path


def test_on_a_phone_the_list_comes_first_and_the_map_is_a_tab(open_page: OpenPage) -> None:
    page = open_page("/", 390, 844)
    page.wait_for_selector(READY)
    expect(page.locator("#panel-list")).to_be_visible()
    expect(page.locator("#panel-map")).not_to_be_visible()
    page.get_by_role("tab", name="Map").click()
    expect(page.locator("#panel-map")).to_be_visible()
    expect(page.locator("#panel-list")).not_to_be_visible()
    box = page.locator("#atlas_map").bounding_box()
    assert box is not None
    assert box["width"] > 340
    assert box["height"] > 200
    assert overflow(page) <= 0
    page.get_by_role("tab", name="List").click()
    page.locator(".entry .rank").first.click()
    expect(page.locator("#panel-map")).to_be_visible()


def test_everything_is_reached_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "(({ id, className, tagName }) => id || (typeof className === 'string' && className) || tagName)"
                "(document.activeElement)"
            )
        )
    assert {"q", "in", "catchment", "share", "tab-map", "rank"} <= seen
    assert any("leaflet" in name or name == "atlas_map" for name in seen)
    page.goto(page.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_without_javascript_the_facts_are_there(open_page: OpenPage, london: Atlas) -> None:
    page = open_page("/", javascript=False)
    expect(page.locator("h1")).to_contain_text("need is among the highest fifth")
    expect(page.locator("#panel-table tbody tr")).to_have_count(len(london.gap_areas))
    expect(page.locator("#panel-table")).to_be_visible()
    expect(page.locator("#panel-map")).not_to_be_visible()
    expect(page.locator(".views noscript p")).to_be_visible()
    page.get_by_label("Catchment").select_option("2000")
    page.get_by_role("button", name="Show", exact=True).click()
    assert query(page)["catchment"] == ["2000"]
    expect(page.get_by_label("Catchment")).to_have_value("2000")
    page.get_by_role("link", name="People").click()
    expect(page.locator("th[aria-sort]").first).to_contain_text("People")


def test_a_brief_prints_on_one_page(open_page: OpenPage, london: Atlas) -> None:
    for area in (
        london.gap_areas[0],
        max(london.gap_areas, key=lambda area: len(area.networks) + len(area.programmes)),
        max(london.gap_areas, key=lambda area: len(area.local)),
    ):
        page = open_page(f"/gaps/{area.id}")
        page.wait_for_selector(READY)
        checked = page.get_by_text("Anchors last checked").last
        expect(checked).not_to_be_visible()
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
        page.emulate_media(media="print")
        expect(page.locator("h1")).to_contain_text(area.name)
        expect(page.locator(".nav")).not_to_be_visible()
        expect(checked).to_contain_text(re.compile(r"checked \d+ \w+ 2026\. Licences: .*Open Government Licence"))
        expect(checked).to_be_visible()


def test_a_brief_shows_its_area(open_page: OpenPage, london: Atlas) -> None:
    area = london.gap_areas[0]
    page = open_page(f"/gaps/{area.id}")
    page.wait_for_selector(READY)
    assert page.evaluate("atlasMap.map.atlas.selected") == 0
    assert zoom(page) > 11


def test_the_share_link_is_the_view(open_page: OpenPage) -> None:
    page = open_page("/?in=Lewisham&catchment=4000&utm_source=letter")
    page.get_by_text("Share this view").click()
    expect(page.locator("#shared")).not_to_be_empty()
    assert query(page) == {"in": ["E09000023"]}
