"""England in the browser: the map opens, is coloured, answers pointer and keyboard, and a choice sends values alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.pipeline import load, load_inputs
from atlas.settings import Settings
from atlas.vocabulary import Release
from tests.browser.conftest import READY, opening, serving, until
from tests.browser.test_access import check
from tests.browser.test_access_said import LISTEN, heard
from web import create_app
from web.england import prepare

Open = Callable[..., Page]
BIRMINGHAM = {"lat": 52.4796, "lng": -1.9026}
SEA = {"lat": 54.0, "lng": 2.5}


@pytest.fixture(scope="module")
def england_server(england_workspace: Path) -> Iterator[str]:
    """Address of an atlas with all of England under the index of 2025."""
    settings = Settings(workspace=england_workspace)
    app = create_app(settings, load(settings), [load_inputs(settings, Release.ESTIMATE)])
    prepare(app, [Release.IOD2025])
    with serving(app) as address:
        yield address


@pytest.fixture
def open_england(browser: Browser, england_server: str) -> Iterator[Open]:
    with opening(browser, england_server) as open_:

        def open_ready(path: str = "/england", width: int = 1280, height: int = 900) -> Page:
            page = open_(path, width, height)
            page.wait_for_selector(READY, state="attached")
            return page

        yield open_ready


def colours(page: Page) -> int:
    """How many colours of the palette the tiles show."""
    return int(
        page.evaluate(
            """() => {
              const palette = englandMap.view.grid.options.palette;
              const seen = new Set();
              for (const tile of document.querySelectorAll("canvas.atlas-tile")) {
                if (!tile.width) continue;
                const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
                for (let at = 0; at < data.length; at += 4) {
                  if (data[at + 3] < 255) continue;
                  seen.add("#" + [0, 1, 2].map((part) => data[at + part].toString(16).padStart(2, "0")).join(""));
                }
              }
              return palette.filter((colour) => seen.has(colour)).length;
            }"""
        )
    )


def place(page: Page, at: dict[str, float]) -> tuple[float, float]:
    """Where a place on the earth is on the screen."""
    x, y = page.evaluate(
        """(at) => {
          const { x, y } = englandMap.map.latLngToContainerPoint(at);
          const box = englandMap.map.getContainer().getBoundingClientRect();
          return [box.left + x, box.top + y];
        }""",
        at,
    )
    return x, y


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_all_ten_tenths_are_shown(open_england: Open, width: int, height: int) -> None:
    assert colours(open_england("/england", width, height)) == 10


def test_the_pointer_and_a_click_say_what_lies_there(open_england: Open) -> None:
    page = open_england()
    page.mouse.move(*place(page, BIRMINGHAM))
    expect(page.locator(".atlas-tip")).to_contain_text("Birmingham")
    page.mouse.click(*place(page, BIRMINGHAM))
    panel = page.get_by_role("region", name="Area")
    expect(panel).to_contain_text("Birmingham · E01")
    expect(panel).to_contain_text("of 33,755 (1 is the most deprived)")
    page.mouse.click(*place(page, SEA))
    expect(panel).to_be_hidden()


def test_what_is_said_is_what_the_values_hold(open_england: Open) -> None:
    page = open_england()
    said = page.evaluate(
        """async (at) => {
          const { view } = englandMap;
          const id = view.grid.idAt(at);
          const facts = await view.facts(id);
          return [facts.rank, view.values.ranks[id], facts.decile, view.classes[id] + 1];
        }""",
        BIRMINGHAM,
    )
    assert said[0] == said[1]
    assert said[2] == said[3] == -(-10 * said[0] // 33_755)


def test_the_keyboard_moves_the_map_and_asks_what_lies_in_its_middle(open_england: Open) -> None:
    page = open_england()
    box = page.locator("#england_map")
    box.focus()
    page.evaluate("(at) => englandMap.map.setView(at, 9, { animate: false })", BIRMINGHAM)
    until(page, "englandMap.view.grid.idAt(englandMap.map.getCenter()) >= 0")
    before = page.evaluate("englandMap.map.getCenter().lng")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Area")).to_contain_text("Birmingham")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(before) => englandMap.map.getCenter().lng > before", arg=before)
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Area")).to_be_hidden()


def test_a_choice_sends_values_and_words_but_no_shapes(open_england: Open) -> None:
    page = open_england()
    first = page.evaluate("Array.from(englandMap.view.classes)")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.get_by_label("Measured by").select_option("crime")
    expect(page.get_by_role("heading", level=1)).to_contain_text("by crime")
    until(page, "englandMap.view.values.domain === 'crime'")
    assert page.evaluate("Array.from(englandMap.view.classes)") != first
    assert colours(page) == 10
    assert page.url.endswith("/england?domain=crime")
    assert {name for name in asked if "favicon" not in name} == {"england?domain=crime", "crime.json"}


def test_a_district_of_the_list_is_shown_on_the_map(open_england: Open) -> None:
    page = open_england()
    page.get_by_role("button", name="Show Blackpool on the map").first.click()
    until(page, "englandMap.map.getZoom() > 9")
    assert page.evaluate("englandMap.view.shapes.name(englandMap.view.district).name") == "Blackpool"


def test_the_panel_of_an_area_goes_when_a_district_is_shown(open_england: Open) -> None:
    page = open_england()
    page.mouse.click(*place(page, BIRMINGHAM))
    panel = page.get_by_role("region", name="Area")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Birmingham")
    page.get_by_role("button", name="Show Blackpool on the map").first.click()
    expect(panel).to_be_hidden()
    assert page.evaluate("englandMap.view.chosen") == -1


def test_a_tap_opens_the_panel_alone(browser: Browser, england_server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    try:
        page = context.new_page()
        page.goto(f"{england_server}/england")
        page.wait_for_selector(READY, state="attached")
        page.locator("#england_map").scroll_into_view_if_needed()
        page.touchscreen.tap(*place(page, BIRMINGHAM))
        expect(page.get_by_role("region", name="Area")).to_contain_text("Birmingham")
        expect(page.locator(".atlas-tip")).to_have_count(0)
    finally:
        context.close()


def test_near_and_between_whole_zooms_there_is_an_area_everywhere_on_land(open_england: Open) -> None:
    page = open_england()
    for zoom in (7.25, 9.5, 12):
        page.evaluate("([at, zoom]) => englandMap.map.setView(at, zoom, { animate: false })", [BIRMINGHAM, zoom])
        until(page, "!englandMap.view.grid._loading && englandMap.view.grid.idAt(englandMap.map.getCenter()) >= 0")
        missed = page.evaluate(
            """() => {
              const { map, view } = englandMap;
              const size = map.getSize();
              let missed = 0;
              for (let x = 5; x < size.x; x += size.x / 12) {
                for (let y = 5; y < size.y; y += size.y / 12) {
                  const at = map.containerPointToLatLng([x, y]);
                  const isLand = view.shapes.areaAt(...view.shapes.place(at.lng, at.lat)) >= 0;
                  if (isLand && view.grid.idAt(at) < 0) missed += 1;
                }
              }
              return missed;
            }"""
        )
        assert missed <= 2, zoom


def test_names_do_not_lie_over_each_other(open_england: Open) -> None:
    named = open_england().evaluate("englandMap.view.named")
    assert len(named) > 5
    pairs = [(one, two) for at, one in enumerate(named) for two in named[:at]]
    assert not [
        (one, two)
        for one, two in pairs
        if abs(one["x"] - two["x"]) < one["half"] + two["half"] and abs(one["y"] - two["y"]) < 14
    ]


def test_boards_can_be_laid_over_the_areas(open_england: Open) -> None:
    page = open_england()
    page.locator(".atlas-layers summary").click()
    page.get_by_label("Integrated care boards, 2022").check()
    assert page.evaluate("englandMap.view.isShown('integrated-care-boards')") is True


def test_layers_are_in_the_address_and_whoever_opens_it_sees_them(open_england: Open) -> None:
    page = open_england()
    page.locator(".atlas-layers summary").click()
    page.get_by_label("District names").uncheck()
    expect(page).to_have_url(re.compile(r"/england#map&hide=district-names$"))
    page.get_by_label("Integrated care boards, 2022").check()
    expect(page).to_have_url(re.compile(r"/england#map&hide=district-names&with=integrated-care-boards$"))
    again = open_england(page.url.removeprefix(page.evaluate("location.origin")))
    shown = "englandMap.view.layers.map(({ shown }) => shown)"
    until(again, f"{shown}.join() === 'false,true'")
    again.locator(".atlas-layers summary").click()
    expect(again.get_by_label("District names")).not_to_be_checked()
    expect(again.get_by_label("Integrated care boards, 2022")).to_be_checked()
    again.evaluate("location.hash = 'map'")
    expect(again.get_by_label("District names")).to_be_checked()
    assert again.evaluate(shown) == [True, False]


def test_escape_closes_the_layers(open_england: Open) -> None:
    page = open_england()
    page.locator(".atlas-layers summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("District names").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_label("District names")).to_be_hidden()
    expect(page.locator(".atlas-layers summary")).to_be_focused()


ROWS = """async (address) => {
  const page = address ? new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html") : document;
  const cells = (row) => [...row.querySelectorAll("[data-value]")].map(({ dataset }) => dataset.value);
  return [...page.querySelectorAll("[data-england=table] tbody tr")].map(cells);
}"""
COLUMNS = {"rank": 0, "name": 1, "people": 2, "areas": 3, "need": 4, "worst": 5, "share": 6}


def rows_of(page: Page, address: str = "") -> list[list[Any]]:
    """The table as it stands, or as the server answers at an address: numbers, and the name in the second place."""
    found = page.evaluate(ROWS, address)
    return [[value if at == 1 else float(value) for at, value in enumerate(row)] for row in found]


def test_equal_rows_stand_by_name_whoever_sorts_them(open_england: Open) -> None:
    page = open_england()
    rows = sorted(rows_of(page), key=lambda row: row[1])
    assert all(row[0] == 1 + sum(other[4] > row[4] for other in rows) for row in rows)
    for sort, column in COLUMNS.items():
        for _ in range(2):
            page.locator(f"[data-england=table] thead a[href*='sort={sort}'], a[href*='sort=-{sort}']").click()
            address = page.evaluate("location.pathname + location.search")
            assert address.removeprefix("/england?sort=").removeprefix("-") == sort
            is_falling = ("=-" in address) == (sort in {"rank", "name"})
            # the oracle: by name, then by the column alone
            expected = sorted(rows, key=lambda row: row[column], reverse=is_falling)
            assert rows_of(page) == expected, address
            assert rows_of(page, address) == expected, address


def test_without_javascript_the_table_is_there_and_sorts_by_its_address(browser: Browser, england_server: str) -> None:
    with opening(browser, england_server) as open_:
        page = open_("/england", javascript=False)
        rows = page.locator("#districts ~ .scroll tbody tr, [data-england=table] tbody tr")
        assert rows.count() == 296
        expect(page.locator(".england-views > noscript p")).to_be_visible()
        page.get_by_role("link", name="District", exact=True).click()
        expect(page.locator("[data-england=table] tbody th").first).to_contain_text("Adur")
        expect(page.locator(".england-map")).to_be_hidden()
        page.get_by_label("Measured by").select_option("crime")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator("[data-england=table] tbody th").first).to_contain_text("Adur")


@pytest.mark.parametrize(("heading", "sort"), [("People", "people"), ("District", "name")])
def test_an_address_shows_the_order_that_its_sender_saw(open_england: Open, heading: str, sort: str) -> None:
    page = open_england()
    table = page.locator("[data-england=table]")
    column = table.locator("thead th").filter(has_text=re.compile(rf"^\s*{heading}\s*$"))
    firsts = []
    for turn in ("", "-"):
        column.get_by_role("link").click()
        expect(page).to_have_url(re.compile(rf"/england\?sort={turn}{sort}#districts$"))
        first, direction = table.locator("tbody th").first.inner_text(), column.get_attribute("aria-sort")
        page.reload()
        expect(table.locator("tbody th").first).to_have_text(first, use_inner_text=True)
        expect(column).to_have_attribute("aria-sort", str(direction))
        firsts.append(first)
    assert firsts[0].startswith({"people": "Birmingham", "name": "Adur"}[sort])
    assert firsts[0] != firsts[1]


def test_filter_and_order_stay_when_the_measure_changes(open_england: Open) -> None:
    page = open_england("/england?sort=people#rows=sussex")
    rows = page.locator("[data-england=table] tbody tr:visible th")
    before = rows.all_inner_texts()
    assert 0 < len(before) < 20
    page.get_by_label("Measured by").select_option("health")
    expect(page.get_by_role("heading", level=1)).to_contain_text("by health")
    expect(page).to_have_url(re.compile(r"/england\?sort=people&domain=health#rows=sussex$"))
    expect(page.get_by_role("searchbox", name="Only rows with")).to_have_value("sussex")
    assert rows.all_inner_texts() == before


def seen(page: Page) -> dict[str, object]:
    """Where the map stands, and what is marked on it."""
    found: dict[str, object] = page.evaluate(
        """() => {
          const { map, view } = englandMap;
          const { lat, lng } = map.getCenter();
          const district = view.district < 0 ? "" : view.shapes.name(view.district).name;
          return { zoom: map.getZoom(), at: [lat.toFixed(2), lng.toFixed(2)], district, chosen: view.chosen };
        }"""
    )
    return found


def test_where_the_reader_is_stands_in_the_address_and_back_leads_there(open_england: Open) -> None:
    page = open_england()
    page.locator(".england-first button").nth(0).click()
    expect(page).to_have_url(re.compile(r"/england#map&show=E\d+$"))
    first = seen(page)
    page.locator(".england-first button").nth(1).click()
    expect(page).not_to_have_url(re.compile(f"show={page.url.rpartition('=')[2]}$"))
    x, y = place(page, page.evaluate("englandMap.map.getCenter()"))
    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile(r"#map&at=[\d./-]+&show=E\d+&area=E\d+$"))
    second, address = seen(page), page.url
    words = page.get_by_role("region", name="Area").inner_text()
    page.go_back()
    until(page, f"englandMap.view.shapes.name(englandMap.view.district).name === {first['district']!r}")
    assert seen(page) == first
    expect(page.get_by_role("region", name="Area")).to_be_hidden()
    page.go_back()
    until(page, "englandMap.view.district < 0")
    again = open_england(address.partition("/england")[1] + address.partition("/england")[2])
    expect(again.get_by_role("region", name="Area")).to_be_visible()
    assert again.get_by_role("region", name="Area").inner_text() == words
    assert seen(again) == second
    again.get_by_role("link", name=re.compile("^All [0-9]+ districts$")).click()
    expect(again).to_have_url(address.replace("#map", "#districts"))
    assert seen(again) == second


def test_on_paper_is_the_map_as_it_is_seen_and_the_first_rows(open_england: Open) -> None:
    page = open_england()
    before = seen(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert colours(page) == 10
    box = page.locator("#england_map").bounding_box()
    assert box is not None
    assert box["width"] <= 700
    assert box["height"] <= 510
    expect(page.get_by_role("button", name=re.compile("^Show"))).to_have_count(0)
    expect(page.locator("[data-england=table] tbody tr:visible")).to_have_count(20)
    expect(
        page.get_by_text("At most the first 20 rows are printed. All 296 districts are on this page")
    ).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert seen(page) == before


def test_nothing_stands_in_anybodys_way(open_england: Open) -> None:
    check(open_england("/england"))


def test_a_choice_and_what_is_shown_are_said_once(open_england: Open) -> None:
    page = open_england()
    page.evaluate(LISTEN)
    page.get_by_label("Measured by").select_option("income")
    expect(page.locator("h1")).to_contain_text("by income")
    assert heard(page) == [page.locator("h1").inner_text()]
    first = page.locator("[data-district]").first
    name = page.locator("[data-england=first] li b").first.inner_text()
    first.press("Enter")
    expect(page.locator(".atlas-said")).to_have_text(f"On the map: {name}")
    assert heard(page) == [f"On the map: {name}"]
