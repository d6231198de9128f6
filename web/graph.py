"""Graph and map together under a slider of time."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import networkx as nx
import pandas as pd
from flask import Blueprint, Response, request

from atlas.errors import NotFoundError, QueryError
from atlas.graph.bare import without_assets
from atlas.graph.evolutions import evolutions
from atlas.graph.lookup import find_node
from atlas.graph.timeline import as_day
from atlas.graph.wording import listed
from atlas.maps.graph_values import DRAWN, FIRST, KINDS, boroughs_of, graph_values, last_day
from atlas.maps.text import as_json
from atlas.maps.time_map import COVERED, COVERED_FROM, TimeMap
from atlas.pipeline import laid_out
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import RELATIONS, Domain, Kind, Release, Sector, label
from web.graph_drawing import ego_drawing
from web.graph_view import JOINT, Wanted, view
from web.graph_words import answer, answer_of_place, chart, months_between, story
from web.maps import PAGES, PageMap, placed, urls_with
from web.payloads import IMMUTABLE, JSON, REVALIDATE, Body
from web.ties import ties_of
from web.visit import House, address_of, house, page, tag, visit

blueprint = Blueprint("graph", __name__)

SHOWN_FIRST: Final = 6
"""Successions that are shown at once."""

KIND_WORDS: Final = {Kind.INSTITUTION: "Institutions", Kind.NETWORK: "Networks", Kind.PROGRAMME: "Programmes"}

TAKES: Final = ("at", "node", "place", "kind", "sector", "relation", "works_on")
"""Fields of the address besides the choices, as `read_wanted` reads them."""

_LAST: WeakKeyDictionary[Any, date] = WeakKeyDictionary()
_WORKING: WeakKeyDictionary[Any, dict[str, frozenset[str]]] = WeakKeyDictionary()


@blueprint.get("/graph")
def index() -> Response:
    """Answer with the graph and the map as at a day."""
    here = visit()
    wanted = read_wanted(here.atlas)
    fields = here.choices.query(here.library.releases[0]) | fields_of(wanted, here.atlas)
    return page("graph.html", lambda: context(here.atlas, wanted), address_of(fields), TAKES)


@blueprint.get("/graph/<revision>/graph.json")
@blueprint.get("/graph/<revision>/<build>/graph.json")
def graph_json(revision: str, build: str = "") -> Response:
    """Answer with all that the drawing needs, which never changes under one build of the code.

    Raises
    ------
    NotFoundError
        If the choices in the address rest on other inputs.
    """
    here = visit()
    inputs = here.atlas.inputs
    known = {graph_revision(inputs), here.atlas.revision}
    if revision not in known:
        raise NotFoundError("revision", revision, sorted(known))

    cache = IMMUTABLE if build == house().build else REVALIDATE
    tagged = tag(graph_revision(inputs))
    make = partial(_graph_body, inputs)
    return house().payloads.respond(request, graph_key(inputs), make, tag=tagged, cache=cache)


def hold_graph(held: House, release: Release, workspace: Path) -> None:
    """Have what the drawing needs ready, so that no reader waits for the layout."""
    inputs = held.library.inputs(release)
    held.payloads.hold(graph_key(inputs), lambda: _graph_body(inputs, laid_out(inputs.graph, workspace)))


def graph_key(inputs: Inputs) -> tuple[str, str]:
    """Key of the body that holds what the drawing needs."""
    return "graph drawing", inputs.fingerprint


def _graph_body(inputs: Inputs, where: pd.DataFrame | None = None) -> Body:
    return Body(as_json(graph_values(inputs, where)).encode(), JSON, is_lasting=True)


def graph_revision(inputs: Inputs) -> str:
    """Twelve hexadecimal digits that change with the inputs alone: how gaps are measured moves no graph."""
    return inputs.fingerprint[:12]


def last_of(graph: nx.MultiDiGraph[str]) -> date:
    """`last_day`, found once for each graph."""
    if graph not in _LAST:
        _LAST[graph] = last_day(graph)
    return _LAST[graph]


def read_wanted(atlas: Atlas) -> Wanted:
    """What the address asks for.

    Raises
    ------
    ChoiceError
        Naming every field that cannot be used.
    """
    reader = visit().reader
    kinds = [kind for text in reader.query.getlist("kind") for kind in text.split(",") if kind]
    for value in sorted(set(kinds) - {*map(str, KINDS)}):
        reader.refuse("kind", value, "any of " + ", ".join(KINDS))
    node = _read_node(atlas)
    found = Wanted(
        day=_read_day(atlas),
        node=node,
        place="" if node else _read_place(atlas),
        kinds=tuple(kind for kind in KINDS if kind in kinds) or KINDS,
        sector=reader.member("sector", Sector, None),
        relation=reader.member("relation", DRAWN, None),
        works_on=reader.member("works_on", Domain, None),
    )
    reader.done()
    return found


def _read_day(atlas: Atlas) -> date:
    reader, last = visit().reader, last_of(atlas.graph)
    value = reader.last("at")
    try:
        found = as_day(value) if value else last
    except QueryError:
        found = date.max
    if not FIRST <= found <= last:
        reader.refuse("at", value, f"a day, month or year from {FIRST} to {last}, such as 2022-07-01")
        return last
    return found


def _read_node(atlas: Atlas) -> str:
    reader = visit().reader
    value = reader.last("node")
    try:
        return find_node(atlas.graph, value) if value else ""
    except NotFoundError as error:
        meant = f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
        allowed = f"the name or id of an institution, network or programme, such as network:lain{meant}"
        reader.refuse("node", value, allowed)
    except QueryError as error:
        reader.refuse("node", value, str(error))
    return ""


def _read_place(atlas: Atlas) -> str:
    reader = visit().reader
    value = reader.last("place")
    try:
        return atlas.borough(value) if value else ""
    except NotFoundError as error:
        meant = f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
        reader.refuse("place", value, f"the name or code of a borough, such as Hackney{meant}")
    return ""


def fields_of(wanted: Wanted, atlas: Atlas) -> dict[str, str]:
    """What was chosen, as fields of an address; defaults left out."""
    fields = {
        "at": wanted.day.isoformat() if wanted.day != last_of(atlas.graph) else "",
        "node": wanted.node,
        "place": wanted.place,
        "kind": ",".join(wanted.kinds) if wanted.kinds != KINDS else "",
        "sector": wanted.sector or "",
        "relation": wanted.relation or "",
        "works_on": wanted.works_on or "",
    }
    return {name: str(value) for name, value in fields.items() if value}


def context(atlas: Atlas, wanted: Wanted) -> dict[str, Any]:
    """What the page shows."""
    here, last = visit(), last_of(atlas.graph)
    found = view(atlas.graph, wanted)
    rows = [row for row in found.rows if row.node in working_in(atlas, wanted.place)] if wanted.place else found.rows
    groups = ties_of(found.graph, wanted.node) if wanted.node in found.graph else []
    stories = [story(atlas, one, last) for one in evolutions(atlas.graph)]
    return {
        "wanted": wanted,
        "answer": answer_of_place(atlas, wanted, rows) if wanted.place else answer(atlas, wanted, found),
        "found": found,
        "rows": rows,
        "place_name": atlas.inputs.areaset.borough_names().get(wanted.place, ""),
        "groups": groups,
        "ego": ego_drawing(atlas, wanted.node, wanted.day) if wanted.node else None,
        "map": time_map(atlas),
        "graph_address": here.link("graph.graph_json", revision=graph_revision(atlas.inputs), build=house().build),
        "last": last,
        "first": FIRST,
        "months": months_between(FIRST, last),
        "chart": chart(atlas.graph, last),
        "form": form(atlas, wanted),
        "stories": stories,
        "shown_first": SHOWN_FIRST,
        "covered": [(colour, words) for colour, words in zip(COVERED, _covered_words(), strict=True)],
        "fields": fields_of(wanted, atlas),
        "node_pages": {
            kind: here.link(PAGES[kind], wanted="ID").replace("ID", "{id}") for kind in (*map(str, KINDS), "borough")
        },
    }


def working_in(atlas: Atlas, code: str) -> frozenset[str]:
    """Networks and programmes whose footprint lies in a borough, but not in all: those that its number counts."""
    graph, areaset = atlas.graph, atlas.inputs.areaset
    if graph not in _WORKING:
        found: dict[str, set[str]] = {}
        for node, record in graph.nodes(data=True):
            places = boroughs_of(record, areaset) if record["kind"] in JOINT else ()
            for place in places if len(places) < len(areaset.boroughs) else ():
                found.setdefault(str(areaset.boroughs.index[place]), set()).add(node)
        _WORKING[graph] = {place: frozenset(nodes) for place, nodes in found.items()}
    return _WORKING[graph].get(code, frozenset())


def _covered_words() -> list[str]:
    ends = [*(bound - 1 for bound in COVERED_FROM[1:]), None]
    more = [
        f"{low} or more" if high is None else f"{low} to {high}" for low, high in zip(COVERED_FROM, ends, strict=True)
    ]
    return ["none", *more]


def form(atlas: Atlas, wanted: Wanted) -> dict[str, Any]:
    """The controls and what each offers, the chosen marked."""
    graph = without_assets(atlas.graph)
    sectors = {record.get("sector") for _, record in graph.nodes(data=True)}
    relations = {tie["relation"] for _, _, tie in graph.edges(data=True)}
    return {
        "places": [(code, name, code == wanted.place) for code, name in atlas.inputs.areaset.borough_names().items()],
        "kinds": [(kind.value, words, kind in wanted.kinds) for kind, words in KIND_WORDS.items()],
        "kinds_said": "All" if wanted.kinds == KINDS else listed([KIND_WORDS[kind].lower() for kind in wanted.kinds]),
        "selects": [
            (
                "sector",
                "Sector",
                "All sectors",
                [(one.value, label(one), one is wanted.sector) for one in Sector if one in sectors],
            ),
            (
                "relation",
                "Tie",
                "All ties",
                [
                    (one.value, RELATIONS[one].label.capitalize(), one is wanted.relation)
                    for one in DRAWN
                    if one in relations
                ],
            ),
            ("works_on", "Works on", "Anything", [(one.value, label(one), one is wanted.works_on) for one in Domain]),
        ],
        "node_name": atlas.graph.nodes[wanted.node]["name"] if wanted.node else "",
    }


def time_map(atlas: Atlas) -> PageMap:
    """The map beside the graph; its values are in the page, since they hang on nothing but the shapes."""
    return placed(TimeMap(atlas, urls_with("#map-values")))
