"""Everyone can use every page: what is said to those who hear it, once, and where the focus is after."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from atlas.snapshot import Atlas
from tests.browser.conftest import READY, until

OpenPage = Callable[..., Page]

LISTEN = """() => {
  globalThis.said = [];
  const regions = "[role=status], [role=alert], [aria-live]";
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const words = [...addedNodes].map(({ textContent }) => textContent.trim()).join(" ").trim();
      if (words && (target.closest ?? target.parentElement.closest).call(target, regions)) said.push(words);
    }
  }).observe(document.body, { childList: true, subtree: true });
}"""
"""What stands in a live region when words are put into it is said: `said` has each time."""


def heard(page: Page) -> list[str]:
    found: list[str] = page.evaluate("said.splice(0)")
    return found


def said_on(page: Page) -> Locator:
    return page.locator(".atlas-said")


def test_layers_open_and_the_focus_stays_on_what_opened_them(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    summary = page.locator(".atlas-layers > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Areas coloured by").wait_for()
    expect(summary).to_be_focused()


def test_the_map_says_what_it_shows_once(open_page: OpenPage, london: Atlas) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    expect(said_on(page)).to_be_empty()
    page.evaluate(LISTEN)
    first, second = london.gap_areas[:2]
    page.locator(".atlas-badge").first.focus()
    page.keyboard.press("Enter")
    expect(said_on(page)).to_contain_text(f"On the map: {first.rank}. {first.name}")
    page.get_by_role("button", name=f"Show on the map: {second.name}").press("Enter")
    expect(said_on(page)).to_contain_text(f"On the map: {second.rank}. {second.name}")
    assert len(heard(page)) == 2


def test_a_panel_of_the_map_says_whose_it_is_and_gives_the_focus_back(open_page: OpenPage) -> None:
    for width in (1280, 390):
        page = open_page("/?in=E09000023#map&area=E01033327", width, 844)
        page.wait_for_selector(READY)
        title = page.locator(".atlas-panel h3")
        expect(said_on(page)).to_contain_text(title.inner_text())
        assert len(said_on(page).inner_text()) < 200
        page.locator(".atlas-panel").get_by_role("button", name="Close").press("Enter")
        expect(title).to_have_count(0)
        expect(page.locator("#atlas_map")).to_be_focused()


def test_a_length_beside_the_picture_is_not_read(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    expect(page.locator(".leaflet-control-scale")).to_have_attribute("aria-hidden", "true")


def test_a_choice_says_the_new_answer_once_and_in_one_sentence(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.evaluate(LISTEN)
    page.get_by_label("Where").select_option("Lewisham")
    expect(page.locator("h1")).to_contain_text("Lewisham")
    expect(page).to_have_title(re.compile("^Lewisham: where need is high"))
    until(page, "!document.body.classList.contains('working')")
    assert heard(page) == [page.locator("h1").inner_text()]


def test_what_is_worked_out_further_is_said_only_where_it_differs(open_official: OpenPage) -> None:
    page = open_official("/?catchment=3000")
    page.evaluate(LISTEN)
    until(page, "document.querySelector('#progress').hidden")
    said = [words for words in heard(page) if words.startswith("In ")]
    assert len(said) == len(set(said))


def test_a_sorted_table_says_so(open_page: OpenPage) -> None:
    page = open_page("/boroughs")
    page.evaluate(LISTEN)
    people = page.get_by_role("columnheader", name="People", exact=True).get_by_role("button")
    people.press("Enter")
    people.press("Enter")
    assert heard(page) == ["Sorted by People, ascending", "Sorted by People, descending"]
    expect(people).to_have_accessible_name("People")
