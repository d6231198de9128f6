"""Names are data: no text of the tables becomes markup, script or address; and no page may run more than its own."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.toy import HOSTILE
from web.security import digest, policy

PAGES = [
    "/",
    "/gaps",
    "/gaps/quarter-3-east",
    "/boroughs",
    "/boroughs/west",
    "/institutions",
    "/institutions/hospital",
    "/networks",
    "/networks/west",
    "/networks/all",
    "/programmes/east",
    "/data",
    "/search?q=img+src",
    "/networks/img-src",
]


@pytest.mark.parametrize("address", PAGES)
def test_hostile_names_are_text(hostile_app: Flask, address: str) -> None:
    text = hostile_app.test_client().get(address).text
    assert "<img" not in text
    assert "javascript:" not in text


def test_hostile_names_are_shown(hostile_app: Flask) -> None:
    text = hostile_app.test_client().get("/networks/west").text
    assert text.count("&lt;img src=x onerror=alert(1)&gt;") > 8


@pytest.mark.parametrize(
    "typed", ["/search?q=<script>alert(1)</script>", "/?in=<script>alert(1)</script>", "/<script>"]
)
def test_what_is_typed_is_text(client: FlaskClient, typed: str) -> None:
    assert "<script>alert" not in client.get(typed).text
    assert "<script>" not in re.sub(r"<script>addEventListener.*?</script>", "", client.get(typed).text)


def test_hostile_names_in_the_values_are_json_strings(hostile_app: Flask) -> None:
    client = hostile_app.test_client()
    address = re.search(r'"values":"([^"]+)"', client.get("/").text)
    assert address is not None
    values = client.get(address[1]).get_json()
    assert HOSTILE in values["institutions"]["name"]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_inline_styles_or_handlers(hostile_app: Flask, address: str) -> None:
    text = re.sub(r"<script>.*?</script>", "", hostile_app.test_client().get(address).text, flags=re.DOTALL)
    text = text.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    assert not re.search(r"<[^>]*\sstyle=", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", text)
    assert "<style" not in text


@pytest.mark.parametrize(
    "address", ["/", "/gaps/quarter-3-east", "/boroughs/west", "/data", "/nothing", "/?catchment=0"]
)
def test_the_policy_allows_the_inline_script_of_that_page_alone(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    allowed = answer.headers["Content-Security-Policy"]
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, flags=re.DOTALL)
    assert allowed == policy([digest(script) for script in scripts])
    assert "unsafe" not in allowed
    assert "default-src 'none'" in allowed
    assert "frame-ancestors 'none'" in allowed


def test_every_answer_carries_the_safe_headers(client: FlaskClient) -> None:
    for address in ("/", "/static/css/atlas.css", "/api/v1/gaps", "/nothing", "/healthz"):
        headers = client.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "Content-Security-Policy" in headers
        assert "Set-Cookie" not in headers


def test_nothing_points_off_the_origin_but_evidence(client: FlaskClient) -> None:
    for address in PAGES:
        text = client.get(address).text
        assert not re.search(r"<(?:script|link|img|iframe|form)[^>]+(?:src|href|action)=\"(?:https?:)?//", text)


def test_files_outside_the_static_folder_are_not_served(client: FlaskClient) -> None:
    for path in ("../__init__.py", "..%2f__init__.py", "/etc/hostname", "css/../../serve.py"):
        assert client.get(f"/static/{path}", follow_redirects=True).status_code == 404


def test_a_fault_of_ours_is_told_without_its_details(hostile_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("web.home.answer", broken)
    answer = hostile_app.test_client().get("/?catchment=1234")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Something is wrong in Atlas" in answer.text
    assert (
        "secret" not in hostile_app.test_client().get("/?catchment=1235", headers={"Accept": "application/json"}).text
    )
