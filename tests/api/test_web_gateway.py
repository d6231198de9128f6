"""Where requests come in: what a client may send, what is refused, and what is told while Atlas starts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from flask import Flask, Response, request

from tests.exchanges import BOUNDS, Taken, ask, asked
from web import bodies
from web import gateway as gateway_module
from web.bodies import Allowance
from web.gateway import Gateway
from web.security import STAY_ENCRYPTED

HASTY = replace(BOUNDS, patience_s=0.01)
LARGE = Allowance(10_000, "A file may have 10 kB.", is_large=True)


def post(**headers: str) -> Any:
    return asked("/echo", {name.replace("_", "-"): value for name, value in headers.items()}, "POST")


def test_a_body_is_handed_on_whole(run: Callable[..., Taken]) -> None:
    told = json.loads(run(post(content_length="6"), b"abc", b"def").body)
    assert (told["sent"], told["length"], told["address"]) == ("abcdef", 6, "192.0.2.1")


def test_a_body_in_chunks_has_a_length_once_it_is_here(run: Callable[..., Taken]) -> None:
    told = json.loads(run(post(transfer_encoding="chunked"), b"abc", b"def").body)
    assert (told["sent"], told["length"], "Transfer-Encoding" in told["headers"]) == ("abcdef", 6, False)


def test_a_request_without_a_body_is_not_waited_on(run: Callable[..., Taken]) -> None:
    assert json.loads(run(asked("/echo"), asyncio.Event()).body)["sent"] == ""


@pytest.mark.parametrize(
    ("headers", "pieces", "status"),
    [
        ({"content_length": "1001"}, [], 413),
        ({"content_length": "9" * 30}, [], 413),
        ({"transfer_encoding": "chunked"}, [b"x" * 600, b"x" * 600], 413),
        ({"content_length": "6"}, [b"abc"], 400),
        ({"content_length": "-1"}, [], 400),
    ],
)
def test_a_body_that_is_too_long_or_broken_off_is_refused_in_words(
    run: Callable[..., Taken], headers: dict[str, str], pieces: list[bytes], status: int
) -> None:
    taken = run(post(**headers), *pieces)
    assert taken.status == status
    assert taken.body.decode() == ("That is too long.\n" if status == 413 else taken.body.decode())
    assert taken.body.endswith(b".\n")
    assert taken.header("X-Content-Type-Options") == "nosniff"
    assert taken.header("Cache-Control") == "no-store"


def test_a_client_that_falls_silent_is_let_go(run: Callable[..., Taken]) -> None:
    taken = run(post(content_length="6"), b"abc", asyncio.Event(), bounds=HASTY)
    assert (taken.status, "too slowly" in taken.body.decode()) == (408, True)


def test_a_client_that_trickles_is_let_go(run: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(1_000))
    monkeypatch.setattr(bodies, "perf_counter", lambda: float(next(moments)))
    taken = run(post(content_length="900"), *[b"x"] * 900)
    assert taken.status == 408


def test_a_body_that_comes_for_ever_is_refused_however_much_it_brings(
    run: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SLOWEST_BYTES_S", 1)
    for minutes, status in ((14, 200), (15, 408)):
        moments = iter([0, *range(0, 3_600, 60)])
        monkeypatch.setattr(bodies, "perf_counter", lambda told=moments: float(next(told)))
        taken = run(post(transfer_encoding="chunked"), *[b"x" * 60] * minutes)
        assert taken.status == status
    assert "it may take 15 minutes at most" in taken.body.decode()


def test_many_large_bodies_are_not_read_at_once(run: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_LARGE", 0)
    taken = run(post(transfer_encoding="chunked"), b"abc")
    assert (taken.status, taken.header("Retry-After")) == (503, "5")
    assert run(post(content_length="3"), b"abc").status == 200


def test_a_large_body_must_come_at_a_pace(run: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(1_000))
    monkeypatch.setattr(bodies, "perf_counter", lambda: float(next(moments)))
    bounds = replace(BOUNDS, routes={"/echo": replace(LARGE, body_bytes=10_000_000)})
    slow, quick = b"x" * (bodies.SLOWEST_BYTES_S // 2), b"x" * bodies.SLOWEST_BYTES_S
    assert run(post(transfer_encoding="chunked"), *[slow] * 150, bounds=bounds).status == 408
    moments = iter(range(1_000))
    assert run(post(transfer_encoding="chunked"), *[quick] * 150, bounds=bounds).status == 200


def test_a_route_without_large_bodies_takes_no_place_of_theirs(
    run: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MOST_LARGE", 0)
    request = asked("/nothing", {"Transfer-Encoding": "chunked"}, "POST")
    assert run(request, b"abc").status == 405
    assert run(request, b"x" * 1_001).status == 413
    assert run(asked("/nothing", {"Content-Length": "1001"}, "POST"), asyncio.Event()).status == 413


@pytest.mark.parametrize("length", [{"Transfer-Encoding": "chunked"}, {"Content-Length": "9000"}])
def test_who_may_not_send_a_large_body_hears_so_before_it_is_read(
    echo: Flask, run: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch, length: dict[str, str]
) -> None:
    @echo.post("/guarded")
    def guarded() -> tuple[str, int]:
        return (request.get_data(as_text=True), 201) if request.authorization else ("no token", 401)

    monkeypatch.setattr(bodies, "MOST_LARGE", 1)
    bounds = replace(BOUNDS, routes={"/guarded": LARGE})
    assert run(asked("/guarded", length, "POST"), asyncio.Event(), bounds=bounds).status == 401
    monkeypatch.setattr(bodies, "MOST_LARGE", 0)
    assert run(asked("/guarded", length, "POST"), asyncio.Event(), bounds=bounds).status == 401
    monkeypatch.setattr(bodies, "MOST_LARGE", 1)
    sent = asked("/guarded", {**length, "Authorization": "Bearer abc"}, "POST")
    taken = run(sent, b"x" * 4_000, b"y" * 5_000, bounds=bounds)
    assert (taken.status, len(taken.body)) == (201, 9_000)


def test_bodies_that_are_on_their_way_keep_nobody_from_a_page(echo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "MOST_WAITING", 2)

    async def answer() -> tuple[Taken, list[Taken]]:
        gateway, rest = Gateway(BOUNDS), asyncio.Event()
        gateway.open(echo)
        half = [asyncio.create_task(ask(gateway, post(content_length="10"), b"x", rest)) for _ in range(5)]
        await asyncio.sleep(0)
        page = await ask(gateway, asked("/echo"))
        rest.set()
        return page, list(await asyncio.gather(*half))

    page, half = asyncio.run(answer())
    assert page.status == 200
    assert [one.status for one in half] == [400] * 5


def test_who_comes_when_too_many_wait_is_told_to_come_again(
    run: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_module, "MOST_WAITING", 0)
    taken = run(asked("/echo"))
    assert (taken.status, taken.header("Retry-After")) == (503, "1")
    assert run(asked("/healthz")).status == 200


def test_a_header_with_an_underscore_does_not_pass_for_another(run: Callable[..., Taken]) -> None:
    asking = asked("/echo")
    asking.headers.pairs.append(("x_forwarded_for", "203.0.113.9"))
    assert "X-Forwarded-For" not in json.loads(run(asking).body)["headers"]


def test_a_path_arrives_as_it_was_written(run: Callable[..., Taken]) -> None:
    assert run(asked("/Barking/Élan & co")).body.decode() == "Barking/Élan & co"


def test_what_falls_over_is_told_and_the_next_is_answered(echo: Flask, caplog: pytest.LogCaptureFixture) -> None:
    async def answer() -> tuple[Taken, Taken]:
        gateway = Gateway(BOUNDS)
        gateway.open(echo)
        return await ask(gateway, asked("/error")), await ask(gateway, asked("/echo"))

    def fall(*_: object) -> None:
        raise ZeroDivisionError("secret")

    kept = echo.wsgi_app
    echo.wsgi_app = lambda environ, start: fall() if environ["PATH_INFO"] == "/error" else kept(environ, start)  # type: ignore[method-assign, assignment, func-returns-value]
    first, second = asyncio.run(answer())
    assert (first.status, b"secret" in first.body, second.status) == (500, False, 200)
    assert "GET /error failed" in caplog.text


@pytest.mark.parametrize(
    ("hosts", "version", "status"),
    [
        ([], "1.1", 400),
        ([], "1", 200),
        (["a", "a"], "1.1", 400),
        (["a", "b"], "1", 400),
        (['a"b<c>'], "1.1", 400),
        (["a b"], "1.1", 400),
        (["a/b"], "1.1", 400),
        (["user@a"], "1.1", 400),
        ([""], "1.1", 400),
        (["a:port"], "1.1", 400),
        (["atlas.example.org:8000"], "1.1", 200),
        (["[::1]:8000"], "1.1", 200),
        (["127.0.0.1"], "1.1", 200),
    ],
)
def test_a_request_says_once_which_host_it_means(
    run: Callable[..., Taken], hosts: list[str], version: str, status: int
) -> None:
    request = replace(asked("/echo"), http_version=version)
    request.headers.pairs = [("host", host) for host in hosts]
    assert run(request).status == status


def test_what_was_kept_for_who_needs_no_host_is_not_given_to_who_does(echo: Flask) -> None:
    @echo.get("/kept")
    def kept() -> Response:
        response = Response("kept", headers={"Cache-Control": "no-cache"})
        response.set_etag("kept")
        return response

    async def answer() -> list[int]:
        gateway = Gateway(BOUNDS)
        gateway.open(echo)
        old, new = replace(asked("/kept"), http_version="1"), asked("/kept")
        old.headers.pairs = new.headers.pairs = []
        return [(await ask(gateway, request)).status for request in (old, new, old)]

    assert asyncio.run(answer()) == [200, 400, 200]


# what is refused


@pytest.mark.parametrize("path", ["/api/v1/scenario", "/ogc/collections"])
def test_programs_are_refused_in_problem_details_that_every_site_may_read(run: Callable[..., Taken], path: str) -> None:
    bounds = replace(BOUNDS, routes={"/api/v1/scenario": Allowance(1_000, BOUNDS.said)})
    taken = run(asked(path, {"Content-Length": "1001"}, "POST"), bounds=bounds, is_https=True)
    assert taken.header("Content-Type") == "application/problem+json"
    assert json.loads(taken.body) == {
        "type": "about:blank",
        "title": "That is too large",
        "status": 413,
        "detail": "That is too long.",
    }
    assert taken.header("Access-Control-Allow-Origin") == "*"
    assert taken.header("Cross-Origin-Resource-Policy") == "cross-origin"
    assert taken.header("Strict-Transport-Security") == STAY_ENCRYPTED
    assert taken.header("X-Content-Type-Options") == "nosniff"


def test_who_may_come_from_no_other_site_is_not_refused_to_it(run: Callable[..., Taken]) -> None:
    taken = run(asked("/api/v1/estate/imports", {"Content-Length": "1001"}, "POST"))
    assert (taken.status, taken.header("Access-Control-Allow-Origin")) == (413, "")


@pytest.mark.parametrize(
    ("given", "said", "expected"),
    [
        ({}, "https", ""),
        ({"forwarded": True}, "https", STAY_ENCRYPTED),
        ({"forwarded": True}, "https, http", ""),
        ({"is_https": True}, "", STAY_ENCRYPTED),
    ],
)
def test_a_refusal_tells_browsers_to_stay_with_https_where_they_come_by_it(
    run: Callable[..., Taken], given: dict[str, bool], said: str, expected: str
) -> None:
    taken = run(asked("/echo", {"Content-Length": "no", "X-Forwarded-Proto": said}, "POST"), **given)
    assert (taken.status, taken.header("Strict-Transport-Security")) == (400, expected)


# the start


@pytest.mark.parametrize("below", ["", "/atlas"])
def test_before_there_is_an_atlas_the_process_is_up_and_not_ready(below: str) -> None:
    async def answer() -> list[Taken]:
        gateway = Gateway(HASTY, below=below)
        return [await ask(gateway, asked(f"{below}{address}")) for address in ("/healthz", "/readyz", "/")]

    up, ready, page = asyncio.run(answer())
    assert (up.status, json.loads(up.body)) == (200, {"status": "ok", "revision": None})
    assert (ready.status, ready.header("Retry-After")) == (503, "5")
    assert json.loads(ready.body)["reasons"] == ["the atlas is being read and its first pages made"]
    assert (page.status, page.header("Retry-After")) == (503, "5")


def test_who_asks_before_there_is_an_atlas_waits_for_it(echo: Flask) -> None:
    async def answer() -> Taken:
        gateway = Gateway(BOUNDS)
        waiting = asyncio.create_task(ask(gateway, asked("/echo")))
        await asyncio.sleep(0)
        gateway.open(echo)
        return await waiting

    assert asyncio.run(answer()).status == 200


def test_health_is_answered_while_every_thread_is_busy(echo: Flask) -> None:
    goes_on = Event()
    echo.add_url_rule("/busy", "busy", lambda: str(goes_on.wait(60)))

    async def answer() -> tuple[Taken, list[Taken]]:
        gateway = Gateway(BOUNDS)
        gateway.open(echo)
        busy = [asyncio.create_task(ask(gateway, asked("/busy"))) for _ in range(2 * gateway_module.THREADS)]
        healthy = await ask(gateway, asked("/healthz"))
        goes_on.set()
        return healthy, list(await asyncio.gather(*busy))

    healthy, busy = asyncio.run(answer())
    assert healthy.status == 200
    assert [one.body for one in busy] == [b"True"] * len(busy)


def test_a_request_that_nobody_waits_for_ends_with_the_server_in_silence(echo: Flask) -> None:
    begun, may_end = Event(), Event()

    @echo.get("/slow")
    def slow() -> str:
        begun.set()
        may_end.wait()
        return "slow"

    async def leave() -> Taken:
        gateway, taken = Gateway(BOUNDS), Taken()
        gateway.open(echo)
        asking = asyncio.create_task(gateway(asked("/slow"), taken))
        await asyncio.to_thread(begun.wait)
        asking.cancel()
        await asking
        may_end.set()
        gateway.close()
        return taken

    assert asyncio.run(leave()).status == 0
