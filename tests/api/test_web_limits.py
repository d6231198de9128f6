"""How much one client may have computed: never a finished answer refused, never one client's share taken by another."""

from __future__ import annotations

import pytest
from flask import Flask

from atlas.settings import Settings
from atlas.snapshot import Atlas
from web import create_app
from web.limits import CLIENTS, Buckets, client_of, guard


class Clock:
    """Seconds that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(toy: Atlas, clock: Clock) -> Flask:
    app = create_app(Settings(trusted_proxies=1), toy)
    guard(app, Buckets(3, clock))
    return app


def statuses(app: Flask, *addresses: str, **given: object) -> list[int]:
    return [app.test_client().get(address, **given).status_code for address in addresses]  # type: ignore[arg-type]


def test_who_has_more_computed_than_their_share_waits(limited: Flask, clock: Clock) -> None:
    assert statuses(limited, *[f"/gaps?catchment={metres}" for metres in (1000, 2000, 3000, 4000)]) == [200] * 3 + [429]
    clock.now = 19.0
    assert statuses(limited, "/gaps?catchment=4000") == [429]
    clock.now = 20.0
    assert statuses(limited, "/gaps?catchment=4000", "/gaps?catchment=4000") == [200, 429]


def test_it_is_told_in_words_how_long_to_wait(limited: Flask) -> None:
    client = limited.test_client()
    for _ in range(3):
        client.get("/search?q=a")
    page = client.get("/search?q=a", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Retry-After"], page.mimetype) == (429, "20", "text/html")
    assert "Atlas works out 3 answers a minute for one client; wait 20 seconds." in page.text
    program = client.get("/api/v1/gaps?catchment=1000")
    assert (program.status_code, program.mimetype) == (429, "application/problem+json")
    assert program.get_json()["title"] == "Too many requests"


def test_what_lies_ready_is_never_refused(limited: Flask) -> None:
    addresses = ("/", "/gaps", "/static/css/atlas.css?v=1", "/healthz", "/readyz?a=b", "/api/v1/gaps")
    assert set(statuses(limited, *addresses * 3, "/api/v1/progress?in=")) == {200}


def test_asking_what_may_be_asked_from_elsewhere_is_free(limited: Flask) -> None:
    client = limited.test_client()
    for _ in range(3):
        client.get("/search?q=a")
    preflight = client.options("/api/v1/gaps?catchment=1000", headers={"Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (200, "*")
    refused = client.get("/api/v1/gaps?catchment=1000")
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]


def test_what_is_looked_for_where_nothing_is_counts(limited: Flask) -> None:
    assert statuses(limited, *["/nothing"] * 4) == [404] * 3 + [429]
    assert limited.test_client().options("/nothing").status_code == 429
    assert statuses(limited, "/", "/gaps") == [200, 200]


def test_names_that_are_none_count_once_they_were_looked_for(limited: Flask, clock: Clock) -> None:
    assert statuses(limited, "/gaps/quarter-3-east", *["/gaps/nowhere"] * 4) == [200, *[404] * 4]
    assert statuses(limited, "/gaps/nowhere", "/search?q=a", "/") == [429, 429, 200]
    clock.now = 20.0
    assert statuses(limited, "/gaps/quarter-3-east", "/search?q=a") == [200, 429]


def test_a_brief_to_print_counts_though_its_address_has_no_choices(limited: Flask) -> None:
    assert statuses(limited, *["/gaps/nowhere/brief.pdf"] * 4) == [404] * 3 + [429]


def test_what_is_sent_counts(limited: Flask) -> None:
    client = limited.test_client()
    sent = [client.post("/api/v1/scenario", data="{}").status_code for _ in range(4)]
    assert [status == 429 for status in sent] == [False, False, False, True]


def test_clients_behind_a_proxy_have_a_share_each(limited: Flask) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        headers = {"X-Forwarded-For": address}
        assert statuses(limited, *["/search?q=a"] * 4, headers=headers) == [200] * 3 + [429]


def test_who_claims_to_be_another_without_a_proxy_is_not_believed(toy: Atlas, clock: Clock) -> None:
    app = create_app(Settings(), toy)
    guard(app, Buckets(1, clock))
    claims = [statuses(app, "/search?q=a", headers={"X-Forwarded-For": f"192.0.2.{number}"}) for number in range(3)]
    assert claims == [[200], [429], [429]]


def test_an_application_that_nobody_guards_refuses_nobody(toy: Atlas) -> None:
    assert set(statuses(create_app(Settings(rate=1), toy), *["/search?q=a"] * 5)) == {200}


@pytest.mark.parametrize(("waited_s", "granted"), [(0.0, 0), (10.0, 10), (59.9, 59), (60.0, 60), (3_600.0, 60)])
def test_a_bucket_fills_steadily_and_never_runs_over(clock: Clock, waited_s: float, granted: int) -> None:
    buckets = Buckets(60, clock)
    while not buckets.wait_s("192.0.2.1"):
        pass
    clock.now = waited_s
    assert [buckets.wait_s("192.0.2.1") for _ in range(100)].count(0) == granted


def test_whoever_waits_as_long_as_was_said_is_answered(clock: Clock) -> None:
    buckets = Buckets(7, clock)
    for _ in range(50):
        clock.now += buckets.wait_s("192.0.2.1")
        assert buckets.wait_s("192.0.2.1") == 0 or clock.now == 0


def test_all_addresses_of_one_network_are_one_client() -> None:
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff") != client_of("2001:db8:0:1::1")
    assert (client_of("192.0.2.1"), client_of("unix:")) == ("192.0.2.1", "unix:")


def test_clients_remembered_are_bounded(clock: Clock) -> None:
    buckets = Buckets(1, clock)
    for number in range(CLIENTS + 10):
        buckets.wait_s(f"client {number}")
    assert len(buckets._tokens) == CLIENTS
