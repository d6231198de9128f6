"""The home page: the answer, the choices, the map, where to look first."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response

from atlas.graph.wording import listed
from atlas.parameters import MAX_CATCHMENT_M, OFFICIAL_WEIGHTS
from atlas.snapshot import Atlas
from atlas.vocabulary import WEIGHTED_DOMAINS, AccessMeasure, CapacityRule, Decay, NeedDomain, Sector, label
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
        "sectors_said": label(chosen.sectors[0]) if len(chosen.sectors) == 1 else f"{len(chosen.sectors)} sectors",
        "sectors_default": ",".join(DEFAULTS.sectors),
        "more": more(atlas, library),
        "catchment_default": spelled(DEFAULTS.catchment_m),
        "catchments": [(spelled(metres), kilometres(metres), metres == chosen.catchment_m) for metres in catchments],
    }


def more(atlas: Atlas, library: Library) -> dict[str, Any]:
    """The controls that most readers leave alone, and in words those that were changed."""
    chosen, weights = atlas.parameters, atlas.parameters.weights or tuple(OFFICIAL_WEIGHTS.values())
    selects = {
        "measure": ("Access measured by", AccessMeasure, chosen.measure, DEFAULTS.measure),
        "decay": ("Reach fades with distance", Decay, chosen.decay, DEFAULTS.decay),
        "capacity": ("What a site counts for", CapacityRule, chosen.capacity, DEFAULTS.capacity),
    }
    changed = [label(value) for _, _, value, default in selects.values() if value is not default]
    if chosen.weights:
        changed.append("own weights")
    if chosen.catchment_min:
        changed.append(f"{chosen.catchment_min:g} minutes")
    return {
        "selects": [
            (name, words, [(member.value, label(member), member is value) for member in kind], default.value)
            for name, (words, kind, value, default) in selects.items()
        ],
        "weights": [
            (label(domain), f"{weight:.4g}", f"{OFFICIAL_WEIGHTS[domain]:g}", domain.value)
            for domain, weight in zip(WEIGHTED_DOMAINS, weights, strict=True)
        ],
        "has_domains": any(len(library.domains(release)) > 1 for release in library.releases),
        "weighs": chosen.need_domain is NeedDomain.OVERALL and len(library.domains(atlas.inputs.release)) > 1,
        "minutes": spelled(chosen.catchment_min) if chosen.catchment_min else "",
        "offers_minutes": atlas.inputs.travel_times is not None,
        "said": listed(changed) or "As we advise",
    }


def _releases_of(library: Library, domain: NeedDomain) -> str:
    return " ".join(release.value for release in library.releases if domain in library.domains(release))
