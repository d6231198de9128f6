"""What those are told who hear a page: its title, what is wrong with a field, and names that are told apart."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.test_web_pages import Reader


def title_of(client: FlaskClient, address: str) -> str:
    found = re.search("<title>(.*?)</title>", client.get(address).text, re.DOTALL)
    assert found
    return found[1].removesuffix(" – Atlas London")  # noqa: RUF001


def words_of(html: str) -> str:
    """What is read of some markup: no tags, and nothing that is hidden from who hears it."""
    heard = re.sub(r'<(\w+)[^>]*aria-hidden="true"[^>]*>.*?</\1>', "", html, flags=re.DOTALL)
    return " ".join(re.sub("<[^>]+>", "", heard).split())


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", "Where need is high and anchors are few"),
        ("/?in=west", "West: where need is high and anchors are few"),
        ("/gaps?in=west", "Gap areas in West"),
        ("/graph/chains", "Chains of ties"),
        ("/graph/chains?from=hospital&to=university", "hospital and university: chains of ties"),
        ("/graph/bridges?a=west&b=all", "Who bridges west and all"),
        ("/graph/chains?from=nobody&to=university", "Error: Chains of ties"),
        ("/graph/changes?from=yesterday", "Error: What changed"),
        ("/?catchment=-3", "Error: "),
        ("/boroughs/nowhere", "There is no such page"),
    ],
)
def test_a_title_begins_with_what_differs(client: FlaskClient, address: str, title: str) -> None:
    assert title_of(client, address).startswith(title)
    assert title_of(client, address).startswith("Error: ") == title.startswith("Error: ")


def test_the_title_of_the_graph_begins_with_who_was_chosen(london_app: Flask) -> None:
    client = london_app.test_client()
    assert title_of(client, "/graph").startswith("Who works with whom")
    assert title_of(client, "/graph?node=lain").startswith("London Anchor Institutions&#39; Network: who works")
    assert title_of(client, "/graph?place=Lewisham").startswith("Lewisham: who works with whom")


@pytest.mark.parametrize("address", ["/graph/chains?from=nobody&to=university", "/?catchment=-3"])
def test_a_field_says_that_it_is_wrong(client: FlaskClient, address: str) -> None:
    text = client.get(address).text
    wrong = re.findall(r'<(?:input|select)[^>]*aria-describedby="(\w+)-error"[^>]*>', text)
    assert wrong
    assert len(re.findall(r'aria-describedby="\w+-error"[^>]*aria-invalid="true"', text)) == len(wrong)
    assert "aria-invalid" not in client.get(address.split("?", maxsplit=1)[0]).text


def test_the_names_of_a_chain_are_heard_apart(london_app: Flask) -> None:
    address = "/graph/chains?from=Barts+Health+NHS+Trust&to=Peabody"
    [first, *_] = re.findall("<summary>(.*?)</summary>", london_app.test_client().get(address).text, re.DOTALL)
    assert re.search("^Barts Health NHS Trust to .+ to Peabody", words_of(first))


@pytest.mark.parametrize("address", ["/networks/lain", "/graph/measures", "/api"])
def test_what_opens_is_told_apart(london_app: Flask, address: str) -> None:
    page = london_app.test_client().get(address).text
    opens = [words_of(one) for one in re.findall("<summary.*?</summary>", page, re.DOTALL)]
    assert opens
    assert sorted(opens) == sorted(set(opens))
    ids = Reader(page).ids
    assert len(ids) == len(set(ids))


def test_shapes_are_no_words(london_app: Flask) -> None:
    caption = re.search(
        "<figcaption class=.*?</figcaption>", london_app.test_client().get("/networks/lain").text, re.DOTALL
    )
    assert caption
    assert words_of(caption[0]).startswith("institution, network, programme, place.")
