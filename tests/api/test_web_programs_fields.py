"""Fields of the interface for programs: what is taken, what is refused and how, and that ids and names agree."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from atlas.vocabulary import NeedDomain
from tests.toy import toy_inputs, toy_release
from web import create_app
from web.choices import GIVEN_ONCE
from web.ogc.layers import LAYERS
from web.programs.openapi import all_parameters
from web.programs.operations import Operation
from web.programs.others import OTHERS
from web.programs.table import COLLECTIONS
from web.visit import EXTENSION

ASKED: Final = {
    "/api/v1/graph/members": "network=west",
    "/api/v1/graph/serves": "place=West",
    "/api/v1/graph/ego": "node=west",
    "/api/v1/graph/chains": "from=council&to=west",
    "/api/v1/graph/bridges": "a=west&b=all",
    "/api/v1/graph/lineage": "node=west",
    "/api/v1/search": "q=west",
}
"""What older addresses need."""
ONES: Final = {"gaps": "quarter-3-east", "networks": "west", "programmes": "east"}
ELSEWHERE: Final = ("/api/v1/compare", "/api/v1/scenario", "/api/v1/estate/assets/{wanted}")
OLDER: Final = [one for one in OTHERS if one.method == "get" and one.path not in ELSEWHERE]


def asked(operation: Operation) -> str:
    """An address of an older operation that is answered."""
    path = operation.path
    for name, wanted in ONES.items():
        path = path.replace(f"/{name}/{{wanted}}", f"/{name}/{wanted}")
    return f"{path}?{ASKED.get(operation.path, '')}"


def errors(client: FlaskClient, address: str) -> dict[str, Any]:
    """What is refused at an address, by field."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), address
    return {one["field"]: one["allowed"] for one in json.loads(answer.data)["errors"]}


