"""Questions of the graph, on pages and for programs."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.test_web_pages import Reader
from tests.toy import HOSTILE

PAGES = [
    "/graph/chains",
    "/graph/chains?from=hospital&to=Eastern+Start",
    "/graph/chains?from=hospital&to=university",
    "/graph/chains?from=hospital&to=university&through_places=1&ever=1&at=2026",
    "/graph/bridges",
    "/graph/bridges?a=west&b=all",
    "/graph/bridges?a=west&b=programme:east",
    "/graph/changes",
    "/graph/changes?from=2020&to=2021-06-30",
    "/graph/serves",
    "/graph/serves?place=east",
    "/graph/serves?place=E01000700&at=2020&ever=1",
    "/boroughs/west",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_and_links_to_pages_that_answer(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    text = Reader(response.text)
    assert text.headings[0] == 1
    assert len(text.ids) == len(set(text.ids))
    assert {field["id"] for field in text.fields} <= text.labels
    for link in {urljoin(address, link) for link in text.links}:
        if not urlsplit(link).netloc and "/graph/" in link:
            assert client.get(link).status_code == 200, link


def test_a_chain_is_explained_tie_by_tie(client: FlaskClient) -> None:
    text = client.get("/graph/chains?from=HOSPITAL&to=eastern+start").text
    assert "1 shortest chain of 2 ties, through 1 other body, joins Western Hospital and Eastern Start" in text
    assert "is a member of" in text
    assert "drawn by hand" in text


def test_a_borough_shows_what_serves_it(client: FlaskClient) -> None:
    text = client.get("/boroughs/east").text
    assert "Eastern Start" in text
    assert "Everyone&#39;s Network" in text
    assert "Part of it" in text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/graph/chains?from=hospitl&to=university", 404, "Western Hospital"),
        ("/graph/chains?from=hospital&to=university&at=soon", 400, "A date is a year, a month or a day"),
        ("/graph/bridges?a=west&b=west", 400, "two different networks"),
        ("/graph/bridges?a=west&b=hospital", 404, "No network or programme is called"),
        ("/graph/changes?from=2026&to=2020", 400, "The first day (2026-01-01) is after the last (2020-12-31)"),
        ("/graph/changes?from=2020-13", 400, "A date is a year"),
        ("/graph/serves?place=wset", 404, "West"),
        ("/graph/serves?place=west&release=soon", 400, "release"),
    ],
)
def test_what_cannot_be_asked_is_said_above_the_form(client: FlaskClient, address: str, status: int, said: str) -> None:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert said in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in response.headers


def test_a_near_name_asks_again(client: FlaskClient) -> None:
    response = client.get("/graph/chains?from=hospitl&to=university")
    (again,) = [link for link in Reader(response.text).links if "from=Western" in link]
    assert "to=university" in again
    assert client.get(again).status_code == 200


def test_every_field_that_is_wrong_is_told_at_once(client: FlaskClient) -> None:
    response = client.get("/graph/chains?from=hospitl&to=univrsity&at=soon")
    assert response.status_code == 404
    for words in ("is called “hospitl”.", "is called “univrsity”.", "A date is a year, a month or a day"):
        # in the summary and beside the field
        assert response.text.count(words) == 2
    links = {link for link in Reader(response.text).links if link.startswith("/graph/chains?")}
    assert any("from=Western" in link and "to=univrsity" in link for link in links)
    assert any("from=hospitl" in link and "to=univrsity" not in link for link in links)
    assert {"#from", "#to", "#at"} <= set(Reader(response.text).links)


@pytest.mark.parametrize(
    "address", ["/graph/chains?from=hospitl&to=univrsity", "/graph/bridges?a=wets+partnership&b=estern+start"]
)
def test_several_near_names_ask_again_at_once(client: FlaskClient, address: str) -> None:
    text = client.get(address).text
    again = [link for link in Reader(text).links if client.get(link).status_code == 200 and link.startswith("/graph/")]
    assert any(link.startswith(address.partition("?")[0] + "?") for link in again)
    assert text.count("did you mean") == 2


def test_a_fault_is_said_beside_its_own_field_where_both_say_the_same(client: FlaskClient) -> None:
    text = client.get("/graph/bridges?a=wets+partnership&b=wets+partnership").text
    assert text.count('class="govuk-error-message"') == 2
    links = Reader(text).links
    assert any("a=West" in link and "b=wets" in link for link in links)
    assert any("a=wets" in link and "b=West" in link for link in links)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("members?network=west", "network"),
        ("serves?place=east", "place"),
        ("ego?node=west&radius=2&relation=member_of", "centre"),
        ("chains?from=hospital&to=programme:east", "chains"),
        ("bridges?a=west&b=all", "joined"),
        ("changes?from=2020&to=2026", "undated_ties"),
        ("lineage?node=west", "stands_for"),
    ],
)
def test_programs_get_the_same_as_json(client: FlaskClient, question: str, key: str) -> None:
    response = client.get(f"/api/v1/graph/{question}")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    document = response.get_json()
    assert key in document
    assert {"sentence", "notes", "rows"} <= set(document)
    assert (
        client.get(f"/api/v1/graph/{question}", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("members", 400),
        ("members?network=wets", 404),
        ("chains?from=hospital", 400),
        ("ego?node=west&radius=3", 400),
        ("ego?node=west&relation=likes", 400),
        ("changes?from=2026&to=2020", 400),
        ("serves?place=west&plaice=east", 400),
        ("nonsense", 404),
    ],
)
def test_programs_are_told_what_is_wrong(client: FlaskClient, question: str, status: int) -> None:
    response = client.get(f"/api/v1/graph/{question}")
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"


def test_another_question_is_another_answer(client: FlaskClient) -> None:
    east = client.get("/graph/serves?place=east").text
    assert client.get("/graph/serves?place=west").text != east
    assert client.get("/graph/serves?place=east&at=2019").text != east
    assert client.get("/graph/serves?place=east").text == east


@pytest.mark.parametrize("address", [*PAGES, f"/graph/serves?place={HOSTILE}", f"/graph/chains?from={HOSTILE}&to=west"])
def test_names_and_addresses_are_text(hostile_app: Flask, address: str) -> None:
    text = hostile_app.test_client().get(address, headers={"Accept": "text/html"}).text
    assert "<img" not in text
    assert "javascript:" not in text


def test_real_questions_have_real_answers(london_app: Flask) -> None:
    client = london_app.test_client()
    lineage = client.get("/api/v1/graph/lineage?node=camden-2025").get_json()
    assert lineage["stands_for"] == ["network:we-make-camden"]
    boards = client.get("/api/v1/graph/changes?from=2026-03-01&to=2026-04-30").get_json()
    assert {"NHS West and North London Integrated Care Board succeeds NHS North West London Integrated Care Board"} <= {
        row["name"] for row in boards["rows"]
    }
    camden = {row["node"]: row for row in client.get("/api/v1/graph/serves?place=Camden").get_json()["rows"]}
    assert camden["network:knowledge-quarter"]["extent"] == "part"
    assert camden["network:we-make-camden"]["extent"] == "whole"
    assert "network:camden-2025" not in camden


def test_fields_are_told_apart_to_their_last_letter(client: FlaskClient) -> None:
    start = "network=" + "%2F" * 300
    found = [client.get(f"/api/v1/graph/members?{start}{name}").get_json() for name in ("west", "all")]
    assert [answer["network"] for answer in found] == ["network:west", "network:all"]
