"""Questions to the partnership graph: pages, and the same as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from web.choices import ChoiceError
from web.errors import wants_json
from web.payloads import JSON, Body
from web.text import first_up
from web.visit import address_of, digest, house, page, rendered, tag, visit

blueprint = Blueprint("graph_queries", __name__)

JOINT: Final = (Kind.NETWORK, Kind.PROGRAMME)
CHANGES_FROM: Final = "2022-01-01"
MOST_SHOWN: Final = 10
"""Chains on the page."""


class FieldsError(QueryError):
    """Fields of a question that cannot be used.

    Parameters
    ----------
    faults : mapping of str to QueryError
        What is wrong, by the name of the field; all of it, so that nobody is told one after another.
    """

    def __init__(self, faults: Mapping[str, QueryError]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(map(str, self.faults.values())))

    @property
    def first(self) -> QueryError:
        """What a program is told, which knows a fault by its kind and its status."""
        return next(iter(self.faults.values()))


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field, as the page says it.

    Parameters
    ----------
    field : str
        Its name; empty where it is the whole question.
    words : str
        A sentence.
    wanted : str
        What was looked for in vain; empty where it is no name.
    near : tuple of (str, str)
        Names that come near to it, each with the address of the question asked with it.
    """

    field: str
    words: str
    wanted: str = ""
    near: tuple[tuple[str, str], ...] = ()


def read_all(readers: Mapping[str, Callable[[], Any]]) -> list[Any]:
    """What some fields say, each by its reader.

    Raises
    ------
    FieldsError
        Naming every field that cannot be read.
    """
    found, faults = [], {}
    for name, read in readers.items():
        try:
            found.append(read())
        except ChoiceError:
            raise
        except QueryError as error:
            faults[name] = error
    if faults:
        raise FieldsError(faults)
    return found


def node_asked(atlas: Atlas, field: str, kinds: tuple[Kind, ...] = tuple(Kind)) -> Callable[[], str]:
    """Reader of a field that names a node."""
    return lambda: find_node(atlas.graph, visit().reader.last(field), kinds)


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
    start, end, day = read_all(
        {"from": node_asked(atlas, "from"), "to": node_asked(atlas, "to"), "at": lambda: day_asked(atlas)}
    )
    through = tuple(Kind) if flag("through_places") else ACTORS
    return chains_answer(atlas.graph, start, end, day, limit=limit, through=through, ever=flag("ever"))


def bridges_asked(atlas: Atlas, limit: int = MOST_SHOWN) -> Answer:
    """Who bridges the two networks in the address."""
    first, second, day = read_all(
        {"a": node_asked(atlas, "a", JOINT), "b": node_asked(atlas, "b", JOINT), "at": lambda: day_asked(atlas)}
    )
    return bridges_answer(atlas.graph, first, second, day, limit)


def days_asked(atlas: Atlas) -> tuple[date, date]:
    """The two days in the address.

    Raises
    ------
    FieldsError
        If one is none, or the first is after the last.
    """
    reader = visit().reader
    start, end = read_all(
        {
            "from": lambda: as_day(reader.last("from") or CHANGES_FROM),
            "to": lambda: as_last_day(reader.last("to")) if reader.last("to") else now(atlas),
        }
    )
    if start > end:
        raise FieldsError({"from": QueryError(f"the first day ({start}) is after the last ({end})")})
    return start, end


def changes_asked(atlas: Atlas) -> Answer:
    """What changed between the two days in the address."""
    return changes_answer(atlas.graph, *days_asked(atlas))


def serves_asked(atlas: Atlas) -> Answer:
    """What serves the place in the address."""
    inputs, wanted = atlas.inputs, visit().reader.last("place")
    ground, day = read_all(
        {
            "place": lambda: ground_of(inputs.areaset, inputs.graph, wanted, inputs.sites),
            "at": lambda: day_asked(atlas),
        }
    )
    return serves_answer(inputs.place_index, ground, day, ever=flag("ever"))


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
    refuse_unknown(*needed, *taken)
    here = visit()
    for field in needed:
        if not here.reader.last(field):
            here.reader.refuse(field, "", "a name, an id or a code; it is needed here")
    atlas = here.atlas

    def made() -> Body:
        try:
            return Body(ask(atlas).json().encode(), JSON)
        except FieldsError as error:
            raise error.first from error

    key = ("graph", question, atlas.inputs.fingerprint, digest(urlencode(fields_of(question))))
    return house().payloads.respond(request, key, made, tag=tag(atlas.revision))


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
    ask, needed, taken = ASKED[question]
    given = fields_of(question)
    template, address = f"graph_{question}.html", here.choices.query(here.library.releases[0]) | given

    def whole(answer: Answer | None, faults: list[Wrong]) -> Mapping[str, Any]:
        shared = {"answer": answer, "given": given, "faults": faults, "question": question, "relations": RELATIONS}
        at_once = with_nearest(question, faults)
        return {**shared, "at_once": at_once, "found": answer.found if answer else None, **context(atlas)}

    def made() -> Mapping[str, Any]:
        return whole(ask(atlas) if all(field in given for field in needed) else None, [])

    try:
        return page(template, made, address_of(address), (*needed, *taken))
    except ChoiceError:
        raise
    except QueryError as error:
        if wants_json():
            raise (error.first if isinstance(error, FieldsError) else error) from None
        faults = error.faults if isinstance(error, FieldsError) else {"": error}
        body = rendered(template, whole(None, [wrong(atlas, question, *fault) for fault in faults.items()]))
        status = 404 if any(isinstance(one, NotFoundError) for one in faults.values()) else 400
        response = Response(body.data, status, dict(body.headers), content_type=body.mimetype)
        response.headers["Cache-Control"] = "no-store"
        return response


def wrong(atlas: Atlas, question: str, field: str, error: QueryError) -> Wrong:
    """What is wrong with a field, in words, with the names that come near to one that was not found."""
    if not isinstance(error, NotFoundError):
        return Wrong(field, f"{first_up(str(error))}.")
    words, found = f"No {error.kind} is called “{error.wanted}”.", list(error.suggestions)
    if error.kind != "place":
        kinds = JOINT if question == "bridges" else tuple(ACTORS)
        found = [str(atlas.graph.nodes[node]["name"]) for node in nearest(atlas.graph, error.wanted, kinds)]
    return Wrong(field, words, error.wanted, tuple((name, asked_with(question, {field: name})) for name in found))


def asked_with(question: str, names: Mapping[str, str]) -> str:
    """Address of the question asked with other names."""
    return visit().link(f"graph_queries.{question}", **(fields_of(question) | dict(names)))


def with_nearest(question: str, faults: list[Wrong]) -> tuple[list[str], str] | None:
    """The nearest name to each of several that were not found, and the address of the question asked with all."""
    if len(faults) < 2 or not all(one.near for one in faults):
        return None
    names = {one.field: one.near[0][0] for one in faults}
    return list(names.values()), asked_with(question, names)


def node_names(atlas: Atlas, kinds: tuple[Kind, ...] = tuple(ACTORS)) -> list[str]:
    """Names of nodes, for a form."""
    found = {str(node["name"]) for _, node in without_assets(atlas.graph).nodes(data=True) if node["kind"] in kinds}
    return sorted(found, key=str.casefold)


def place_names(atlas: Atlas) -> list[str]:
    """Names of boroughs and of places without a code, for a form."""
    boroughs = atlas.inputs.areaset.borough_names().values()
    return sorted({*boroughs, *node_names(atlas, (Kind.PLACE,))}, key=str.casefold)
