"""Who stands where in the partnership graph, and what breaks when one leaves: the page, and as CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from atlas.errors import QueryError
from atlas.exports.measures import measures_csv, measures_json
from atlas.graph.lookup import find_node
from atlas.graph.measures.answer import Measured
from atlas.graph.measures.missing import DRAWS, DROPPED
from atlas.graph.measures.sentences import (
    LEAST,
    community_words,
    departure_words,
    doubt_words,
    figure,
    headline,
    interval_words,
    ordered,
    size_words,
    sure_words,
)
from atlas.graph.measures.words import MEASURES
from atlas.graph.timeline import as_at, as_day
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind
from web.api import refuse_unknown
from web.choices import Reader
from web.memo import Memo
from web.payloads import JSON, Body
from web.visit import address_of, digest, house, page, tag, visit

blueprint = Blueprint("graph_measures", __name__)

KEPT: Final = 8
"""Measured graphs kept: those of a few days."""

FIRST: Final = 15
"""Rows that are shown at once."""

LEAST_SHARED: Final = 3
"""Institutions that two networks must share to be compared: two of two are soon the same."""

ACROSS: Final = 10
"""Networks that stand in the matrix, the largest."""

EXTENSION: Final = "atlas graph measures"
WRITERS: Final[dict[str, tuple[Callable[..., str], str]]] = {
    "json": (measures_json, JSON),
    "csv": (measures_csv, "text/csv; charset=utf-8"),
}
KIND_WORDS: Final = {Kind.NETWORK: "Networks", Kind.PROGRAMME: "Programmes", Kind.INSTITUTION: "Institutions"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for.

    Parameters
    ----------
    at : str
        Day, ISO, as at which the graph is measured; empty for today.
    without : str
        Id of the node that is to leave; empty for none.
    """

    at: str
    without: str

    def fields(self) -> dict[str, str]:
        """What is asked, as fields of an address."""
        return {name: value for name, value in (("at", self.at), ("without", self.without)) if value}


@blueprint.record
def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions[EXTENSION] = Memo[Measured](KEPT)


def measured(atlas: Atlas, at: str) -> Measured:
    """The graph measured, as it stands or as at a day: once for its page and its downloads."""
    kept = cast("Memo[Measured]", current_app.extensions[EXTENSION])
    return kept.get(
        (atlas.inputs.fingerprint, at), lambda: Measured(as_at(atlas.graph, as_day(at)) if at else atlas.graph)
    )


def read_at(reader: Reader) -> str:
    """Read the day; `Reader.done` reports what was wrong with it."""
    value = reader.last("at").strip()
    if not value:
        return ""
    try:
        return as_day(value).isoformat()
    except QueryError as error:
        reader.refuse("at", value, str(error))
        return ""


@blueprint.get("/graph/measures")
def index() -> Response:
    """Answer with the measures, the communities, the overlaps, and what breaks.

    Raises
    ------
    NotFoundError
        If nobody is called as the address says who leaves.
    """
    here = visit()
    at = read_at(here.reader)
    wanted = here.reader.last("without")
    asked = Asked(at, find_node(here.atlas.graph, wanted) if wanted else "")
    fields = here.choices.query(here.library.releases[0]) | asked.fields()
    who = str(here.atlas.graph.nodes[asked.without]["name"]) if asked.without else ""
    return page(
        "graph_measures.html",
        lambda: context(measured(here.atlas, at), asked, who),
        address_of(fields),
        ("at", "without"),
    )


