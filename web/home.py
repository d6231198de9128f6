"""The home page: the answer, the choices, the map, where to look first."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response

from atlas.gaps.sentences import listed
from atlas.parameters import MAX_CATCHMENT_M
from atlas.snapshot import Atlas
from atlas.vocabulary import NeedDomain, Sector, label
from web.answer import answer, not_surveyed, sectors_with_sites
from web.choices import DEFAULTS, spelled
from web.library import Library
from web.maps import page_map
from web.text import kilometres
from web.visit import house, page, visit

blueprint = Blueprint("home", __name__)

FIRST: Final = 8
CATCHMENTS_M: Final = (1000.0, 2000.0, 3000.0, 4000.0, 5000.0, 6000.0, 8000.0, MAX_CATCHMENT_M)


@blueprint.get("/")
def index() -> Response:
    """Answer with the home page."""
    return page("home.html", context)


def context() -> dict[str, Any]:
    """What the home page shows."""
    here = visit()
    atlas, borough = here.atlas, here.choices.borough
    areas = atlas.gap_areas_in(borough or None)
    return {
        "answer": answer(atlas, borough),
        "areas": areas,
        "first": areas[:FIRST],
        "map": page_map(borough),
        "form": form(atlas, house().library),
        "unsurveyed": not_surveyed(atlas),
    }


def form(atlas: Atlas, library: Library) -> dict[str, Any]:
    """The controls and what each offers, the chosen ones marked."""
    chosen = atlas.parameters
    release = atlas.inputs.release
    catchments = sorted({*CATCHMENTS_M, chosen.catchment_m})
    domains = {domain for here in library.releases for domain in library.domains(here)}
    counts = sectors_with_sites(atlas)
    return {
        "boroughs": sorted(atlas.inputs.areaset.boroughs["name"].items(), key=lambda item: item[1]),
        "releases": [(here.value, label(here), here is release) for here in library.releases],
        "domains": [
            (domain.value, label(domain), domain is chosen.need_domain, _releases_of(library, domain))
            for domain in NeedDomain
            if domain in domains
        ],
        "sectors": [
            (sector.value, label(sector), sector in chosen.sectors, counts.get(sector.value, 0))
            for sector in Sector
            if counts.get(sector.value) or sector in chosen.sectors
        ],
        "sectors_said": listed([label(sector) for sector in chosen.sectors]),
        "sectors_default": ",".join(DEFAULTS.sectors),
        "catchment_default": spelled(DEFAULTS.catchment_m),
        "catchments": [(spelled(metres), kilometres(metres), metres == chosen.catchment_m) for metres in catchments],
    }


def _releases_of(library: Library, domain: NeedDomain) -> str:
    return " ".join(release.value for release in library.releases if domain in library.domains(release))
