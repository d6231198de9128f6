"""The choices that most readers leave alone, and what follows in the background; on the official index of 2025."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import READY

OpenPage = Callable[..., Page]


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_first_look_becomes_the_whole_in_place(open_official: OpenPage) -> None:
    page = open_official("/")
    page.wait_for_selector(READY)
    page.evaluate("window.still = true")
    page.get_by_label("Catchment").select_option("3000")
    expect(page.locator("#progress")).to_be_visible()
    expect(page.locator('#progress[data-assured="1"]')).to_be_attached()
    expect(page.locator("#progress")).to_be_hidden()
    revision = page.locator("#progress").get_attribute("data-revision")
    expect(page.locator(f'#views[data-values*="{revision}"]')).to_be_attached()
    page.wait_for_selector(f'#views[data-values*="{revision}"]', state="attached")
    assert page.evaluate("window.still") is True
    assert query(page) == {"catchment": ["3000"]}


def test_what_was_passed_over_is_told_until_the_address_has_none_of_it(open_official: OpenPage) -> None:
    page = open_official("/?relase=2019")
    page.wait_for_selector(READY)
    expect(page.locator("#passed-over")).to_contain_text("relase (perhaps release)")
    page.get_by_label("Catchment").select_option("3000")
    expect(page.locator("#passed-over")).to_have_count(0)
    assert query(page) == {"catchment": ["3000"]}


def test_the_method_is_chosen_on_the_page_and_kept_in_the_address(open_official: OpenPage) -> None:
    page = open_official("/")
    page.wait_for_selector(READY)
    before = page.locator("h1").inner_text()
    page.locator(".more summary").click()
    page.get_by_label("Access measured by").select_option("m2sfca")
    expect(page.locator("h1")).not_to_have_text(before)
    page.get_by_label("What a site counts for").select_option("institution")
    expect(page.locator(".more .chosen")).to_contain_text("Each institution counts as one")
    assert query(page) == {"measure": ["m2sfca"], "capacity": ["institution"]}
    changed = page.locator("h1").inner_text()
    page.reload()
    expect(page.locator("h1")).to_have_text(changed)
    page.locator(".more summary").click()
    expect(page.get_by_label("Access measured by")).to_have_value("m2sfca")


def test_domains_are_weighed_on_the_page(open_official: OpenPage) -> None:
    page = open_official("/")
    page.wait_for_selector(READY)
    page.locator(".more summary").click()
    weights = page.locator("#weights")
    expect(weights).to_contain_text("Together 99.9%")
    weights.get_by_label("Income").fill("60")
    expect(weights).to_contain_text("must be 100%")
    weights.get_by_role("button", name="Leave it out").click()
    expect(weights.get_by_label("Housing and services")).to_have_value("0.00")
    expect(weights).to_contain_text("Together 100.0%")
    expect(page.locator(".more .chosen")).to_have_text("own weights")
    assert query(page) == {"leave_out": ["housing_and_services"]}
    weights.get_by_label("Income").fill("24.9")
    weights.get_by_role("button", name="Apply").click()
    page.wait_for_url("**weights=24.9,24.83,14.90,14.90,10.26,0.00,10.26")
    weights.get_by_role("button", name="Official weights").click()
    expect(page.locator(".more .chosen")).to_have_text("As we advise")
    assert query(page) == {}
    page.get_by_label("Measured by", exact=True).select_option("income")
    expect(weights).to_be_hidden()


def test_weights_that_do_not_add_up_are_said_where_they_stand(open_official: OpenPage) -> None:
    page = open_official("/")
    page.wait_for_selector(READY)
    page.locator(".more summary").click()
    weights = page.locator("#weights")
    expect(weights).to_contain_text("Together 99.9%, taken as 100%")
    income = weights.get_by_label("Income")
    income.fill("90")
    income.press("Enter")
    expect(weights).to_contain_text("but must be 100%")
    expect(page.locator(".more")).to_have_attribute("open", "")
    expect(income).to_be_focused()
    assert query(page) == {}
    income.fill("22.6")
    income.press("Enter")
    page.wait_for_url("**weights=22.6,*")


def test_the_keyboard_stays_where_it_was_when_the_map_has_other_shapes(open_official: OpenPage) -> None:
    page = open_official("/")
    page.wait_for_selector(READY)
    page.get_by_label("Need from").focus()
    page.get_by_label("Need from").select_option("estimate")
    page.wait_for_url("**release=estimate")
    page.wait_for_selector(READY)
    expect(page.get_by_label("Need from")).to_be_focused()


def test_an_estimate_has_nothing_to_weigh(open_official: OpenPage) -> None:
    page = open_official("/?leave_out=crime")
    page.wait_for_selector(READY)
    page.get_by_label("Need from").select_option("estimate")
    expect(page.locator("#basis")).to_contain_text("own estimate")
    assert query(page) == {"release": ["estimate"]}
    page.locator(".more summary").click()
    expect(page.locator("#weights")).to_be_hidden()


def test_a_brief_takes_in_the_tests_when_they_are_made(open_official: OpenPage) -> None:
    page = open_official("/gaps?catchment=3500")
    page.locator("tbody th a").first.click()
    page.wait_for_selector(READY)
    expect(page.locator("#about-sure")).to_contain_text("Could it be chance?")
    expect(page.locator("#about-sure")).to_contain_text("Measured on MSOAs")
    expect(page.locator("#about-sure")).to_contain_text(re.compile("decide|tell", re.IGNORECASE))
    expect(page.locator("#progress")).to_be_hidden()


def test_values_that_come_before_the_shapes_wait_for_them(open_official: OpenPage) -> None:
    page = open_official("/method")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/map/[0-9a-f]+\.json$"), hold)
    page.goto("/".join(page.url.split("/")[:3]) + "/", wait_until="domcontentloaded")
    before = page.locator("#views").get_attribute("data-values")
    page.get_by_label("Catchment").select_option("5000")
    expect(page.locator(f'#views:not([data-values="{before}"])')).to_be_attached()
    held[0].continue_()
    page.wait_for_selector(READY)
    shown = page.evaluate("atlasMap.map.atlas.config.values")
    page.wait_for_selector(f'#views[data-values*="{page.evaluate("atlasMap.map.atlas.values.revision")}"]')
    assert shown != before
    expect(page.locator(".atlas-message")).to_be_hidden()


def test_after_the_way_back_the_boxes_say_what_the_page_shows(open_official: OpenPage) -> None:
    page = open_official("/")
    page.wait_for_selector(READY)
    first = page.locator("h1").inner_text()
    with page.expect_event("load"):
        page.get_by_label("Need from").select_option("estimate")
    page.wait_for_selector(READY)
    expect(page.get_by_label("Need from")).to_have_value("estimate")
    page.go_back()
    expect(page.locator("h1")).to_have_text(first)
    expect(page.get_by_label("Need from")).to_have_value("iod2025")
    page.wait_for_selector(READY)
    page.get_by_label("Catchment").select_option("3000")
    expect(page.locator("h1")).not_to_have_text(first)
    assert query(page) == {"catchment": ["3000"]}


def test_the_last_sector_unticked_in_haste_asks_for_nothing(open_official: OpenPage) -> None:
    page = open_official("/")
    page.wait_for_selector(READY)
    page.get_by_text("Anchors", exact=True).click()
    page.clock.install()
    page.evaluate("document.querySelectorAll('[name=sectors]:checked').forEach((box) => box.click())")
    expect(page.locator("[name=sectors]:invalid")).to_have_count(1)
    # longer than a choice waits before it is asked for
    page.clock.run_for(1_000)
    assert "sectors" not in query(page)
