"""What answers say to browsers: to stay with https where that is the way in, and who may frame what."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Response, request

from atlas.settings import Settings
from atlas.snapshot import Atlas
from tests.estate_web import TOKEN
from web import create_app
from web.payloads import Body
from web.security import STAY_ENCRYPTED, framed, policy
from web.visit import house

HSTS = "Strict-Transport-Security"


def app_with(toy: Atlas, **given: Any) -> Flask:
    return create_app(Settings(**given), toy)


@pytest.mark.parametrize("address", ["/", "/nothing", "/healthz", "/static/css/atlas.css"])
def test_a_public_address_of_https_is_kept_to(toy: Atlas, address: str) -> None:
    client = app_with(toy, public_url="https://atlas.example.org").test_client()
    assert client.get(address).headers[HSTS] == STAY_ENCRYPTED


def test_nothing_is_said_of_https_where_nobody_comes_by_it(toy: Atlas) -> None:
    for settings in ({}, {"public_url": "http://atlas.example.org"}):
        answer = app_with(toy, **settings).test_client().get("/", headers={"X-Forwarded-Proto": "https"})
        assert HSTS not in answer.headers


def test_a_proxy_that_is_believed_may_say_that_readers_come_by_https(toy: Atlas) -> None:
    client = app_with(toy, trusted_proxies=1).test_client()
    assert client.get("/", headers={"X-Forwarded-Proto": "https"}).headers[HSTS] == STAY_ENCRYPTED
    assert HSTS not in client.get("/", headers={"X-Forwarded-Proto": "http"}).headers
    assert HSTS not in client.get("/").headers


def test_only_the_nearest_proxies_are_believed(toy: Atlas) -> None:
    client = app_with(toy, trusted_proxies=1).test_client()
    assert HSTS not in client.get("/", headers={"X-Forwarded-Proto": "https, http"}).headers


@pytest.mark.parametrize(
    ("given", "origins", "said"),
    [
        ({}, None, "frame-ancestors *"),
        ({"embed_origins": "https://www.example.org https://*.example.net"}, None, None),
        ({}, "'self'", "frame-ancestors 'self'"),
    ],
)
def test_a_view_may_be_framed_by_whom_the_settings_name(
    toy: Atlas, given: dict[str, str], origins: str | None, said: str | None
) -> None:
    app = app_with(toy, **given)

    body = Body(b"a view", "text/html; charset=utf-8", {"Content-Security-Policy": policy(["'sha256-a'"])})

    def view() -> Response:
        return framed(house().payloads.respond(request, "view", lambda: body, tag="view"), origins)

    app.add_url_rule("/embed/test", "embed_test", view)
    client = app.test_client()
    answer = client.get("/embed/test")
    *others, frames = answer.headers["Content-Security-Policy"].split("; ")
    assert frames == (said or f"frame-ancestors {given['embed_origins']}")
    assert others == policy(["'sha256-a'"]).split("; ")[:-1]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    held = client.get("/embed/test", headers={"If-None-Match": answer.headers["ETag"]})
    assert (held.status_code, "Content-Security-Policy" in held.headers) == (304, False)


def test_all_else_may_be_framed_by_nobody(toy: Atlas) -> None:
    client = app_with(toy, embed_origins="https://www.example.org").test_client()
    for address in ("/", "/nothing", "/static/css/atlas.css", "/api/v1/gaps"):
        assert "frame-ancestors 'none'" in client.get(address).headers["Content-Security-Policy"]


def test_nobody_gets_a_cookie_by_looking(toy: Atlas) -> None:
    client = app_with(toy, public_url="https://atlas.example.org", import_token=TOKEN).test_client()
    for address in ("/", "/estate", "/estate/login", "/gaps?catchment=2000", "/nothing"):
        assert "Set-Cookie" not in client.get(address).headers
