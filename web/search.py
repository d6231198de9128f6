"""The search: as a page, and as JSON for the box that suggests while one types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request

from atlas.records import slug
from atlas.snapshot import Atlas
from web.api import refuse_unknown
from web.choices import FIELDS
from web.land import estate_address
from web.maps import PAGES
from web.names import Name
from web.payloads import JSON, REVALIDATE
from web.search_found import search_all
from web.search_postcodes import POSTCODES_BEGUN, not_in_london
from web.visit import page, tag, version_of, visit

blueprint = Blueprint("search", __name__)

MOST_LETTERS: Final = 100
MOST: Final = 50
SHOWN: Final = 20
SUGGESTED: Final = 8

FOUND: Final = {
    **PAGES,
    "gap area": PAGES["gap_area"],
    "neighbourhood": PAGES["borough"],
    "place": PAGES["borough"],
    "ward": PAGES["borough"],
    POSTCODES_BEGUN: PAGES["borough"],
    "postcode": PAGES["borough"],
    "site": PAGES["institution"],
    "asset": "estate.asset",
}
"""Pages of what a search finds, by the words that it shows for them."""

KINDS: Final = {
    "gap area": "gap_area",
    "board": "icb",
    "place": "msoa",
    "neighbourhood": "lsoa",
}
"""Kinds as programs know them, where they are called otherwise."""

WHOLE: Final = frozenset({"borough", POSTCODES_BEGUN})
"""Kinds that the map shows as a borough, and not as small areas."""


@dataclass(frozen=True, slots=True)
class Result:
    """Something found, with where it is shown.

    Parameters
    ----------
    name : Name
        What it is.
    score : float
        Likeness to what was typed, 0 to 100.
    address : str
        Of its page.
    on_map : str
        Address of the map that shows it; empty where it is no place.
    """

    name: Name
    score: float
    address: str
    on_map: str

    def document(self) -> dict[str, Any]:
        """The result as JSON values."""
        named: dict[str, Any] = {"kind": KINDS.get(self.name.kind, self.name.kind), "id": self.name.wanted}
        named |= {"name": self.name.name, "what": self.name.what, "score": round(self.score, 1)}
        named |= {"address": self.address, "map": self.on_map or None, "areas": list(self.name.areas)}
        return named


def page_of_name(name: Name) -> str:
    """Address of the page that shows something."""
    here = visit()
    if name.kind == "assets":
        return estate_address(find=name.wanted)
    if name.kind == "board":
        return here.link("icss.system", wanted=name.wanted)
    wanted = name.page or name.wanted
    if name.kind in {POSTCODES_BEGUN, "postcode"}:
        wanted = slug(here.atlas.inputs.areaset.borough_names()[name.page])
    address = here.link(FOUND[name.kind], wanted=wanted)
    return f"{address}#{name.areas[0]}" if name.areas and name.kind not in WHOLE else address


def map_of_name(atlas: Atlas, name: Name) -> str:
    """Address of the map at what was found; empty where it is no place."""
    if not name.areas:
        return ""
    if name.kind in WHOLE:
        return visit().link("home.index", **{"in": name.areas[0]})
    borough = str(atlas.inputs.areaset.areas.at[name.areas[0], "lad"])
    return visit().link("home.index", **{"in": borough}) + "#map&area=" + ",".join(name.areas)


def results(query: str, limit: int) -> list[Result]:
    """What is nearest to the words typed."""
    atlas = visit().atlas
    return [
        Result(name, score, page_of_name(name), map_of_name(atlas, name))
        for score, name in search_all(atlas, query, limit)
    ]


def asked() -> str:
    """The words typed, as far as they are read."""
    return visit().reader.last("q")[:MOST_LETTERS]


def search_page() -> Response:
    """Answer with what is nearest to the words typed."""
    query = asked()

    def context() -> dict[str, Any]:
        return {"query": query, "found": results(query, SHOWN), "told": not_in_london(query)}

    return page("search.html", context, takes=("q",))


@blueprint.get("/api/v1/search")
def search() -> Response:
    """Answer with what is nearest to the words typed, as JSON: at most `limit` things."""
    refuse_unknown("q", "limit", *FIELDS)
    here = visit()
    query, limit = asked(), here.reader.number("limit", MOST) or SUGGESTED
    if not query:
        here.reader.refuse("q", "", "what is looked for: a name, a code, a postcode or a UPRN")
    marks = tag(*version_of(here.atlas))
    # not kept: nobody else types just that, and what many need would be pushed out
    if request.if_none_match.contains_weak(marks):
        response = Response(status=304)
    else:
        found = [result.document() for result in results(query, limit)]
        document = {"query": query, "count": len(found), "results": found, "note": not_in_london(query) or None}
        response = Response(json.dumps(document, ensure_ascii=False), content_type=JSON)
    response.set_etag(marks, weak=True)
    response.headers["Cache-Control"] = REVALIDATE
    return response
