from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from atlas.errors import DataError, UnavailableError
from atlas.sources.arcgis import ATTEMPTS, Service, read_layer, to_areas, to_table
from tests.local_server import Layer, LocalServer, serving, square

BUSY = {"error": {"code": 503, "message": "Service is busy", "details": []}}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as world:
        yield world


def rows(count: int) -> list[dict[str, object]]:
    return [
        {"LSOA21CD": f"E0100000{n}", "LSOA21NM": f"Area {n}", "geometry": square(-0.1 + n / 100, 51.5)}
        for n in range(count)
    ]


def service(address: str, waits: list[float] | None = None, **how: object) -> Service:
    kept: list[float] = [] if waits is None else waits
    return Service(address, wait=kept.append, timeout_s=5.0, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("flag", ["properties", "top"])
@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_every_page_is_read_once_and_in_order(server: LocalServer, flag: str, count: int) -> None:
    address = server.layer("LSOA", Layer(rows(count), flag=flag))
    told: list[tuple[int, int]] = []
    features = read_layer(service(address), lambda done, total: told.append((done, total)))
    assert [feature["properties"]["LSOA21CD"] for feature in features] == [f"E0100000{n}" for n in range(count)]
    assert told[-1] == (count, count)
    offsets = [request.question["resultOffset"] for request in server.requests if "resultOffset" in request.question]
    assert offsets == [str(offset) for offset in range(0, count, 2)]


def test_the_question_is_ordered_and_filtered(server: LocalServer) -> None:
    address = server.layer("LAD", Layer(rows(1), key="FID"))
    read_layer(service(address, where="LAD24CD LIKE 'E09%'", fields=("LSOA21CD",)))
    asked = server.requests[-1].question
    assert asked["where"] == "LAD24CD LIKE 'E09%'"
    assert asked["outFields"] == "FID,LSOA21CD"
    assert (asked["orderByFields"], asked["f"], asked["outSR"]) == ("FID", "geojson", "4326")


@pytest.mark.parametrize(
    "failure", [BUSY, 503, b'{"features": [', {"error": {"code": 429}}, {"nothing": "here"}], ids=str
)
def test_a_passing_failure_is_asked_again(server: LocalServer, failure: object) -> None:
    layer = Layer(rows(1))
    address = server.layer("LSOA", layer)
    # The layer itself and its count are asked for first.
    layer.failures = [{"objectIdField": "OBJECTID"}, {"count": 1}, failure]  # type: ignore[list-item]
    waits: list[float] = []
    assert len(read_layer(service(address, waits))) == 1
    assert waits == [1.0]


def test_json_cut_short_is_asked_again(server: LocalServer) -> None:
    layer = Layer(rows(1), failures=[b""])
    address = server.layer("LSOA", layer)
    waits: list[float] = []
    read_layer(service(address, waits))
    assert waits == [1.0]


def test_attempts_are_bounded(server: LocalServer) -> None:
    address = server.layer("LSOA", Layer(rows(1), failures=[BUSY] * ATTEMPTS))
    waits: list[float] = []
    with pytest.raises(UnavailableError, match="failed 4 times, the last time so: error 503: Service is busy"):
        read_layer(service(address, waits))
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("failure", "says"),
    [({"error": {"code": 400, "message": "Invalid URL"}}, "error 400: Invalid URL"), (404, "HTTP 404")],
)
def test_a_refusal_is_final(server: LocalServer, failure: object, says: str) -> None:
    address = server.layer("LSOA", Layer(rows(1), failures=[failure]))  # type: ignore[list-item]
    with pytest.raises(UnavailableError, match=says):
        read_layer(service(address))
    assert len(server.requests) == 1


@pytest.mark.parametrize(("claims", "found"), [(5, 3), (1, 2)])
def test_another_count_is_a_fault(server: LocalServer, claims: int, found: int) -> None:
    address = server.layer("LSOA", Layer(rows(3), claims=claims))
    with pytest.raises(DataError) as caught:
        read_layer(service(address))
    assert caught.value.faults[0].value == found
    assert str(claims) in caught.value.faults[0].expected


def test_a_service_that_cannot_page_is_found_out(server: LocalServer) -> None:
    address = server.layer("LSOA", Layer(rows(4), ignores_offset=True))
    with pytest.raises(DataError, match="rows are there twice"):
        read_layer(service(address))


def test_a_count_that_is_none(server: LocalServer) -> None:
    address = server.layer("LSOA", Layer(rows(1), claims="many"))  # type: ignore[arg-type]
    with pytest.raises(UnavailableError, match="does not say how many rows"):
        read_layer(service(address))


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/FeatureServer/0/query"
    waits: list[float] = []
    with pytest.raises(UnavailableError, match="cannot be reached"):
        read_layer(service(address, waits))
    assert waits == []


def test_features_become_frames(server: LocalServer) -> None:
    address = server.layer("LSOA", Layer(rows(3)))
    areas = to_areas(read_layer(service(address)))
    assert areas.crs.to_epsg() == 4326
    assert areas["LSOA21NM"].tolist() == ["Area 0", "Area 1", "Area 2"]
    assert (areas.geom_type == "Polygon").all()
    table = to_table(read_layer(service(address, geometry=False)))
    assert table.columns.tolist() == ["OBJECTID", "LSOA21CD", "LSOA21NM"]
