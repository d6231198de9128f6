"""Who is missing and what became of its word, as a reader meets them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import overflow

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", ["/networks/lain", "/institutions/metropolitan-police", "/progress"])
def test_pages_fit_their_screen(open_page: OpenPage, address: str, width: int) -> None:
    page = open_page(address, width=width)
    assert overflow(page) <= 0


def test_an_introduction_opens_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/networks/knowledge-quarter", javascript=False)
    first = page.locator(".takers details").first
    expect(first.locator("p")).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator("p")).to_be_visible()
    assert first.locator("ol li").count() >= 1


def test_a_chart_is_named_and_drawn_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/networks/lain", javascript=False)
    chart = page.get_by_role("img", name="contracts with micro, small and medium-sized firms").first
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    assert box is not None
    assert box["width"] > 200
    assert chart.locator(".chart-point").count() >= 2
    assert chart.locator(".chart-target").count() >= 1


def test_the_table_of_commitments_sorts(open_page: OpenPage) -> None:
    page = open_page("/progress")
    page.locator("thead").get_by_role("button", name="Of the target").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Of the target")
