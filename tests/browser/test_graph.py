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
from tests.browser.conftest import READY, overflow
from web.graph import working_in
from web.graph_view import Wanted, partners, view

OpenPage = Callable[..., Page]
BOTH_READY = f"{READY}[data-graph-ready]"
BUDGET_BYTES = 600_000


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def open_graph(open_page: OpenPage, path: str = "/graph", width: int = 1280, height: int = 900) -> Page:
    page = open_page(path, width, height)
    page.wait_for_selector(BOTH_READY, state="attached")
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


def drawn(page: Page) -> dict[str, object]:
    """What sigma was told to draw: nodes and ties that are not hidden, and where the camera is."""
    found = page.evaluate(
        """() => {
            const { sigma, graph, camera } = { ...atlas.page.drawing, graph: atlas.page.drawing.sigma.getGraph() };
            return {
                nodes: graph.filterNodes((node) => !sigma.getNodeDisplayData(node).hidden),
                ties: graph.filterEdges((tie) => !sigma.getEdgeDisplayData(tie).hidden),
                camera: camera.getState(),
            };
        }"""
    )
    return dict(found)


def inside(page: Page, node: str) -> list[float]:
    """Where a node is in the drawing, in pixels."""
    return list(page.evaluate("(node) => atlas.page.drawing.at(atlas.page.number.get(node))", node))


