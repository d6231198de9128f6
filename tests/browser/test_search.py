"""The search box in a real browser: suggestions by keyboard and pointer, and a plain form without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect


def suggest(page: Page, typed: str) -> None:
    box = page.get_by_role("combobox", name="Search a place")
    box.click()
    page.keyboard.type(typed)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()


def test_a_misspelt_borough_is_reached_by_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("/data")
    suggest(page, "lewsham")
    box = page.get_by_role("combobox", name="Search a place")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/boroughs/lewisham")


def test_keys_wait_for_the_list_of_what_is_typed(open_page: Callable[..., Page]) -> None:
    page = open_page("/data")
    suggest(page, "hack")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/search?*q=lewsham*", hold)
    box = page.get_by_role("combobox", name="Search a place")
    with page.expect_request("**/api/v1/search?*q=lewsham*"):
        box.fill("lewsham")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    expect(page.get_by_role("option").first).to_contain_text("Hackney")
    expect(page.locator("[role=option][aria-selected]")).to_have_count(0)
    for route in held:
        route.continue_()
    page.wait_for_url("**/boroughs/lewisham")


def test_arrows_go_round_and_escape_closes(open_page: Callable[..., Page]) -> None:
    page = open_page("/data")
    suggest(page, "kings")
    options = page.get_by_role("option")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box = page.get_by_role("combobox", name="Search a place")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("kings")


def test_a_postcode_elsewhere_is_told_in_the_box(open_page: Callable[..., Page]) -> None:
    page = open_page("/data")
    page.get_by_role("combobox", name="Search a place").click()
    page.keyboard.type("M1 1AE")
    told = page.get_by_text("M1 1AE is not a postcode in London.")
    expect(told).to_be_in_viewport()
    expect(told).to_have_class("search-none")
    page.keyboard.press("Escape")
    expect(page.locator(".search-none")).to_have_count(0)


def test_enter_without_a_choice_goes_to_the_page_of_all(open_page: Callable[..., Page]) -> None:
    page = open_page("/data")
    suggest(page, "barts")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=barts*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nearest to “barts”")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_suggestion_is_chosen_by_pointer_and_fits_the_screen(open_page: Callable[..., Page], width: int) -> None:
    page = open_page("/", width)
    suggest(page, "se13 6lg")
    place = page.locator(".search-list").bounding_box()
    assert place is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width
    page.get_by_role("option").first.click()
    page.wait_for_url("**/boroughs/lewisham#E010*")


def test_the_box_still_suggests_after_a_choice_was_changed(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.get_by_label("Catchment").select_option("2000")
    page.wait_for_url("**catchment=2000*")
    suggest(page, "kq")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/networks/knowledge-quarter?catchment=2000")


def test_without_javascript_the_form_goes_to_the_page(open_page: Callable[..., Page]) -> None:
    page = open_page("/data", javascript=False)
    page.locator("#q").fill("lewsham")
    page.locator("#search button").click()
    page.wait_for_url("**/search?q=lewsham*")
    expect(page.get_by_role("link", name="Lewisham", exact=True).first).to_be_visible()
