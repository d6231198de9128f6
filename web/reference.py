"""What the atlas rests on: data, method, accessibility; and the search."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from flask import Blueprint, Response

from atlas.geo.estate.totals import count_places
from atlas.graph.bare import without_assets
from atlas.graph.estate import left_out
from atlas.records import TABLES
from atlas.vocabulary import Kind
from web.answer import not_surveyed, surveyed_on
from web.choices import FIELDS
from web.coverage import coverage_context
from web.search import search_page
from web.visit import house, page, visit

blueprint = Blueprint("reference", __name__)

VENDORED: Final = Path(__file__).parent / "static" / "vendor" / "manifest.json"


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


@blueprint.get("/about")
def about() -> Response:
    """Answer with what Atlas is, how old its data are, and under which licences everything is."""

    def context() -> dict[str, Any]:
        atlas = visit().atlas
        graph, estate = without_assets(atlas.graph), atlas.inputs.estate
        return {
            "nodes": len(graph),
            "ties": graph.number_of_edges(),
            "assets": count_places(estate, np.arange(len(estate))),
            "registers": len(estate.speaking),
            "surveyed_on": surveyed_on(atlas),
            "vendored": sorted(vendored().items()),
        }

    return page("about.html", context)


@cache
def vendored() -> dict[str, dict[str, Any]]:
    """What pages are made with, by package: its version and licence; nothing where they were not built."""
    return dict(json.loads(VENDORED.read_text(encoding="utf-8"))) if VENDORED.is_file() else {}


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
    return search_page()
