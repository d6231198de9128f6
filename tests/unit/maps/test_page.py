"""The page: the same text in every run, no name taken for markup, and nothing asked of anybody else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import folium
import pytest
from pydantic import BaseModel, ConfigDict

from atlas.errors import UnavailableError
from atlas.maps.legend import legend
from atlas.maps.page import SCRIPTS, STATIC, STYLES, Urls, build_map, fragments, standalone
from atlas.maps.style import COLOURINGS, MARKS
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas
from atlas.vocabulary import Verdict, label
from tests.toy import toy_atlas, toy_inputs

HOSTILE = "</script><img src=x onerror=alert(1)>"
URLS = Urls("/map/shapes.json", "/map/values.json?catchment=2000&x=%22")


class Tags(HTMLParser):
    """Every tag that a browser would see, and the text of the scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.found[-1] if self.found else ("", {})
        if tag == "script" and attributes.get("id") and data.strip():
            self.scripts[str(attributes["id"])] = data


class Strict(BaseModel):
    """Settings, no more and no less."""

    model_config = ConfigDict(extra="forbid", strict=True)


class MapSettings(Strict):
    geometry: str
    values: str
    bounds: list[list[float]]
    focus: str | None
    pages: dict[str, str]
    verdicts: list[str]


class Unknown(Strict):
    digit: int
    colour: str


class Colouring(Strict):
    id: str
    words: str
    palette: list[str]


class ColourSettings(Strict):
    title: str
    colourings: list[Colouring]
    unknown: Unknown


class Board(Strict):
    column: str
    words: str


class BoundarySettings(Strict):
    colour: str
    boards: list[Board]


class FootprintSettings(Strict):
    colour: str


class GapSettings(Strict):
    robust: int
    shownAtOnce: int  # noqa: N815 -- read by JavaScript


class Mark(Strict):
    label: str
    path: str


class SiteSettings(Strict):
    marks: dict[str, Mark]


class NoSettings(Strict):
    """Nothing to set."""


SETTINGS: dict[str, type[Strict]] = {
    "areaColours": ColourSettings,
    "boundaries": BoundarySettings,
    "footprints": FootprintSettings,
    "gapAreas": GapSettings,
    "anchorSites": SiteSettings,
    "placeNames": NoSettings,
    "answers": NoSettings,
    "layerControl": NoSettings,
    "address": NoSettings,
}


@pytest.fixture(scope="module")
def hostile() -> Atlas:
    """The toy world with a hospital, a borough and gap areas of hostile names."""
    toy = toy_atlas(HOSTILE)
    areaset = toy.inputs.areaset
    boroughs = areaset.boroughs.assign(name=HOSTILE)
    inputs = replace(toy.inputs, areaset=replace(areaset, boroughs=boroughs))
    areas = tuple(replace(area, name=HOSTILE, lad_name=HOSTILE, lad_names=(HOSTILE,)) for area in toy.gap_areas)
    return replace(toy, inputs=inputs, gap_areas=areas)


@pytest.fixture(scope="module")
def page(hostile: Atlas) -> str:
    return standalone(hostile)


def test_the_same_atlas_gives_the_same_fragments() -> None:
    one, other = (fragments(build_map(toy_atlas(), URLS, focus="E09000001")) for _ in range(2))
    assert one == other
    again = build_map(toy_atlas(), URLS, focus="E09000001")
    assert fragments(again) == fragments(again) == one


def test_fragments_fit_a_strict_policy() -> None:
    pieces = fragments(build_map(toy_atlas(), URLS))
    for tag, attributes in Tags(pieces.header + pieces.html).found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "script" or attributes.get("src")
    assert "eval(" not in pieces.script
    assert "http" not in pieces.header + pieces.html + pieces.script


def test_data_and_files_are_asked_for_early_and_in_order() -> None:
    links = Tags(fragments(build_map(toy_atlas(), URLS)).header).found
    assert [link["href"] for _, link in links if link.get("rel") == "preload"] == [URLS.geometry, URLS.values]
    assert [link["src"] for tag, link in links if tag == "script"] == [f"/static/{path}" for path in SCRIPTS]
    sheets = [link["href"] for _, link in links if link.get("rel") == "stylesheet"]
    assert sheets == [f"/static/{path}" for path in STYLES]
    assert all((STATIC / path).is_file() for path in (*SCRIPTS, *STYLES))


def test_every_call_carries_its_settings_and_no_others() -> None:
    script = fragments(build_map(toy_atlas(), URLS, focus="gap")).script
    made = re.search(r'const atlas_map = atlas\.map\("atlas_map", (\{.*\})\);', script)
    assert made
    settings = MapSettings.model_validate_json(made[1])
    assert (settings.geometry, settings.values, settings.focus) == (URLS.geometry, URLS.values, "gap")
    calls = dict(re.findall(r"atlas\.(\w+)\(atlas_map, (\{.*\})\);", script))
    assert list(calls) == list(SETTINGS)
    for function, model in SETTINGS.items():
        model.model_validate_json(calls[function])
    assert set(SiteSettings.model_validate_json(calls["anchorSites"]).marks) == set(MARKS)


