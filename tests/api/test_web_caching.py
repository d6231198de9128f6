"""Bodies are made and compressed once; a reader who has one is told so."""

from __future__ import annotations

import builtins
import gzip
import io
import re
from threading import Barrier, Thread

import brotli
import pytest
from flask.testing import FlaskClient

from atlas.parameters import Parameters
from atlas.settings import Settings
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import Release
from tests.toy import toy_atlas, toy_inputs
from web import create_app
from web.library import Library
from web.memo import Memo

LARGE = ["/", "/gaps", "/gaps/quarter-3-east", "/data", "/api/v1/graph", "/static/css/page.css"]


def addresses_of_map(client: FlaskClient) -> list[str]:
    return re.findall(r'<link rel="preload" as="fetch" href="([^"]+)"', client.get("/").text)


@pytest.mark.parametrize("address", LARGE)
def test_bodies_are_compressed_as_the_reader_accepts(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    assert "Content-Encoding" not in plain.headers
    for accepted, coding, unpack in (
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0.1, gzip;q=0.9", "gzip", gzip.decompress),
    ):
        answer = client.get(address, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding
        assert unpack(answer.data) == plain.data
        assert len(answer.data) < len(plain.data)
        assert "Accept-Encoding" in answer.headers["Vary"]
    for accepted in ("br;q=0", "identity;q=1,gzip;q=0.1", "gzip;q=0.5, br;q=0.6, identity", "*;q=0"):
        assert "Content-Encoding" not in client.get(address, headers={"Accept-Encoding": accepted}).headers, accepted
    for accepted in ("identity;q=0.5, gzip;q=0.5", "gzip, identity;q=0.9", "*;q=0, gzip;q=0.1"):
        answer = client.get(address, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == "gzip", accepted


@pytest.mark.parametrize("address", [*LARGE, "/networks/west", "/api/v1/gaps?format=csv"])
def test_who_has_it_is_told_so_and_keeps_its_policy(client: FlaskClient, address: str) -> None:
    first = client.get(address, headers={"Accept-Encoding": "br"})
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Accept-Encoding" in again.headers["Vary"]
    assert "Content-Security-Policy" not in again.headers
    assert "Content-Encoding" not in again.headers


def test_a_page_is_the_same_bytes_every_time(toy: Atlas) -> None:
    """Its policy names its own script by hash, so a page that was kept still runs under the policy it came with."""
    one, two = (create_app(Settings(), toy).test_client().get("/gaps/quarter-3-east") for _ in range(2))
    assert one.data == two.data
    assert one.headers["Content-Security-Policy"] == two.headers["Content-Security-Policy"]


def test_other_choices_bear_another_tag(client: FlaskClient) -> None:
    tags = {client.get(address).headers["ETag"] for address in ("/", "/?catchment=2000", "/?sectors=health")}
    assert len(tags) == 3
    assert client.get("/?catchment=4000").headers["ETag"] == client.get("/").headers["ETag"]


def test_a_tag_never_hides_that_there_is_no_such_thing(client: FlaskClient) -> None:
    tag = client.get("/").headers["ETag"]
    assert client.get("/gaps/nothing", headers={"If-None-Match": tag}).status_code == 404
    assert client.get("/?catchment=0", headers={"If-None-Match": "*"}).status_code == 400


def test_shapes_and_values_never_change_under_their_address(client: FlaskClient) -> None:
    shapes, values = addresses_of_map(client)
    for address in (shapes, values):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.mimetype == "application/json"
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(values).get_json()["geometry"] == client.get(shapes).get_json()["atlas"]["id"]
    assert client.get("/map/000000000000.json").status_code == 404
    assert client.get("/map/000000000000/values.json").status_code == 404


def test_values_follow_the_choices(client: FlaskClient) -> None:
    page = client.get("/?catchment=2000").text
    shapes, values = re.findall(r'<link rel="preload" as="fetch" href="([^"]+)"', page)
    assert [shapes] == addresses_of_map(client)[:1]
    answer = client.get(values.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.get_json()["revision"] in values


def test_a_catchment_of_many_digits_finds_its_values(client: FlaskClient) -> None:
    page = client.get("/?catchment=2500.1234567").text
    assert '<option value="2500.1234567" selected>' in page
    _, values = re.findall(r'<link rel="preload" as="fetch" href="([^"]+)"', page)
    assert client.get(values.replace("&amp;", "&")).status_code == 200


def test_static_files_are_lasting_under_their_own_hash_only(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/css/page\.css\?v=\w+)"', client.get("/data").text)
    assert address is not None
    assert "immutable" in client.get(address[1]).headers["Cache-Control"]
    assert client.get("/static/css/page.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/css/page.css?v=other").headers["Cache-Control"] == "no-cache"


def test_pages_are_checked_again_before_they_are_shown(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    assert client.get("/nothing").headers["Cache-Control"] == "no-store"


def test_no_request_reads_a_data_file(monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(Settings(), toy_atlas()).test_client()
    kept = io.open

    def refuse(*arguments: object, **_: object) -> None:
        raise AssertionError(f"a request opened {arguments[:1]}")

    def only_templates(file: object, *arguments: object, **options: object) -> object:
        return kept(file, *arguments, **options) if str(file).endswith(".html") else refuse(file)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", only_templates)
    monkeypatch.setattr(io, "open", only_templates)
    for reader in ("pandas.read_csv", "pandas.read_parquet", "geopandas.read_file", "geopandas.read_parquet"):
        monkeypatch.setattr(reader, refuse)
    shapes, values = addresses_of_map(client)
    for address in [
        *LARGE,
        shapes,
        values,
        "/?catchment=3000",
        "/boroughs/east?sectors=health",
        "/search?q=a",
        "/method",
    ]:
        assert client.get(address).status_code == 200, address


def test_an_atlas_is_derived_once_however_many_ask(toy: Atlas) -> None:
    asked: list[Parameters] = []
    start = Barrier(6)

    def derive(_: Inputs, parameters: Parameters) -> Atlas:
        asked.append(parameters)
        return toy

    library = Library(toy, derive=derive)

    def ask() -> None:
        start.wait()
        library.atlas(Release.ESTIMATE, Parameters(catchment_m=2000))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [Parameters(catchment_m=2000)]
    assert library.atlas(Release.ESTIMATE, Parameters()) is toy


def test_a_memo_keeps_what_was_asked_for_last() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key

    memo: Memo[str] = Memo(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert memo.get(key, lambda key=key: make(key)) == key  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]


def test_what_is_kept_of_an_address_does_not_grow_with_it(toy: Atlas) -> None:
    app = create_app(Settings(), toy)
    assert app.test_client().get("/search?q=" + "x" * 5000).status_code == 200
    keys = app.extensions["atlas"].payloads._bodies._kept
    assert keys
    assert max(len(repr(key)) for key in keys) < 500


def test_a_failure_is_not_kept() -> None:
    memo: Memo[int] = Memo(2)
    with pytest.raises(ZeroDivisionError):
        memo.get("a", lambda: 1 // 0)
    assert memo.get("a", lambda: 1) == 1


def test_another_release_is_answered_from_its_own_inputs(toy: Atlas) -> None:
    other = toy_inputs()
    object.__setattr__(other, "release", Release.IOD2019)
    client = create_app(Settings(), toy, [other]).test_client()
    assert client.get("/api/v1/gaps").get_json()["release"] == "estimate"
    assert client.get("/api/v1/gaps?release=iod2019").get_json()["release"] == "iod2019"
    assert 'href="/gaps?release=iod2019"' in client.get("/?release=iod2019").text