@blueprint.get("/api/v1/graph/measures")
def measures() -> Response:
    """Answer with every measure of every node as JSON or CSV, as `atlas graph measures` prints them."""
    refuse_unknown("at", "by", "top", "format")
    here = visit()
    reader = here.reader
    at, top = read_at(reader), reader.number("top")
    by, form = reader.last("by") or "betweenness", reader.last("format").lower() or "json"
    if by not in MEASURES:
        reader.refuse("by", by, "one of " + ", ".join(MEASURES))
    if form not in WRITERS:
        reader.refuse("format", form, "one of " + ", ".join(WRITERS))
    atlas = here.atlas
    write, mimetype = WRITERS[form]
    name = f"atlas-graph-measures-{atlas.revision}.{form}"
    headers = {} if form == "json" else {"Content-Disposition": f'attachment; filename="{name}"'}

    def make() -> Body:
        return Body(write(measured(atlas, at), by, top).encode(), mimetype, headers)

    key = ("graph measures", atlas.revision, digest(f"{at} {by} {top} {form}"))
    return house().payloads.respond(request, key, make, tag=tag(atlas.revision))


def context(found: Measured, asked: Asked, who: str = "") -> dict[str, Any]:
    """What the page shows; `who` is the name of the one that leaves, who may not have stood on the day."""
    table = ordered(found.table)
    tied = table[table["degree"] > 0]
    rows = list(_rows(found, tied))
    numbers = found.communities.numbers()
    return {
        "asked": asked,
        "headline": headline(found),
        "lead": list(filter(None, [size_words(found), sure_words(found), doubt_words(found)])),
        "measures": MEASURES,
        "rows": rows,
        "first": FIRST,
        "groups": [group for group in found.communities.groups if len(group.nodes) >= LEAST],
        "group_of": {node: found.communities.groups[number - 1].centre for node, number in numbers.items()},
        "community_words": community_words(found),
        "overlaps": found.overlapping(LEAST_SHARED).to_dict("records"),
        "least_shared": LEAST_SHARED,
        "matrix": matrix(found),
        "cuts": sorted((row for row in rows if row["cuts"]), key=lambda row: -row["cuts"]),
        "bridges": len(found.bridges),
        "leaving": _leaving(found, asked.without, who),
        "options": _options(found),
        "draws": DRAWS,
        "dropped": DROPPED,
        "name": found.name,
    }


def _rows(found: Measured, tied: Any) -> Any:
    """Each node's id, name, kind, ranks in words, and measures as value and words."""
    intervals = found.intervals.loc[tied.index].to_dict("index")
    for node, row in tied.to_dict("index").items():
        ranks = {measure: interval_words(intervals[node], measure) for measure in ("betweenness", "degree")}
        yield {
            "id": node,
            "kind": row["kind"],
            "ranks": ranks,
            "cuts": row["pairs_cut"],
            "rank": intervals[node]["betweenness_rank"],
            "values": {key: (float(row[key]), figure(float(row[key]), key)) for key in MEASURES},
        }


def matrix(found: Measured) -> list[tuple[str, list[int]]]:
    """The networks that most institutions take part in, each with how many it shares with each of them."""
    part = found.affiliations
    sizes = part.matrix.sum(axis=0)
    largest = sorted(range(len(part.networks)), key=lambda k: (-sizes[k], part.networks[k]))[:ACROSS]
    chosen = part.matrix[:, largest]
    shared = (chosen.T @ chosen).toarray().astype(int).tolist()
    return [(part.networks[k], row) for k, row in zip(largest, shared, strict=True)]


def _leaving(found: Measured, node: str, who: str) -> dict[str, Any] | None:
    if not node:
        return None
    if node not in found.ties:
        return {"who": who, "sentences": [f"{who} does not stand on this day."], "lists": []}
    gone = found.without(node)
    lists = [
        ("Left without a network or programme", gone.without_network),
        ("Left without any tie", gone.without_tie),
        *((f"Cut off together: {len(part)}", part) for part in gone.parts[1:] if len(part) > 1),
    ]
    said = [(words, nodes) for words, nodes in lists if nodes]
    return {"who": who, "sentences": departure_words(found, gone), "lists": said}


def _options(found: Measured) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who may leave: nodes with a tie by kind, by name."""
    tied = [(node, found.name(node)) for node, count in found.ties.degree() if count]
    by_name = sorted(tied, key=lambda option: option[1].casefold())
    return [
        (words, [option for option in by_name if found.graph.nodes[option[0]]["kind"] == kind])
        for kind, words in KIND_WORDS.items()
    ]
