"""The page of measures and its downloads."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.toy import HOSTILE


class Ids(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))


@pytest.mark.parametrize("query", ["", "?without=west", "?at=2022-07-01", "?at=2019&without=network:west"])
def test_the_page_is_well_formed(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/graph/measures{query}")
    assert answer.status_code == 200
    page = Ids(answer.text)
    assert len(page.ids) == len(set(page.ids))
    assert page.headings.count(1) == 1
    said = "Nobody stands between others" if "2019" in query else "West Partnership stands between the most others"
    assert f"<h1>{said}" in answer.text


def test_what_breaks_is_said(client: FlaskClient) -> None:
    text = client.get("/graph/measures?without=west").text
    assert "Eastern Start loses its only deliverer on record." in text
    assert '<option value="network:west" selected>' in text


def test_who_did_not_stand_cannot_leave(client: FlaskClient) -> None:
    # West Partnership began in 2021
    assert "does not stand on this day" in client.get("/graph/measures?at=2020&without=network:west").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/graph/measures?at=soon", 400),
        ("/graph/measures?without=nobody-at-all", 404),
        ("/api/v1/graph/measures?by=charm", 400),
        ("/api/v1/graph/measures?format=xlsx", 400),
        ("/api/v1/graph/measures?measure_by=degree", 400),
        ("/api/v1/graph/measures?at=2022-13", 400),
    ],
)
def test_what_cannot_be_asked(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_the_api_is_the_export(client: FlaskClient) -> None:
    document = client.get("/api/v1/graph/measures?top=2&by=degree").get_json()
    assert document["nodes"][0]["id"] == "network:west"
    assert len(document["nodes"]) == 2
    answer = client.get("/api/v1/graph/measures?format=csv&at=2022")
    assert answer.mimetype == "text/csv"
    assert next(csv.DictReader(io.StringIO(answer.text)))["id"] == "network:west"
    assert client.get("/api/v1/graph/measures?at=2022").get_json()["as_at"] == "2022-01-01"


def test_a_page_is_made_once(client: FlaskClient) -> None:
    first = client.get("/graph/measures")
    again = client.get("/graph/measures", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_names_are_text(hostile_app: Flask) -> None:
    text = hostile_app.test_client().get("/graph/measures?without=network:west").text
    assert HOSTILE not in text
    assert "&lt;img src=x" in text


def test_london_has_brokers_and_communities(london_app: Flask) -> None:
    text = london_app.test_client().get("/graph/measures").text
    assert "London Anchor Institutions&#39; Network" in text
    assert text.count("<li><h3>") >= 5
