"""What stands in front: an answer given again is Flask's own, byte for byte; and none outlives what it follows from."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, Response, make_response, request, session
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.geo.estate.model import Estate
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.store import Store, open_store
from atlas.vocabulary import Release
from tests.estate_web import app_with, sign_in
from tests.exchanges import BOUNDS, Counted, ask, asked, own, told
from tests.land import land
from tests.toy import toy_atlas
from web import build_of, create_app
from web.front import Answer, Front, key_of, state_of
from web.gateway import Gateway
from web.refresh import Refresher

PAGES = [
    "/",
    "/?catchment=2000",
    "/gaps",
    "/gaps/",
    "/gaps/quarter-3-east",
    "/institutions",
    "/networks/west",
    "/boroughs/west",
    "/estate",
    "/graph",
    "/data",
    "/search?q=hospital",
    "/static/css/atlas.css",
    "/api/v1/gaps",
    "/api/v1/gaps?format=csv",
    "/api/v1/graph",
]
OTHERS = [
    "/healthz",
    "/readyz",
    "/nothing",
    "/?catchment=0",
    "/api/v1/gaps?wrong=1",
    "/api/v1/progress",
    "/estate/import",
]
CONDITIONS = [
    {},
    {"Accept-Encoding": "gzip, deflate, br, zstd"},
    {"Accept-Encoding": "gzip"},
    {"Accept-Encoding": "br;q=0"},
    {"Accept": "application/json", "Accept-Encoding": "br"},
    {"If-None-Match": "*"},
    {"If-None-Match": 'W/"another"', "Accept-Encoding": "br"},
    {"Origin": "https://www.example.org"},
]


@pytest.fixture
def fresh(toy: Atlas) -> Flask:
    """An application of the test's own, to be changed."""
    return create_app(Settings(), toy)


def gateway_to(app: Flask) -> Gateway:
    gateway = Gateway(BOUNDS)
    gateway.open(app)
    return gateway


class Land:
    """Land that a test moves."""

    def __init__(self) -> None:
        self.estate = Estate.empty()

    def revision(self) -> str:
        return self.estate.revision

    def load(self) -> Estate:
        return self.estate

    def close(self) -> None:
        pass

    def move(self, name: str) -> None:
        self.estate = replace(land({"id": name, "at": (1_500, 500)}), revision=f"with {name}")


def refresher(app: Flask, source: Land) -> Refresher:
    return Refresher(app, source, lambda held: build_of(held.library))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", PAGES + OTHERS)
def test_an_answer_through_the_front_is_flasks_own_byte_for_byte(app: Flask, address: str, method: str) -> None:
    gateway, client = gateway_to(app), app.test_client()
    tag = client.get(address).headers.get("ETag", '"none"')

    async def check() -> None:
        for condition in [*CONDITIONS, {"If-None-Match": tag}, {"If-None-Match": f'"x", {tag}'}]:
            for asking in (asked(address, condition), asked(address, condition, method)):
                for _ in range(2):
                    assert told(await ask(gateway, asking)) == own(client, asking), condition

    asyncio.run(check())
    gateway.close()


@pytest.mark.parametrize("address", PAGES)
def test_a_finished_answer_is_given_again_without_entering_flask(fresh: Flask, address: str) -> None:
    gateway, counted = gateway_to(fresh), Counted(fresh)

    async def check() -> None:
        for headers in ({}, {"Accept-Encoding": "br"}):
            first = await ask(gateway, asked(address, headers))
            entries = counted.entries
            again = [await ask(gateway, asked(address, headers)) for _ in range(3)]
            assert [told(one) for one in again] == [told(first)] * 3
            assert (await ask(gateway, asked(address, headers, "HEAD"))).headers != []
            held = {**headers, "If-None-Match": first.header("ETag")}
            assert [(await ask(gateway, asked(address, held))).status for _ in range(2)] == [304, 304]
            assert counted.entries == entries + 1

    asyncio.run(check())
    gateway.close()