def test_folium_s_own_map_is_left_as_it_was() -> None:
    before = (list(folium.Map.default_js), list(folium.Map.default_css))
    map_ = build_map(toy_atlas(), URLS)
    map_.add_js_link("more", "/static/js/more.js")
    fragments(map_)
    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert "more" not in fragments(build_map(toy_atlas(), URLS)).header
    assert "cdn" not in fragments(map_).header


def test_folium_s_own_elements_can_be_added() -> None:
    map_ = build_map(toy_atlas(), URLS)
    folium.CircleMarker([51.5, -0.1]).add_to(map_)
    script = fragments(map_).script
    assert script.index("const atlas_map") < script.index("L.circleMarker") < script.index("addTo(atlas_map)")


def test_a_map_is_called_by_what_it_starts_from() -> None:
    atlas = toy_atlas()
    area = atlas.gap_areas[0]
    named = {None: "Map of need and anchors in London", "nothing": "Map of need and anchors in London"}
    named |= {
        "network:west": "Map of West Partnership: need and anchors",
        atlas.inputs.areaset.icbs.index[0]: f"Map of {atlas.inputs.areaset.icbs['name'].iloc[0]}: need and anchors",
        area.id: f"Map of {area.name}: need and anchors",
    }
    for focus, words in named.items():
        assert f'aria-label="{words}"' in fragments(build_map(atlas, Urls("/g", "/v"), focus=focus)).html


def test_an_address_is_escaped() -> None:
    header = fragments(build_map(toy_atlas(), replace(URLS, values='/v"><script>alert(1)</script>'))).header
    assert "<script>alert" not in header


def test_hostile_names_are_text(page: str, hostile: Atlas) -> None:
    assert hostile.gap_areas
    assert "<img" not in page
    assert page.count("</script>") == page.count("<script")
    tags = Tags(page)
    assert not [tag for tag, attributes in tags.found if tag == "img" or "onerror" in attributes]
    values: dict[str, Any] = json.loads(tags.scripts["values"])
    assert values["gap_areas"][0]["name"] == HOSTILE
    assert HOSTILE in values["institutions"]["name"]
    assert json.loads(tags.scripts["geometry"])["atlas"]["boroughs"][0]["name"] == HOSTILE


def test_one_file_asks_nobody_for_anything(page: str) -> None:
    for tag, attributes in Tags(page).found:
        assert not {"src", "srcset", "data"} & set(attributes)
        assert tag not in {"link", "iframe", "img", "object", "a"}
    assert "url(" not in page
    assert "sourceMappingURL" not in page
    assert "default-src 'none'" in page


def test_one_file_says_the_answer_and_holds_the_list(page: str, hostile: Atlas) -> None:
    plain = standalone(toy_atlas())
    assert "In one area of London, home to 3,200 people, need is among the highest fifth" in plain
    assert plain == standalone(toy_atlas())
    assert page.count("data-show-on-map=") == len(hostile.gap_areas)
    assert "Atlas&#39;s own estimate" in plain
    assert "A toy (Nobody, never)" in plain


def test_a_small_map_has_its_legend_folded() -> None:
    folded, unfolded = (fragments(build_map(toy_atlas(), URLS, small=small)).html for small in (True, False))
    assert '<details class="atlas-legend">' in folded
    assert '<details class="atlas-legend" open>' in unfolded


@pytest.mark.parametrize("part", ["legend", "keys"])
def test_every_colouring_has_its_legend_and_one_is_shown(part: str) -> None:
    map_ = build_map(toy_atlas(), URLS)
    html = getattr(map_, part)
    found = {name for _, attributes in Tags(html).found for name in (attributes.get("data-of") or "").split()}
    assert found == set(COLOURINGS)
    assert 'data-colours="need"' in fragments(map_).html
    assert "style=" not in html


def test_legends_say_units_and_direction() -> None:
    toy = toy_atlas()
    words = legend(toy)
    assert f"Share of {toy.gaps.robustness.draws:,} other ways of measuring in which the area is a gap: darker" in words
    classes = ["90% or more", "50% to under 90%", "10% to under 50%", "under 10%", "never"]
    assert re.findall("</svg>([^<]+)</li>", words) == classes
    for verdict in Verdict:
        assert f"<b>{label(verdict)}</b>" in words


def test_a_legend_follows_the_bounds_of_verdicts() -> None:
    words = legend(analyse(toy_inputs(), Parameters(robust_at=1, fragile_at=0.7)))
    for part in ("100%", "70% to under 100%", "10% to under 70%", "under 10%", "never"):
        assert f"</svg>{part}</li>" in words


def test_what_was_not_surveyed_is_said() -> None:
    toy = toy_atlas()
    surveys = toy.inputs.surveys
    inputs = replace(toy.inputs, surveys=surveys[(surveys["sector"] != "health") | (surveys["borough"] != "E09000002")])
    assert "Health: not surveyed completely in East." in standalone(analyse(inputs, toy.parameters))


def test_without_leaflet_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="npm run vendor"):
        standalone(toy_atlas(), static=tmp_path)
