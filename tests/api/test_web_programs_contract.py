"""The documents and the answers agree: schemathesis asks what they say may be asked, and what may not."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import AnalysisConfig, ConstantsConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from web.ogc.layers import LAYERS
from web.programs.operations import of_collections
from web.programs.others import OTHERS

DOCUMENTS: Final = {"programs": "/api/v1/openapi.json", "layers": "/ogc/api"}

ELSEWHERE: Final = {
    "/api/v1/compare": "two releases are compared, and the toy world has one",
    "/api/v1/scenario": "a scenario is a document of its own",
}

THERE: Final[dict[tuple[str, str], list[Any]]] = {
    ("", "in"): ["West", "E09000002", "E54000029", "E01000001"],
    ("", "bbox"): [[-0.2, 51, 0, 52], [-0.1, 51.5, 0, -0.05, 51.6, 1000]],
    ("", "datetime"): ["2024-06-30", "2024-06-30t12:00:00.1234567z", "2024-01-01/2024-12-31", "../2024-06-30"],
    ("", "lad"): [["West"], ["E09000001", "East"]],
    ("", "msoa"): [["E02000001"], ["Quarter 0"]],
    ("", "gap_area"): [["quarter-3-east"]],
    ("", "network"): [["west"], ["network:all"]],
    ("", "institution"): [["council"], ["institution:hospital"]],
    ("", "node"): [["west"], ["institution:council"]],
    ("/api/v1/graph/members", "network"): ["network:west", "Everyone's Network"],
    ("/api/v1/graph/serves", "place"): ["West"],
    ("/api/v1/graph/ego", "node"): ["institution:council"],
    ("/api/v1/graph/lineage", "node"): ["network:west"],
    ("/api/v1/graph/chains", "from"): ["institution:council"],
    ("/api/v1/graph/chains", "to"): ["network:west"],
    ("/api/v1/graph/bridges", "a"): ["network:west"],
    ("/api/v1/graph/bridges", "b"): ["network:all"],
    ("/api/v1/graph/changes", "from"): ["2020", "2021-05-01"],
    ("/api/v1/graph/changes", "to"): ["2024", "2026-10"],
    ("/api/v1/commitments", "node"): ["network:west"],
    ("/api/v1/compare/boroughs", "a"): ["West", "E09000001"],
    ("/api/v1/compare/boroughs", "b"): ["East"],
    ("/api/v1/search", "q"): ["hospitl", "E1 1BJ", "west"],
    ("/api/v1/siting", "objective"): ["cover"],
    ("/api/v1/siting", "candidates"): ["sites", "areas"],
    ("/api/v1/siting", "radius"): [500, 2000],
}
"""What of free text exists, and fits the rest of the question: a schema cannot say it."""

UNTOLD: Final = {"owner", "ward", "area", "box", "gap", "max_ha", "partner", "register"}
"""Fields that mean something only beside land, or beside another field."""

ONES: Final = {
    "areas": "E01000000",
    "need": "E01000101",
    "access": "E01000000",
    "gaps": "quarter-3-east",
    "boroughs": "E09000001",
    "institutions": "council",
    "networks": "network:west",
    "programmes": "east",
    "sites": "site:hospital",
    "measures": "network:all",
}

BOUNDED: Final = settings(
    max_examples=4,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

PATHS: Final = [
    *(("programs", one.path) for one in (*of_collections(), *OTHERS) if one.path not in ELSEWHERE),
    *(("layers", path) for path in ("/", "/conformance", "/collections")),
    *(("layers", f"/collections/{name}{path}") for name in LAYERS for path in ("", "/items", "/items/{wanted}")),
]


def told(app: Flask, document: str) -> Any:
    """What a document says, its free text narrowed to what is there."""
    raw = app.test_client().get(document).get_json()
    for path, item in [
        ("", {"get": {"parameters": [*raw["components"]["parameters"].values()]}}),
        *raw["paths"].items(),
    ]:
        if "get" not in item:
            continue
        kept = [one for one in item["get"]["parameters"] if one.get("name") not in UNTOLD]
        for one in kept:
            narrow(path, one)
            if document == DOCUMENTS["layers"]:
                uncap(one)
        item["get"]["parameters"] = kept
    projects = ProjectsConfig(default=ProjectConfig(analysis=AnalysisConfig(constants=ConstantsConfig(enabled=False))))
    schema = schemathesis.openapi.from_dict(raw, config=SchemathesisConfig(projects=projects))
    schema.app = app
    return schema


def narrow(path: str, parameter: dict[str, Any]) -> None:
    """Replace what a parameter may be by what is there."""
    name = parameter.get("name", "")
    found = THERE.get((path, name)) or (THERE.get(("", name)) if "graph" not in path else None)
    one = re.search(r"/(\w+)(?:/items)?/\{wanted\}", path)
    if name == "wanted" and one is not None and one[1] in ONES:
        found = [ONES[one[1]], "nothing"]
    if found is not None and "enum" not in parameter["schema"]:
        parameter["schema"] = {"type": parameter["schema"]["type"], "enum": found}
    elif found is not None and name != "in":
        parameter["schema"]["enum"] = found


def uncap(parameter: dict[str, Any]) -> None:
    """Part 1 wants a limit above the maximum to be answered with the maximum: a schema cannot say that it is taken."""
    if parameter.get("name") == "limit":
        parameter["schema"].pop("maximum")


@pytest.fixture(scope="module")
def documents(app: Flask) -> dict[str, Any]:
    return {name: told(app, address) for name, address in DOCUMENTS.items()}


def ask(documents: dict[str, Any], document: str, path: str, mode: GenerationMode) -> None:
    """Ask what a document says, and have every check made of the answers."""
    operation = documents[document][path]["GET"]

    @BOUNDED
    @given(case=operation.as_strategy(mode))
    def run(case: Case) -> None:
        case.validate_response(case.call(headers={"Accept-Encoding": "identity"}))

    run()


@pytest.mark.parametrize(("document", "path"), PATHS)
def test_what_may_be_asked_is_answered_as_the_document_says(
    documents: dict[str, Any], document: str, path: str
) -> None:
    ask(documents, document, path, GenerationMode.POSITIVE)


@pytest.mark.parametrize(("document", "path"), PATHS)
def test_what_may_not_be_asked_is_refused(documents: dict[str, Any], document: str, path: str) -> None:
    if not documents[document][path]["GET"].query:
        pytest.skip("it takes nothing that could be wrong")
    ask(documents, document, path, GenerationMode.NEGATIVE)
