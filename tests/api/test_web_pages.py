"""Every page answers, says what it should, and links only to pages that answer."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.gaps.sentences import rounded
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Verdict
from web.answer import answer
from web.boroughs import borough_rows

PAGES = [
    "/",
    "/gaps",
    "/gaps/quarter-3-east",
    "/graph",
    "/graph/bridges",
    "/graph/chains",
    "/graph/changes",
    "/graph/export",
    "/graph/measures",
    "/graph/serves",
    "/boroughs",
    "/boroughs/east",
    "/boroughs/E09000001",
    "/institutions",
    "/institutions/hospital",
    "/networks",
    "/networks/west",
    "/programmes",
    "/programmes/east",
    "/compare/boroughs",
    "/embed",
    "/embed?gap=quarter-3-east",
    "/progress",
    "/data",
    "/method",
    "/accessibility",
    "/search",
    "/search?q=west",
]


class Reader(HTMLParser):
    """Collects what a page links to, its headings and its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(named["href"])
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "label":
            self.labels.add(named.get("for", ""))
        if tag in {"select", "input"} and named.get("type") not in {"hidden", "checkbox"}:
            self.fields.append(named)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_well_formed(client: FlaskClient, address: str) -> None:
    text = read(client, address)
    page = Reader(text)
    assert text.startswith("<!doctype html>")
    assert '<html lang="en-GB">' in text
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert len(page.ids) == len(set(page.ids))
    assert [field for field in page.fields if field["id"] not in page.labels] == []


@pytest.mark.parametrize("address", PAGES)
def test_every_table_has_a_name(client: FlaskClient, address: str) -> None:
    page = read(client, address)
    tables = re.findall(r"(<table[^>]*>)\s*(?:<caption[^>]*>([^<]*))?", page)
    names = [re.sub(r'.*aria-label(?:ledby)?="([^"]*)".*|.*', r"\1", tag) or caption for tag, caption in tables]
    assert all(names), address
    assert len(set(names)) == len(names), address


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    waiting = ["/", "/?catchment=2000&sectors=health"]
    while waiting:
        address = waiting.pop()
        path = address.partition("#")[0]
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if answer.mimetype != "text/html":
            continue
        page = Reader(answer.text)
        for link in page.links:
            target = urljoin(path, link)
            if not urlsplit(target).netloc:
                waiting.append(target)
            if link.startswith("#"):
                assert link[1:] in page.ids, (path, link)
    assert len(seen) > 40


def test_the_first_sentence_is_the_answer(client: FlaskClient) -> None:
    text = read(client, "/")
    assert "In one area of London, home to 3,200 people, need is among the highest fifth" in text
    assert "It stays a gap in at least nine of ten ways of measuring." in text
    assert "3 sites" in text
    assert "surveyed November 2026" in text
    assert "In no area of West" in read(client, "/?in=West")


def test_an_estimate_is_labelled_wherever_need_shows(client: FlaskClient) -> None:
    for address in PAGES:
        assert "own estimate</strong>" in read(client, address), address


def test_choices_stay_in_every_link(client: FlaskClient) -> None:
    text = read(client, "/?catchment=2000&sectors=health,council&decay=step")
    links = [link for link in Reader(text).links if link.startswith(("/gaps", "/networks", "/boroughs"))]
    assert links
    assert all("catchment=2000" in link and "decay=step" in link for link in links)
    assert 'id="share" href="/?sectors=health,council&amp;catchment=2000&amp;decay=step"' in text


def test_a_form_without_javascript_means_the_same(client: FlaskClient) -> None:
    typed = "/?in=&release=estimate&sectors=health&sectors=council&catchment=2000"
    assert read(client, typed) == read(client, "/?sectors=council,health&catchment=2000.0")


