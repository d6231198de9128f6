"""Fields of an address that a page does not take are told above it, everywhere in the same words."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

PAGES: Final = (
    "/",
    "/gaps",
    "/gaps/quarter-3-east",
    "/networks",
    "/networks/west",
    "/programmes/east",
    "/institutions",
    "/boroughs",
    "/boroughs/west",
    "/icss",
    "/estate",
    "/estate/opportunities",
    "/estate/imports",
    "/graph",
    "/graph/measures",
    "/graph/export",
    "/graph/chains",
    "/graph/bridges",
    "/graph/changes",
    "/graph/serves",
    "/progress",
    "/scenarios",
    "/siting",
    "/compare",
    "/compare/boroughs",
    "/embed",
    "/search",
    "/data",
    "/about",
    "/method",
    "/accessibility",
    "/api",
)
SAID: Final = 'id="passed-over"'


def note(page: str) -> str:
    """The note as it is read."""
    found = re.search(r'id="passed-over">(.*?)</p>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""


@pytest.mark.parametrize("address", PAGES)
def test_what_a_page_does_not_take_is_told(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    assert plain.status_code == 200
    assert SAID not in plain.text
    answer = client.get(f"{address}?relase=2019&<b>=1")
    assert answer.status_code == 200
    assert note(answer.text) == (
        "The address asks for what this page does not know, so it was passed over: <b>, relase (perhaps release). "
        "The page is shown as without it, with need by Atlas's own estimate."
    )
    assert answer.headers["ETag"] != plain.headers["ETag"]
    assert client.get(address).text == plain.text


@pytest.mark.parametrize("address", PAGES)
def test_what_mail_adds_is_no_word_of_the_reader(client: FlaskClient, address: str) -> None:
    answer = client.get(f"{address}?utm_source=news&utm_medium=email&fbclid=x&gclid=x&mc_eid=x&_hsenc=x")
    assert SAID not in answer.text
    assert "utm_" not in answer.text
    assert "fbclid" not in answer.text


def test_no_address_of_a_page_has_what_was_passed_over(client: FlaskClient) -> None:
    page = client.get("/?catchment=2000&relase=2019&sort=name&q=x&utm_source=news").text
    assert re.search(r'id="share" href="([^"]+)"', page)[1] == "/?catchment=2000"  # type: ignore[index]
    assert "2019" not in page
    assert note(page).startswith("The address asks for what this page does not know, so it was passed over: q, relase")


def test_five_are_told_and_none_at_length(client: FlaskClient) -> None:
    said = note(client.get("/gaps?" + urlencode({f"x{number}{'y' * 90}": 1 for number in range(9)})).text)
    assert said.count("yyy,") + said.count("yyy.") == 5
    assert "y" * 41 not in said


def links_and_forms(page: str) -> set[str]:
    """Every address of ours that a page leads to, forms as they stand among them."""
    found = {unescape(one) for one in re.findall(r'href="(/[^"#]*)', page)}
    for attributes, inside in re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL):
        action = re.search(r'action="([^"]*)"', attributes)
        if action is None or "post" in attributes.lower():
            continue
        names = re.findall(r'name="([^"]+)"', re.sub(r"<meta[^>]+>", "", inside))
        found.add(f"{action[1]}?{urlencode([(name, '') for name in names])}")
    return found


def test_no_page_leads_to_one_that_does_not_know_its_address(client: FlaskClient) -> None:
    seen: set[str] = set()
    shapes: set[tuple[str, str]] = set()
    ahead = set(PAGES)
    while ahead:
        address = ahead.pop()
        seen.add(address)
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        assert not note(answer.text), f"{address}: {note(answer.text)}"
        for found in links_and_forms(answer.text) - seen:
            path, _, query = found.partition("?")
            # one address of a page for each set of fields
            shape = (path, "&".join(sorted({part.split("=")[0] for part in query.split("&")})))
            if not path.startswith(("/static", "/api/", "/map", "/ogc")) and shape not in shapes:
                shapes.add(shape)
                ahead.add(found)
    assert len(seen) > 60
