"""What partners could do together with the land they hold: the page, and the same as JSON, CSV and GeoJSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from atlas.exports.opportunities import opportunities_csv, opportunities_geojson, opportunities_json
from atlas.opportunities import opportunities
from atlas.opportunities.answer import CoLocation, Help, Opportunities, Spare
from atlas.opportunities.words import (
    basis,
    first,
    others,
    reasons,
    sentence,
    sources_of,
    to_act,
    to_partner,
    together,
    what,
)
from atlas.snapshot import Atlas
from web.api import refuse_unknown
from web.choices import FIELDS
from web.land import asset_address
from web.land_drawing import Ground
from web.memo import Memo
from web.opportunities_map import marks
from web.payloads import JSON, Body
from web.visit import house, page, tag, version_of, visit

blueprint = Blueprint("estate_opportunities", __name__)

KEPT: Final = 16
"""Answers kept, each below 1 MB; the page and its downloads are one answer."""

FIRST: Final = 10
"""Rows of each kind that a page shows at once; the rest are folded."""

MOST_OTHERS: Final = 4
"""Others that a row names; the rest are counted, and in the downloads."""

EXTENSION: Final = "atlas opportunities"

WRITERS: Final[dict[str, tuple[Callable[[Opportunities], str], str]]] = {
    "json": (opportunities_json, JSON),
    "csv": (opportunities_csv, "text/csv; charset=utf-8"),
    "geojson": (opportunities_geojson, "application/geo+json"),
}

Row = CoLocation | Spare | Help


@blueprint.record
def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions[EXTENSION] = Memo[Opportunities](KEPT)


def found_in(atlas: Atlas, borough: str) -> Opportunities:
    """What could be done in a borough or everywhere, worked out once for each revision."""
    kept = cast("Memo[Opportunities]", current_app.extensions[EXTENSION])
    return kept.get((*version_of(atlas), borough), lambda: opportunities(atlas, borough))


@blueprint.get("/estate/opportunities")
def index() -> Response:
    """Answer with what could be done together: in words, on a drawing and in tables."""
    return page("opportunities.html", lambda: context(visit().atlas, visit().choices.borough))


def context(atlas: Atlas, borough: str) -> Mapping[str, Any]:
    """What the page shows."""
    here, found = visit(), found_in(atlas, borough)
    ground = Ground.of(house(), here.choices.release, borough)
    boroughs = atlas.inputs.areaset.borough_names()
    shared = sum(len(others(row)) for row in found.co_locations)
    return {
        "found": found,
        "sentence": sentence(found),
        "together": together(found),
        "basis": basis(found),
        "parts": [
            ("share", "Could share a place", found.pairs, shared, _shown(found.co_locations, found), "pair"),
            (
                "spare",
                "Not in use, inside or near a robust gap area",
                found.near,
                len(found.spare),
                _shown(found.spare, found),
                "place",
            ),
            ("help", "Could help a neighbour", found.neighbours, len(found.helps), _shown(found.helps, found), "pair"),
        ],
        "first_rows": FIRST,
        "most_others": MOST_OTHERS,
        "ground": ground,
        "marks": marks(ground, found),
        "boroughs": sorted(boroughs.items(), key=lambda item: item[1]),
        "borough": borough,
        "kept": {name: value for name, value in here.query.items() if name != "in"},
        "asked": {"in": borough} if borough else {},
        "asset_address": asset_address,
    }


def _shown(rows: tuple[Row, ...], found: Opportunities) -> list[dict[str, Any]]:
    """Rows as the template has them."""
    return [
        {
            "row": row,
            "first": first(row),
            "what": what(first(row)),
            "others": [(held, apart, what(held)) for held, apart in others(row)],
            "reasons": reasons(row),
            "to_partner": to_partner(row),
            "partner_sources": sources_of(row.ways.to_partner, found),
            "to_act": to_act(row, found),
            "act_sources": sources_of(row.ways.to_act, found),
        }
        for row in rows
    ]


@blueprint.get("/api/v1/estate/opportunities")
def api() -> Response:
    """Answer with the same as JSON, CSV or GeoJSON, as `atlas estate opportunities` prints it."""
    refuse_unknown(*FIELDS, "format")
    here = visit()
    shape = here.reader.last("format").lower() or "json"
    if shape not in WRITERS:
        here.reader.refuse("format", shape, "one of " + ", ".join(WRITERS))
    atlas, borough = here.whole(), here.choices.borough
    write, mimetype = WRITERS[shape]
    name = f"atlas-opportunities-{atlas.revision}.{shape}"
    headers = {} if shape == "json" else {"Content-Disposition": f'attachment; filename="{name}"'}
    version = version_of(atlas)

    def make() -> Body:
        return Body(write(found_in(atlas, borough)).encode(), mimetype, headers)

    return house().payloads.respond(
        request, ("api opportunities", *version, borough, shape), make, tag=tag("opportunities", *version)
    )
