"""What a reader does with the single map, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from atlas.geo.crs import points_to_wgs84
from tests.browser.conftest import overflow
from tests.toy import HOSTILE, X0, Y0
from tests.toy_estate import HIDDEN

OpenPage = Callable[..., Page]
EVERYTHING = "3 partners hold 11 assets on record; 4 are vacant, surplus or subject to disposal."
DEPOT_CORNERS = [(6_300, 300), (6_800, 300), (6_800, 700), (6_300, 700)]


def drawn(page: Page) -> None:
    """Wait until the map has drawn what a window holds."""
    page.wait_for_selector("html[data-estate-ready]", state="attached")


def redrawn(page: Page, act: Callable[[], object]) -> None:
    """Do something and wait until the map has drawn again."""
    before = page.locator("html").get_attribute("data-estate-ready")
    act()
    expect(page.locator("html")).not_to_have_attribute("data-estate-ready", str(before))


def pixel_of(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the toy world, in metres from its corner, is on the screen."""
    longitude, latitude = (float(one[0]) for one in points_to_wgs84([X0 + x], [Y0 + y]))
    where = "([lng, lat]) => { const p = atlasMap.map.latLngToContainerPoint({ lat, lng }); return [p.x, p.y]; }"
    left, top = page.evaluate(where, [longitude, latitude])
    box = page.locator("#atlas_map").bounding_box()
    assert box is not None
    return box["x"] + left, box["y"] + top


def painted_at(page: Page, *places: tuple[float, float]) -> list[bool]:
    """Whether anything is painted over the ground at places."""
    longitudes, latitudes = points_to_wgs84([X0 + x for x, _ in places], [Y0 + y for _, y in places])
    look = """(places) => {
      const canvas = document.querySelector(".leaflet-atlas-top-pane canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return places.map(([lng, lat]) => {
        const at = atlasMap.map.latLngToLayerPoint({ lat, lng }).subtract(canvas._leaflet_pos);
        const ratio = canvas.width / canvas.clientWidth;
        return data[4 * (Math.round(at.y * ratio) * canvas.width + Math.round(at.x * ratio)) + 3] > 0;
      });
    }"""
    return list(page.evaluate(look, [[*place] for place in zip(longitudes, latitudes, strict=True)]))