@pytest.mark.parametrize("address", OTHERS)
def test_what_must_not_be_kept_is_made_anew_each_time(fresh: Flask, address: str) -> None:
    gateway, counted = gateway_to(fresh), Counted(fresh)
    asyncio.run(_three_times(gateway, address))
    gateway.close()
    assert counted.entries == 3


async def _three_times(gateway: Gateway, address: str) -> None:
    for _ in range(3):
        await ask(gateway, asked(address))


def test_after_a_swap_nothing_of_before_is_given(fresh: Flask) -> None:
    gateway, client, source = gateway_to(fresh), fresh.test_client(), Land()

    async def check() -> None:
        before = {address: await ask(gateway, asked(address)) for address in PAGES}
        source.move("depot")
        assert refresher(fresh, source).refresh()
        for address, was in before.items():
            for headers in ({}, {"If-None-Match": was.header("ETag")}, {"Accept-Encoding": "br"}):
                for _ in range(2):
                    now = await ask(gateway, asked(address, headers))
                    assert told(now) == own(client, asked(address, headers))
        assert (await ask(gateway, asked("/institutions"))).header("ETag") != before["/institutions"].header("ETag")

    asyncio.run(check())
    gateway.close()


def test_an_answer_begun_before_a_swap_is_not_kept_after_it(fresh: Flask) -> None:
    front, source = Front(lambda: state_of(fresh)), Land()
    key = key_of("GET", "/institutions", "", {})
    assert key is not None
    begun = front.state()
    kept = Answer(200, (("ETag", 'W/"a"'), ("Cache-Control", "no-cache")), b"before")
    source.move("depot")
    refresher(fresh, source).refresh()
    front.keep(key, kept, begun)
    assert front.find(key) is None
    front.keep(key, kept, front.state())
    assert front.find(key) is kept


def test_a_first_look_gives_way_to_the_whole_when_that_is_there(toy: Atlas) -> None:
    def finish(_inputs: object, parameters: Parameters, _counted: object) -> Iterator[Atlas]:
        yield analyse(toy.inputs, parameters)

    app = create_app(Settings(), toy, finish=finish)  # type: ignore[arg-type]
    gateway, client = gateway_to(app), app.test_client()
    library = app.extensions["atlas"].library

    async def check() -> None:
        first = await ask(gateway, asked("/gaps?catchment=1500"))
        library.wait(Release.ESTIMATE, Parameters(catchment_m=1500), 60.0)
        then = await ask(gateway, asked("/gaps?catchment=1500"))
        assert told(then) == own(client, asked("/gaps?catchment=1500"))
        assert then.header("ETag") != first.header("ETag")

    asyncio.run(check())
    library.close()
    gateway.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/atlas.db") as opened:
        yield opened


@pytest.mark.parametrize("address", ["/estate", "/estate/import", "/"])
def test_a_signed_in_reader_gets_pages_of_their_own(toy: Atlas, store: Store, tmp_path: Path, address: str) -> None:
    app = app_with(toy, store, tmp_path)
    gateway, holder = gateway_to(app), sign_in(app)
    cookie = holder.client.get_cookie("atlas_import", path="/estate")
    assert cookie is not None
    signed_in = asked(address, {"Cookie": f"atlas_import={cookie.value}"})

    async def check() -> None:
        for asking in (signed_in, asked(address), signed_in, asked(address)):
            taken = await ask(gateway, asking)
            client = app.test_client(use_cookies=False)
            assert told(taken)[0] == own(client, asking)[0]
            assert re.sub(r'value="[^"]{32}"', "", taken.body.decode()) == re.sub(
                r'value="[^"]{32}"', "", own(client, asking)[2].decode()
            )

    asyncio.run(check())
    gateway.close()