def place_of(page: Page, node: str) -> tuple[float, float]:
    """Where a node is on the screen."""
    x, y = inside(page, node)
    box = page.locator("#drawing").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def at_rest(page: Page) -> None:
    """Wait for the next frame to be drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


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
    before, drawing, land = counts(page), drawn(page), pixels(page, "#atlas_map canvas.atlas-canvas")
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
    assert drawn(page) != drawing
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


def test_sigma_draws_what_stands(open_page: OpenPage, london: Atlas) -> None:
    page = open_graph(open_page, "/graph?at=2022-07-01")
    expect(page.locator("#drawing")).to_have_attribute("data-drawn-by", "webgl")
    found = view(london.graph, Wanted(date(2022, 7, 1)))
    shown = drawn(page)
    assert len(shown["nodes"]) == found.graph.number_of_nodes()  # type: ignore[arg-type]
    assert len(shown["ties"]) == found.ties.total  # type: ignore[arg-type]


def test_a_click_on_a_shape_chooses_it(open_page: OpenPage, london: Atlas) -> None:
    page = open_graph(open_page)
    page.mouse.move(*place_of(page, "network:lain"))
    expect(page.locator(".graph-tip")).to_contain_text("London Anchor Institutions' Network")
    page.mouse.click(*place_of(page, "network:lain"))
    expect(page.locator("#about h2")).to_have_text("London Anchor Institutions' Network")
    assert query(page) == {"node": ["network:lain"]}
    number = partners(view(london.graph, Wanted(date(2026, 11, 21))).graph, "network:lain").certain
    assert number > 5
    # the first hides the tip, as the pointer has not moved
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(page.locator("#about")).to_contain_text("Most partners on this day")
    assert query(page) == {}


def test_names_lie_over_no_other(open_page: OpenPage) -> None:
    for path in ("/graph", "/graph?node=network:lain"):
        page = open_graph(open_page, path)
        at_rest(page)
        boxes = page.evaluate("atlas.page.drawing.named")
        assert len(boxes) > 5
        clashes = [
            (one, other)
            for place, one in enumerate(boxes)
            for other in boxes[place + 1 :]
            if one["left"] < other["right"]
            and other["left"] < one["right"]
            and one["top"] < other["bottom"]
            and other["top"] < one["bottom"]
        ]
        assert clashes == []


def test_the_drawing_is_moved_and_zoomed_by_pointer_keys_and_buttons(open_page: OpenPage) -> None:
    page = open_graph(open_page)
    first = inside(page, "network:lain")
    page.mouse.move(700, 760)
    page.mouse.down()
    page.mouse.move(640, 700, steps=4)
    page.mouse.up()
    at_rest(page)
    moved = inside(page, "network:lain")
    assert moved[0] < first[0] - 30
    assert moved[1] < first[1] - 30
    assert query(page) == {}
    drawing = page.locator("#drawing")
    drawing.focus()
    scale = page.evaluate("atlas.page.drawing.scale")
    page.keyboard.press("+")
    assert page.evaluate("atlas.page.drawing.scale") > 1.4 * scale
    page.keyboard.press("ArrowRight")
    page.locator("#zoom-out").click()
    assert page.evaluate("atlas.page.drawing.scale") == pytest.approx(scale)
    page.get_by_role("button", name="Show all of it").click()
    at_rest(page)
    assert inside(page, "network:lain") == pytest.approx(first, abs=1)
    drawing.focus()
    page.keyboard.press("-")
    page.keyboard.press("0")
    at_rest(page)
    assert inside(page, "network:lain") == pytest.approx(first, abs=1)


def test_a_borough_chosen_on_the_map_is_chosen_in_the_graph(open_page: OpenPage, london: Atlas) -> None:
    page = open_graph(open_page)
    where = page.evaluate(
        """() => {
            const { shapes, map } = { ...atlas.page.map, map: atlasMap.map };
            const { label: [longitude, latitude] } = shapes.about.boroughs.find(({ name }) => name === "Newham");
            const { x, y } = map.latLngToContainerPoint([latitude, longitude]);
            return [x, y];
        }"""
    )
    box = page.locator("#atlas_map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + where[0], box["y"] + where[1])
    about = page.locator("#about")
    expect(about.get_by_role("heading", level=2)).to_have_text("Newham")
    assert query(page) == {"place": ["E09000025"]}
    expect(page.get_by_label("Where", exact=True)).to_have_value("E09000025")
    expect(page.locator("h1")).to_contain_text("in Newham")
    works = working_in(london, "E09000025")
    stands = {row.node for row in view(london.graph, Wanted(date(2026, 11, 21))).rows} & works
    focus = page.evaluate("[...atlas.page.drawing.focus].map((node) => atlas.page.data.nodes.id[node])")
    assert set(focus) == stands
    assert page.evaluate("atlas.page.current.covered[atlas.page.state.borough]") == len(stands)
    expect(page.locator("#standing tbody tr")).to_have_count(len(stands))
    about.get_by_role("button", name="Show everyone").click()
    expect(about).to_contain_text("Most partners on this day")
    page.get_by_label("Where", exact=True).select_option("Hackney")
    expect(about.get_by_role("heading", level=2)).to_have_text("Hackney")
    page.go_back()
    page.go_back()
    expect(about.get_by_role("heading", level=2)).to_have_text("Newham")


def test_a_site_chosen_on_the_map_chooses_whose_it_is(open_page: OpenPage) -> None:
    page = open_graph(open_page, "/graph?node=network:lain")
    site = page.evaluate(
        """() => {
            const [site] = atlas.page.current.sites;
            const { x, y } = atlasMap.map.latLngToContainerPoint([site.lat, site.lon]);
            return { x, y, owner: atlas.page.data.nodes.name[site.node] };
        }"""
    )
    box = page.locator("#atlas_map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + site["x"], box["y"] + site["y"])
    expect(page.locator("#about h2")).not_to_have_text("London Anchor Institutions' Network")
    chosen = page.evaluate("atlas.page.current.selected")
    assert page.evaluate("atlas.page.current.sites.every(({ node }) => node === atlas.page.current.selected)")
    assert page.evaluate("(node) => atlas.page.data.kinds[atlas.page.data.nodes.kind[node]]", chosen) == "institution"


def test_names_are_gone_through_and_chosen_by_keyboard(open_page: OpenPage) -> None:
    page = open_graph(open_page)
    about = page.locator("#about")
    names = about.locator("li [data-choose]")
    names.first.focus()
    page.keyboard.press("ArrowDown")
    expect(names.nth(1)).to_be_focused()
    assert page.evaluate("atlas.page.drawing.hovered") == int(names.nth(1).get_attribute("data-choose") or -1)
    name = names.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(about.get_by_role("heading", level=2)).to_have_text(name)
    expect(about).to_be_focused()
    page.keyboard.press("Escape")
    expect(about).to_contain_text("Most partners on this day")
    about.get_by_role("button", name=re.compile("Show all")).press("Enter")
    expect(names).to_have_count(sum(counts(page)[kind] for kind in ("joint", "institutions")))
    names.first.focus()
    page.keyboard.press("End")
    expect(names.last).to_be_focused()


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
        assert overflow(page) <= 0
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