def test_a_filter_changes_sentence_map_sums_and_address_and_back_undoes_it(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    expect(page.locator("h1")).to_have_text(EVERYTHING)
    expect(page.locator("#estate-count")).to_have_text(re.compile("^10 assets here"))
    page.locator("summary", has_text="Owner").click()
    page.get_by_label("Hospital 3").check()
    expect(page.locator("h1")).to_have_text(re.compile("^1 partner holds the 3 assets chosen"))
    expect(page.locator("#estate-count")).to_have_text(re.compile("^3 assets here"))
    expect(page.locator("#total-assets")).to_have_text("3")
    expect(page.locator("[data-said=owner]")).to_have_text("Hospital")
    expect(page).to_have_url(re.compile(r"/estate\?owner=hospital$"))
    expect(page.locator("#panel-list a", has_text="GeoPackage")).to_have_attribute(
        "href", "/api/v1/estate/assets.gpkg?owner=hospital"
    )
    page.go_back()
    expect(page.locator("h1")).to_have_text(EVERYTHING)


def test_the_numbers_of_every_other_list_follow_a_choice_and_ticks_stay(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    uses = page.locator("label.tick", has=page.locator("[name=use]"))
    expect(uses.filter(has_text="Library")).to_have_text(re.compile(r"Library\s+1"))
    page.locator("summary", has_text="Owner").click()
    page.get_by_label("Hospital 3").check()
    expect(uses.filter(has_text="Library")).to_have_text(re.compile(r"Library\s+0"))
    expect(uses.first).to_have_text(re.compile(r"Health\s+2"))
    expect(page.get_by_label("Hospital 3")).to_be_focused()
    page.get_by_label("Council 8").check()
    expect(uses.filter(has_text="Library")).to_have_text(re.compile(r"Library\s+1"))
    expect(page.locator("[name=owner]:checked")).to_have_count(2)
    page.locator("summary", has_text="Status").click()
    expect(page.locator("details[open] .tick").last).to_contain_text("Only vacant")


def test_words_find_an_asset_and_the_list_shows_it_on_the_map(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.get_by_label("Find").fill("e1 1bj")
    page.get_by_label("Find").press("Enter")
    expect(page.locator("#total-assets")).to_have_text("1")
    page.get_by_role("button", name="Show on the map: Library").click()
    panel = page.locator(".atlas-panel")
    expect(panel.locator("h2")).to_have_text("Library")
    panel.get_by_role("link", name="Everything on record").click()
    expect(page.locator("h1")).to_have_text("Library")
    drawn(page)


def test_a_drawn_area_is_added_up_and_stays_in_the_address(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.get_by_role("button", name="Draw an area").click()
    expect(page.locator(".estate-hint")).to_contain_text("Click the corners")
    for corner in [*DEPOT_CORNERS, DEPOT_CORNERS[0]]:
        page.mouse.click(*pixel_of(page, *corner))
    expect(page.locator("h1")).to_contain_text("holds the 1 asset chosen in the area drawn, of 11 on record;")
    expect(page.locator("#panel-list .estate-facts")).to_contain_text("1.5 ha")
    expect(page).to_have_url(re.compile(r"[?&]area=-0\.03"))
    page.reload()
    drawn(page)
    expect(page.locator("#total-assets")).to_have_text("1")
    page.get_by_role("button", name="No area").click()
    expect(page.locator("h1")).to_have_text(EVERYTHING)
    expect(page).not_to_have_url(re.compile("area="))


MIDDLE = "String(atlasMap.map.getCenter())"


def test_an_area_is_drawn_by_the_keyboard_alone(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.get_by_role("button", name="Draw an area").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#atlas_map")).to_be_focused()
    for arrow in ("ArrowLeft", "ArrowDown", "ArrowRight"):
        page.keyboard.press("Space")
        before = page.evaluate(MIDDLE)
        page.keyboard.press(arrow)
        # a corner is where the map stands, and a map on its way takes no other arrow
        page.wait_for_function(f"(before) => {MIDDLE} !== before && !atlasMap.map._panAnim?._inProgress", arg=before)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"area="))
    expect(page.get_by_role("button", name="Draw an area")).to_be_visible()


def test_an_area_of_two_corners_is_not_closed_and_a_double_click_closes_one_of_three(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.get_by_role("button", name="Draw an area").click()
    first, second, third, _ = DEPOT_CORNERS
    page.mouse.click(*pixel_of(page, *first))
    page.mouse.dblclick(*pixel_of(page, *second))
    expect(page.locator(".estate-hint")).to_have_text("An area has three corners or more; two are set.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop drawing")).to_be_visible()
    page.mouse.dblclick(*pixel_of(page, *third))
    expect(page).to_have_url(re.compile(r"area=(-?[\d.]+,){5}-?[\d.]+$"))


def test_who_draws_by_touch_is_not_told_of_keys(browser: Browser, estate_server: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(estate_server + "/estate")
    page.get_by_role("tab", name="Map").tap()
    drawn(page)
    page.get_by_role("button", name="Draw an area").tap()
    expect(page.locator(".estate-hint")).to_have_text("Touch the corners of the area.")
    page.close()


def test_escape_leaves_the_drawing_as_it_was(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.get_by_role("button", name="Draw an area").click()
    page.mouse.click(*pixel_of(page, 5_000, 1_000))
    page.keyboard.press("Escape")
    expect(page.locator(".estate-hint")).to_be_empty()
    expect(page.locator("h1")).to_have_text(EVERYTHING)


def test_a_box_is_typed_and_what_the_map_shows_is_taken(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.locator("#estate-area > summary").click()
    page.get_by_label("Type a box").fill("536000 180000 537000 182000")
    page.get_by_label("Type a box").press("Enter")
    expect(page.locator("#total-assets")).to_have_text("2")
    expect(page.locator("[data-said=area]")).to_have_text("Box")
    page.goto(page.url.partition("?")[0] + "?view=16/51.50814/-0.10657")
    drawn(page)
    page.locator("#estate-area > summary").click()
    page.get_by_role("button", name="Take what the map shows").click()
    expect(page.locator("h1")).to_contain_text("chosen in the box, of 11 on record")
    expect(page).to_have_url(re.compile(r"box="))


def test_a_size_that_cannot_be_is_told_beside_its_field_until_it_is_mended(
    browser: Browser, estate_server: str
) -> None:
    # the browser itself complains of an answer that refuses
    page = browser.new_page()
    page.goto(estate_server + "/estate?min_ha=5&max_ha=1")
    drawn(page)
    expect(page.locator("#faults")).to_be_focused()
    page.locator("#faults a").click()
    expect(page.get_by_label("to", exact=True)).to_be_focused()
    page.get_by_label("to", exact=True).fill("6")
    page.get_by_label("to", exact=True).press("Enter")
    expect(page.locator("#max_ha-error, #faults")).to_have_count(0)
    expect(page).to_have_url(re.compile("max_ha=6"))
    page.close()


def test_clusters_fall_apart_into_marks_and_outlines(open_estate: OpenPage) -> None:
    page = open_estate("/estate?view=10/51.51/-0.07")
    drawn(page)
    expect(page.locator("#estate-count")).to_contain_text("numbers count several")
    clusters = "atlasMap.map.atlas.estate.clusters.length"
    assert page.evaluate(clusters) > 0
    page.evaluate("void atlasMap.map.setView([51.50814, -0.10657], 16.5, { animate: false })")
    expect(page.locator("#estate-count")).to_have_text(re.compile(r"^\d+ assets? here$"))
    assert page.evaluate(clusters) == 0
    assert page.evaluate("atlasMap.map.atlas.estate.outlines.length") == 1
    assert painted_at(page, (1_470, 470), (1_300, 420)) == [True, False]


def test_names_of_boroughs_give_way_to_what_stands_on_the_map(open_estate: OpenPage) -> None:
    page = open_estate("/estate?view=10.5/51.51/-0.07")
    drawn(page)
    written = page.evaluate(
        """() => {
          const pen = CanvasRenderingContext2D.prototype;
          const { fillText } = pen;
          const written = [];
          pen.fillText = function (text, x, y) {
            written.push([text, x, y]);
            return fillText.call(this, text, x, y);
          };
          atlasMap.map.atlas.redraw(["atlas-top"]);
          pen.fillText = fillText;
          return written;
        }"""
    )
    names = [(x, y) for text, x, y in written if text in {"West", "East"}]
    numbers = [(x, y) for text, x, y in written if str(text).isdigit()]
    assert names
    assert numbers
    assert all(abs(x - left) > 14 or abs(y - top) > 14 for x, y in names for left, top in numbers)


def test_a_click_on_a_cluster_goes_nearer_and_on_a_mark_opens_it(open_estate: OpenPage) -> None:
    page = open_estate("/estate?owner=hospital&view=10/51.51/-0.07")
    drawn(page)
    before = page.evaluate("atlasMap.map.getZoom()")
    x, y = page.evaluate(
        """(() => {
          const [lng, lat] = atlasMap.map.atlas.estate.answer.clusters.at;
          const { x, y } = atlasMap.map.latLngToContainerPoint({ lat, lng });
          return [x, y];
        })()"""
    )
    box = page.locator("#atlas_map").bounding_box()
    assert box is not None
    redrawn(page, lambda: page.mouse.click(box["x"] + x, box["y"] + y))
    assert page.evaluate("atlasMap.map.getZoom()") > before
    redrawn(page, lambda: page.evaluate("void atlasMap.map.setView([51.515, -0.0327], 15, { animate: false })"))
    place = pixel_of(page, 6_600, 1_500)
    page.mouse.move(*place)
    expect(page.locator(".atlas-tip")).to_contain_text("Stores")
    page.mouse.click(*place)
    expect(page.locator(".atlas-panel h2")).to_have_text("Stores")


def test_a_hostile_name_is_text_on_the_map(open_estate: OpenPage) -> None:
    page = open_estate("/estate?find=img&view=15/51.51689/-0.09179")
    drawn(page)
    place = pixel_of(page, 2_500, 1_500)
    page.mouse.move(*place)
    expect(page.locator(".atlas-tip strong")).to_have_text(HOSTILE)
    page.mouse.click(*place)
    expect(page.locator(".atlas-panel h2")).to_have_text(HOSTILE)
    assert page.locator("img").count() == 0


def test_marks_are_told_apart_by_what_is_asked_in_colour_and_letter(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.get_by_label("Told apart by").select_option("tenure")
    expect(page.locator("#estate-groups")).to_contain_text("Freehold")
    expect(page.locator("#estate-groups li", has_text="Freehold").first.locator(".estate-mark")).to_have_text("F")
    expect(page).to_have_url(re.compile("by=tenure"))
    assert page.evaluate("atlasMap.map.atlas.estate.state.by") == "tenure"


def test_anchor_sites_and_gap_areas_go_on_and_off(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    picture = "document.querySelector('.leaflet-overlay-pane canvas').toDataURL()"
    pictures = [page.evaluate(picture)]
    for name in ("Anchor sites", "Gap areas"):
        page.get_by_label(name).uncheck()
        pictures.append(page.evaluate(picture))
    assert len(set(pictures)) == 3


def test_a_shared_address_looks_where_it_was_shared(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    page.locator(".leaflet-control-zoom-in").click()
    expect(page).to_have_url(re.compile(r"view=[\d.]+/51\."))
    other = open_estate("/estate?" + page.url.partition("?")[2])
    drawn(other)
    assert other.evaluate("atlasMap.map.getZoom()") == pytest.approx(page.evaluate("atlasMap.map.getZoom()"), abs=0.01)


def test_the_map_goes_to_what_is_found_where_none_of_it_is_in_view_and_stays_else(open_estate: OpenPage) -> None:
    page = open_estate("/estate?view=16.5/51.5081/-0.1066")
    drawn(page)
    zoom = page.evaluate("atlasMap.map.getZoom()")
    page.get_by_label("Find").fill("clinic")
    redrawn(page, lambda: page.get_by_label("Find").press("Enter"))
    expect(page.locator("#estate-count")).to_have_text("1 asset here")
    assert page.evaluate("atlasMap.map.getZoom()") == zoom
    page.get_by_label("Find").fill("depot")
    page.get_by_label("Find").press("Enter")
    expect(page).to_have_url(re.compile(r"/estate\?find=depot$"))
    expect(page.locator("#estate-count")).to_have_text("1 asset here")
    assert page.evaluate("atlasMap.map.getZoom()") < zoom


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_off_the_screen(open_estate: OpenPage, width: int) -> None:
    for path in ("/estate", "/estate/assets/council-block", "/estate/assets/council-hostile"):
        page = open_estate(path, width, 844)
        assert overflow(page) <= 0


def test_a_narrow_screen_has_list_map_and_table_as_tabs(open_estate: OpenPage) -> None:
    page = open_estate("/estate", 390, 844)
    expect(page.locator("#panel-list")).to_be_visible()
    expect(page.locator("#panel-map")).to_be_hidden()
    page.get_by_role("tab", name="Map").click()
    expect(page.locator("#panel-map")).to_be_visible()
    expect(page.locator("#panel-list")).to_be_hidden()
    drawn(page)
    page.get_by_role("tab", name="Table").click()
    expect(page.locator(".estate-table")).to_be_visible()
    page.get_by_role("tab", name="List").click()
    page.get_by_role("button", name=re.compile("Show on the map: Town Hall")).click()
    expect(page.locator(".atlas-panel h2")).to_have_text("Town Hall")


def test_without_javascript_form_sums_and_table_say_the_same(open_estate: OpenPage) -> None:
    page = open_estate("/estate", javascript=False)
    expect(page.locator(".estate-table")).to_be_visible()
    expect(page.locator("#panel-map")).to_be_hidden()
    page.locator(".estate-table").get_by_role("link", name="Owner").click()
    page.get_by_role("link", name="Not in use first, then the largest").click()
    expect(page).to_have_url(re.compile(r"/estate#table$"))
    page.get_by_label("Find").fill("library")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#total-assets")).to_have_text("1")
    expect(page.locator(".estate-table tbody tr")).to_have_count(1)
    page.goto(page.url.partition("?")[0] + "?area=-0.04,51.50,-0.03,51.50,-0.03,51.51")
    page.get_by_label("Find").fill("")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("area=-0.04"))


def test_what_not_everybody_may_see_is_nowhere_on_the_page(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)
    assert HIDDEN not in page.content()
    assert HIDDEN not in str(page.evaluate("JSON.stringify(atlasMap.map.atlas.estate.answer)"))


def test_the_download_that_the_page_offers_is_a_geopackage(open_estate: OpenPage, tmp_path: Path) -> None:
    page = open_estate("/estate")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="GeoPackage").click()
    path = tmp_path / "assets.gpkg"
    waiting.value.save_as(path)
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_a_borough_chosen_leaves_its_wards_unchosen(open_estate: OpenPage) -> None:
    page = open_estate("/estate")
    drawn(page)

    def with_wards(route: Route) -> None:
        answer = route.fetch()
        any_ward = '<select class="govuk-select" id="ward" name="ward">\n      <option value="">Any</option>'
        assert any_ward in answer.text()
        named = any_ward + '<option value="E05000001">One</option><option value="E05000002">Two</option>'
        route.fulfill(response=answer, body=answer.text().replace(any_ward, named))

    page.route(re.compile(r"/estate\?in="), with_wards)
    page.get_by_label("Where", exact=True).select_option(index=1)
    expect(page.locator("#ward option")).to_have_count(3)
    expect(page.locator("#ward")).to_have_value("")
