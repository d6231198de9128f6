"""Gap areas: all in a table, and the one-page brief of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any, Final

from flask import Blueprint, Response

from atlas.errors import NotFoundError
from atlas.gaps.briefs import GapArea
from atlas.gaps.explain import explain
from atlas.gaps.seats import seats_of_area
from atlas.snapshot import Atlas
from atlas.vocabulary import WEIGHTED_DOMAINS, Verdict
from web.answer import answer, surveyed_on
from web.boroughs import borough_rows
from web.land import area_land, estate_address, partner_names
from web.maps import page_map
from web.names import near
from web.visit import names, page, visit

blueprint = Blueprint("gaps", __name__)

MEASURED: Final = (
    "need_percentile",
    "access_percentile",
    "nearest_anchor_m",
    "p_gap",
    "rank",
    "rank_low",
    "rank_high",
    "p_top",
)
"""What a brief says of each of its neighbourhoods."""
VERDICTS: Final = tuple(Verdict)
SORTS: Final[Mapping[str, Callable[[GapArea], Any]]] = {
    "rank": lambda area: area.rank,
    "name": lambda area: area.name.casefold(),
    "borough": lambda area: area.lad_name,
    "people": lambda area: area.population,
    "need": lambda area: area.need_percentile,
    "access": lambda area: area.access_percentile,
    "distance": lambda area: area.nearest_anchor_m,
    "sure": lambda area: area.p_gap,
    "verdict": lambda area: VERDICTS.index(area.verdict),
    "local": lambda area: len(area.local),
}
"""Columns of the table by their name in the address; a minus before it turns the order round."""


def sort_areas(areas: tuple[GapArea, ...], sort: str) -> tuple[GapArea, ...]:
    """Areas in the order of a column, unknown values last; equal ones keep their rank."""
    key = SORTS[sort.removeprefix("-")]
    unknown = [area for area in areas if (value := key(area)) is None or (isinstance(value, float) and isnan(value))]
    known = [area for area in areas if area not in unknown]
    return (*sorted(known, key=key, reverse=sort.startswith("-")), *unknown)


@blueprint.get("/gaps")
def index() -> Response:
    """Answer with every gap area in a table."""
    here = visit()
    sort = here.reader.last("sort") or "rank"
    if sort.removeprefix("-") not in SORTS:
        here.reader.refuse("sort", sort, "one of " + ", ".join(SORTS) + ", with - before it for descending")

    def context() -> dict[str, Any]:
        atlas, borough = here.atlas, here.choices.borough
        return {
            "answer": answer(atlas, borough),
            "areas": sort_areas(atlas.gap_areas_in(borough or None), sort),
            "boroughs": borough_rows(atlas),
            "sorted_by": sort,
        }

    return page("gaps.html", context, takes=("sort",))


@blueprint.get("/gaps/<wanted>")
def brief(wanted: str) -> Response:
    """Answer with one gap area's brief.

    Raises
    ------
    NotFoundError
        If no gap area has this id under these choices; suggests near ones.
    """
    area = area_called(visit().atlas, wanted)
    return page("gap_area.html", lambda: brief_context(area))


def area_called(atlas: Atlas, wanted: str) -> GapArea:
    """The gap area of an id.

    Raises
    ------
    NotFoundError
        If there is none under these choices; suggests near ones.
    """
    try:
        return atlas.gap_area(wanted)
    except NotFoundError:
        raise NotFoundError("gap area", wanted, near(names(), "gap area", wanted)) from None


def brief_context(area: GapArea) -> dict[str, Any]:
    """What a brief shows."""
    atlas = visit().atlas
    measured = atlas.gaps.areas.loc[list(area.lsoas)]
    places = atlas.inputs.areaset.areas.loc[list(area.lsoas), ["name", "lad_name", "population"]]
    rows = places.join(measured[list(MEASURED)])
    rows = rows.sort_values(["need_percentile", "name"], ascending=[False, True]).reset_index(names="lsoa")
    return {
        "area": area,
        "map": page_map(area.id, small=True),
        "surveyed_on": surveyed_on(atlas),
        "licences": sorted({source.licence for source in atlas.inputs.provenance if source.licence}),
        "need_rows": [(d, area.need_by_domain[d]) for d in WEIGHTED_DOMAINS if d in area.need_by_domain],
        **reach(area),
        **area_land(atlas, area.lsoas),
        "partner_names": partner_names(atlas),
        "estate_address": estate_address,
        "seats": seats_of_area(atlas.graph, area, atlas.sites, atlas.inputs.surveys),
        "reasons": explain(atlas.gaps, atlas.inputs.areaset.areas, area, atlas.assurance),
        "neighbourhoods": rows.to_dict("records"),
    }


def reach(area: GapArea) -> dict[str, Any]:
    """Who reaches a gap area: local ones, those across London, and the domains that only the latter work on."""
    here = area.local
    return {
        "near": here,
        "wide": [node for node in (*area.networks, *area.programmes) if node not in here],
        "only_wide": [domain for domain in area.local_domains_missing if domain in area.domains],
    }
