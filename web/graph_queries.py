"""Questions to the partnership graph: pages, and the same as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from atlas.errors import NotFoundError, QueryError
from atlas.exports.graph_answer import Answer
from atlas.exports.graph_chains import bridges_answer, chains_answer
from atlas.exports.graph_queries import changes_answer, ego_answer, lineage_answer, members_answer, serves_answer
from atlas.gaps.ground import ground_of
from atlas.graph.bare import without_assets
from atlas.graph.changes import Event
from atlas.graph.facts import ACTORS
from atlas.graph.lookup import find_node, nearest
from atlas.graph.timeline import as_day, as_last_day
from atlas.snapshot import Atlas
from atlas.vocabulary import RELATIONS, Kind, Relation
from web.api import refuse_unknown
from web.choices import FIELDS, ChoiceError
from web.errors import wants_json
from web.payloads import JSON, Body
from web.visit import address_of, digest, house, page, rendered, tag, visit

blueprint = Blueprint("graph_queries", __name__)

JOINT: Final = (Kind.NETWORK, Kind.PROGRAMME)
CHANGES_FROM: Final = "2022-01-01"
MOST_SHOWN: Final = 10
"""Chains on the page."""


def now(atlas: Atlas) -> date:
    """The latest day on which anybody looked."""
    return atlas.inputs.place_index.now


def day_asked(atlas: Atlas) -> date:
    """The day in the address, else the latest on which anybody looked."""
    wanted = visit().reader.last("at")
    return as_day(wanted) if wanted else now(atlas)


def flag(name: str) -> bool:
    """Whether a field of the address is ticked."""
    return visit().reader.last(name).lower() in {"1", "on", "yes", "true"}


def chains_asked(atlas: Atlas, limit: int = MOST_SHOWN) -> Answer:
    """The shortest chains between the two bodies in the address."""
    reader = visit().reader
    start, end = (find_node(atlas.graph, reader.last(field), tuple(Kind)) for field in ("from", "to"))
    through = tuple(Kind) if flag("through_places") else ACTORS
    return chains_answer(atlas.graph, start, end, day_asked(atlas), limit=limit, through=through, ever=flag("ever"))


def bridges_asked(atlas: Atlas, limit: int = MOST_SHOWN) -> Answer:
    """Who bridges the two networks in the address."""
    reader = visit().reader
    first, second = (find_node(atlas.graph, reader.last(field), JOINT) for field in ("a", "b"))
    return bridges_answer(atlas.graph, first, second, day_asked(atlas), limit)


def days_asked(atlas: Atlas) -> tuple[date, date]:
    """The two days in the address.

    Raises
    ------
    QueryError
        If the first is after the last.
    """
    reader = visit().reader
    start = as_day(reader.last("from") or CHANGES_FROM)
    end = as_last_day(reader.last("to")) if reader.last("to") else now(atlas)
    if start > end:
        raise QueryError(f"the first day ({start}) is after the last ({end})")
    return start, end


def changes_asked(atlas: Atlas) -> Answer:
    """What changed between the two days in the address."""
    return changes_answer(atlas.graph, *days_asked(atlas))


def serves_asked(atlas: Atlas) -> Answer:
    """What serves the place in the address."""
    inputs = atlas.inputs
    ground = ground_of(inputs.areaset, inputs.graph, visit().reader.last("place"), inputs.sites)
    return serves_answer(inputs.place_index, ground, day_asked(atlas), ever=flag("ever"))


def members_asked(atlas: Atlas) -> Answer:
    """Who belongs to the network in the address."""
    node = find_node(atlas.graph, visit().reader.last("network"), JOINT)
    return members_answer(atlas.graph, node, day_asked(atlas), ever=flag("ever"), reach=atlas.inputs.extent(node))


def ego_asked(atlas: Atlas) -> Answer:
    """Who is around the node in the address."""
    reader = visit().reader
    centre = find_node(atlas.graph, reader.last("node"), tuple(Kind))
    relation, kind = reader.member("relation", Relation, None), reader.member("kind", Kind, None)
    radius = reader.number("radius") or 1
    reader.done()
    relations, kinds = (relation,) if relation else tuple(Relation), (kind,) if kind else ACTORS
    return ego_answer(atlas.graph, centre, day_asked(atlas), radius, kinds, relations, ever=flag("ever"))


def lineage_asked(atlas: Atlas) -> Answer:
    """Where the body in the address came from and what became of it."""
    node = find_node(atlas.graph, visit().reader.last("node"))
    return lineage_answer(atlas.graph, node, day_asked(atlas))


ASKED: Final[dict[str, tuple[Callable[[Atlas], Answer], tuple[str, ...], tuple[str, ...]]]] = {
    "members": (members_asked, ("network",), ("at", "ever")),
    "serves": (serves_asked, ("place",), ("at", "ever")),
    "ego": (ego_asked, ("node",), ("radius", "relation", "kind", "at", "ever")),
    "chains": (chains_asked, ("from", "to"), ("at", "ever", "through_places")),
    "bridges": (bridges_asked, ("a", "b"), ("at",)),
    "changes": (changes_asked, (), ("from", "to")),
    "lineage": (lineage_asked, ("node",), ("at",)),
}
"""By question: what answers it, the fields that it needs, and those that it takes."""


@blueprint.get("/api/v1/graph/<question>")
def answered(question: str) -> Response:
    """Answer a question of the graph as JSON, as `atlas graph` prints it.

    Raises
    ------
    NotFoundError
        If there is no such question, or nothing is called as the address says.
    QueryError
        If a field is missing or unknown, or a date is none.
    """
    if question not in ASKED:
        raise NotFoundError("question", question, ASKED)
    ask, needed, taken = ASKED[question]
    refuse_unknown(*FIELDS, *needed, *taken)
    here = visit()
    for field in needed:
        if not here.reader.last(field):
            here.reader.refuse(field, "", "given")
    atlas = here.atlas
    key = ("graph", question, atlas.inputs.fingerprint, digest(urlencode(fields_of(question))))
    return house().payloads.respond(
        request, key, lambda: Body(ask(atlas).json().encode(), JSON), tag=tag(atlas.revision)
    )


def fields_of(question: str) -> dict[str, str]:
    """The fields of a question that the address has."""
    _, needed, taken = ASKED[question]
    given = {field: visit().reader.last(field) for field in (*needed, *taken)}
    return {field: value for field, value in given.items() if value}


@blueprint.get("/graph/chains")
def chains() -> Response:
    """Answer with the shortest chains between two bodies, explained tie by tie."""
    return _page("chains", lambda atlas: {"names": node_names(atlas)})


@blueprint.get("/graph/bridges")
def bridges() -> Response:
    """Answer with who bridges two networks."""
    return _page("bridges", lambda atlas: {"names": node_names(atlas, JOINT)})


@blueprint.get("/graph/changes")
def changes() -> Response:
    """Answer with what changed between two days."""
    return _page("changes", lambda atlas: {"first": CHANGES_FROM, "now": now(atlas).isoformat(), "Event": Event})


@blueprint.get("/graph/serves")
def serves() -> Response:
    """Answer with everything that serves a place."""
    return _page("serves", lambda atlas: {"names": place_names(atlas)})


def _page(question: str, context: Callable[[Atlas], Mapping[str, Any]]) -> Response:
    """A page with its form, and the answer where enough was asked; a fault is said above the form."""
    here = visit()
    atlas = here.atlas
    ask, needed, _ = ASKED[question]
    given = fields_of(question)
    template, address = f"graph_{question}.html", here.choices.query(here.library.releases[0]) | given

    def whole(answer: Answer | None, error: QueryError | None = None) -> Mapping[str, Any]:
        shared = {"answer": answer, "given": given, "error": error, "question": question, "relations": RELATIONS}
        return {
            **shared,
            "near": near(atlas, question, error),
            "found": answer.found if answer else None,
            **context(atlas),
        }

    def made() -> Mapping[str, Any]:
        return whole(ask(atlas) if all(field in given for field in needed) else None)

    try:
        return page(template, made, address_of(address))
    except ChoiceError:
        raise
    except QueryError as error:
        if wants_json():
            raise
        body = rendered(template, whole(None, error))
        status = 404 if isinstance(error, NotFoundError) else 400
        response = Response(body.data, status, dict(body.headers), content_type=body.mimetype)
        response.headers["Cache-Control"] = "no-store"
        return response


def near(atlas: Atlas, question: str, error: QueryError | None) -> list[tuple[str, str]]:
    """Names that come near to one that was not found, each with the address of the question asked with it."""
    if not isinstance(error, NotFoundError):
        return []
    given = fields_of(question)
    found = list(error.suggestions)
    if error.kind != "place":
        kinds = JOINT if question == "bridges" else tuple(ACTORS)
        found = [str(atlas.graph.nodes[node]["name"]) for node in nearest(atlas.graph, error.wanted, kinds, limit=5)]
    here = visit()
    return [
        (
            name,
            here.link(
                f"graph_queries.{question}",
                **{field: name if value == error.wanted else value for field, value in given.items()},
            ),
        )
        for name in found
    ]


def node_names(atlas: Atlas, kinds: tuple[Kind, ...] = tuple(ACTORS)) -> list[str]:
    """Names of nodes, for a form."""
    found = {str(node["name"]) for _, node in without_assets(atlas.graph).nodes(data=True) if node["kind"] in kinds}
    return sorted(found, key=str.casefold)


def place_names(atlas: Atlas) -> list[str]:
    """Names of boroughs and of places without a code, for a form."""
    boroughs = atlas.inputs.areaset.borough_names().values()
    return sorted({*boroughs, *node_names(atlas, (Kind.PLACE,))}, key=str.casefold)
