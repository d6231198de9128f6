"""Who may change the estate: whoever has shown the token, from a page of ours; and nobody else gets a cookie."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from atlas.snapshot import Atlas
from atlas.store import open_store
from tests.estate_web import (
    BEARER,
    HIDDEN,
    ORIGIN,
    PLAIN,
    TOKEN,
    Holder,
    app_with,
    words,
)
from web.estate_session import GATE, Gate

CHANGING = [
    ("GET", "/estate/import"),
    ("POST", "/estate/import"),
    ("GET", "/estate/import/look"),
    ("POST", "/estate/import/look"),
    ("GET", "/estate/imports/1"),
    ("GET", "/estate/imports/1.csv"),
    ("GET", "/estate/imports/1.json"),
    ("GET", "/estate/imports/1/again"),
    ("GET", "/estate/imports/1/undo"),
    ("POST", "/estate/imports/1/undo"),
    ("GET", "/estate/matches"),
    ("POST", "/estate/matches"),
    ("GET", "/estate/login"),
    ("POST", "/estate/login"),
    ("POST", "/estate/logout"),
    ("POST", "/api/v1/estate/imports"),
    ("GET", "/api/v1/estate/imports"),
    ("GET", "/api/v1/estate/imports/1"),
    ("GET", "/api/v1/estate/imports/1.csv"),
    ("POST", "/api/v1/estate/imports/1/undo"),
]


@pytest.fixture(scope="module")
def estate_app(toy: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("estate")
    with open_store(f"sqlite:///{folder}/atlas.db") as store:
        yield app_with(toy, store, folder)


@pytest.mark.parametrize(("method", "address"), CHANGING)
def test_without_a_token_at_start_nothing_can_be_changed_and_the_way_is_said(
    app: Flask, method: str, address: str
) -> None:
    answer = app.test_client().open(address, method=method, headers=BEARER)
    assert answer.status_code == 403
    assert "ATLAS_IMPORT_TOKEN" in answer.text


def test_the_page_of_registers_says_that_imports_are_off(app: Flask) -> None:
    text = words(app.test_client().get("/estate/imports").text)
    assert "Imports from the web are off." in text
    assert "Import a register" not in text


@pytest.mark.parametrize(("method", "address"), [one for one in CHANGING if "login" not in one[1]])
def test_who_has_not_shown_the_token_is_led_to_it_or_refused(estate_app: Flask, method: str, address: str) -> None:
    answer = estate_app.test_client().open(address, method=method, headers=ORIGIN)
    if address.startswith("/api"):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/estate/login?next=/estate/")
    assert "Set-Cookie" not in answer.headers


def test_who_sends_after_the_session_has_ended_is_led_back_by_way_of_the_token(estate_app: Flask) -> None:
    client = estate_app.test_client()
    came_from = "http://localhost/estate/import?partner=West+Council&as_of=2024-03-31"
    answer = client.post("/estate/import", headers={**ORIGIN, "Referer": came_from})
    page = client.get(answer.headers["Location"]).text
    assert "Your session has ended: give the import token again" in words(page)
    fields = {one: html.unescape(value) for one, value in HIDDEN.findall(page)}
    wrong = client.post("/estate/login", data={**fields, "token": "no"}, headers=ORIGIN)
    assert "Your session has ended" in words(wrong.text)
    back = client.post("/estate/login", data={**fields, "token": TOKEN}, headers=ORIGIN).headers["Location"]
    assert back == "/estate/import?partner=West+Council&as_of=2024-03-31"
    assert 'value="West Council"' in client.get(back).text
    elsewhere = {**ORIGIN, "Referer": "http://evil.example/estate/import"}
    assert estate_app.test_client().post("/estate/logout", headers=elsewhere).headers["Location"].endswith("&ended=yes")


def test_the_way_to_the_token_is_marked_as_where_it_leads(estate_app: Flask) -> None:
    client = estate_app.test_client()
    pages = [client.get(f"/estate/login?next=/estate/{page}").text for page in ("matches?page=2", "import")]
    here = [re.findall('aria-current="true">([^<]+)</a>', page) for page in pages]
    assert [one[-1] for one in here] == ["Same places", "Imports"]


def test_the_session_is_a_cookie_that_scripts_and_other_sites_never_get(estate_app: Flask) -> None:
    client = estate_app.test_client()
    cookie = client.post("/estate/login", data={"token": TOKEN}, headers=ORIGIN).headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/estate", "Expires="):
        assert part in cookie
    assert "Secure" not in cookie
    assert TOKEN not in cookie
    safe = client.post("/estate/login", data={"token": TOKEN}, headers={"Origin": "https://localhost"})
    assert "Secure" in safe.headers["Set-Cookie"]


def test_no_other_page_sets_a_cookie_or_varies_by_one(estate_app: Flask) -> None:
    client = estate_app.test_client()
    for address in ("/", "/gaps", "/institutions", "/data", "/estate/imports", "/estate/login", "/nothing"):
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers
        assert address == "/estate/imports" or "Cookie" not in answer.headers.get("Vary", "")


def test_a_wrong_token_opens_nothing(estate_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(estate_app.extensions, GATE, Gate(TOKEN))
    answer = estate_app.test_client().post("/estate/login", data={"token": TOKEN + "x"}, headers=ORIGIN)
    assert (answer.status_code, "That is not the token" in answer.text) == (403, True)
    assert "Set-Cookie" not in answer.headers


def test_who_guesses_has_to_wait_and_then_may_try_again(estate_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [0.0]
    monkeypatch.setitem(estate_app.extensions, GATE, Gate(TOKEN, clock=lambda: moment[0]))
    client = estate_app.test_client()
    for _ in range(5):
        assert client.post("/estate/login", data={"token": "guess"}, headers=ORIGIN).status_code == 403
    refused = client.post("/estate/login", data={"token": TOKEN}, headers=ORIGIN)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "61")
    assert client.post("/api/v1/estate/imports", headers=BEARER).status_code == 429
    moment[0] = 61.0
    assert client.post("/estate/login", data={"token": TOKEN}, headers=ORIGIN).status_code == 303


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_what_another_site_sends_is_refused(holder: Holder, origin: str) -> None:
    for address in ("/estate/import", "/estate/matches", "/estate/logout"):
        answer = holder.client.post(address, data={"csrf": holder.csrf}, headers={"Origin": origin} if origin else {})
        assert answer.status_code == 403
        assert "not sent from a page of this Atlas" in words(answer.text)


def test_a_form_without_its_mark_is_refused(holder: Holder) -> None:
    answer = holder.client.post("/estate/import", data={"csrf": "made up"}, headers=ORIGIN)
    assert (answer.status_code, "of an earlier session" in answer.text) == (403, True)


def test_a_session_ends_when_it_is_closed(holder: Holder) -> None:
    assert holder.post("/estate/logout").status_code == 303
    assert holder.get("/estate/import").status_code == 303


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil", "/estate\\..\\x", "/gaps"])
def test_the_way_on_after_the_token_stays_in_the_house(estate_app: Flask, onward: str) -> None:
    data = {"token": TOKEN, "next": onward}
    answer = estate_app.test_client().post("/estate/login", data=data, headers=ORIGIN)
    assert answer.headers["Location"] == "/estate/imports"


def test_only_pages_of_a_session_are_kept_by_nobody(holder: Holder, estate_app: Flask) -> None:
    report = holder.bring(PLAIN)
    for address in ("/estate/import", "/estate/imports", "/estate/matches", report, report + ".csv"):
        assert holder.get(address).headers["Cache-Control"] == "no-store"
    assert estate_app.test_client().get("/estate/imports").headers["Cache-Control"] == "no-cache"