def test_chosen_controls_show_what_was_chosen(client: FlaskClient) -> None:
    text = read(client, "/?in=E09000002&catchment=2500&sectors=health")
    assert '<option value="E09000002" selected>East</option>' in text
    assert '<option value="2500" selected>2.5\xa0km</option>' in text
    assert 'name="sectors" value="health" checked' in text
    assert 'name="sectors" value="council" checked' not in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("catchment=99999", "a number of metres from 1 to 10000"),
        ("catchment=nan", "a number of metres"),
        ("catchment=four", "a number of metres"),
        ("sectors=hospitals", "any of health, higher_education"),
        ("release=imd2019", "must be one of: Estimate"),
        ("release=iod2025", "`atlas data pull`"),
        ("domain=income", "must be one of: Overall"),
        ("decay=cubic", "must be one of: "),
        ("in=Atlantis", "name or GSS code"),
        ("in=Atlantis&catchment=0", "a number of metres"),
    ],
)
def test_a_bad_choice_is_answered_in_words(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 400
    assert said in answer.text
    box = {field["name"]: field.get("value", "") for field in Reader(answer.text).fields}
    for name, value in parse_qsl(query):
        assert box[name] == value or (box[name] == "" and f"The address has “{value}”" in answer.text)
    assert Reader(answer.text).headings[0] == 1


def test_percentiles_of_a_gap_area_are_of_people(client: FlaskClient) -> None:
    text = read(client, "/gaps/quarter-3-east")
    assert "Percentile among London's people; 100 is the most deprived." in text


def test_a_bad_order_is_answered_in_words(client: FlaskClient) -> None:
    answer = client.get("/gaps?sort=beauty")
    assert answer.status_code == 400
    assert "one of rank, name" in answer.text


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("/networks/wset", "/networks/west"),
        ("/institutions/hopsital", "/institutions/hospital"),
        ("/boroughs/eest", "/boroughs/east"),
        ("/gaps/quartr-3", "/gaps/quarter-3-east"),
        ("/nowhere/hospital", "/institutions/hospital"),
    ],
)
def test_an_unknown_id_is_answered_with_near_ones(client: FlaskClient, address: str, near: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert f'href="{near}"' in answer.text
    assert "Where to go from here" in answer.text


def test_a_gap_area_of_other_choices_is_not_found_under_these(client: FlaskClient, toy: Atlas) -> None:
    assert client.get(f"/gaps/{toy.gap_areas[0].id}?in=west").status_code == 200
    assert client.get("/gaps/quarter-9").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_changed(client: FlaskClient, method: str) -> None:
    assert getattr(client, method)("/").status_code == 405


def test_search_finds_names_codes_and_typing_errors(client: FlaskClient) -> None:
    assert 'href="/institutions/hospital"' in read(client, "/search?q=westren+hospitl")
    assert 'href="/boroughs/east#E01000701"' in read(client, "/search?q=E01000701")
    assert "Nothing is called" in read(client, "/search?q=%E4%B8%AD")
    assert read(client, f"/search?q={'x' * 5000}")


def test_a_table_is_sorted_by_its_address(london_app: Flask) -> None:
    client = london_app.test_client()
    people = re.compile(r'<td class="number" data-value="(\d+)">[\d,]+</td>')
    rows = [
        row
        for row in read(client, "/gaps?sort=-need").split("<tr")
        if "data-gap-area" in row and people.search(row) is not None
    ]
    need = [float(re.findall(r'data-value="([\d.]+)"', row)[2]) for row in rows]
    assert len(need) > 10
    assert need == sorted(need, reverse=True)


def test_every_page_of_london_answers(london: Atlas, london_app: Flask) -> None:
    client = london_app.test_client()
    nodes = {kind: [n for n, d in london.graph.nodes(data=True) if d["kind"] == kind] for kind in Kind}
    assert len(nodes[Kind.INSTITUTION]) > 250
    addresses = [
        "/",
        "/gaps",
        "/boroughs",
        "/institutions",
        "/networks",
        "/data",
        "/?in=Lewisham",
        "/boroughs/lewisham",
    ]
    addresses += [f"/gaps/{area.id}" for area in london.gap_areas[::9]]
    addresses += [
        f"/{kind}s/{node.partition(':')[2]}" for kind in ("network", "programme") for node in nodes[Kind(kind)][::8]
    ]
    addresses += [f"/institutions/{node.partition(':')[2]}" for node in nodes[Kind.INSTITUTION][::40]]
    for address in addresses:
        read(client, address)


def test_a_brief_names_who_could_act(london: Atlas, london_app: Flask) -> None:
    area = london.gap_areas[0]
    text = read(london_app.test_client(), f"/gaps/{area.id}")
    assert area.name.replace("&", "&amp;") in text
    assert "Percentile among London's people; 100 is the most deprived" in text
    for anchor in area.nearest_anchors:
        assert f"/institutions/{anchor.institution.partition(':')[2]}" in text
    for node in (*area.networks, *area.programmes):
        assert f"/{node.replace(':', 's/')}" in text
    assert all(code in text for code in area.lsoas)


def test_a_network_shows_its_ties_with_evidence(london: Atlas, london_app: Flask) -> None:
    text = read(london_app.test_client(), "/networks/lain")
    members = [s for s, _, d in london.graph.in_edges("network:lain", data=True) if d["relation"] == "member_of"]
    assert members
    for member in members:
        assert f"/{member.replace(':', 's/')}" in text
    assert "Evidence" in text
    assert "Confidence" in text


def test_what_cannot_be_judged_is_no_gap_area_and_counted_apart(london: Atlas, london_app: Flask) -> None:
    client, summary = london_app.test_client(), london.summary
    assert summary.unknown > 0
    said = f"{summary.areas} and {summary.unknown} unknown"
    assert f'<span class="of">{said}</span>' in read(client, "/gaps")
    assert f">All gap areas: {said}</a>" in read(client, "/")
    assert f">Gap areas: {said}</a>" in read(client, "/about")
    assert f">All: {said}</a>" in read(client, "/networks/lain")
    rows = borough_rows(london)
    lads = [lad for area in london.gap_areas if area.verdict is Verdict.UNKNOWN for lad in area.lads]
    assert {row.code: row.unknown_areas for row in rows if row.unknown_areas} == dict(Counter(lads))
    assert all((row.gap_people > 0) == (row.gap_areas > 0) for row in rows)


def test_a_borough_counts_its_own_people_alone(london: Atlas) -> None:
    known = [area for area in london.gap_areas if area.verdict is not Verdict.UNKNOWN]
    across = {lad for area in known if len(area.lads) > 1 for lad in area.lads}
    assert across
    codes = london.inputs.areaset.boroughs.index
    assert sum(london.people_of(known, code) for code in codes) == london.people_of(known) == london.summary.people
    for row in borough_rows(london):
        here = [area for area in london.gap_areas_in(row.code) if area.verdict is not Verdict.UNKNOWN]
        assert london.people_of(here, row.code) == row.gap_people
    row = next(row for row in borough_rows(london) if row.code in across and row.gap_people)
    assert f"home to {rounded(row.gap_people)} of its people" in answer(london, row.code).sentence


def test_who_lives_where_the_rule_holds_too_seldom_is_counted_and_said(london: Atlas, london_app: Flask) -> None:
    gaps, people = london.gaps.areas, london.inputs.areaset.areas["population"]
    left_out = sum(
        people[code] for code, row in gaps.iterrows() if row["is_gap_here"] and row["verdict"] == Verdict.NOT_A_GAP
    )
    assert 0 < left_out == london.people_left_out()
    assert left_out == sum(london.people_left_out(code) for code in london.inputs.areaset.boroughs.index)
    for address in ("/", "/gaps"):
        assert f"{rounded(left_out)} more people live where it is so as measured here" in read(
            london_app.test_client(), address
        )
