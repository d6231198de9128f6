"""What the atlas rests on: data, method, accessibility; and the search."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from atlas.graph.bare import without_assets
from atlas.graph.estate import left_out
from atlas.records import TABLES
from atlas.vocabulary import Kind
from web import names as find
from web.answer import not_surveyed, surveyed_on
from web.choices import FIELDS
from web.coverage import coverage_context
from web.maps import PAGES
from web.visit import house, names, page, visit

blueprint = Blueprint("reference", __name__)

FOUND = {**PAGES, "gap area": PAGES["gap_area"], "neighbourhood": PAGES["borough"]}
"""Pages of what a search finds, by the words that it shows for them."""


def page_of_name(name: find.Name) -> str:
    """Address of the page that shows something."""
    return visit().link(FOUND[name.kind], wanted=name.page or name.wanted)


@blueprint.get("/data")
def data() -> Response:
    """Answer with vintages, licences and downloads."""

    def context() -> dict[str, Any]:
        atlas = visit().atlas
        graph = without_assets(atlas.graph)
        kinds = [fields["kind"] for _, fields in graph.nodes(data=True)]
        return {
            "counts": [(kind.value, kinds.count(kind.value)) for kind in Kind if kind is not Kind.ASSET],
            "ties": graph.number_of_edges(),
            "assets": len(atlas.graph) - len(graph),
            "left_out": sum(left_out(graph, atlas.inputs.estate.assets).values()),
            "tables": TABLES,
            "surveyed_on": surveyed_on(atlas),
            "unsurveyed": not_surveyed(atlas),
            "releases": house().library.releases,
            "fields": FIELDS,
            **coverage_context(atlas),
        }

    return page("data.html", context)


@blueprint.get("/method")
def method() -> Response:
    """Answer with how gaps are measured."""
    return page("method.html", lambda: {"method": house().method})


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """Answer with what these pages do for every reader."""
    return page("accessibility.html", dict)


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Answer with the icon that browsers ask for unasked."""
    return house().assets.respond("favicon.svg")


@blueprint.get("/search")
def search() -> Response:
    """Answer with what is nearest to the words typed."""
    here = visit()
    query = here.reader.last("q")[:100]

    def context() -> dict[str, Any]:
        found = [(name, page_of_name(name)) for name in find.search(names(), query)]
        return {"query": query, "found": found}

    return page("search.html", context)
