"""The estate for programs: assets, one asset, totals, how complete registers are, and downloads of a choice."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from flask import Blueprint, Response, request

from atlas.exports.estate.assets import MIMETYPES, WRITERS, table
from atlas.exports.estate.totals import totals_json
from atlas.exports.text import json_text, records
from atlas.geo.estate import completeness
from atlas.snapshot import Atlas
from web.api import refuse_unknown
from web.choices import FIELDS
from web.estate_asset import find_asset, side_by_side
from web.estate_choices import CHOSEN, LONGEST_TEXT, Wanted, read_wanted
from web.estate_found import about, found
from web.payloads import JSON, REVALIDATE, Body
from web.programs.paging import link_header, pages
from web.visit import address_of, digest, house, tag, visit

blueprint = Blueprint("estate_api", __name__)

LIMIT: Final = 100
MOST: Final = 1_000
"""Assets in one answer; all of them come as a download."""

PLACES: Final = 6


def _asked(*more: str) -> tuple[Atlas, Wanted]:
    refuse_unknown(*FIELDS, *CHOSEN, *more)
    reader = visit().reader
    # a page cuts what is typed; a program would take what is found for the whole of it
    if len(reader.last("find")) > LONGEST_TEXT:
        reader.refuse("find", reader.last("find")[:LONGEST_TEXT], f"at most {LONGEST_TEXT} characters")
    atlas = visit().atlas
    return atlas, read_wanted(atlas)


def _answer(atlas: Atlas, what: str, wanted: Wanted | None, make: Callable[[], str], more: str = "") -> Response:
    fields = {**visit().query, **(wanted.address(shown=False) if wanted else {}), "more": more}
    key = ("estate api", what, atlas.revision, digest(address_of(fields)))
    return house().payloads.respond(
        request, key, lambda: Body(make().encode(), JSON), tag=tag("estate", what, atlas.revision)
    )


@blueprint.get("/api/v1/estate")
def assets() -> Response:
    """Answer with the chosen assets, those not in use first, then the largest; `total` counts all of them."""
    reader = visit().reader
    limit, offset = _whole("limit", LIMIT, 1, MOST), _whole("offset", 0, 0, 10_000_000)
    atlas, wanted = _asked("limit", "offset")
    reader.done()
    here = found(atlas, wanted)
    links = pages(request, limit, offset, len(here.positions))

    def make() -> str:
        rows = table(here.estate, here.ordered[offset : offset + limit])
        shown = {"total": len(here.positions), "offset": offset, "limit": limit}
        return json_text({"revision": atlas.revision, **shown, **links, "assets": records(rows, PLACES)})

    response = _answer(atlas, "list", wanted, make, f"{limit},{offset} {request.full_path} {request.root_path}")
    response.headers.update(link_header(links))
    return response


def _whole(field: str, default: int, least: int, most: int) -> int:
    reader = visit().reader
    value = reader.last(field)
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and least <= int(value[:9]) <= most and len(value) < 9):
        reader.refuse(field, value[:20], f"a whole number from {least} to {most}")
        return default
    return int(value)


@blueprint.get("/api/v1/estate/assets/<wanted>")
def asset(wanted: str) -> Response:
    """Answer with everything that is said of one asset.

    Raises
    ------
    NotFoundError
        If there is none of that id that everybody may see.
    """
    refuse_unknown()
    atlas = visit().atlas
    estate = atlas.inputs.estate
    position = find_asset(estate, wanted)

    def make() -> str:
        row = records(table(estate, np.asarray([position])), PLACES)[0]
        mine = estate.findings["asset"] == row["asset"]
        same = np.flatnonzero(estate.group == estate.group[position])
        ids = [str(estate.assets.index[at]) for at in same.tolist() if at != position]
        row["extra"] = json.loads(row["extra"]) if row["extra"] else {}
        more: dict[str, Any] = {
            "findings": records(estate.findings[mine].drop(columns="asset"), PLACES),
            "same_place": ids,
            "conflicts": [
                {"field": line["field"], "values": line["cells"]}
                for line in side_by_side(estate, same)["lines"]
                if line["is_different"]
            ],
        }
        return json_text({"revision": atlas.revision, **row, **more})

    return _answer(atlas, "asset", None, make, str(estate.assets.index[position]))


@blueprint.get("/api/v1/estate/totals")
def totals() -> Response:
    """Answer with what the chosen assets add up to."""
    atlas, wanted = _asked()
    return _answer(atlas, "totals", wanted, lambda: totals_json(found(atlas, wanted).totals))


@blueprint.get("/api/v1/estate/registers")
def registers() -> Response:
    """Answer with every register that everybody may know of: its date, and how complete it is, field by field."""
    refuse_unknown()
    atlas = visit().atlas
    return _answer(atlas, "registers", None, lambda: json_text(_registers(atlas)))


def _registers(atlas: Atlas) -> dict[str, Any]:
    estate, whole = atlas.inputs.estate, about(atlas)
    keys = {field.label: field.name for field in completeness.TOLD}
    rows = []
    for register, row in estate.registers.iterrows():
        said = {keys[str(name)]: _share(share) for name, share in whole.shares[str(register)].items()}
        placed = {name: _share(whole.positions[name][str(register)]) for name in completeness.POSITION_COLUMNS}
        shown: dict[str, Any] = {
            name: str(row[name]) for name in ("partner", "partner_name", "title", "as_of", "imported_at")
        }
        shown["as_of"] = whole.dates[str(register)]
        shown |= {name: int(whole.counts[name][str(register)]) for name in ("rows", "assets")}
        rows.append({"register": register, **shown, "said": said, "placed": placed})
    return {"revision": atlas.revision, "registers": rows}


def _share(share: float) -> float | None:
    return None if math.isnan(share) else round(share, 4)


@blueprint.get("/api/v1/estate/assets.<any(csv, geojson, gpkg):form>")
def download(form: str) -> Response:
    """Answer with the chosen assets as a file."""
    atlas, wanted = _asked()
    tagged = tag("estate", form, atlas.revision)
    held = request.if_none_match.contains_weak(tagged)
    # not kept: a file of everything would crowd out every page
    here = found(atlas, wanted)
    response = Response(status=304) if held else Response(WRITERS[form](here.estate, here.positions))
    if not held:
        response.content_type = MIMETYPES[form]
        name = f"atlas-estate-{atlas.revision}.{form}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(tagged, weak=True)
    response.headers["Cache-Control"] = REVALIDATE
    return response
