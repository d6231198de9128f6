"""Two releases side by side, on the page and for programs; and what is said where something is not here."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import urljoin, urlsplit

import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.errors import DataError
from atlas.geo.deprivation import Deprivation
from atlas.parameters import FIRST_LOOK, Parameters
from atlas.pipeline import Counted, analyse
from atlas.settings import Settings
from atlas.snapshot import Atlas, Inputs, Provenance
from atlas.sources.lookups import CHANGES_FILE
from atlas.vocabulary import Release
from tests.api.test_web_pages import Reader
from tests.toy import EAST, HOSTILE, code_of, toy_atlas, toy_inputs, toy_partnerships
from web import create_app
from web.library import Library, changes_here

PATIENCE_S = 60.0


def inputs_of(release: Release, vintage: int, eased: tuple[str, ...] = (), name: str = "Western Hospital") -> Inputs:
    """The toy world as a release has it; in some areas there is no need."""
    inputs = toy_inputs(toy_partnerships(name))
    scores = inputs.deprivation.scores.copy()
    scores.loc[list(eased), "overall"] = 0.5
    return dataclasses.replace(
        inputs,
        release=release,
        areaset=dataclasses.replace(inputs.areaset, vintage=vintage),
        deprivation=dataclasses.replace(Deprivation.from_estimate(scores), release=release),
        provenance=(Provenance(f"toy {release}", "A toy", "Nobody", "none", "none", "never", "0" * 64),),
    )


EARLIER = inputs_of(Release.IOD2019, 2011)
FAR_EAST = tuple(code_of(column, row) for column in (6, 7) for row in (0, 1))
LATER = inputs_of(Release.IOD2025, 2021, FAR_EAST)
CODES = list(LATER.areaset.areas.index)
CHANGES = pd.DataFrame({"lsoa11": CODES[1:], "lsoa21": CODES[1:], "change": "U"})


@pytest.fixture(scope="module")
def later() -> Atlas:
    return analyse(LATER, Parameters())


@pytest.fixture(scope="module")
def both(later: Atlas) -> Flask:
    return create_app(Settings(), later, [EARLIER, toy_inputs()], changes=CHANGES)


@pytest.fixture
def reader(both: Flask) -> FlaskClient:
    return both.test_client()


def test_the_sentence_comes_first_and_then_the_limits(reader: FlaskClient) -> None:
    text = reader.get("/compare").text
    assert re.search(r"<h1>London has no known gap area by [^<]*; of the earlier ones, one is gone\.</h1>", text)
    assert "What can be compared, and what cannot" in text
    assert "1 (the other release has none, or not all of it)" in text
    assert 'data-fate="gone"' in text
    assert '<option value="iod2019" selected>' in text
    assert '<option value="iod2025" selected>' in text
    page = Reader(text)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert len(page.ids) == len(set(page.ids))
    assert [field for field in page.fields if field["id"] not in page.labels] == []


def test_every_link_of_the_page_leads_somewhere(reader: FlaskClient) -> None:
    for start in ("/compare", "/compare?in=East&catchment=3000&before=estimate&after=iod2019"):
        for link in Reader(reader.get(start).text).links:
            if not urlsplit(link).netloc:
                assert reader.get(urljoin(start, link)).status_code == 200, link


def test_each_row_has_a_mark_on_the_drawing(reader: FlaskClient) -> None:
    text = reader.get("/compare").text
    rows = re.findall(r'<tr id="([\w-]+)" data-gap-area="[\w-]+" data-fate="(\w+)"', text)
    marks = re.findall(r'<a href="#([\w-]+)"><title>[^<]+: [a-z ]+</title>.*?<g class="patch-mark patch-(\w+)"', text)
    assert rows
    assert marks == rows
    assert re.findall(r'<path class="patch patch-(\w+)" d="M[-\d. L]+', text) == [fate for _, fate in rows]
    assert "a mark leads to its row:" in text
    # what the drawing does not have, its key does not name
    assert re.findall(r'class="patch-key patch-(\w+)"', text) == list(dict.fromkeys(fate for _, fate in rows))
    # a place without a gap area at either time has no drawing
    assert "compare-map" not in reader.get("/compare?in=West").text


def test_links_lead_to_each_area_in_its_own_release(reader: FlaskClient) -> None:
    text = reader.get("/compare").text
    (gone,) = re.findall(r'<tr id="then-[\w-]+" data-gap-area="([\w-]+)" data-fate="gone">', text)
    assert f'href="/gaps/{gone}?release=iod2019"' in text


def test_the_page_is_reached_from_gaps_and_data(reader: FlaskClient) -> None:
    assert 'href="/compare"' in reader.get("/data").text
    assert 'href="/compare?catchment=3000&amp;in=E09000002"' in reader.get("/gaps?in=East&catchment=3000").text
    # the one release looked at is no choice of a comparison
    assert 'href="/compare"' in reader.get("/gaps?release=iod2019").text
    assert reader.get("/compare?release=iod2019").status_code == 200


def test_a_borough_narrows_the_page(reader: FlaskClient) -> None:
    assert "<h1>West has no known gap area by " in reader.get("/compare?in=West").text
    text = reader.get("/compare?in=East").text
    assert f'<option value="{EAST}" selected>' in text
    assert f"/api/v1/compare?in={EAST}" in text


def test_programs_get_the_same(reader: FlaskClient) -> None:
    answer = reader.get("/api/v1/compare")
    document = json.loads(answer.data)
    assert answer.mimetype == "application/json"
    assert (document["before"]["release"], document["after"]["release"]) == ("iod2019", "iod2025")
    assert document["matches"] == {"missing": 1, "unchanged": 15}
    table = reader.get("/api/v1/compare?format=csv")
    assert table.mimetype == "text/csv"
    assert table.headers["Content-Disposition"].startswith('attachment; filename="atlas-compare-')
    assert [row["lsoa"] for row in csv.DictReader(io.StringIO(table.text))] == CODES
    narrowed = json.loads(reader.get("/api/v1/compare?in=East").data)
    assert {area["lad"] for area in narrowed["areas"]} == {EAST}


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("before=iod2025", "after", "another release"),
        ("before=iod2025&after=iod2019", "before after", "no earlier than the one before"),
        ("before=2019", "before", "one of: Estimate"),
        ("in=Atlantis", "in", "London borough"),
        ("catchment=0", "catchment", "a number of metres"),
        ("domain=income", "domain", "one of: Overall"),
    ],
)
def test_a_bad_choice_is_answered_in_words(reader: FlaskClient, query: str, field: str, said: str) -> None:
    assert said in reader.get(f"/compare?{query}").text
    answer = reader.get(f"/api/v1/compare?{query}")
    assert answer.status_code == 400
    assert {error["field"] for error in json.loads(answer.data)["errors"]} == set(field.split())


def test_releases_the_wrong_way_round_are_both_chosen_anew(reader: FlaskClient) -> None:
    page = reader.get("/compare?before=iod2025&after=iod2019").text
    for field in ("before", "after"):
        choice = re.search(rf'<select[^>]* name="{field}".*?</select>', page, re.DOTALL)
        assert choice is not None
        assert {"iod2019", "iod2025"} <= set(re.findall(r'<option value="(\w+)"', choice[0]))
    same = reader.get("/compare?before=iod2019&after=iod2019").text
    assert "another release than the one before" in same


@pytest.mark.parametrize("query", ["release=iod2019", "format=geojson", "top=3"])
def test_a_field_that_is_not_of_a_comparison_is_refused(reader: FlaskClient, query: str) -> None:
    answer = reader.get(f"/api/v1/compare?{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in json.loads(answer.data)["errors"]] == [query.partition("=")[0]]


def test_one_release_alone_says_what_to_pull(client: FlaskClient) -> None:
    answer = client.get("/compare")
    assert answer.status_code == 200
    assert "These two releases cannot be compared yet" in answer.text
    assert "The Indices of Deprivation 2019 is not here" in answer.text
    assert "<code>atlas data pull</code>" in answer.text
    problem = client.get("/api/v1/compare")
    assert problem.status_code == 503
    assert "atlas data pull" in json.loads(problem.data)["detail"]


def test_a_lookup_that_is_not_here_says_what_to_pull(later: Atlas) -> None:
    client = create_app(Settings(), later, [EARLIER, toy_inputs()]).test_client()
    answer = client.get("/compare")
    assert answer.status_code == 200
    assert "<code>atlas data pull lsoa11_lsoa21</code>" in answer.text
    assert client.get("/api/v1/compare").status_code == 503
    # both on the areas of 2011: there is nothing to look up
    assert "cannot be compared yet" not in client.get("/compare?before=estimate&after=iod2019").text


def test_a_lookup_that_has_come_bears_another_tag(later: Atlas, reader: FlaskClient) -> None:
    without = create_app(Settings(), later, [EARLIER, toy_inputs()]).test_client().get("/compare")
    answer = reader.get("/compare", headers={"If-None-Match": without.headers["ETag"]})
    assert answer.status_code == 200
    assert reader.get("/compare", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_hostile_names_are_text() -> None:
    worlds = [
        inputs_of(release, 2011, gone, HOSTILE)
        for release, gone in ((Release.IOD2025, FAR_EAST), (Release.IOD2019, ()))
    ]
    for world in worlds:
        world.areaset.areas["msoa_name"] = HOSTILE
        world.areaset.areas["lad_name"] = HOSTILE
    client = create_app(Settings(), analyse(worlds[0], Parameters()), worlds[1:]).test_client()
    text = client.get("/compare").text
    assert "&lt;img src=x" in text
    assert "<img" not in text


class Slow:
    """Finishes atlases when it is told to, the later release never by itself."""

    def __init__(self) -> None:
        self.may = {release: Event() for release in Release}

    def __call__(self, inputs: Inputs, parameters: Parameters, counted: Counted) -> Iterator[Atlas]:
        counted(1, 2)
        assert self.may[inputs.release].wait(PATIENCE_S)
        yield analyse(inputs, parameters)


def test_a_first_look_is_shown_until_both_are_whole(later: Atlas) -> None:
    slow = Slow()
    slow.may[Release.IOD2025].set()
    app = create_app(Settings(), later, [EARLIER], slow, CHANGES)
    client = app.test_client()
    first = client.get("/compare")
    assert f"First look, from {FIRST_LOOK} other ways" in first.text
    assert 'data-progress="/api/v1/progress?release=iod2019"' in first.text
    revisions = set(re.findall(r"<code>([0-9a-f]{12})</code> (?:then|now)", first.text))
    assert later.revision not in revisions
    slow.may[Release.IOD2019].set()
    app.extensions["atlas"].library.wait(Release.IOD2019, Parameters(), PATIENCE_S)
    whole = client.get("/compare", headers={"If-None-Match": first.headers["ETag"]})
    assert whole.status_code == 200
    assert "data-progress" not in whole.text
    assert later.revision in whole.text


def test_both_sides_rest_on_as_many_draws(later: Atlas) -> None:
    slow = Slow()
    library = Library(later, [EARLIER], finish=slow, changes=CHANGES)
    before, after = library.sides(Release.IOD2019, Release.IOD2025, Parameters())
    assert (before.parameters.draws, after.parameters.draws) == (FIRST_LOOK, FIRST_LOOK)
    for event in slow.may.values():
        event.set()
    library.wait(Release.IOD2019, Parameters(), PATIENCE_S)
    sides = library.sides(Release.IOD2019, Release.IOD2025, Parameters())
    assert {side.parameters for side in sides} == {Parameters()}
    assert library.comparison(*sides) is library.comparison(*sides)


def test_the_lookup_is_read_at_start_where_it_is_needed(tmp_path: Path) -> None:
    assert changes_here(tmp_path, [LATER, EARLIER]) is None
    assert changes_here(tmp_path, [EARLIER, toy_atlas().inputs]) is None
    folder = tmp_path / "official"
    folder.mkdir()
    (folder / CHANGES_FILE).write_text("LSOA11CD,LSOA21CD,CHGIND\nE01000001,E01000001,U\n", encoding="utf-8")
    found = changes_here(tmp_path, [LATER, EARLIER])
    assert found is not None
    assert found.to_numpy().tolist() == [["E01000001", "E01000001", "U"]]
    (folder / CHANGES_FILE).write_text("LSOA11CD,LSOA21CD,CHGIND\nE01000001,E01000001,?\n", encoding="utf-8")
    with pytest.raises(DataError):
        changes_here(tmp_path, [LATER, EARLIER])
