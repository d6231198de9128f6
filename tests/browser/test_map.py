"""What a reader does with the map, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.maps.page import standalone
from atlas.maps.style import COLOURINGS, PALETTE, SURE
from atlas.maps.values import shown_sites
from atlas.snapshot import Atlas
from tests.browser.conftest import READY
from tests.toy import toy_atlas

OpenPage = Callable[..., Page]


def pixel_of(page: Page, longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place is on the screen."""
    where = "([lng, lat]) => { const p = atlasMap.map.latLngToContainerPoint({ lat, lng }); return [p.x, p.y]; }"
    x, y = page.evaluate(where, [longitude, latitude])
    box = page.locator("#atlas_map").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def middle_of_first_gap(page: Page) -> tuple[float, float]:
    """A point inside the first gap area, the map having been moved there."""
    page.evaluate("atlasMap.focus(atlasMap.map.atlas.values.gap_areas[0].id)")
    inside = """(() => {
      const view = atlasMap.map.atlas;
      const { map } = view;
      const size = map.getSize();
      for (let x = 140; x < size.x - 140; x += 7) for (let y = 90; y < size.y - 90; y += 7) {
        const place = map.containerPointToLatLng([x, y]);
        const area = view.areaAt(place);
        if (area >= 0 && view.gapOf(area) === 0) return [place.lng, place.lat];
      }
    })()"""
    longitude, latitude = page.evaluate(inside)
    return pixel_of(page, longitude, latitude)


def hide_sites(page: Page) -> None:
    page.locator(".atlas-layers > summary").click()
    page.get_by_label("Anchor sites").uncheck()
    page.locator(".atlas-layers > summary").click()


def pointing_at_first_gap(open_page: OpenPage) -> tuple[Page, float, float]:
    """London, the pointer inside the first gap area; and where that is."""
    page = open_page("/")
    page.wait_for_selector(READY)
    hide_sites(page)
    x, y = middle_of_first_gap(page)
    page.mouse.move(x, y)
    return page, x, y


HALF_A_PIXEL_OUT = """() => {
  const { map } = atlasMap;
  const [{ centre }] = map.atlas.values.gap_areas;
  const size = map.getSize();
  for (let zoom = 12; zoom < 13; zoom += 0.01) {
    const at = map.project(centre, zoom);
    const over = at.y - Math.floor(at.y);
    if (over < 0.2 || over > 0.4) continue;
    // its lower edge is less than a pixel below the map's, which is nothing to pan by
    const middle = L.point(at.x, Math.floor(at.y) + 24 - size.y / 2);
    map.setView(map.unproject(middle, zoom), zoom, { animate: false });
    document.querySelector(".atlas-badge").focus();
    return document.activeElement.textContent;
  }
}"""


def test_a_number_at_the_edge_keeps_the_focus(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    assert page.evaluate(HALF_A_PIXEL_OUT) == "1"


def test_pointing_says_what_is_there_and_a_click_opens_pages(open_page: OpenPage, london: Atlas) -> None:
    page, x, y = pointing_at_first_gap(open_page)
    tip = page.locator(".atlas-tip")
    expect(tip).to_contain_text("Need, estimated: higher than for")
    expect(tip).to_contain_text("Nearest anchor:")
    expect(tip).to_contain_text(re.compile(r"A gap in \d+% of ways"))
    expect(tip).to_contain_text(london.gap_areas[0].name)
    page.evaluate("document.addEventListener('atlas:gap-area', ({ detail }) => { window.chosen = detail.id; })")
    page.mouse.click(x, y)
    panel = page.locator(".atlas-panel")
    expect(panel.get_by_role("link", name=london.gap_areas[0].name)).to_have_attribute(
        "href", f"/gaps/{london.gap_areas[0].id}"
    )
    row = london.gaps.areas.loc[panel.locator("p").first.inner_text().split(" · ")[-1]]
    expect(panel).to_contain_text(f"of ways ({london.gaps.robustness.draws:,} tried)")
    expect(panel).to_contain_text(
        f"{row['rank']:,} of {len(london.gaps.areas):,} (1 is most of a gap); "
        f"{row['rank_low']:,} to {row['rank_high']:,} in nine ways of ten"
    )
    assert page.evaluate("window.chosen") == london.gap_areas[0].id
    expect(page.locator(".entry").first).to_have_attribute("data-selected", "")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_what_is_said_under_the_pointer_can_be_sent_away(open_page: OpenPage) -> None:
    page, x, y = pointing_at_first_gap(open_page)
    tip = page.locator(".atlas-tip")
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    page.mouse.move(x + 1, y)
    expect(tip).to_have_count(0)
    page.mouse.move(x + 60, y + 40)
    expect(tip).to_be_visible()


def test_a_site_names_its_institution(open_page: OpenPage, london: Atlas) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    sites = shown_sites(london.inputs)
    site = sites[sites["sector"] == "council"].iloc[0]
    index = page.evaluate("(name) => atlasMap.map.atlas.values.sites.name.indexOf(name)", site["name"])
    place = page.evaluate(
        "(i) => [atlasMap.map.atlas.values.sites.lon[i], atlasMap.map.atlas.values.sites.lat[i]]", index
    )
    page.evaluate("([lng, lat]) => atlasMap.map.setView({ lat, lng }, 15, { animate: false })", place)
    page.mouse.click(*pixel_of(page, *place))
    expect(page.locator(".atlas-panel")).to_contain_text(site["institution_name"])


def test_layers_are_switched_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.locator(".atlas-layers > summary").focus()
    page.keyboard.press("Enter")
    colours = page.get_by_label("Areas coloured by")
    colours.wait_for()
    # Firefox would stop there first, Chromium never does
    expect(page.locator(".atlas-layers > div")).to_have_attribute("tabindex", "-1")
    page.keyboard.press("Tab")
    expect(colours).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".atlas-frame")).to_have_attribute("data-colours", "sure")
    expect(colours).to_be_focused()
    gaps = page.get_by_role("checkbox", name="Gap areas")
    gaps.focus()
    assert page.locator(".atlas-badge").count() > 0
    page.keyboard.press("Space")
    expect(page.locator(".atlas-badge")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".atlas-layers > summary")).to_be_focused()
    expect(gaps).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_numbers_lie_clear_of_each_other_and_of_the_controls(open_page: OpenPage, width: int) -> None:
    page = open_page("/boroughs/lewisham", width=width)
    page.wait_for_selector(READY)
    covered = """[...document.querySelectorAll(".atlas-badge")].filter((badge) => {
      const one = badge.getBoundingClientRect();
      return [...document.querySelectorAll(".atlas-badge, .leaflet-control, .atlas-legend")].some((other) => {
        const two = other.getBoundingClientRect();
        const isBeside = one.left >= two.right || two.left >= one.right;
        return other !== badge && !isBeside && one.top < two.bottom && two.top < one.bottom;
      });
    }).length"""
    assert page.locator(".atlas-badge").count() > 2
    assert page.evaluate(covered) == 0


