"""Maps for other people's pages: the same choices in the address, no navigation, a link back, whose data they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, current_app, request
from markupsafe import escape

from atlas.gaps.briefs import GapArea
from atlas.settings import Settings
from atlas.snapshot import Atlas
from web.answer import answer, place_name
from web.below import origin_of
from web.maps import page_map
from web.security import framed
from web.visit import page, visit

blueprint = Blueprint("embed", __name__)


def attribution(atlas: Atlas) -> str:
    """What the licences of the files behind the map ask to be said, each once."""
    said = (source.attribution.strip().rstrip(".") for source in atlas.inputs.provenance)
    return " ".join(f"{words}." for words in dict.fromkeys(said) if words)


def _page(template: str, whole_page: str, context: Callable[[], Mapping[str, Any]]) -> Response:
    def shared() -> dict[str, Any]:
        return {"whole_page": whole_page, "attribution": attribution(visit().atlas), **context()}

    return framed(page(template, shared))


SNIPPET: Final = """<iframe
  src="{address}"
  title="{title}"
  sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
  referrerpolicy="strict-origin-when-cross-origin"
  loading="lazy" width="100%" height="560">
</iframe>"""


@blueprint.get("/embed")
def index() -> Response:
    """Answer with how a view is shared, and what to copy so that it stands in another page.

    Raises
    ------
    NotFoundError
        If no gap area has the id in the address under these choices.
    """
    here = visit()
    wanted = here.reader.last("gap")
    gap_area = here.atlas.gap_area(wanted) if wanted else None

    def context() -> dict[str, Any]:
        settings: Settings = current_app.config["ATLAS_SETTINGS"]
        place = gap_area.name if gap_area else place_name(here.atlas, here.choices.borough)
        view, within = addresses(gap_area)
        site = origin_of(settings.public_url, request.host_url)
        title = f"Map: need and anchor institutions in {place} (Atlas London)"
        return {
            "words": f"the map of {place}",
            "view": site + view,
            "framed": within,
            "snippet": SNIPPET.format(address=escape(site + within), title=escape(title)),
            "origins": settings.embed_origins,
        }

    return page("embed.html", context, f"{request.url_root} {here.address()} {wanted}", ("gap",))


def addresses(gap_area: GapArea | None) -> tuple[str, str]:
    """Address of a view as a page, and as it stands in a frame."""
    here = visit()
    if gap_area:
        fields: dict[str, Any] = {"wanted": gap_area.id}
        return here.link("gaps.brief", **fields), here.link("embed.gap", **fields)
    scope = {"in": here.choices.borough} if here.choices.borough else {}
    return here.link("home.index", **scope), here.link("embed.whole", **scope)


@blueprint.get("/embed/map")
def whole() -> Response:
    """Answer with the map of London or a borough, for a frame in another page."""
    here = visit()
    atlas, borough = here.atlas, here.choices.borough

    def context() -> dict[str, Any]:
        areas = atlas.gap_areas_in(borough or None)
        return {"answer": answer(atlas, borough), "areas": areas, "map": page_map(borough, small=True)}

    return _page("embed_map.html", addresses(None)[0], context)


@blueprint.get("/embed/gaps/<wanted>")
def gap(wanted: str) -> Response:
    """Answer with the map of one gap area, for a frame in another page.

    Raises
    ------
    NotFoundError
        If no gap area has this id under these choices.
    """
    here = visit()
    area = here.atlas.gap_area(wanted)
    return _page("embed_gap.html", addresses(area)[0], lambda: {"area": area, "map": page_map(area.id, small=True)})
