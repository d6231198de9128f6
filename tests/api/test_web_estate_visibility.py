"""Nothing of land that not everybody may see leaves by any route: each is asked, as everybody and with the token."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyproj import Transformer
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from atlas.gaps.scenario.changes import Scenario
from atlas.geo.estate.model import Viewer
from atlas.snapshot import Atlas
from atlas.store import Store, open_store
from atlas.vocabulary.estate import Visibility
from tests.estate_web import BEARER, app_with, keep, sign_in
from tests.land import land
from tests.toy import X0, Y0
from web.refresh import REFRESHER, Refresher
from web.scenario_address import packed
from web.visit import EXTENSION

OPEN: Final = {"id": "open", "name": "Open Library", "at": (1_500, 1_700), "use": "library", "postcode": "E1 1BJ"}

SECRETS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "Partners Depot of Reserve", "at": (1_511.25, 711.5), "visibility": "partners", "postcode": "E1 9ZA"},
    {"name": "Owner Yard of Reserve", "at": (2_522.25, 722.5), "visibility": "owner", "postcode": "E1 9ZB"},
    {"name": "Quiet House of Rest", "at": (3_533.25, 733.5), "use": "refuge", "postcode": "E1 9ZD"},
    {"name": "Still House of Rest", "at": (5_544.25, 744.5), "is_sensitive": True, "postcode": "E1 9ZE"},
)
"""By visibility, by use and by flag."""

WHOLE: Final = {"name": "Shut Away Stores", "at": (6_555.25, 755.5), "visibility": "owner", "postcode": "E1 9ZF"}
"""In a register of which nothing is for everybody."""

GAP, RESTRICTED = "quarter-3-east", "asset:council-secret-2"

SCENARIO: Final = packed(
    Scenario.model_validate({"name": "Close it", "changes": [{"do": "close_site", "site": "site:hospital"}]})
)

ONES: Final = {
    "areas": "E01000000",
    "need": "E01000000",
    "access": "E01000000",
    "boroughs": "E09000001",
    "institutions": "council",
    "networks": "west",
    "programmes": "east",
    "sites": "council",
    "measures": "institution:council",
}
"""A row of each collection for programs."""

LAYERS: Final = ("areas", "gaps", "boroughs", "sites", "estate", "estate_outlines", "networks", "programmes")

ASKED: Final[Mapping[str, list[str]]] = {
    **{f"/api/v1/{name}/<wanted>": [f"/api/v1/{name}/{one}"] for name, one in ONES.items()},
    "/ogc/collections/<name>": [f"/ogc/collections/{name}" for name in LAYERS],
    "/ogc/collections/<name>/items": [
        f"/ogc/collections/{name}/items?{fields}"
        for name in LAYERS
        for fields in ("limit=1000", "bbox=-1,51,1,52", "in=West", "bbox=-0.1,51.5,-0.02,51.53&limit=1&offset=1")
    ],
    "/ogc/collections/<name>/items/<wanted>": [
        "/ogc/collections/estate/items/asset:council-open",
        f"/ogc/collections/estate/items/{RESTRICTED}",
        "/ogc/collections/gaps/items/quarter-3-east",
    ],
    "/static/<path:path>": ["/static/css/atlas.css", "/static/js/estate-import.js"],
    "/gaps/<wanted>": [f"/gaps/{GAP}"],
    "/gaps/<wanted>/brief.pdf": [f"/gaps/{GAP}/brief.pdf"],
    "/embed/gaps/<wanted>": [f"/embed/gaps/{GAP}"],
    "/search": ["/search?q=House+of+Rest", "/search?q=Depot+of+Reserve", "/search?q=E1+9Z"],
    "/api/v1/search": ["/api/v1/search?q=House+of+Rest&limit=50", "/api/v1/search?q=Yard+of+Reserve&limit=50"],
    "/api/v1/gaps/<wanted>": [f"/api/v1/gaps/{GAP}"],
    "/api/v1/gaps/<wanted>/seats": [f"/api/v1/gaps/{GAP}/seats"],
    "/icss/<wanted>": ["/icss/e54000029", "/icss/e54000071"],
    "/map/tiles/<key>/<int:zoom>/<int:column>/<int:row>.pbf": ["/map/tiles/0/5/15/10.pbf"],
    "/map/england/<key>/districts.json": ["/map/england/0/districts.json"],
    "/map/england/<key>/names.json": ["/map/england/0/names.json"],
    "/map/england/<key>/<build>/<release>/<domain>.json": ["/map/england/0/0/iod2025/overall.json"],
    "/boroughs/<wanted>": ["/boroughs/west", "/boroughs/east"],
    "/institutions/<wanted>": ["/institutions/council", "/institutions/hospital", "/institutions/university"],
    "/networks/<wanted>": ["/networks/west", "/networks/all"],
    "/programmes/<wanted>": ["/programmes/east"],
    "/api/v1/networks/<wanted>/seats": ["/api/v1/networks/west/seats"],
    "/api/v1/programmes/<wanted>/seats": ["/api/v1/programmes/east/seats"],
    "/api/v1/networks/<wanted>/readiness": ["/api/v1/networks/west/readiness"],
    "/api/v1/programmes/<wanted>/readiness": ["/api/v1/programmes/east/readiness"],
    "/api/v1/graph/<question>": [
        "/api/v1/graph/chains?from=institution:council&to=network:west",
        "/api/v1/graph/bridges?a=network:west&b=network:all",
        "/api/v1/graph/members?network=network:west",
        "/api/v1/graph/ego?node=institution:council&radius=2",
        "/api/v1/graph/ego?node=institution:council&kind=asset&relation=owns",
        f"/api/v1/graph/ego?node={RESTRICTED}",
        "/api/v1/graph/lineage?node=institution:council",
        "/api/v1/graph/serves?place=West",
        "/api/v1/graph/changes?from=2020&to=2026",
    ],
    "/graph/chains": ["/graph/chains?from=institution:council&to=network:west"],
    "/graph/bridges": ["/graph/bridges?a=network:west&b=network:all"],
    "/graph/serves": ["/graph/serves?place=West"],
    "/scenarios/run": [f"/scenarios/run?scenario={SCENARIO}"],
    "/scenarios/file": [f"/scenarios/file?scenario={SCENARIO}"],
    "/api/v1/scenario": [f"/api/v1/scenario?scenario={SCENARIO}", f"/api/v1/scenario?format=csv&scenario={SCENARIO}"],
    "/estate/view.json": [f"/estate/view.json?bbox=-1,51,1,52&zoom={zoom}" for zoom in (8, 13, 18)],
    "/estate/assets/<wanted>": ["/estate/assets/asset:council-open", f"/estate/assets/{RESTRICTED}"],
    "/api/v1/estate/assets/<wanted>": ["/api/v1/estate/assets/council-open", f"/api/v1/estate/assets/{RESTRICTED}"],
    "/api/v1/estate/assets.<any(csv, geojson, gpkg):form>": [
        f"/api/v1/estate/assets.{form}" for form in ("csv", "geojson", "gpkg")
    ],
    "/estate/imports/<int:wanted>": ["/estate/imports/1", "/estate/imports/2?kind=set_aside"],
    "/estate/imports/<int:wanted>.<any(csv, json):form>": ["/estate/imports/1.csv", "/estate/imports/1.json"],
    "/estate/imports/<int:wanted>/again": ["/estate/imports/1/again"],
    "/estate/imports/<int:wanted>/undo": ["/estate/imports/1/undo"],
    "/api/v1/estate/imports/<int:wanted>": ["/api/v1/estate/imports/1"],
    "/api/v1/estate/imports/<int:wanted>.csv": ["/api/v1/estate/imports/1.csv"],
}
"""What to ask of routes that need to be told something."""

SILENT: Final = {
    "/api/v1",
    "/api/v1/compare",
    "/england",
    "/map/england/<key>/<build>/<release>/<domain>.json",
    "/map/england/<key>/districts.json",
    "/map/england/<key>/names.json",
    "/map/tiles/<key>/<int:zoom>/<int:column>/<int:row>.pbf",
    "/scenarios/change",
}
"""Routes that answer with no page here: there is one release, none of England, and two lead elsewhere."""

FOLLOWED: Final = {
    "/map/<wanted>.json",
    "/map/<revision>/<build>/values.json",
    "/graph/<revision>/<build>/graph.json",
    "/graph/export/<file>",
    "/estate/<revision>/ground.json",
    "/scenarios/<revision>/<build>/values.json",
}
"""Routes whose addresses bear a revision: they are taken from the pages that lead there."""

OLDER: Final = {"/map/<revision>/values.json", "/graph/<revision>/graph.json"}
"""The same without a build."""

LEADING: Final = ("/", "/graph", "/graph/export", "/estate", f"/scenarios/run?scenario={SCENARIO}")
"""Pages that lead to them."""

QUESTIONS: Final = (
    "",
    "find=Quiet",
    "find=E1+9Z",
    "owner=institution:council",
    "owner=institution:university",
    "use=refuge",
    "box=530000,180000,538000,182000",
    f"wanted={RESTRICTED}",
)
"""What may be asked of any route about land; one that does not know the question says so."""

HOLDERS: Final = ("/estate/import", "/estate/matches", "/estate/log", "/api/v1/estate/imports")
"""Pages for whoever has shown the token: rows of their own imports are on them."""


Answered = tuple[str, str, TestResponse]


def rows_of(*rows: Mapping[str, Any], of: str = "council") -> pd.DataFrame:
    named = [
        {"id": f"secret-{number}", "reference": f"SECRET{number}{of}", "uprn": f"9000{number}7", "of": of, **row}
        for number, row in enumerate(rows)
    ]
    return land(*named).assets


@pytest.fixture(scope="module")
def world(toy: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The toy world with land of every visibility."""
    folder: Path = tmp_path_factory.mktemp("estate")
    with open_store(f"sqlite:///{folder}/atlas.db") as store:
        keep(store, "council", rows_of(*SECRETS, OPEN), Visibility.PUBLIC)
        keep(store, "university", rows_of(WHOLE, of="university"), Visibility.OWNER)
        names = store.assets()["name"].drop("asset:council-open")
        found = [
            (*sorted((asset, "asset:council-open")), "address", 0.9, f"both are like {name}")
            for asset, name in names.items()
        ]
        store.propose(pd.DataFrame(found, columns=["left", "right", "rule", "score", "reasons"]), "a test")
        app = app_with(toy, store, folder)
        refresher: Refresher = app.extensions[REFRESHER]
        refresher.refresh()
        yield app


