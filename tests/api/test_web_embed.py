"""Maps for frames in other pages: who may frame them, what they say, and what is copied to have one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.settings import Settings
from atlas.snapshot import Atlas
from tests.toy import HOSTILE
from web import create_app
from web.embed import attribution

FRAMED = ["/embed/map", "/embed/map?in=East&catchment=2000", "/embed/gaps/quarter-3-east"]


def policy(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", FRAMED)
def test_other_pages_may_frame_these(client: FlaskClient, address: str) -> None:
    assert "frame-ancestors *" in policy(client, address)
    assert client.get(address).headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("address", ["/", "/embed", "/gaps/quarter-3-east", "/data"])
def test_and_no_others(client: FlaskClient, address: str) -> None:
    assert "frame-ancestors 'none'" in policy(client, address)


def test_the_operator_says_who(toy: Atlas) -> None:
    client = create_app(Settings(embed_origins="https://council.example"), toy).test_client()
    assert "frame-ancestors https://council.example" in policy(client, "/embed/map")
    assert "<code>https://council.example</code>" in client.get("/embed").text


@pytest.mark.parametrize("address", FRAMED)
def test_a_frame_has_no_navigation_a_link_back_and_whose_data_it_shows(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert "<nav" not in page
    assert 'id="q"' not in page
    assert page.count("<h1>") == 1
    assert '<base target="_blank">' in page
    back = re.search(r'<a href="([^"]+)" rel="noopener">Open in Atlas London</a>', page)
    assert back is not None
    assert client.get(back[1].replace("&amp;", "&")).status_code == 200
    assert "Data and licences" in page
    assert re.search(r"<noscript><link|<noscript><div", page)


def test_the_same_choices_as_the_page(client: FlaskClient) -> None:
    page = client.get("/embed/map?in=East&catchment=2000").text
    assert 'href="/?catchment=2000&amp;in=E09000002"' in page
    heading = re.search(r"<h1>(.*?)</h1>", client.get("/?in=East&catchment=2000").text)
    assert heading is not None
    assert f"<h1>{heading[1]}</h1>" in page


def test_an_area_that_is_none_is_not_there(client: FlaskClient) -> None:
    assert client.get("/embed/gaps/nowhere").status_code == 404
    assert client.get("/embed?gap=nowhere").status_code == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/embed/gaps/nowhere", "No gap area called"),
        ("/embed/map?catchment=far", "Catchment: must be a number of metres"),
        ("/embed/elsewhere", "Nothing is at this address"),
    ],
)
def test_what_cannot_be_shown_is_told_in_a_page_fit_for_a_frame(client: FlaskClient, address: str, said: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code in {400, 404}
    assert said in answer.text
    assert "<nav" not in answer.text
    assert 'id="q"' not in answer.text
    assert re.search(r'<a href="/[^"]*" rel="noopener">Open in Atlas London</a>', answer.text)
    assert "frame-ancestors 'none'" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_snippet_names_the_frame_and_shuts_it_in(client: FlaskClient) -> None:
    page = client.get("/embed?gap=quarter-3-east&catchment=4000").text
    snippet = re.search(r'<textarea[^>]*id="embed-snippet"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert snippet is not None
    for part in ("src=", "title=", "sandbox=", "http://localhost/embed/gaps/quarter-3-east"):
        assert part in snippet[1]
    assert "allow-top-navigation" not in snippet[1]


def test_addresses_are_the_public_ones(toy: Atlas) -> None:
    client = create_app(Settings(public_url="https://atlas.example.org/"), toy).test_client()
    assert "https://atlas.example.org/embed/map" in client.get("/embed").text
    assert "http://localhost" not in client.get("/embed").text.partition("<main")[2]


@pytest.mark.parametrize("address", [*FRAMED, "/embed"])
def test_hostile_names_are_text_there(hostile_app: Flask, address: str) -> None:
    answer = hostile_app.test_client().get(address)
    assert answer.status_code == 200
    assert HOSTILE not in answer.text
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_each_owner_of_data_is_named_once(toy: Atlas) -> None:
    said = attribution(toy)
    assert said
    sentences = [part.strip() for part in said.split(". ")]
    assert len(sentences) == len(set(sentences))
