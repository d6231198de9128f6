"""Two releases side by side in the browser: the drawing leads to the table, by pointer and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from tests.api.test_web_compare import CHANGES, EARLIER, LATER
from tests.browser.conftest import opening, overflow, serving
from tests.browser.test_access import check
from web import create_app

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def compared_server() -> Iterator[str]:
    """Address of a toy world at two dates, with one gap area that is gone."""
    app = create_app(Settings(), analyse(LATER, Parameters()), [EARLIER], changes=CHANGES)
    with serving(app) as address:
        yield address


@pytest.fixture
def open_compared(browser: Browser, compared_server: str) -> Iterator[OpenPage]:
    with opening(browser, compared_server) as open_:
        yield open_


@pytest.mark.parametrize("width", [1280, 320])
def test_a_mark_leads_to_its_row(open_compared: OpenPage, width: int) -> None:
    page = open_compared("/compare", width)
    mark = page.locator(".compare-map a")
    expect(mark).to_have_count(1)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    page.mouse.click(box["x"] + 2 + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("tr:target")).to_have_attribute("data-fate", "gone")
    assert overflow(page) <= 0


def test_the_keyboard_takes_the_same_way(open_compared: OpenPage) -> None:
    page = open_compared("/compare")
    mark = page.locator(".compare-map a")
    mark.focus()
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tr:target")).to_be_in_viewport()


def test_nothing_stands_in_anybodys_way(open_compared: OpenPage) -> None:
    check(open_compared("/compare"))