def signs() -> dict[bytes, str]:
    """What would give each restricted asset away, in any form."""
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    found: dict[bytes, str] = {}
    for number, row in enumerate((*SECRETS, WHOLE)):
        name, postcode = row["name"], row["postcode"]
        x, y = X0 + row["at"][0], Y0 + row["at"][1]
        longitude, latitude = to_degrees.transform(x, y)
        words = [name, postcode, postcode.replace(" ", ""), f"{int(x)}", f"{int(y)}"]
        words += [f"{longitude:.4f}", f"{latitude:.4f}"]
        found |= {word.encode(): name for word in words}
        found |= {struct.pack(order + "d", value): name for value in (x, y) for order in "<>"}
        found |= {sign.encode(): name for sign in (f"SECRET{number % len(SECRETS)}", f"9000{number % len(SECRETS)}7")}
    return found | {
        b"Set Aside House": "a row set aside",
        b"E1 9ZG": "a row set aside",
        b"university of Secret Street": "a file",
    }


def insides(data: bytes) -> Iterator[bytes]:
    """A body, and what is packed in it."""
    yield data
    if data[:2] == b"\x1f\x8b":
        yield from insides(gzip.decompress(data))
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from insides(archive.read(name))


def given_away(answer: TestResponse) -> set[str]:
    """Restricted assets of which something is in an answer."""
    heads = " ".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
    parts = [heads, *insides(answer.data)]
    return {name for sign, name in SIGNS.items() if any(sign in part for part in parts)}