def test_a_number_keeps_the_focus_while_the_map_moves(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.locator(".atlas-badge").first.focus()
    before = page.evaluate("atlasMap.map.getZoom()")
    page.keyboard.press("Enter")
    page.wait_for_function("(before) => atlasMap.map.getZoom() > before", arg=before)
    expect(page.locator(".atlas-badge").first).to_be_focused()


def test_boards_networks_and_sectors_can_be_shown(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.locator(".atlas-layers > summary").click()
    page.get_by_label("Integrated care boards").select_option("Five, 2022 to March 2026")
    page.get_by_role("checkbox", name="Police").check()
    networks = page.get_by_label("Where a network or programme works")
    networks.select_option(index=1)
    shown = "atlasMap.map.atlas.painters.filter(({ shown, choice }) => shown && choice).map(({ label }) => label)"
    assert page.evaluate(shown) == [COLOURINGS["need"], "Five, 2022 to March 2026"]
    assert page.evaluate("atlasMap.map.atlas.footprint") == networks.input_value()
    assert not page.evaluate("atlasMap.map.atlas.hiddenSectors.has('police')")


def colour_by(page: Page, words: str) -> None:
    page.locator(".atlas-layers > summary").click()
    page.get_by_label("Areas coloured by").select_option(words)
    page.locator(".atlas-layers > summary").click()


def colours_on(page: Page) -> set[str]:
    """Which of the three palettes' telling colours are on the map."""
    return set(
        page.evaluate(
            """(wanted) => {
      const canvas = document.querySelector(".leaflet-overlay-pane canvas");
      const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
      const context = copy.getContext("2d", { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const found = new Set();
      for (let at = 0; at < data.length; at += 4) {
        found.add("#" + [0, 1, 2].map((part) => data[at + part].toString(16).padStart(2, "0")).join(""));
      }
      return wanted.filter((colour) => found.has(colour));
    }""",
            TELLING,
        )
    )


TELLING = [PALETTE[2], SURE[2], SURE[3]]
"""Only need and anchors has the first, only the share of ways the second; that and the verdict the third."""


def test_areas_are_coloured_by_what_is_chosen(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    legend, keys = page.locator(".atlas-legend"), page.locator(".atlas-keys")
    built = "atlasMap.map.atlas.painters.filter(({ fills }) => fills).map(({ id }) => id)"
    assert page.evaluate(built) == ["need"]
    assert colours_on(page) == {TELLING[0]}
    expect(legend).to_contain_text("more need", use_inner_text=True)
    colour_by(page, COLOURINGS["sure"])
    assert colours_on(page) == {TELLING[1], TELLING[2]}
    expect(legend.locator("summary")).to_have_text("How sure", use_inner_text=True)
    expect(legend).to_contain_text("other ways of measuring in which the area is a gap", use_inner_text=True)
    expect(keys).not_to_contain_text("a third of", use_inner_text=True)
    colour_by(page, COLOURINGS["verdict"])
    assert colours_on(page) == {TELLING[2]}
    expect(legend).to_contain_text("Unknown: anchors not surveyed", use_inner_text=True)
    colour_by(page, "Not coloured")
    assert colours_on(page) == set()
    expect(legend).to_be_hidden()
    assert urlsplit(page.url).query == ""


def test_what_areas_are_coloured_by_outlives_other_choices(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    colour_by(page, COLOURINGS["sure"])
    before = page.evaluate("atlasMap.map.atlas.values.revision")
    page.evaluate("document.querySelector('.atlas-legend').dataset.old = '1'")
    page.locator("#catchment").select_option("2000")
    page.wait_for_function("(before) => atlasMap.map.atlas.values.revision !== before", arg=before)
    expect(page.locator(".atlas-legend[data-old]")).to_have_count(0)
    expect(page.locator(".atlas-legend summary")).to_have_text("How sure", use_inner_text=True)
    assert TELLING[1] in colours_on(page)
    page.locator(".atlas-layers > summary").click()
    expect(page.get_by_label("Areas coloured by")).to_have_value("1")


def test_the_control_keeps_the_focus_when_values_change(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    page.locator(".atlas-layers > summary").click()
    page.get_by_label("Areas coloured by").focus()
    page.evaluate("atlasMap.setValues(atlasMap.map.atlas.config.values)")
    expect(page.get_by_label("Areas coloured by")).to_be_focused()


def test_other_values_come_without_the_shapes(open_page: OpenPage) -> None:
    page = open_page("/")
    page.wait_for_selector(READY)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    before = page.evaluate("atlasMap.map.atlas.values.classes")
    page.locator("#catchment").select_option("2000")
    page.wait_for_function("(before) => atlasMap.map.atlas.values.classes !== before", arg=before)
    assert [path for path in asked if path.startswith("/map/")] == [
        path for path in asked if path.endswith("values.json")
    ]


def test_on_a_phone_a_tap_opens_a_sheet_and_the_legend_is_folded(open_page: OpenPage) -> None:
    page = open_page("/#map", width=390, height=844)
    page.wait_for_selector(READY)
    assert page.locator(".atlas-legend").get_attribute("open") is None
    page.locator("#atlas_map").evaluate("map => map.scrollIntoView({ block: 'center' })")
    x, y = pixel_of(page, 0.15, 51.6)
    page.mouse.click(x, y)
    sheet = page.locator(".atlas-sheet")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_have_count(0)


def test_a_map_that_cannot_be_fetched_says_so(browser: Browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/values.json*", lambda route: route.fulfill(status=503, body=""))
    page.goto(server)
    message = page.locator("#atlas_map_message")
    expect(message).to_contain_text("The map could not be drawn (503")
    page.unroute("**/values.json*")
    message.get_by_role("button", name="Try again").click()
    page.wait_for_selector(READY)
    expect(message).to_be_hidden()
    context.close()


@pytest.mark.parametrize("hostile", ["Western Hospital", "</script><img src=x onerror=alert(1)>"])
def test_one_file_opens_offline(browser: Browser, tmp_path: Path, hostile: str) -> None:
    atlas = toy_atlas(hostile)
    (tmp_path / "map.html").write_text(standalone(atlas), encoding="utf-8")
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector(READY)
    assert len(asked) == 1
    assert complaints == []
    expect(page.get_by_role("heading", level=1)).to_contain_text("In one area of London, home to 3,200 people")
    colour_by(page, COLOURINGS["verdict"])
    expect(page.locator(".atlas-legend summary")).to_have_text("Verdict", use_inner_text=True)
    page.locator("[data-show-on-map]").first.click()
    expect(page.locator("[data-gap-area]").first).to_have_attribute("data-selected", "")
    site = page.evaluate("[atlasMap.map.atlas.values.sites.lon[1], atlasMap.map.atlas.values.sites.lat[1]]")
    page.mouse.click(*pixel_of(page, *site))
    expect(page.locator(".atlas-panel")).to_contain_text(hostile)
    assert page.locator("img").count() == 0
    context.close()


def test_what_is_a_gap_too_seldom_says_what_one_takes(open_page: OpenPage, london: Atlas) -> None:
    gaps = london.gaps.areas
    seldom = gaps[gaps["is_gap_here"] & gaps["p_gap"].between(0.1, 0.4)]
    page = open_page(f"/#map&area={seldom.index[0]}")
    expect(page.locator(".atlas-panel")).to_contain_text(
        "Not a gap, which takes at least half of the ways of measuring"
    )
    never = gaps[(gaps["p_gap"] == 0) & (gaps["access_percentile"] > 50)]
    page = open_page(f"/#map&area={never.index[0]}")
    expect(page.locator(".atlas-panel")).to_contain_text("Not a gap")
    expect(page.locator(".atlas-panel")).not_to_contain_text("which takes")
