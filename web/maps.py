"""The map of a page, and the addresses of its geometry and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from atlas.errors import NotFoundError
from atlas.geo.areas import AreaSet
from atlas.maps.geometry import topology
from atlas.maps.page import SCRIPTS, STYLES, AtlasMap, Fragments, Urls, build_map, fragments
from atlas.maps.values import values_json
from atlas.pipeline import shapes_of
from atlas.vocabulary import Release
from web.payloads import IMMUTABLE, JSON, REVALIDATE, Body
from web.security import Inline
from web.visit import House, house, tag, visit

blueprint = Blueprint("maps", __name__)

SCRIPT: Final = "js/map.js"
PAGE_SCRIPT: Final = "js/plain.js"
STYLE: Final = "css/map.css"
PAGE_STYLE: Final = "css/page.css"
COMMON: Final = ("vendor/govuk-frontend/govuk.css", "css/atlas.css", "css/search.css")
"""How every page looks: the components, then what is our own."""
BEHAVIOUR: Final = ("js/page.js", "js/tables.js", "js/search.js")
"""What every page does, in the order in which they must run."""
JOINED: Final = {
    SCRIPT: (*SCRIPTS, *BEHAVIOUR),
    PAGE_SCRIPT: BEHAVIOUR,
    STYLE: (*COMMON, *STYLES),
    PAGE_STYLE: COMMON,
    "js/estate-map.js": ("js/estate-ground.js", "js/estate-marks.js", "js/estate-assets.js"),
}
"""What a page with a map runs and is styled with, and one without: a browser starts one file sooner than six."""

PAGES: Final = {
    "gap_area": "gaps.brief",
    "institution": "partners.institution",
    "network": "partners.network",
    "programme": "partners.programme",
    "borough": "boroughs.borough",
}
"""Pages that the map links to."""


@dataclass(frozen=True, slots=True)
class PageMap:
    """A map as a template writes it.

    Parameters
    ----------
    geometry, values : str
        Addresses of the shapes and of the values.
    focus : str
        What the map starts from: id of a gap area or node, or GSS code; empty for all London.
    pieces : Fragments
        What goes where in the page.
    """

    geometry: str
    values: str
    focus: str
    pieces: Fragments

    def head(self) -> Markup:
        """Links for the head of the page."""
        return Markup(self.pieces.header)  # noqa: S704 -- atlas.maps escapes

    def body(self, inline: Inline) -> Markup:
        """The map's place in the page, and its script."""
        return Markup(self.pieces.html) + inline.script(self.pieces.script)  # noqa: S704 -- atlas.maps escapes


def page_map(focus: str = "", *, small: bool = False) -> PageMap:
    """The map of the page at work.

    Parameters
    ----------
    focus : str
        Id of a gap area or a node, or GSS code of a borough; empty for all London.
    small : bool
        Whether the map has no room for an open legend.
    """
    here = visit()
    urls = urls_with(here.link("maps.map_values", revision=here.atlas.revision, build=house().build))
    return placed(build_map(here.atlas, urls, focus=focus or None, small=small), focus)


def urls_with(values: str, pages: Mapping[str, str] = PAGES) -> Urls:
    """Where the map of the page at work finds things.

    Parameters
    ----------
    values : str
        Address of its values, or ``#id`` of the element that holds them.
    pages : mapping of str to str
        Pages that it links to.
    """
    here = visit()
    shapes = url_for("maps.geometry", wanted=here.library.geometries[here.choices.release])
    linked = {kind: here.link(endpoint, wanted="ID").replace("ID", "{id}") for kind, endpoint in pages.items()}
    return Urls(shapes, values, house().assets.url, linked, (SCRIPT,), (STYLE,))


def placed(shown: AtlasMap, focus: str = "") -> PageMap:
    """A map as a template writes it."""
    return PageMap(shown.urls.geometry, shown.urls.values, focus, fragments(shown))


@blueprint.get("/map/<wanted>.json")
def geometry(wanted: str) -> Response:
    """Answer with the shapes of a set of areas, which never change under one id.

    Raises
    ------
    NotFoundError
        If no release here has them.
    """
    library = house().library
    for release, shapes in library.geometries.items():
        if shapes == wanted:
            make = partial(_shapes, library.inputs(release).areaset)
            return house().payloads.respond(request, shapes_key(wanted), make, tag=tag(wanted), cache=IMMUTABLE)
    raise NotFoundError("set of shapes", wanted)


def shapes_key(wanted: str) -> tuple[str, str]:
    """Key of the body that holds a set of shapes."""
    return "geometry", wanted


def _shapes(areaset: AreaSet) -> Body:
    return Body(topology(areaset), JSON, is_lasting=True)


def hold_shapes(held: House, release: Release, workspace: Path) -> None:
    """Have the shapes of a release ready, as they are kept in the workspace."""
    areaset = held.library.inputs(release).areaset
    make = partial(shapes_of, areaset, workspace)
    held.payloads.hold(shapes_key(held.library.geometries[release]), lambda: Body(make(), JSON, is_lasting=True))


@blueprint.get("/map/<revision>/values.json")
@blueprint.get("/map/<revision>/<build>/values.json")
def map_values(revision: str, build: str = "") -> Response:
    """Answer with the values of a revision, which never change under one build of the code.

    Raises
    ------
    NotFoundError
        If the choices in the address are not that revision's.
    """
    here = visit()
    best = here.atlas
    versions = here.library.versions(here.choices.release, here.choices.parameters)
    atlas = next((version for version in versions if version.revision == revision), None)
    if atlas is None:
        raise NotFoundError("revision", revision, [best.revision])

    def make() -> Body:
        return Body(values_json(atlas).encode(), JSON)

    cache = IMMUTABLE if build == house().build else REVALIDATE
    return house().payloads.respond(request, ("values", atlas.revision), make, tag=tag(atlas.revision), cache=cache)
