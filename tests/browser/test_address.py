"""Links are state: a copied address gives the same view; and the same view in a frame of another page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect


def ready(page: Page) -> Page:
    page.wait_for_selector("html[data-map-ready]")
    return page


def seen(page: Page) -> dict[str, Any]:
    """What the map shows."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const view = atlasMap.map.atlas;
          const { lat, lng } = atlasMap.map.getCenter();
          return {
            at: [atlasMap.map.getZoom().toFixed(1), lat.toFixed(3), lng.toFixed(3)],
            shown: view.painters.filter((one) => one.label && one.shown).map((one) => one.label),
            hidden: [...view.hiddenSectors].sort(),
            footprint: view.footprint ?? "",
            colours: document.querySelector(".atlas-frame").dataset.colours,
          };
        }"""
    )
    return found


def path_of(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}#{parts.fragment}"


def test_colours_layers_and_position_are_in_the_address(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/?catchment=3000"))
    page.locator(".atlas-layers summary").click()
    page.get_by_label("Areas coloured by").select_option(label="Verdict")
    page.get_by_label("Place names").uncheck()
    page.get_by_label(re.compile("^Health")).uncheck()
    before = page.evaluate("atlasMap.map.getZoom()")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("(before) => parseFloat(/at=([\\d.]+)/.exec(location.hash)?.[1]) > before + 0.5", arg=before)
    expect(page).to_have_url(re.compile(r"#map&at=[\d.]+/51\.\d+/-?\d\.\d+&colours=verdict&hide=place-names&sites="))
    assert seen(ready(open_page(path_of(page)))) == seen(page)


def test_sectors_alone_are_in_the_address(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/"))
    page.locator(".atlas-layers summary").click()
    page.get_by_label(re.compile("^Universities")).uncheck()
    expect(page).to_have_url(re.compile("#map&sites="))
    assert seen(ready(open_page(path_of(page))))["hidden"] == seen(page)["hidden"]


def test_the_way_back_leads_to_what_was_chosen_before(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/"))
    start = seen(page)["at"]
    for number in (0, 2):
        page.locator(".entry .rank").nth(number).click()
        expect(page.locator(".entry").nth(number)).to_have_attribute("data-selected", "")
        page.wait_for_function(
            "(id) => location.hash.includes(id)", arg=page.locator(".entry").nth(number).get_attribute("data-gap-area")
        )
    page.go_back()
    expect(page.locator(".entry").nth(0)).to_have_attribute("data-selected", "")
    page.go_back()
    expect(page.locator(".entry[data-selected]")).to_have_count(0)
    assert seen(page)["at"] == start


def test_a_system_that_has_ended_is_outlined_as_others_are(open_page: Callable[..., Page]) -> None:
    for name in ("north-west-london", "south-east-london"):
        page = ready(open_page(f"/icss/{name}"))
        shown = page.evaluate("atlasMap.map.atlas.painters.some((one) => one.shown && one.outside && one.outline)")
        assert shown, name
        assert page.evaluate("atlasMap.map.getZoom()") > 9.6


def test_the_area_that_was_pressed_is_in_the_address(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/"))
    page.locator(".atlas-map").click(position={"x": 300, "y": 330})
    expect(page.locator(".atlas-panel")).to_be_visible()
    expect(page).to_have_url(re.compile(r"area=E010\d+"))
    again = ready(open_page(path_of(page)))
    expect(again.locator(".atlas-panel h3")).to_have_text(page.locator(".atlas-panel h3").inner_text())
    page.locator(".leaflet-popup-close-button").click()
    expect(page).not_to_have_url(re.compile("area="))


def test_the_gap_area_that_was_gone_to_is_in_the_address(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/"))
    page.locator(".entry .rank").nth(2).click()
    expect(page).to_have_url(re.compile(r"show=[\w-]+"))
    again = ready(open_page(path_of(page)))
    assert seen(again) == seen(page)
    expect(again.locator(".entry[data-selected]")).to_have_count(1)


def test_the_map_of_a_postcode_marks_its_area(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/?in=E09000023#map&area=E01033327"))
    expect(page.locator(".atlas-panel")).to_contain_text("E01033327")
    assert page.evaluate("atlasMap.map.getZoom()") > 12


@pytest.mark.parametrize(
    "hash_", ["#map&at=99/99/999", "#map&area=E99999999", "#map&show=nobody&colours=x", "#map&at=%E0%A4%A", "#&&=&=x"]
)
def test_an_address_that_makes_no_sense_shows_the_map_as_it_is(open_page: Callable[..., Page], hash_: str) -> None:
    page = ready(open_page("/" + hash_))
    expect(page.locator(".atlas-message")).to_be_hidden()


def test_the_tab_is_kept_beside_the_view(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/#table&colours=sure"))
    expect(page.locator("#tab-table")).to_have_attribute("aria-selected", "true")
    page.locator("#tab-map").click()
    assert page.url.endswith("#map&colours=sure")


def test_the_order_of_the_table_is_in_the_address(open_page: Callable[..., Page]) -> None:
    page = open_page("/gaps")
    people = page.locator("thead").first.get_by_role("link", name="People")
    people.click()
    expect(page).to_have_url(re.compile(r"/gaps\?sort=people$"))
    people.click()
    expect(page).to_have_url(re.compile(r"/gaps\?sort=-people$"))
    first = page.locator("tbody tr").first.inner_text()
    assert open_page(path_of(page)).locator("tbody tr").first.inner_text() == first


def test_the_view_goes_along_to_where_it_is_embedded(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/?in=Lewisham#map&colours=sure"))
    page.get_by_role("link", name="Embed it").click()
    snippet = page.get_by_label("For a page of your own")
    expect(snippet).to_have_value(re.compile(r'/embed/map\?in=E09000023#map&amp;colours=sure"'))


def test_a_map_in_a_frame_shows_the_same_view(open_page: Callable[..., Page]) -> None:
    whole = ready(open_page("/?in=Lewisham#map&colours=sure"))
    framed = ready(open_page("/embed/map?in=Lewisham#map&colours=sure", 600, 500))
    assert seen(framed)["colours"] == seen(whole)["colours"] == "sure"
    assert framed.locator("nav").count() == 0
    box = framed.locator(".atlas-map").bounding_box()
    assert box is not None
    assert box["height"] > 200
    assert framed.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")


def test_a_page_that_we_did_not_write_may_hold_it(open_page: Callable[..., Page], server: str) -> None:
    page = open_page("/embed/map?in=Lewisham")
    frame = '<iframe src="/embed/map?in=Lewisham" title="Map"></iframe>'
    page.route(f"{server}/host", lambda route: route.fulfill(content_type="text/html", body=frame))
    page.goto(f"{server}/host")
    expect(page.frame_locator("iframe").locator("html[data-map-ready] h1")).to_contain_text("Lewisham")


def test_a_brief_prints_on_one_page(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/gaps/beckenham-hill-lewisham"))
    pdf = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type ?/Page\b(?!s)", pdf)) == 1


def test_the_words_of_a_tables_filter_are_in_the_address(open_page: Callable[..., Page]) -> None:
    page = open_page("/boroughs")
    page.get_by_label("Only rows with").fill("city of")
    expect(page).to_have_url(re.compile(r"/boroughs#rows=city%20of$"))
    rows = page.locator("tbody tr:visible")
    expect(rows).to_have_count(1)
    page.reload()
    expect(page.get_by_label("Only rows with")).to_have_value("city of")
    expect(rows).to_have_count(1)
    page.get_by_label("Only rows with").fill("")
    expect(page).to_have_url(re.compile("/boroughs$"))


def test_a_filter_stays_with_the_view_of_the_map_and_through_other_choices(open_page: Callable[..., Page]) -> None:
    page = ready(open_page("/?catchment=3000"))
    page.get_by_role("tab", name="Table").click()
    page.get_by_label("Only rows with").fill("barnet")
    expect(page).to_have_url(re.compile("#table&rows=barnet$"))
    page.get_by_role("tab", name="Map").click()
    page.locator(".entry .rank").first.click()
    expect(page).to_have_url(re.compile("show=.*rows=barnet"))
    page.get_by_label("Catchment").select_option("4000")
    expect(page).to_have_url(re.compile("/#map.*rows=barnet"))
    page.get_by_role("tab", name="Table").click()
    expect(page.get_by_label("Only rows with")).to_have_value("barnet")
    expect(page.get_by_label("Only rows with")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_table_takes_a_stop_of_the_keyboard_where_it_scrolls(open_page: Callable[..., Page], width: int) -> None:
    page = open_page("/compare/boroughs?a=Lewisham&b=Camden", width)
    for each in (width, 1670 - width):
        page.set_viewport_size({"width": each, "height": 900})
        page.wait_for_function(
            """() => [...document.querySelectorAll(".scroll")].every((region) =>
                region.hasAttribute("tabindex") === region.scrollWidth > region.clientWidth)"""
        )
        scrolling = page.locator(".scroll[tabindex='0']").count()
        assert (scrolling > 0) is (each == 390)
