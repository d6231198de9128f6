"""The controls over the drawing of the graph: what is typed wrong, steps to the end, and colours that are forced."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_graph import BOTH_READY, OpenPage, open_graph, query

WORDS_OF_THE_MAP = "Map of how many networks and programmes reach each borough"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2040-01-01", "The last day on record is 22 November 2026. Still shown: 1 July 2022."),
        ("1066-10-14", "The first day on record is 1 January 1990. Still shown: 1 July 2022."),
        ("", "Give a whole date: day, month and year. Still shown: 1 July 2022."),
    ],
)
def test_a_day_that_cannot_be_shown_is_told_beside_its_field(open_page: OpenPage, typed: str, said: str) -> None:
    page = open_graph(open_page, "/graph?at=2022-07-01")
    day = page.get_by_label("As at")
    day.fill(typed)
    day.press("Enter")
    expect(page.locator("#at-fault")).to_have_text(said)
    expect(day).to_have_accessible_description(said)
    expect(day).to_have_attribute("aria-invalid", "true")
    assert query(page) == {"at": ["2022-07-01"]}
    day.fill("2022-07-02")
    expect(page.locator("#at-fault")).to_be_empty()
    expect(day).not_to_have_attribute("aria-invalid", "true")
    assert query(page) == {"at": ["2022-07-02"]}


def test_a_fault_of_the_day_is_told_at_rest_and_goes_with_another_choice(open_page: OpenPage) -> None:
    page = open_graph(open_page, "/graph?at=2022-07-01")
    page.get_by_label("As at").fill("2040-01-01")
    expect(page.locator("#at-fault")).to_contain_text("The last day on record")
    page.get_by_label("Month").press("ArrowLeft")
    expect(page.locator("#at-fault")).to_be_empty()
    expect(page.get_by_label("As at")).to_have_value("2022-06-01")


def test_who_is_not_there_is_told_with_near_names(open_page: OpenPage) -> None:
    page = open_graph(open_page, "/graph?at=2022-07-01")
    who, fault = page.get_by_label("Who"), page.locator("#node-fault")
    who.fill("lewishm")
    who.press("Tab")
    expect(fault).to_contain_text("Nobody here is called “lewishm”. Did you mean Lewisham")
    expect(who).to_have_attribute("aria-invalid", "true")
    assert query(page) == {"at": ["2022-07-01"]}
    near = fault.get_by_role("link", name="Lewisham Council")
    expect(near).to_have_attribute("href", "/graph?at=2022-07-01&node=institution:lewisham-council")
    near.click()
    expect(page.locator("#about h2")).to_have_text("Lewisham Council")
    assert query(page) == {"at": ["2022-07-01"], "node": ["institution:lewisham-council"]}
    expect(fault).to_be_empty()
    expect(who).to_be_focused()
    who.fill("<b>zzzzzzzzqq</b>")
    who.press("Tab")
    expect(fault).to_have_text("Nobody here is called “<b>zzzzzzzzqq</b>”.")


def test_a_step_to_the_end_keeps_the_focus(open_page: OpenPage) -> None:
    page = open_graph(open_page)
    back, ahead = (page.get_by_role("button", name=name) for name in ("To the change before", "To the next change"))
    for key, toward, away in (("Home", back, ahead), ("End", ahead, back)):
        page.get_by_label("Month").press(key)
        expect(toward).to_have_attribute("aria-disabled", "true")
        for _ in range(2):
            away.press("Enter")
        expect(toward).to_have_attribute("aria-disabled", "false")
        for _ in range(2):
            toward.press("Enter")
        expect(toward).to_have_attribute("aria-disabled", "true")
        day = page.get_by_label("As at").input_value()
        page.keyboard.press("Enter")
        expect(toward).to_be_focused()
        expect(page.get_by_label("As at")).to_have_value(day)


def test_the_map_is_called_by_what_it_shows(open_page: OpenPage) -> None:
    page = open_graph(open_page)
    expect(page.get_by_role("region", name=WORDS_OF_THE_MAP)).to_be_visible()
    page.goto(page.url.replace("/graph", "/networks/lain"))
    words = "Map of London Anchor Institutions' Network: need and anchors"
    expect(page.get_by_role("region", name=words)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("path", ["/networks/lain", "/boroughs/lewisham"])
def test_names_of_a_tree_are_far_enough_apart_to_be_hit(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(path, width)
    middles = page.evaluate(
        """[...document.querySelectorAll(".ego-branches svg")].map((branch) =>
            [...branch.querySelectorAll("a")].map((link) => {
                const { top, bottom } = link.getBoundingClientRect();
                return (top + bottom) / 2;
            }))"""
    )
    gaps = [low - high for branch in middles for high, low in pairwise(branch)]
    assert len(gaps) > 5
    assert min(gaps) >= 24


def shades(page: Page, selector: str) -> set[tuple[int, ...]]:
    """Colours of which an element shows more than a few points."""
    image = Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("RGB")
    return {colour for number, colour in image.getcolors(1 << 24) if number > 8}


@pytest.mark.parametrize(("scheme", "ground"), [("dark", 0), ("light", 255)])
def test_nothing_is_lost_where_colours_are_forced(browser: Browser, server: str, scheme: str, ground: int) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, forced_colors="active", color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{server}/graph?at=2022-07-01")
    page.wait_for_selector(BOTH_READY, state="attached")

    def colour(selector: str, field: str, pseudo: str = "") -> str:
        script = "([selector, field, pseudo]) => getComputedStyle(document.querySelector(selector), pseudo)[field]"
        return str(page.evaluate(script, [selector, field, pseudo]))

    ink = f"rgb({255 - ground}, {255 - ground}, {255 - ground})"
    assert colour("html", "color") == ink
    assert colour(".key-certain", "backgroundColor", "::before") == "rgb(55, 105, 156)"
    assert colour(".time-years text", "fill") == ink
    assert colour("#about .ego-shape:not(.ego-may)", "fill") == ink
    assert colour("#drawing", "backgroundColor") == "rgb(255, 255, 255)"
    # the key stands on the ground of the drawing, whose shades it explains
    assert colour(".graph-keys", "backgroundColor") == "rgb(255, 255, 255)"
    track = page.locator("#month").bounding_box()
    assert track is not None
    line = page.screenshot(clip={"x": track["x"] + 20, "y": track["y"] + 6, "width": 60, "height": 8})
    found = Image.open(io.BytesIO(line)).convert("RGB").getcolors()
    assert (255 - ground,) * 3 in {shade for number, shade in found if number >= 60}
    assert (18, 35, 61) in shades(page, "#drawing")
    assert re.match(r"rgb\(2\d\d", colour(".graph-map .atlas-map", "backgroundColor"))
    context.close()
