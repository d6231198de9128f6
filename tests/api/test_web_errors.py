"""What goes wrong, in our own words: what it means, what may be asked instead, and what is written of it."""

from __future__ import annotations

import logging
import re
from typing import NoReturn

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from atlas.errors import UnavailableError
from atlas.settings import Settings
from atlas.snapshot import Atlas
from web import create_app, logs
from web.choices import Refusal
from web.errors import corrections

HOSTILE = "/broken/%0aERROR%20forged%1b[31m?q=my+illness"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/nothing.css", None),
        ("/api/v1/areas", "GET, HEAD, OPTIONS"),
        ("/ogc/collections", "GET, HEAD, OPTIONS"),
        ("/api/v1/scenario", "GET, HEAD, OPTIONS, POST"),
        ("/estate/logout", "OPTIONS, POST"),
    ],
)
def test_who_asks_in_a_way_that_is_not_taken_hears_which_are(
    client: FlaskClient, address: str, allowed: str | None
) -> None:
    answer = client.delete(address)
    assert answer.headers.get("Allow") == allowed
    assert answer.status_code == (405 if allowed else 404)
    if address.startswith(("/api/v1/areas", "/ogc")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.get_json()["detail"] == "This address takes GET, HEAD and OPTIONS."


@pytest.mark.parametrize("address", ["/nothing", "/gaps/nowhere", "/api/v1/nothing", "/static/nothing.css"])
def test_a_page_that_is_none_is_told_in_our_own_words(client: FlaskClient, address: str) -> None:
    for accept in ("text/html", "application/json"):
        text = client.get(address, headers={"Accept": accept}).text
        assert "There is no such page" in text
        assert "Not Found" not in text
        assert "on the server" not in text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 416, 422, 428, 429])
def test_no_words_of_the_framework_are_told(toy: Atlas, status: int) -> None:
    app = create_app(Settings(), toy)
    app.add_url_rule("/refused", "refused", lambda: abort(status))
    told = app.test_client().get("/refused", headers={"Accept": "application/json"}).get_json()
    stock = Flask("stock")
    stock.add_url_rule("/refused", "refused", lambda: abort(status))
    page = stock.test_client().get("/refused").text
    assert told["status"] == status
    assert f"<h1>{told['title']}</h1>" not in page
    assert told["detail"] not in page


def test_words_of_our_own_stand(toy: Atlas) -> None:
    app = create_app(Settings(), toy)
    app.add_url_rule("/refused", "refused", lambda: abort(400, "Choose a file."))
    told = app.test_client().get("/refused", headers={"Accept": "application/json"}).get_json()
    assert (told["title"], told["detail"]) == ("That cannot be asked", "Choose a file.")


@pytest.fixture
def broken(toy: Atlas) -> Flask:
    """An application in which something falls over, and something is not here."""
    app = create_app(Settings(), toy)

    def fall(wanted: str) -> NoReturn:
        raise ZeroDivisionError(wanted)

    def miss(wanted: str) -> NoReturn:
        raise UnavailableError(f"{wanted} is not here: fetch it")

    app.add_url_rule("/broken/<wanted>", "broken", fall)
    app.add_url_rule("/missing/<wanted>", "missing", miss)
    return app


def test_a_failure_is_written_without_what_was_searched_for_and_forges_no_line(
    broken: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    assert broken.test_client().get(HOSTILE).status_code == 500
    (record,) = caplog.records
    assert record.getMessage() == r"GET /broken/\nERROR forged\x1b[31m failed"
    assert record.levelno == logging.ERROR
    written = logs.Plain().format(record)
    assert "ZeroDivisionError" in written
    assert "illness" not in written
    assert all(line.startswith("  ") for line in written.split("\n")[1:])


def test_what_was_to_be_expected_is_a_warning_without_a_trace(broken: Flask, caplog: pytest.LogCaptureFixture) -> None:
    assert broken.test_client().get("/missing/a%0ab").status_code == 503
    (record,) = caplog.records
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    assert record.getMessage() == r"GET /missing/a\nb cannot be answered: a\nb is not here: fetch it"


def boxes(page: str) -> dict[str, str]:
    """Fields of the form of a refusal, with what stands in them."""
    form = page[page.index("There is a problem") : page.index("Where to go from here")]
    found = (re.search(r'name="([^"]*)".*?value="([^"]*)"', one) for one in re.findall("<input[^>]*>", form))
    return {one[1]: one[2] for one in found if one}


def test_what_cannot_be_used_can_be_typed_anew_and_the_rest_is_kept(client: FlaskClient) -> None:
    page = client.get("/gaps?catchment=abc&in=&sectors=health&sectors=foo&top=5", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert boxes(page.text) == {"in": "", "top": "5", "catchment": "abc", "sectors": "health,foo"}
    assert 'id="catchment-error"' in page.text
    assert "Must be a number of metres from 1 to 10000" in page.text


def test_weights_sent_one_by_one_are_corrected_as_a_whole(broken: Flask) -> None:
    refused = Refusal("weights", "10,20,30", "seven numbers")
    with broken.test_request_context("/?release=iod2025&weight=10&weight=20&weight=30"):
        (one,), rest = corrections([refused])
    assert (one.field, one.value, one.fault) == ("weights", "10,20,30", "must be seven numbers")
    assert rest == [("release", "iod2025")]


@pytest.mark.parametrize(("method", "query"), [("POST", "?do=fly"), ("GET", "")])
def test_what_was_not_in_the_address_cannot_be_typed_anew(broken: Flask, method: str, query: str) -> None:
    with broken.test_request_context(f"/{query}", method=method):
        assert corrections([Refusal("do", "fly", "one of add, take")]) == ([], [])


def test_hostile_words_stay_words_in_the_form_of_a_refusal(client: FlaskClient) -> None:
    page = client.get('/gaps?catchment="><script>x</script>&other="onload=', headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "<script>x" not in page.text
    assert '"onload=' not in page.text


@pytest.mark.parametrize(
    ("public", "address", "onward"),
    [
        (None, "/api//v1/areas", "/api/v1/areas"),
        (None, "/api//v1/areas?limit=1&offset=2", "/api/v1/areas?limit=1&offset=2"),
        ("https://atlas.example.org", "/api//v1/areas", "/api/v1/areas"),
        ("https://example.org/atlas/", "/api//v1/areas", "/atlas/api/v1/areas"),
        (None, "/gaps//%C3%89lan", "/gaps/%C3%89lan"),
    ],
)
def test_who_is_led_to_another_spelling_stays_on_their_host(
    toy: Atlas, public: str | None, address: str, onward: str
) -> None:
    client = create_app(Settings(public_url=public), toy).test_client()
    answer = client.get(address, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, onward)
    assert "evil" not in answer.text