def ids(client: FlaskClient, address: str) -> list[str]:
    """Ids of the rows at an address."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.get_json()["items"]]


@pytest.fixture(scope="module")
def released() -> FlaskClient:
    """The toy world under a release that ranks income, and has scores alone of a supplement."""
    deprivation = toy_release(NeedDomain.INCOME, scored=(NeedDomain.IDACI,))
    atlas = analyse(toy_inputs(deprivation=deprivation), Parameters(draws=64))
    return create_app(Settings(), atlas).test_client()


def test_what_a_release_lacks_is_null(released: FlaskClient) -> None:
    rows = released.get("/api/v1/need?release=iod2019").get_json()["items"]
    assert released.get(f"/api/v1/need/{rows[0]['id']}?release=iod2019").get_json().items() >= rows[0].items()
    for row in rows:
        assert row["income_score"] == row["idaci_score"] is not None
        assert row["income_rank"] is not None is not row["income_decile"]
        assert row["idaci_rank"] is row["idaci_decile"] is row["crime_score"] is row["crime_rank"] is None


@pytest.mark.parametrize("value", ["5e-324", "1e-30", "0.001", "0.99", "nan", "10001", "-1"])
@pytest.mark.parametrize("address", ["/", "/api/v1/areas", "/api/v1/search?q=x", "/ogc/collections/areas/items"])
def test_a_catchment_that_reaches_nothing_is_refused(client: FlaskClient, address: str, value: str) -> None:
    mark = "&" if "?" in address else "?"
    answer = client.get(f"{address}{mark}catchment={value}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert [one["allowed"] for one in answer.get_json()["errors"]] == ["a number of metres from 1 to 10000"]


def test_the_shortest_catchment_is_answered(client: FlaskClient) -> None:
    answer = client.get("/api/v1/areas?catchment=1&limit=1")
    assert answer.status_code == 200
    told = client.get("/api/v1/openapi.json").get_json()["components"]["parameters"]["choice-catchment"]["schema"]
    assert (told["minimum"], told["maximum"]) == (1, 10_000)


@pytest.mark.parametrize("operation", OLDER, ids=lambda one: one.path)
def test_choices_are_taken_where_they_are_told_and_nowhere_else(client: FlaskClient, operation: Operation) -> None:
    address = asked(operation)
    assert client.get(address).status_code == 200, address
    with_choice = f"{address}&catchment=2000"
    if operation.takes_choices:
        assert client.get(with_choice).status_code in {200, 404}
    else:
        assert "no such field" in errors(client, with_choice)["catchment"]


@pytest.mark.parametrize("operation", OLDER, ids=lambda one: one.path)
def test_a_field_given_twice_is_refused_everywhere(app: Flask, client: FlaskClient, operation: Operation) -> None:
    names = [one.name for one in all_parameters(operation, app.extensions[EXTENSION].library) if not one.in_path]
    if not names:
        pytest.skip("it takes nothing")
    path, _, _ = asked(operation).partition("?")
    told = client.get(f"{path}?{names[-1]}=1&{names[-1]}=2").get_json()["errors"]
    assert {"field": names[-1], "value": "1, 2", "allowed": GIVEN_ONCE} in told


@pytest.mark.parametrize("operation", OLDER, ids=lambda one: one.path)
def test_what_may_be_empty_counts_as_left_out(app: Flask, client: FlaskClient, operation: Operation) -> None:
    library = app.extensions[EXTENSION].library
    names = [one.name for one in all_parameters(operation, library) if one.may_be_empty]
    address = asked(operation)
    empty = "&".join([address, *(f"{name}=" for name in names)])
    left_out, given = client.get(address), client.get(empty)
    assert given.status_code == 200, given.text
    if given.mimetype == "application/json" and operation.name != "estate":
        assert given.get_json() == left_out.get_json()


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.name)
def test_a_collection_takes_no_empty_field(client: FlaskClient, collection: Any) -> None:
    assert set(errors(client, f"/api/v1/{collection.name}?limit=&format=")) == {"limit", "format"}


SAME: Final = {
    "ties?node=network:west": ("ties?node=west", "ties?node=West+Partnership", "ties?node=WEST-partnership"),
    "institutions?network=network:all": ("institutions?network=all", "institutions?network=Everyone's+Network"),
    "sites?institution=institution:council": ("sites?institution=council", "sites?institution=West+Council"),
    "areas?lad=E09000001": ("areas?lad=West", "areas?lad=west", "areas?lad=e09000001"),
    "need?msoa=E02000003": ("need?msoa=Quarter+3", "need?msoa=quarter-3"),
    "areas?gap_area=quarter-3-east": ("areas?gap_area=Quarter-3-East",),
    "areas?lad=E09000001,E09000002": ("areas?lad=West,East",),
}


@pytest.mark.parametrize(("by_id", "others"), SAME.items(), ids=SAME)
def test_ids_and_names_choose_the_same_rows(client: FlaskClient, by_id: str, others: tuple[str, ...]) -> None:
    rows = ids(client, f"/api/v1/{by_id}")
    assert rows
    for other in others:
        assert ids(client, f"/api/v1/{other}") == rows, other


@pytest.mark.parametrize(
    ("address", "field", "near"),
    [
        ("ties?node=wset", "node", "West"),
        ("institutions?network=wset", "network", "West Partnership"),
        ("sites?institution=counsil", "institution", "West Council"),
        ("areas?lad=Wset", "lad", "West"),
        ("need?msoa=Quarter+9", "msoa", "Quarter 3"),
        ("areas?gap_area=quarter-3-est", "gap_area", "quarter-3-east"),
        ("areas?lad=West,Nowhere", "lad", "its name"),
    ],
)
def test_what_is_called_nothing_is_refused_with_what_is_near(
    client: FlaskClient, address: str, field: str, near: str
) -> None:
    assert near in errors(client, f"/api/v1/{address}")[field]


def test_every_filter_by_a_free_text_knows_what_it_may_be() -> None:
    for collection in (*COLLECTIONS, *LAYERS.values()):
        for one in collection.filters:
            schema = one.parameter.schema
            item = schema.get("items", schema)
            if item["type"] == "string" and "enum" not in item:
                assert one.find is not None, (collection.name, one.parameter.name)


@pytest.mark.parametrize("what", ["", "/seats", "/readiness"])
def test_a_network_has_one_answer_by_either_id(client: FlaskClient, what: str) -> None:
    short, whole = (client.get(f"/api/v1/networks/{wanted}{what}") for wanted in ("west", "network:west"))
    assert short.status_code == whole.status_code == 200
    assert short.get_json() == whole.get_json()


@pytest.mark.parametrize("typed", ["west", "eastern start", "everyone", "hospital", "quarter", "E09000002"])
def test_what_a_search_finds_is_found_by_its_id(client: FlaskClient, typed: str) -> None:
    lists = {"borough": "boroughs", "gap_area": "gaps", "lsoa": "areas"} | {
        kind: f"{kind}s" for kind in ("institution", "network", "programme", "site")
    }
    found = [one for one in client.get(f"/api/v1/search?q={typed}").get_json()["results"] if one["kind"] in lists]
    assert found
    for one in found:
        assert client.get(f"/api/v1/{lists[one['kind']]}/{one['id']}").status_code == 200, one


@pytest.mark.parametrize(
    ("address", "near"), [("boroughs/wset", "West"), ("networks/wset", "network:west"), ("sites/campsu", "Campus")]
)
def test_a_misspelt_row_is_told_with_what_is_near(client: FlaskClient, address: str, near: str) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    suggestions = answer.get_json()["suggestions"]
    assert near in suggestions
    for one in suggestions:
        assert client.get(f"/api/v1/{address.partition('/')[0]}/{one}").status_code == 200, one


def test_weights_are_refused_for_the_reason_that_holds(client: FlaskClient, released: FlaskClient) -> None:
    by_release = client.get("/api/v1/need?release=estimate&domain=overall&leave_out=income").get_json()
    assert "release estimate does not measure the domains" in by_release["errors"][0]["allowed"]
    assert "<" not in by_release["detail"]
    assert by_release["errors"][0]["value"] == "income"
    assert "unless domain is overall" in errors(released, "/api/v1/need?domain=income&leave_out=crime")["leave_out"]


def test_what_is_needed_is_told_so(client: FlaskClient) -> None:
    assert errors(client, "/api/v1/graph/ego?node=") == {"node": "a name, an id or a code; it is needed here"}


@pytest.mark.parametrize("what", ["", "/totals", "/assets.csv", "/assets.geojson"])
def test_words_that_would_be_cut_are_refused(client: FlaskClient, what: str) -> None:
    assert client.get(f"/api/v1/estate{what}?find={'x' * 100}").status_code == 200
    assert errors(client, f"/api/v1/estate{what}?find={'x' * 101}") == {"find": "at most 100 characters"}
    assert client.get(f"/estate?find={'x' * 101}").status_code == 200


@pytest.mark.parametrize("limit", ["0", "51", "99999999"])
def test_a_search_tells_one_bound(client: FlaskClient, limit: str) -> None:
    assert errors(client, f"/api/v1/search?q=x&limit={limit}") == {"limit": "a whole number from 1 to 50"}


def test_what_is_sent_is_documented(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    sent = document["paths"]["/api/v1/scenario"]["post"]
    assert set(sent["requestBody"]["content"]) >= {"application/json", "multipart/form-data"}
    assert {"200", "400", "413", "default"} <= set(sent["responses"])
    scenario = {"name": "One fewer", "changes": [{"do": "close_site", "site": "site:hospital"}]}
    found = client.post("/api/v1/scenario?draws=64", json=scenario).get_json()
    assert set(sent["responses"]["200"]["content"]["application/json"]["schema"]["required"]) <= set(found)
    assert client.post("/api/v1/scenario", data=b"x" * 300_000, content_type="application/json").status_code == 413


@pytest.mark.parametrize("address", ["/api/v1/openapi.json", "/ogc/api"])
def test_any_other_fault_is_told_as_a_problem(client: FlaskClient, address: str) -> None:
    document = client.get(address).get_json(force=True)
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/ProblemDefault"}
    assert "application/problem+json" in document["components"]["responses"]["ProblemDefault"]["content"]


def test_no_more_is_told_of_what_was_given_than_helps(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/areas?q={'x' * 5_000}&{'y' * 5_000}=1&verdict={'z' * 5_000}")
    assert answer.status_code == 400
    assert len(answer.data) < 4_000
    assert {len(error["value"]) for error in answer.get_json()["errors"]} == {1, 101}


def test_what_a_day_may_be_is_told_with_its_bounds(client: FlaskClient) -> None:
    for day in ("9999-12-31", "0001-01-01", "2022-02-30", "2022-13"):
        said = errors(client, f"/api/v1/ties?at={day}")["at"]
        assert said == "a year from 1000 to 2999, a month or a day such as 2024-06-30"


def test_the_address_without_a_collection_leads_to_the_list_of_them(client: FlaskClient) -> None:
    for address in ("/api/v1", "/api/v1/"):
        answer = client.get(address)
        assert (answer.status_code, answer.location) == (302, "/api")
