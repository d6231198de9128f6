"""The single map: every partner's land and property, chosen, added up and shown."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

import numpy as np
from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from atlas.geo.estate.facets import facets
from atlas.geo.estate.select import Selection
from atlas.maps.estate_map import EstateMap
from atlas.maps.estate_style import ColouredBy, Group, colouring
from atlas.maps.estate_view import Window, ground, view
from atlas.maps.geometry import corners
from atlas.maps.page import Urls, fragments
from atlas.maps.text import as_json
from atlas.snapshot import Atlas
from web.api import refuse_unknown
from web.choices import FIELDS, Reader, Refusal
from web.errors import FIELD_WORDS, wants_json
from web.estate_asset import asset_context, find_asset
from web.estate_choices import BRITAIN, CHOSEN, SHOWN, TYPED, Wanted, borough_of_ward, read_wanted
from web.estate_found import Found, about, found
from web.estate_session import private
from web.estate_words import answer, completeness_table, rows_of, totals_tables, unknowns
from web.maps import PAGES, SCRIPT, STYLE, PageMap
from web.payloads import JSON, Body
from web.visit import address_of, digest, house, page, tag, visit

blueprint = Blueprint("estate", __name__)

PAGE_ROWS: Final = 50
FIRST: Final = 12
"""Assets in the list beside the map."""

BY_WORDS: Final = {
    ColouredBy.OWNER: "Owner",
    ColouredBy.USE: "Use",
    ColouredBy.TENURE: "Tenure",
    ColouredBy.STATUS: "Status",
}
_MARGIN_M: Final = 400.0


@blueprint.get("/estate")
def index() -> Answer:
    """Answer with the single map and what the chosen assets add up to."""
    here = visit()
    borough = borough_of_ward(here.atlas, here.reader.last("ward"))
    if borough and here.choices.borough not in {"", borough}:
        # a form without JavaScript sends the ward along that was chosen of the borough before
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "ward"]
        return redirect(address_of(kept))
    atlas = here.atlas
    wanted = read_wanted(atlas, () if wants_json() else TYPED)
    if here.reader.refusals:
        return private("estate.html", context(atlas, wanted, here.reader.refusals), 400)
    address = address_of({**here.query, **wanted.address()})
    return page("estate.html", lambda: context(atlas, wanted), address, (*CHOSEN, *SHOWN))


def context(atlas: Atlas, wanted: Wanted, refusals: Sequence[Refusal] = ()) -> dict[str, Any]:
    """What the page shows; with what was typed and cannot be used, where anything was."""
    here = found(atlas, wanted)
    whole = about(atlas)
    pages = max(1, -(-len(here.positions) // PAGE_ROWS))
    number = min(wanted.page, pages)
    in_table = here.ordered_by(wanted.sort)[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    rows = rows_of(here.estate, in_table, wanted.by)
    is_begun = number == 1 and not wanted.sort
    first = rows[:FIRST] if is_begun else rows_of(here.estate, here.ordered[:FIRST], wanted.by)
    return {
        "wanted": wanted,
        "fields": {**visit().query, **wanted.address()},
        "chosen": {**visit().query, **wanted.address(shown=False)},
        "answer": answer(atlas, wanted, here, whole),
        "totals": here.totals,
        "tables": totals_tables(here.totals),
        "rows": rows,
        "first": first,
        "number": number,
        "pages": pages,
        "map": estate_map(atlas),
        "state": state(atlas, wanted, here),
        "groups": legend(here, wanted.by),
        "form": form(atlas, wanted) | {refusal.field: refusal.value for refusal in refusals},
        "faults": {refusal.field: f"must be {refusal.allowed}" for refusal in refusals},
        "words": FIELD_WORDS,
        "completeness": completeness_table(here.estate.registers, whole),
        "unknowns": unknowns(here, whole.dates),
    }


def legend(here: Found, by: ColouredBy) -> list[tuple[int, Group]]:
    """What marks stand for, with the number of each: of the assets chosen."""
    colours = colouring(here.estate, by)
    shown = set(np.unique(colours.of[here.positions]).tolist())
    return [(number, group) for number, group in enumerate(colours.groups) if number in shown]


def state(atlas: Atlas, wanted: Wanted, here: Found) -> dict[str, Any]:
    """What the map follows when choices change."""
    query = address_of({**visit().query, **wanted.address(shown=False)}).partition("?")[2]
    fields = dict(wanted.fields)
    box = bounds_m(atlas, wanted, here)
    return {
        "view": url_for("estate.window"),
        "query": query,
        "by": wanted.by.value,
        "groups": [
            {"label": group.label, "letter": group.letter, "fill": group.fill, "ink": group.ink}
            for group in colouring(here.estate, wanted.by).groups
        ],
        "bounds": corners(box) if box else None,
        "places": len(here.places.first),
        "at": wanted.view,
        "area": fields.get("area", ""),
        "pages": url_for("estate.asset", wanted="ID").replace("ID", "{id}"),
    }


def bounds_m(atlas: Atlas, wanted: Wanted, here: Found) -> tuple[float, float, float, float] | None:
    """What the map starts from, metres; None for all of London."""
    chosen = wanted.selection
    if chosen.area is not None and not chosen.area.is_empty:
        return _with_margin(chosen.area.bounds)
    if chosen.lads:
        return _with_margin(tuple(atlas.inputs.areaset.boroughs.geometry.loc[chosen.lads[0]].bounds))
    own = here.bounds()
    west, south, east, north = atlas.inputs.areaset.areas.total_bounds
    if own is None or (own[0] < east and own[2] > west and own[1] < north and own[3] > south):
        return None
    return _with_margin(own)


def _with_margin(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    west, south, east, north = box
    return west - _MARGIN_M, south - _MARGIN_M, east + _MARGIN_M, north + _MARGIN_M


def estate_map(atlas: Atlas) -> PageMap:
    """The map of the page."""
    return _page_map(EstateMap(atlas, urls()))


def urls() -> Urls:
    """Where the map finds things."""
    here = visit()
    shapes = url_for("maps.geometry", wanted=here.library.geometries[here.choices.release])
    numbers = here.link("estate.ground_values", revision=here.atlas.revision)
    pages = {kind: here.link(endpoint, wanted="ID").replace("ID", "{id}") for kind, endpoint in PAGES.items()}
    return Urls(shapes, numbers, house().assets.url, pages, (SCRIPT,), (STYLE,))


def _page_map(made: EstateMap) -> PageMap:
    return PageMap(made.urls.geometry, made.urls.values, "", fragments(made))


def form(atlas: Atlas, wanted: Wanted) -> dict[str, Any]:
    """The controls and what each offers, the chosen ones marked."""
    chosen = wanted.selection
    fields = dict(wanted.fields)
    return {
        "boroughs": sorted(atlas.inputs.areaset.borough_names().items(), key=lambda item: item[1]),
        "gaps": [(area.id, f"{area.name}, {area.lad_name}") for area in atlas.gap_areas],
        "wards": _wards(atlas, chosen.lads or (borough_of_ward(atlas, fields.get("ward", "")),)),
        "has_wards": "ward" in atlas.inputs.areaset.areas,
        "lists": lists(atlas, wanted),
        "size_said": _size_said(fields),
        "by": [(member.value, words, member is wanted.by) for member, words in BY_WORDS.items()],
        **{name: fields.get(name, "") for name in CHOSEN},
        "borough": chosen.lads[0] if chosen.lads else "",
    }


def lists(atlas: Atlas, wanted: Wanted) -> list[dict[str, Any]]:
    """What may be ticked of owners, uses, tenures and statuses, each with how many places it would leave.

    Those that leave most come first, and of equal ones those with most in all; none is left out.
    """
    whole, chosen = about(atlas).totals, wanted.selection
    counts = facets(atlas.inputs.estate, chosen)
    found = []
    for name, column, words, rows, among in (
        ("owner", "partner", "Owner", whole.by_owner, chosen.partners),
        ("use", "use", "Use", whole.by_use, chosen.uses),
        ("tenure", "tenure", "Tenure", whole.by_tenure, chosen.tenures),
        ("status", "status", "Status", whole.by_status, chosen.statuses),
    ):
        options = [
            (row.key.removeprefix("institution:"), row.label, counts[column][row.key], row.key in among) for row in rows
        ]
        found.append(
            {
                "name": name,
                "words": words,
                "options": sorted(options, key=itemgetter(2), reverse=True),
                "said": _said([row.label for row in rows if row.key in among]),
            }
        )
    return found


def _wards(atlas: Atlas, lads: tuple[str, ...]) -> list[tuple[str, str]]:
    """Codes and names of the wards of boroughs; none where areas are not known by ward."""
    areas = atlas.inputs.areaset.areas
    if "ward" not in areas or not lads:
        return []
    wards = areas.loc[areas["lad"].isin(lads), ["ward", "ward_name"]].drop_duplicates().sort_values("ward_name")
    return [(str(code), str(name)) for code, name in wards.itertuples(index=False)]


def _said(labels: list[str]) -> str:
    return "Any" if not labels else labels[0] if len(labels) == 1 else f"{len(labels)} chosen"


def _size_said(fields: dict[str, str]) -> str:
    low, high = fields.get("min_ha"), fields.get("max_ha")
    if low and high:
        return f"{low} to {high} ha"
    return f"{low} ha or more" if low else f"up to {high} ha" if high else "Any"


@blueprint.get("/estate/view.json")
def window() -> Response:
    """Answer with what a window of the map shows of the chosen assets."""
    refuse_unknown(*FIELDS, *CHOSEN, *SHOWN, "bbox", "zoom")
    here = visit()
    atlas = here.atlas
    wanted = read_wanted(atlas)
    shown = read_window(here.reader)
    here.reader.done()
    fields = {**here.query, **wanted.address(), "window": repr(shown)}
    key = ("estate window", atlas.revision, digest(address_of(fields)))

    def make() -> Body:
        chosen = found(atlas, wanted)
        return Body(as_json(view(chosen.estate, chosen.places, shown, wanted.by)).encode(), JSON)

    return house().payloads.respond(request, key, make, tag=tag("window", atlas.revision))


def read_window(reader: Reader) -> Window:
    """The part of the earth that the address asks for; `Reader.done` reports what was wrong with it."""
    box, zoom = reader.last("bbox"), reader.last("zoom")
    try:
        west, south, east, north = (float(part) for part in box.split(","))
    except ValueError:
        west = south = east = north = np.nan
    if not (BRITAIN[0] - 30 <= west < east <= BRITAIN[2] + 30 and BRITAIN[1] - 30 <= south < north <= 85):
        reader.refuse("bbox", box[:100], "west,south,east,north in degrees")
        west, south, east, north = BRITAIN
    try:
        near = float(zoom)
    except ValueError:
        near = np.nan
    if not 0 <= near <= 24:
        reader.refuse("zoom", zoom[:20], "a number from 0 to 24")
        near = 10.0
    return Window(west, south, east, north, near)


@blueprint.get("/estate/<revision>/ground.json")
def ground_values(revision: str) -> Response:
    """Answer with what lies under the assets: gap areas and anchor sites, of the choices in the address."""
    atlas = visit().atlas
    key = ("estate ground", atlas.revision)

    def make() -> Body:
        return Body(as_json(ground(atlas)).encode(), JSON)

    return house().payloads.respond(request, key, make, tag=tag("ground", revision))


@blueprint.get("/estate/assets/<wanted>")
def asset(wanted: str) -> Response:
    """Answer with everything that is said of one asset.

    Raises
    ------
    NotFoundError
        If there is none of that id that everybody may see.
    """
    atlas = visit().atlas
    estate = atlas.inputs.estate
    position = find_asset(estate, wanted)

    def make() -> dict[str, Any]:
        where = estate.xy[position]
        drawn = None
        if np.isfinite(where).all():
            drawn = _page_map(EstateMap(atlas, urls(), draws=False))
        return {**asset_context(estate, position), "drawn": drawn, "state": asset_state(atlas, position)}

    return page("estate_asset.html", make)


def asset_state(atlas: Atlas, position: int) -> dict[str, Any]:
    """What the small map follows: all assets round the one."""
    everything = Wanted(Selection())
    found_all = found(atlas, everything)
    x_m, y_m = atlas.inputs.estate.xy[position].tolist()
    is_placed = np.isfinite([x_m, y_m]).all()
    box = (x_m - _MARGIN_M, y_m - _MARGIN_M, x_m + _MARGIN_M, y_m + _MARGIN_M)
    mine = atlas.inputs.estate.assets.index[position].removeprefix("asset:")
    return {**state(atlas, everything, found_all), "bounds": corners(box) if is_placed else None, "marked": mine}
