"""Below a path of the public address every link leads there, and nothing is asked for beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from atlas.settings import Settings
from atlas.store import open_store
from tests.estate_web import ORIGIN, TOKEN, app_with
from tests.toy_estate import toy_estate_atlas
from web import create_app

BELOW = "/atlas"
PUBLIC = f"https://example.org{BELOW}/"
COMPLETED = {f"{BELOW}/estate/view.json", f"{BELOW}/api/v1/search", f"{BELOW}/scenarios/run"}
"""What a script or a form asks for with fields of its own."""


@pytest.fixture
def client() -> FlaskClient:
    """Of the toy world with its land, below a path."""
    return create_app(Settings(public_url=PUBLIC), toy_estate_atlas()).test_client()


def addresses(text: str) -> Iterator[str]:
    """Whatever stands quoted in a page, or as a JSON string, and begins like a path of this server."""
    yield from re.findall(r"""["'(=](/[a-z][^"'<>\s)]*)""", text.replace("&#34;", '"').replace("&amp;", "&"))


def test_every_address_on_every_page_is_below_the_path_and_answers(client: FlaskClient) -> None:
    seen: set[str] = set()
    waiting = [f"{BELOW}/", f"{BELOW}/search?q=west", f"{BELOW}/embed?gap=quarter-3-east"]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in seen or "{" in address:
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code in {303, 405} or (answer.status_code == 400 and address in COMPLETED):
            continue
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        for found in addresses(answer.text):
            path = found.partition("?")[0].partition("#")[0]
            if path.startswith(("/api/v1", "/ogc")) and address.startswith((f"{BELOW}/api", f"{BELOW}/data")):
                # said there as the address of what is documented
                continue
            assert path == BELOW or path.startswith(f"{BELOW}/"), (address, found)
            if path.endswith(("{id}", "/")) and path != f"{BELOW}/":
                # the beginning of addresses that a script completes
                continue
            waiting.append(found)
    assert len(seen) > 100
    assert any("/static/" in address for address in seen)
    assert any("/map/" in address for address in seen)


@pytest.mark.parametrize("path", ["/gaps", f"{BELOW}/gaps"])
def test_the_proxy_may_take_the_path_off_or_pass_it_on(client: FlaskClient, path: str) -> None:
    assert client.get(path).text == client.get("/gaps").text


def test_what_only_begins_like_the_path_is_not_below_it(client: FlaskClient) -> None:
    assert client.get("/atlasgaps").status_code == 404


def test_the_words_of_a_proxy_about_the_path_count_for_nothing(client: FlaskClient) -> None:
    ours = create_app(Settings(public_url=PUBLIC, trusted_proxies=1), toy_estate_atlas()).test_client()
    other = ours.get("/gaps", headers={"X-Forwarded-Prefix": "/elsewhere"})
    assert "/elsewhere" not in other.text
    assert other.text == client.get("/gaps").text


def test_whole_addresses_name_the_path_once(client: FlaskClient) -> None:
    page = client.get("/embed?gap=quarter-3-east").text
    assert f"{PUBLIC}gaps/quarter-3-east" in page
    assert f"{PUBLIC}embed/gaps/quarter-3-east" in page
    assert f"{BELOW}{BELOW}" not in page
    links = client.get("/ogc").get_json()["links"]
    assert all(link["href"].startswith(PUBLIC) for link in links)
    assert json.dumps(links).count(f"{BELOW}{BELOW}") == 0
    listed = client.get("/api/v1/areas?limit=5").get_json()
    assert f"{BELOW}/api/v1/areas?limit=5&offset=5" in json.dumps(listed)


def test_who_is_led_on_stays_below(client: FlaskClient) -> None:
    assert client.get(f"{BELOW}/api//v1/areas").headers["Location"] == f"{BELOW}/api/v1/areas"


def test_who_gives_the_token_stays_below_and_has_a_cookie_for_that_path_alone(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'atlas.db'}") as store:
        client = app_with(toy_estate_atlas(), store, tmp_path, public_url=PUBLIC).test_client()
        led = client.get(f"{BELOW}/estate/import")
        assert led.headers["Location"] == f"{BELOW}/estate/login?next={BELOW}/estate/import"
        given = {"token": TOKEN, "next": f"{BELOW}/estate/import"}
        answer = client.post(f"{BELOW}/estate/login", data=given, headers=ORIGIN)
        assert answer.headers["Location"] == f"{BELOW}/estate/import"
        assert "Path=/atlas/estate;" in f"{answer.headers['Set-Cookie']};"
        form = client.get(f"{BELOW}/estate/import")
        assert form.status_code == 200
        assert {path for path in addresses(form.text) if not path.startswith(BELOW)} == set()


def test_no_script_knows_an_address_by_heart() -> None:
    scripts = sorted((Path(__file__).parents[2] / "web" / "static" / "js").glob("*.js"))
    assert scripts
    for script in scripts:
        assert re.findall(r"""["'`](/[a-z][^"'`]*)""", script.read_text(encoding="utf-8")) == [], script.name
