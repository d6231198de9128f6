"""Same places by keyboard, and names that no line can hold, on the pages of whoever may import."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.store import open_store
from tests.browser.conftest import opening, overflow, serving
from tests.estate_web import TOKEN, app_with, keep, register, row
from tests.land import land
from tests.toy import toy_atlas

OpenPage = Callable[..., Page]
LONG = "Unbroken" * 50
PAIRS = ("hall", "yard", "park")
COLUMNS = ["left", "right", "rule", "score", "reasons"]


@pytest.fixture
def open_desk(browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """Three pairs to be decided, in a session that may."""
    with open_store(f"sqlite:///{tmp_path}/atlas.db") as store:
        for of in ("council", "hospital"):
            keep(store, of, land(*({"id": one, "of": of, "name": f"{one} of {of}"} for one in PAIRS)).assets)
        pairs = [(f"asset:council-{one}", f"asset:hospital-{one}", "uprn", 1.0, "the same UPRN") for one in PAIRS]
        store.propose(pd.DataFrame(pairs, columns=COLUMNS), "a test")
        with serving(app_with(toy_atlas(), store, tmp_path)) as address, opening(browser, address) as open_:

            def signed_in(path: str, width: int = 1280) -> Page:
                page = open_("/estate/import", width)
                page.get_by_label("Import token").fill(TOKEN)
                page.get_by_role("button", name="Go on").click()
                expect(page.locator("#partner")).to_be_visible()
                page.goto(address + path)
                return page

            yield signed_in


@pytest.mark.parametrize("width", [1280, 390])
def test_after_a_decision_the_next_pair_has_the_focus_and_the_last_can_be_taken_back(
    open_desk: OpenPage, width: int
) -> None:
    page = open_desk("/estate/matches", width)
    second = page.locator(".estate-match").nth(1)
    name = second.locator("h2").inner_text()
    second.get_by_role("button", name="Two places").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#said-words")).to_contain_text("Said to be two places")
    expect(page.locator("#said-words")).to_be_in_viewport()
    expect(page.locator("#pair-2")).to_be_focused()
    expect(page.locator("#pair-2 h2")).not_to_have_text(name)
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Take that back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#said-words")).to_contain_text("Taken back")
    expect(page.locator("#pair-2 h2")).to_have_text(name)
    expect(page.locator("#pair-2")).to_be_focused()
    page.get_by_role("button", name="Accept them").click()
    expect(page.locator("#said")).to_be_focused()
    expect(page.locator("#said-words")).to_have_text(re.compile("pairs? (was|were) said to be one place each"))
    assert overflow(page) <= 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_name_that_no_line_can_hold_pushes_no_page_sideways(open_desk: OpenPage, width: int, tmp_path: Path) -> None:
    page = open_desk("/estate/import", width)
    for use in ("Depot", "Library"):
        file = tmp_path / "long.csv"
        file.write_text(register(row("A1", LONG), row("A2", "Yard")).replace("Depot", use))
        page.goto(page.url.partition("/estate")[0] + "/estate/import")
        page.get_by_label("Whose register it is").fill("West Council")
        page.locator("input[type=file]").set_input_files(file)
        page.locator("main form button.govuk-button").first.click()
        page.get_by_role("button", name="Import").first.click()
        expect(page.locator(".estate-sum")).to_be_visible()
    report = page.url
    assert overflow(page) <= 0
    page.goto(report + "?kind=change&code=changed")
    expect(page.locator(".estate-changes")).to_contain_text("Unbroken")
    assert overflow(page) <= 0
    page.goto(page.url.partition("/estate")[0] + "/estate?owner=council#table")
    page.locator(".estate-table a", has_text="Unbroken").first.click()
    expect(page.locator(".crumbs")).to_contain_text("Unbroken")
    assert overflow(page) <= 0