def test_what_varies_by_more_than_the_key_holds_is_never_kept(toy: Atlas) -> None:
    app = create_app(Settings(), toy)
    app.config["SECRET_KEY"] = "of a test"  # noqa: S105 -- of a test

    def view(name: str) -> Response:
        answer = make_response(name)
        answer.set_etag("a")
        answer.headers["Cache-Control"] = "private" if name == "private" else "no-cache"
        if name == "cookie":
            answer.set_cookie("a", "b")
        if name == "session":
            answer.headers["X-Was"] = str(session.get("nothing"))
        if name == "agent":
            answer.vary.add("User-Agent")
            answer.headers["X-Was"] = str(request.user_agent)
        return answer

    app.add_url_rule("/test/<name>", "test_view", view)
    gateway, counted = gateway_to(app), Counted(app)
    for number, name in enumerate(("private", "cookie", "session", "agent"), 1):
        asyncio.run(_three_times(gateway, f"/test/{name}"))
        assert counted.entries == 3 * number
    asyncio.run(_three_times(gateway, "/test/other"))
    gateway.close()
    assert counted.entries == 13


def test_of_several_tags_in_several_headers_flask_decides(app: Flask) -> None:
    gateway, client = gateway_to(app), app.test_client()
    tag = client.get("/gaps").headers["ETag"]

    async def check() -> None:
        two = asked("/gaps", {"If-None-Match": tag})
        two.headers.pairs.append(("if-none-match", '"another"'))
        assert (await ask(gateway, two)).status == 304
        assert (await ask(gateway, asked("/gaps", {"If-None-Match": '"another"'}))).status == 200

    asyncio.run(check())
    gateway.close()


@pytest.mark.parametrize("name", ["Cookie", "Authorization", "Range"])
def test_who_sends_more_than_a_key_holds_enters_flask(fresh: Flask, name: str) -> None:
    gateway, counted = gateway_to(fresh), Counted(fresh)

    async def check() -> None:
        for _ in range(2):
            await ask(gateway, asked("/gaps"))
            await ask(gateway, asked("/gaps", {name: "anything"}))

    asyncio.run(check())
    gateway.close()
    assert counted.entries == 3


def test_a_key_of_any_length_is_not_kept() -> None:
    assert key_of("GET", "/search", "q=" + "x" * 5_000, {}) is None


def test_what_a_proxy_says_is_part_of_the_key_where_it_is_believed() -> None:
    said = {"x-forwarded-proto": "https"}
    assert key_of("GET", "/", "", said) == key_of("GET", "/", "", {})
    assert key_of("GET", "/", "", said, forwarded=True) != key_of("GET", "/", "", {}, forwarded=True)


def test_what_was_asked_for_longest_ago_goes_first_and_the_weight_stays_bounded() -> None:
    front = Front(lambda: (), capacity_bytes=3 * 3_048)
    headers = (("ETag", '"a"'), ("Cache-Control", "no-cache"))
    for name in ("a", "b", "a", "c", "a", "d"):
        front.keep((name,), Answer(200, headers, b"x" * 1_000), ())
    assert [len(front), front.find(("b",)), front.find(("a",)) is not None] == [3, None, True]
    front.keep(("large",), Answer(200, headers, b"x" * 10_000), ())
    assert front.find(("large",)) is None


STEPS = st.lists(
    st.one_of(
        st.just(None),
        st.tuples(
            st.sampled_from(PAGES + OTHERS),
            st.sampled_from([*CONDITIONS, {"If-None-Match": "the last"}]),
            st.sampled_from(["GET", "HEAD"]),
        ),
    ),
    min_size=5,
    max_size=15,
)


@settings(max_examples=12)
@given(STEPS)
def test_whatever_is_asked_and_swapped_in_between_the_answer_is_flasks_own(
    steps: list[tuple[str, dict[str, str], str] | None],
) -> None:
    app = create_app(Settings(), toy_atlas())
    gateway, client, source = gateway_to(app), app.test_client(), Land()

    async def check() -> None:
        tag = '"none"'
        for number, step in enumerate(steps):
            if step is None:
                source.move(f"depot-{number}")
                refresher(app, source).refresh()
                continue
            address, headers, method = step
            sent = {name: tag if value == "the last" else value for name, value in headers.items()}
            taken = await ask(gateway, asked(address, sent, method))
            assert told(taken) == own(client, asked(address, sent, method))
            tag = taken.header("ETag") or tag

    asyncio.run(check())
    gateway.close()
