"""The drawing of the graph where there is no WebGL, and what both ways to draw do alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_graph import OpenPage, at_rest, open_graph, pixels, place_of


@pytest.fixture
def plain_page(browser: Browser, server: str) -> Iterator[OpenPage]:
    """Opens pages as a browser without WebGL would; sigma's own file alone may complain, as it loads."""
    refuse = """
        const { getContext } = HTMLCanvasElement.prototype;
        HTMLCanvasElement.prototype.getContext = function (type, ...more) {
            return type.includes("webgl") ? null : getContext.call(this, type, ...more);
        };
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    complaints: list[str] = []

    def open_(path: str, width: int, height: int) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.add_init_script(refuse)
        page.on("pageerror", lambda error: complaints.append(error.stack or str(error)))
        page.goto(server + path)
        return page

    yield open_
    context.close()
    assert [complaint for complaint in complaints if "sigma.min.js" not in complaint] == []


def test_without_webgl_a_plain_canvas_draws_it(plain_page: OpenPage) -> None:
    page = open_graph(plain_page, "/graph?at=2022-07-01")
    expect(page.locator("#drawing")).to_have_attribute("data-drawn-by", "canvas")
    at_rest(page)
    before = pixels(page, "#drawing canvas")
    page.mouse.click(*place_of(page, "network:lain"))
    expect(page.locator("#about h2")).to_have_text("London Anchor Institutions' Network")
    at_rest(page)
    assert pixels(page, "#drawing canvas") != before


def escape_hides_the_tip(page: Page) -> None:
    """Escape hides the tip first, which stays away until another shape is pointed at, and only then lets go."""
    tip, about = page.locator(".graph-tip"), page.locator("#about h2")
    page.mouse.click(*place_of(page, "network:lain"))
    at_rest(page)
    x, y = place_of(page, "network:lain")
    page.mouse.move(x, y)
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(about).to_have_text("London Anchor Institutions' Network")
    page.mouse.move(x + 2, y + 2)
    at_rest(page)
    expect(tip).to_be_hidden()
    page.mouse.move(*place_of(page, "network:lain-procurement-working-group"))
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(about).to_have_text("Most partners on this day")


def test_escape_hides_the_tip_of_sigma(open_page: OpenPage) -> None:
    escape_hides_the_tip(open_graph(open_page))


def test_escape_hides_the_tip_of_the_plain_canvas(plain_page: OpenPage) -> None:
    escape_hides_the_tip(open_graph(plain_page))
