"""Everyone can use every page: axe-core on each kind of page and its main states, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.snapshot import Atlas
from atlas.store import open_store
from tests.browser.conftest import READY, opening, serving
from tests.estate_web import TOKEN, app_with, keep
from tests.land import land
from tests.toy import toy_atlas

OpenPage = Callable[..., Page]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "(levels) => axe.run(document, { runOnly: levels, resultTypes: ['violations'] })"
PLAIN = "document.querySelectorAll('.scroll').forEach(({ style }) => (style.background = 'none'))"
"""Takes away the shadows at the edges of tables: axe-core measures no text that stands on a gradient."""
WIDTHS = (1280, 390)

PAGES = [
    "/",
    "/gaps",
    "/networks",
    "/networks/lain",
    "/institutions",
    "/institutions/barts-health-nhs-trust",
    "/boroughs",
    "/boroughs/lewisham",
    "/icss",
    "/icss/north-east-london",
    "/data",
    "/method",
    "/about",
    "/accessibility",
    "/search?q=lain",
    "/compare",
    "/scenarios",
    "/siting",
    "/graph",
    "/graph/chains?from=Barts+Health+NHS+Trust&to=Peabody",
    "/graph/bridges",
    "/graph/serves?place=Lewisham",
    "/graph/changes",
    "/graph/measures",
    "/graph/export",
    "/progress",
    "/programmes",
    "/programmes?works_on=workforce",
    "/compare/boroughs?a=Lewisham&b=Camden",
    "/api",
    "/embed",
    "/embed/map?in=Lewisham",
]
WRONG = {
    "/search?q=zzzzqq": "h1",
    "/graph/chains?from=nobody+at+all&to=Peabody": "#from-error",
    "/graph/changes?from=yesterday": "#faults",
    "/boroughs/nowhere": "h1",
    "/?catchment=-3&sectors=health,foo": "#catchment-error",
    "/graph?node=lewishm&at=2040": "#faults",
}
"""Addresses that cannot be answered, and where the page says why."""
ESTATE = ["/estate", "/estate/assets/council-depot", "/estate/opportunities", "/estate/imports"]


def excused(rule: str, node: dict[str, Any]) -> bool:
    """Whether a finding is allowed for: badges of a map may stand close, since list and table lead where they do."""
    return rule == "target-size" and "leaflet-marker-icon" in node["html"]


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong: the rule, the place, and what should be."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(PLAIN)
    found: dict[str, Any] = page.evaluate(RUN, LEVELS)
    return [
        f"{one['id']}: {node['html'][:200]} {node.get('failureSummary')}"
        for one in found["violations"]
        for node in one["nodes"]
        if not excused(one["id"], node)
    ]


def settled(page: Page) -> None:
    if page.locator("#atlas_map").count():
        page.wait_for_selector(READY, state="attached")


def check(page: Page) -> None:
    """Fail on whatever axe-core finds at either width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == [], width


@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_anybodys_way(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    settled(page)
    check(page)


def test_nothing_stands_in_the_way_of_a_brief_or_a_scenario(open_page: OpenPage, london: Atlas) -> None:
    for path in ("gaps", "embed/gaps"):
        page = open_page(f"/{path}/{london.gap_areas[0].id}")
        settled(page)
        check(page)
    page = open_page("/scenarios")
    page.locator(".what-if-example h3 a").first.click()
    settled(page)
    check(page)


def test_nothing_stands_in_the_way_of_what_is_open(open_page: OpenPage) -> None:
    page = open_page("/")
    settled(page)
    page.get_by_role("tab", name="Table").click()
    check(page)
    page.get_by_role("tab", name="Map").click()
    page.locator(".atlas-layers > summary").click()
    check(page)
    page.locator(".atlas-layers > summary").click()
    page.get_by_text("Anchors", exact=True).click()
    check(page)
    page.get_by_text("Anchors", exact=True).click()
    page.locator(".more summary").click()
    check(page)
    page = open_page("/boroughs/lewisham", 390, 844)
    page.get_by_role("button", name="Menu").click()
    for fold in page.locator(".fold > summary").all():
        fold.click()
    assert faults(page) == []


def test_nothing_stands_in_the_way_of_suggestions(open_page: OpenPage) -> None:
    page = open_page("/gaps")
    page.get_by_role("combobox").first.fill("lewis")
    expect(page.get_by_role("listbox").first).to_be_visible()
    check(page)


@pytest.mark.parametrize("path", ESTATE)
def test_nothing_stands_in_the_way_of_the_estate(open_estate: OpenPage, path: str) -> None:
    page = open_estate(path)
    expect(page.locator("h1")).to_be_visible()
    check(page)


def test_nothing_stands_in_the_way_of_the_panel_of_an_asset(open_estate: OpenPage) -> None:
    page = open_estate("/estate?find=e1+1bj")
    page.wait_for_selector("html[data-estate-ready]", state="attached")
    page.get_by_role("button", name="Show on the map: Library").click()
    expect(page.locator(".atlas-panel h2")).to_have_text("Library")
    assert faults(page) == []


def test_nothing_stands_in_the_way_of_a_review_of_matches(browser: Browser, tmp_path: Path) -> None:
    pair = ("asset:council-hall", "asset:hospital-hall", "uprn", 1.0, "the same UPRN, 77")
    with open_store(f"sqlite:///{tmp_path}/atlas.db") as store:
        for of in ("council", "hospital"):
            keep(store, of, land({"id": "hall", "of": of, "uprn": "77"}).assets)
        store.propose(pd.DataFrame([pair], columns=["left", "right", "rule", "score", "reasons"]), "a test")
        with serving(app_with(toy_atlas(), store, tmp_path)) as address, opening(browser, address) as open_:
            page = open_("/estate/import")
            page.get_by_label("Import token").fill(TOKEN)
            page.get_by_role("button", name="Go on").click()
            page.get_by_role("link", name="Same places").click()
            expect(page.locator(".estate-match")).to_be_visible()
            check(page)
            page.get_by_role("button", name="Two places").click()
            expect(page.locator("#said")).to_be_focused()
            check(page)


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_is_said_in_words(browser: Browser, server: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(server + path)
    expect(page.locator(WRONG[path]).first).to_be_visible()
    check(page)
    page.close()


def test_a_fault_is_said_above_and_beside_its_field(browser: Browser, server: str) -> None:
    page = browser.new_page()
    page.goto(f"{server}/graph/chains?from=nobody+at+all&to=Peabody")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("nobody at all")
    field = page.get_by_label("From")
    expect(field).to_have_accessible_description("Error: " + summary.get_by_role("link").inner_text())
    summary.get_by_role("link").click()
    expect(field).to_be_focused()
    page.close()


def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<title>x</title><main><h1>x</h1><img src='data:,'><p style='color:#ccc'>faint</p></main>")
    assert any(fault.startswith("image-alt") for fault in faults(page))
    page.close()


def test_without_javascript_a_wrong_day_and_name_are_typed_anew(browser: Browser, server: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{server}/graph?node=lewishm&at=2040&sector=health")
    expect(page.locator("#node-error")).to_contain_text("did you mean")
    page.get_by_label("Day").fill("2022-07-01")
    page.get_by_label("Who").fill("Lewisham Council")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("h1")).to_contain_text("July 2022")
    assert "sector=health" in page.url
