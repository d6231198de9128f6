"""Graph and map under the slider of time, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from atlas.snapshot import Atlas
from atlas.vocabulary import Domain, Kind, Relation, Sector
from web.graph_view import Wanted, partners, view

OpenPage = Callable[..., Page]
READY = "html[data-map-ready][data-graph-ready]"
BUDGET_BYTES = 600_000


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def open_graph(open_page: OpenPage, path: str = "/graph", width: int = 1280, height: int = 900) -> Page:
    page = open_page(path, width, height)
    page.wait_for_selector(READY, state="attached")
    expect(page.locator("#graph-views")).to_have_attribute("data-boards", re.compile(r"\d"))
    return page


def counts(page: Page) -> dict[str, int]:
    names = ("joint", "institutions", "certain", "possible")
    return {name: int(page.locator(f"#counts [data-count={name}]").inner_text()) for name in names}


def counted(london: Atlas, wanted: Wanted) -> dict[str, int]:
    found = view(london.graph, wanted)
    return {
        "joint": found.joint.total,
        "institutions": found.institutions.total,
        "certain": found.ties.certain,
        "possible": found.ties.possible,
    }


def pixels(page: Page, selector: str) -> str:
    return str(page.evaluate("(where) => document.querySelector(where).toDataURL()", selector))


@pytest.mark.parametrize("day", ["1995-01-01", "2022-07-01", "2026-03-31", "2026-04-01"])
def test_the_script_counts_as_the_server_does(open_page: OpenPage, london: Atlas, day: str) -> None:
    page = open_graph(open_page, f"/graph?at={day}")
    assert counts(page) == counted(london, Wanted(date.fromisoformat(day)))


def test_filters_count_as_the_server_does(open_page: OpenPage, london: Atlas) -> None:
    page = open_graph(open_page, "/graph?at=2024-01-01&sector=council&works_on=workforce")
    fields = page.evaluate(
        "({ sector: document.getElementById('sector').value, at: document.getElementById('at').value })"
    )
    assert fields == {"sector": "council", "at": "2024-01-01"}
    day = date(2024, 1, 1)
    assert counts(page) == counted(london, Wanted(day, sector=Sector.COUNCIL, works_on=Domain.WORKFORCE))
    page.get_by_label("Works on").select_option("")
    page.get_by_label("Tie", exact=True).select_option("member_of")
    assert counts(page) == counted(london, Wanted(day, sector=Sector.COUNCIL, relation=Relation.MEMBER_OF))
    page.locator("summary").filter(has_text="Show").first.click()
    page.get_by_role("checkbox", name="Programmes").uncheck()
    kinds = (Kind.INSTITUTION, Kind.NETWORK)
    assert counts(page) == counted(london, Wanted(day, kinds=kinds, sector=Sector.COUNCIL, relation=Relation.MEMBER_OF))
    expect(page).to_have_url(re.compile("kind=institution,network&sector=council&relation=member_of"))


def test_the_slider_moves_graph_and_map_and_the_address(open_page: OpenPage, london: Atlas) -> None:
    page = open_graph(open_page)
    boards = page.locator("#graph-views")
    expect(boards).to_have_attribute("data-boards", "4")
    before, drawing, land = (
        counts(page),
        pixels(page, "#drawing canvas"),
        pixels(page, "#atlas_map canvas.atlas-canvas"),
    )
    heading = page.locator("h1").inner_text()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    slider = page.get_by_label("Month")
    slider.focus()
    page.keyboard.press("PageDown")
    expect(slider).to_have_attribute("aria-valuetext", "November 2025")
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "October 2025")
    expect(boards).to_have_attribute("data-boards", "5")
    assert counts(page) != before
    assert counts(page) == counted(london, Wanted(date(2025, 10, 1)))
    assert pixels(page, "#drawing canvas") != drawing
    assert pixels(page, "#atlas_map canvas.atlas-canvas") != land
    expect(page).to_have_url(re.compile(r"/graph\?at=2025-10-01$"))
    expect(page.locator("h1")).to_contain_text("On 1 October 2025")
    assert page.locator("h1").inner_text() != heading
    assert not [address for address in asked if address.endswith(".json")]
    page.keyboard.press("Home")
    expect(page.locator("#at")).to_have_value("1990-01-01")
    expect(boards).to_have_attribute("data-boards", "0")


def test_state_is_in_the_address(open_page: OpenPage, london: Atlas) -> None:
    page = open_graph(open_page, "/graph?at=2022-07-01&node=network:lain")
    expect(page.get_by_label("Who")).to_have_value("London Anchor Institutions' Network")
    about = page.locator("#about")
    expect(about.get_by_role("heading", level=2)).to_have_text("London Anchor Institutions' Network")
    found = view(london.graph, Wanted(date(2022, 7, 1)))
    assert about.locator("li").count() == found.graph.degree("network:lain")
    expect(about.get_by_role("link", name="Its page")).to_have_attribute("href", "/networks/lain")
    expect(about).to_contain_text("may stand")
    page.get_by_label("Who").fill("Knowledge Quarter")
    page.get_by_label("Who").press("Tab")
    expect(page).to_have_url(re.compile("node=network:knowledge-quarter"))
    assert query(page) == {"at": ["2022-07-01"], "node": ["network:knowledge-quarter"]}
    expect(page.locator("h1")).to_contain_text("Knowledge Quarter")
    page.go_back()
    expect(about.get_by_role("heading", level=2)).to_have_text("London Anchor Institutions' Network")
    about.get_by_role("button", name="Show everyone").click()
    expect(about).to_contain_text("Most partners on this day")
    assert query(page) == {"at": ["2022-07-01"]}


def test_a_click_on_a_shape_chooses_it(open_page: OpenPage, london: Atlas) -> None:
    page = open_graph(open_page)
    place = page.evaluate("atlas.page.drawing.at(atlas.page.number.get('network:lain'))")
    box = page.locator("#drawing").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + place[0], box["y"] + place[1])
    expect(page.locator(".graph-tip")).to_contain_text("London Anchor Institutions' Network")
    page.mouse.click(box["x"] + place[0], box["y"] + place[1])
    expect(page.locator("#about h2")).to_have_text("London Anchor Institutions' Network")
    assert query(page) == {"node": ["network:lain"]}
    number = partners(view(london.graph, Wanted(date(2026, 11, 21))).graph, "network:lain").certain
    assert number > 5


def test_five_boards_become_four(open_page: OpenPage) -> None:
    page = open_graph(open_page)
    story = page.locator(".story").filter(has_text="North Central London Integrated Care System")
    expect(story.first).to_contain_text("5 before, 4 after")
    story.first.get_by_role("link", name="Day before").click()
    expect(page.locator("#at")).to_have_value("2026-03-31")
    expect(page.locator("#graph-views")).to_have_attribute("data-boards", "5")
    expect(page.locator("#about")).to_contain_text("Gave way to West and North London Integrated Care System")
    story.first.get_by_role("link", name="Day after").click()
    expect(page.locator("#at")).to_have_value("2026-04-01")
    expect(page.locator("#graph-views")).to_have_attribute("data-boards", "4")
    expect(page.locator("#about")).to_contain_text("Took the place of North Central London Integrated Care System")
    expect(page.locator("h1")).to_contain_text("West and North London Integrated Care System")


def test_steps_go_from_change_to_change(open_page: OpenPage) -> None:
    page = open_graph(open_page, "/graph?at=2026-04-02")
    page.get_by_role("button", name="To the change before").click()
    expect(page.locator("#at")).to_have_value("2026-04-01")
    # the reader asked for little motion
    expect(page.locator("#time-play")).to_be_hidden()


def test_it_is_light_and_fits_a_phone(open_page: OpenPage) -> None:
    page = open_graph(open_page)
    sizes = page.evaluate("performance.getEntries().map((entry) => entry.transferSize ?? 0)")
    assert 50_000 < sum(sizes) <= BUDGET_BYTES
    for width in (390, 320):
        page = open_graph(open_page, "/graph?node=network:lain", width, 844)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        page.get_by_role("button", name="Filter").click()
        expect(page.get_by_label("Sector")).to_be_visible()


def test_without_a_script_the_table_says_it(open_page: OpenPage, london: Atlas) -> None:
    page = open_page("/graph?at=2022-07-01", javascript=False)
    expect(page.locator("#graph-views")).not_to_be_visible()
    expect(page.locator("#month")).not_to_be_visible()
    expect(page.locator("h1")).to_contain_text("On 1 July 2022")
    rows = page.locator("#standing tbody tr")
    expect(rows).to_have_count(len(view(london.graph, Wanted(date(2022, 7, 1))).rows))
    page.get_by_label("As at").fill("2015-01-01")
    page.get_by_label("Who").fill("Knowledge Quarter")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("h1")).to_contain_text("On 1 January 2015")
    expect(page.locator(".ego")).to_be_visible()