SIGNS: Final = signs()


def routes(app: Flask) -> dict[str, Rule]:
    """Every route that answers GET, by its rule."""
    return {str(rule): rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def addresses(app: Flask, client: FlaskClient) -> dict[str, set[str]]:
    """Addresses to ask of each route."""
    found: dict[str, set[str]] = {}
    for route, rule in routes(app).items():
        if route not in FOLLOWED | OLDER:
            assert route in ASKED or not rule.arguments, f"say in ASKED with what {route} is to be asked"
            found[route] = set(ASKED.get(route, [route]))
    urls = app.url_map.bind("localhost")
    pages = " ".join(client.get(page).text for page in LEADING)
    for address in re.findall(r'"(/(?:map|graph|estate|scenarios)/[^"?#]+)', pages):
        rule = str(urls.match(address, return_rule=True)[0])
        if rule in FOLLOWED:
            found.setdefault(rule, set()).add(f"{address}?scenario={SCENARIO}" if "scenarios" in rule else address)
            older = re.sub(r"^(/(?:map|graph)/[^/]+)/[^/]+(/\w+\.json)$", r"\1\2", address)
            found.setdefault(str(urls.match(older, return_rule=True)[0]), {older})
    assert set(routes(app)) == set(found), "a route is asked nothing"
    return found


def asked(app: Flask, client: FlaskClient, headers: Mapping[str, str] | None = None) -> Iterator[Answered]:
    """Every route, asked everything."""
    for route, several in addresses(app, client).items():
        for address in sorted(several):
            for question in QUESTIONS if "estate" in route else QUESTIONS[:1]:
                mark = "&" if "?" in address else "?"
                whole = f"{address}{mark}{question}" if question else address
                yield route, whole, client.get(whole, headers=headers)


def test_the_signs_are_found_where_they_are(world: Flask) -> None:
    with world.test_request_context():
        estate = world.extensions[EXTENSION].library.default.inputs.estate
    assert [*estate.assets["name"]] == ["Open Library"]
    assert given_away(TestResponse([b"in E19ZB it is"], "200 OK", {}, None)) == {"Owner Yard of Reserve"}  # type: ignore[arg-type]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("points.bin", struct.pack("<d", X0 + 3_533.25))
    assert given_away(TestResponse([packed.getvalue()], "200 OK", {}, None)) == {"Quiet House of Rest"}  # type: ignore[arg-type]


def test_no_route_gives_a_restricted_asset_away_to_everybody(world: Flask) -> None:
    answered, leaks = set(), {}
    for route, address, answer in asked(world, world.test_client()):
        assert answer.status_code < 500 or route in SILENT, address
        assert "Set-Cookie" not in answer.headers
        if answer.status_code == 200:
            answered.add(route)
        if found := given_away(answer):
            leaks[address] = found
    assert leaks == {}
    silent = set(routes(world)) - answered - SILENT
    assert [route for route in sorted(silent) if not route.startswith(HOLDERS)] == []


def test_the_token_opens_the_pages_of_imports_and_shows_no_more_anywhere_else(world: Flask) -> None:
    answered, leaks = set(), {}
    for route, address, answer in asked(world, sign_in(world).client, BEARER):
        if answer.status_code == 200:
            answered.add(route)
        if (found := given_away(answer)) and not route.startswith(HOLDERS):
            leaks[address] = found
    assert leaks == {}
    needs_more = {"/estate/import/look", "/estate/imports/<int:wanted>/again", "/estate/login"}
    assert set(routes(world)) - answered - SILENT == needs_more


def test_what_needs_the_token_shows_rows_with_it(world: Flask) -> None:
    holder = sign_in(world)
    assert "a row set aside" in given_away(holder.get("/estate/imports/1"))
    assert "a row set aside" in given_away(world.test_client().get("/api/v1/estate/imports/1", headers=BEARER))
    assert "Owner Yard of Reserve" in given_away(holder.get("/estate/matches"))


def test_a_sensitive_site_is_not_even_in_the_review_of_matches(world: Flask) -> None:
    answer = sign_in(world).get("/estate/matches")
    assert not {"Quiet House of Rest", "Still House of Rest"} & given_away(answer)
    assert "2 pairs with a sensitive site are not shown" in answer.text


def test_errors_and_searches_tell_nothing_either(world: Flask) -> None:
    client = world.test_client()
    for address in ("/asset/secret-2", f"/estate/{RESTRICTED}", f"/institutions/{RESTRICTED}", "/search?q=House+of"):
        assert given_away(client.get(address)) == set()


def test_the_owner_sees_all_of_it(world: Flask, toy: Atlas) -> None:
    store: Store = world.extensions["atlas-estate-store"]
    assert toy.inputs.estate.revision == ""
    assert len(store.assets()) == len(SECRETS) + 2
    assert Viewer.owner().sees is Visibility.OWNER
