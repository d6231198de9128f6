"""England: need in every small area of it, as a map of vector tiles and a table of districts."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

import pandas as pd
from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for

from atlas.errors import AtlasError, NotFoundError
from atlas.exports.files import filed
from atlas.geo.england import district_table
from atlas.maps.england import (
    FORM,
    SCRIPTS,
    EnglandMap,
    EnglandUrls,
    districts_json,
    names_json,
    values_json,
)
from atlas.maps.page import STYLES, fragments
from atlas.settings import Settings
from atlas.sources.areacache import CACHE
from atlas.sources.england import ZOOMS, England, Maker, missing_for, read_england
from atlas.vocabulary import NeedDomain, Release, label
from web.maps import BEHAVIOUR, COMMON, PageMap
from web.payloads import IMMUTABLE, JSON, REVALIDATE, Body
from web.security import Inline, with_images
from web.visit import digest, house, page_response, tag, visit

log = logging.getLogger(__name__)
blueprint = Blueprint("england", __name__)

EXTENSION: Final = "atlas-england"
SCRIPT: Final = "js/england.js"
STYLE: Final = "css/england-page.css"
JOINED: Final = {
    SCRIPT: (*SCRIPTS, *BEHAVIOUR),
    STYLE: (*COMMON, *STYLES, "css/england.css"),
}
TILE: Final = "application/vnd.mapbox-vector-tile"
RETRY_S: Final = 30
FIRST: Final = 8
PRINTED: Final = 20
"""Rows of the table on paper, as england.css has it."""

ORDERS: Final = {
    "rank": ("rank", True),
    "name": ("name", True),
    "people": ("people", False),
    "areas": ("areas", False),
    "need": ("percentile", False),
    "worst": ("worst_areas", False),
    "share": ("worst_share", False),
}
"""What the table may be sorted by: the column, and whether the least comes first."""


@dataclass(eq=False)
class Country:
    """England under each release whose official files are here; read before anybody asks, or while they wait.

    Parameters
    ----------
    workspace : Path
        Where the files are, and the tiles are kept.
    raster, attribution : str
        Picture tiles to lie under the areas, and whose they are; empty where there are none.
    """

    workspace: Path
    raster: str = ""
    attribution: str = ""
    maker: Maker = field(default_factory=Maker)
    _found: dict[Release, England] = field(default_factory=dict)
    _failed: dict[Release, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def prepare(self, releases: Iterable[Release], hold: Callable[[England], None] = lambda _: None) -> None:
        """Read England under these releases, where their files are here, and make its tiles where none are kept.

        Parameters
        ----------
        releases : iterable of Release
            Any.
        hold : callable, optional
            Told each, before readers may see it.
        """
        with self._lock:
            for release in releases:
                if release in self._found or release is Release.ESTIMATE or missing_for(self.workspace, release):
                    continue
                try:
                    england = read_england(self.workspace, release, self.maker.make)
                    hold(england)
                except (AtlasError, OSError) as error:
                    log.warning("England under %s is not shown: %s", release, error)
                    self._failed[release] = str(error)
                else:
                    self._found[release] = england
                    self._failed.pop(release, None)

    @cached_property
    def is_offered(self) -> bool:
        """Whether the official files of some release were here at first sight, so that there is, or will be, a map."""
        return any(not missing_for(self.workspace, each) for each in Release if each is not Release.ESTIMATE)

    def under(self, release: Release) -> England | None:
        """England under a release; None where it is not here, or not yet."""
        return self._found.get(release)

    def keyed(self, key: str) -> England:
        """England by the key of its boundaries.

        Raises
        ------
        NotFoundError
            If none here has it.
        """
        found = next((england for england in self._found.values() if england.key == key), None)
        if found is None:
            raise NotFoundError("map of England", key)
        return found

    def lacks(self, release: Release) -> tuple[str, ...]:
        """Official files that are not here, as `atlas data pull` names them."""
        return missing_for(self.workspace, release)

    def failure(self, release: Release) -> str:
        """Why the map could not be made; empty where it could, or is being made."""
        return self._failed.get(release, "")


def open_country(app: Flask, settings: Settings) -> None:
    """Give an application its England, not read yet."""
    app.extensions[EXTENSION] = Country(settings.workspace, settings.tiles_url or "", settings.tiles_attribution or "")


def country() -> Country:
    """England as the application at work holds it."""
    return cast("Country", current_app.extensions[EXTENSION])


def prepare(app: Flask, releases: Iterable[Release]) -> None:
    """Read England under these releases and have what its map asks for ready; takes a minute the first time."""
    with app.app_context():
        held = cast("Country", app.extensions[EXTENSION])
        held.prepare(releases, partial(_hold, held.workspace / CACHE))


def _hold(folder: Path, england: England) -> None:
    """Have what is slow to make ready: from a file of an earlier start, else made now and filed for the next."""
    payloads = house().payloads
    payloads.hold(("england-districts", england.key), partial(_kept_districts, folder, england))
    payloads.hold(("england-names", england.key), partial(_names, england))
    payloads.hold(_values_key(england, NeedDomain.OVERALL), partial(_values, england, NeedDomain.OVERALL))


def _kept_districts(folder: Path, england: England) -> Body:
    file = folder / f"england-{england.key}-districts-{FORM}.json"
    make = partial(districts_json, england.key, england.need, england.districts)
    return Body(filed(file, make), JSON, is_lasting=True)


def _names(england: England) -> Body:
    return Body(names_json(england.key, england.need), JSON, is_lasting=True)


def _values(england: England, domain: NeedDomain) -> Body:
    return Body(values_json(england.key, england.need, domain), JSON, is_lasting=True)


def _values_key(england: England, domain: NeedDomain) -> tuple[str, ...]:
    return "england-values", england.key, england.need.release, domain


@blueprint.get("/map/tiles/<key>/<int:zoom>/<int:column>/<int:row>.pbf")
def tile(key: str, zoom: int, column: int, row: int) -> Response:
    """Answer with a tile as the archive keeps it, or 204 where there is nothing to show; it never changes.

    Raises
    ------
    NotFoundError
        If no map here has the key, or there can be no such tile.
    """
    archive = country().keyed(key).archive
    if not archive.has(zoom, column, row):
        raise NotFoundError("tile", f"{zoom}/{column}/{row}")
    data = archive.tiles.get((zoom, column, row))
    mark = f"{key}-{zoom}-{column}-{row}"
    if data is None:
        response = Response(status=204)
    elif request.if_none_match.contains_weak(mark):
        response = Response(status=304)
    else:
        response = Response(data, content_type=TILE)
        if request.accept_encodings["gzip"]:
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.set_data(gzip.decompress(data))
    response.set_etag(mark, weak=True)
    response.headers["Cache-Control"] = IMMUTABLE
    response.vary.add("Accept-Encoding")
    return response


@blueprint.get("/map/england/<key>/districts.json")
def districts(key: str) -> Response:
    """Answer with the lines and names of districts."""
    england = country().keyed(key)
    make = partial(_kept_districts, country().workspace / CACHE, england)
    return house().payloads.respond(request, ("england-districts", key), make, tag=tag(key, "d"), cache=REVALIDATE)


@blueprint.get("/map/england/<key>/names.json")
def names(key: str) -> Response:
    """Answer with the codes and names of all areas."""
    make = partial(_names, country().keyed(key))
    return house().payloads.respond(request, ("england-names", key), make, tag=tag(key, "n"), cache=REVALIDATE)


@blueprint.get("/map/england/<key>/<build>/<release>/<domain>.json")
def values(key: str, build: str, release: str, domain: str) -> Response:
    """Answer with one measure of need for all areas, which never changes under one build.

    Raises
    ------
    NotFoundError
        If there is no such map or measure.
    """
    england = country().under(Release(release)) if release in list(Release) else None
    if england is None or england.key != key or domain not in england.need.ranked_domains():
        raise NotFoundError("measure of England", f"{key}/{release}/{domain}")
    measure = NeedDomain(domain)
    cache = IMMUTABLE if build == house().build else REVALIDATE
    return house().payloads.respond(
        request,
        _values_key(england, measure),
        partial(_values, england, measure),
        tag=tag(key, release, domain),
        cache=cache,
    )


@blueprint.get("/england")
def index() -> Response:
    """Answer with the map and the table; where the official files are not here, with the way to get them."""
    here = visit()
    atlas = here.atlas
    asked, release = atlas.parameters.need_domain, here.choices.release
    asked_order = here.reader.last("sort") or "rank"
    england = country().under(release)
    if england is None:
        return _without(release)
    order = asked_order if asked_order.removeprefix("-") in ORDERS else "rank"
    releases = [each for each in house().library.releases if country().under(each)]
    mark = tag("england", england.key, atlas.revision, asked, order, *releases)
    make = partial(_rendered, lambda: {**context(england, asked, order), "releases": releases})
    unusable = [] if asked_order.removeprefix("-") in ORDERS else [f"sort={asked_order}"]
    return page_response(("england", digest(mark + here.address())), make, mark, ("sort",), unusable)


def _rendered(make: Callable[[], dict[str, Any]]) -> Body:
    inline = Inline()
    page = render_template("england.html", inline=inline, **make())
    allowed = with_images(inline.policy(), country().raster)
    return Body(page.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": allowed})


def _without(release: Release) -> Response:
    """Say why there is no map, and what to do; 404 where files are not here, 503 where it is being made."""
    held = country()
    is_estimate = release is Release.ESTIMATE
    facts = {
        "map": None,
        "is_estimate": is_estimate,
        "missing": held.lacks(release),
        "failure": held.failure(release),
        "released": label(release),
        "others": [(other.value, label(other)) for other in house().library.releases if held.under(other)],
    }
    is_absent = bool(is_estimate or facts["missing"])
    body = _rendered(lambda: facts)
    response = Response(body.data, 404 if is_absent else 503, content_type=body.mimetype)
    response.headers.update(body.headers)
    response.headers["Cache-Control"] = "no-store"
    if not is_absent:
        response.headers["Retry-After"] = str(RETRY_S)
    return response


def context(england: England, asked: NeedDomain, order: str) -> dict[str, Any]:
    """What the page of England shows: the overall index, where the file has no ranks of the measure asked for."""
    domain = asked if asked in england.need.ranked_domains() else NeedDomain.OVERALL
    table = district_table(england.need, domain)
    column, is_rising = ORDERS[order.removeprefix("-")]
    rows = table.sort_values([column, "name"], ascending=[is_rising != order.startswith("-"), True])
    return {
        "map": page_map(england, domain),
        "england": england,
        "domain": domain,
        "asked": asked,
        "domains": [
            (each.value, label(each), each is domain, address_of(england, each))
            for each in england.need.ranked_domains()
        ],
        "first": table.head(FIRST).reset_index().to_dict("records"),
        "rows": rows.reset_index().to_dict("records"),
        "answer": answer(table),
        "sorted_by": order,
        "rising": {name: is_rising for name, (_, is_rising) in ORDERS.items()},
        "boards": england.districts["icb_name"].to_dict(),
        "printed": PRINTED,
        "boards_year": england.boards_year,
    }


def answer(table: pd.DataFrame) -> dict[str, Any]:
    """The facts of the sentence over the map."""
    worst = table.sort_values(["worst_share", "name"], ascending=[False, True]).head(3)
    return {
        "areas": int(table["areas"].sum()),
        "districts": len(table),
        "people": int(table["worst_people"].sum()),
        "without": int((table["worst_areas"] == 0).sum()),
        "worst": list(zip(worst["name"], worst["worst_share"], strict=True)),
    }


def address_of(england: England, domain: NeedDomain) -> str:
    """Address of one measure's values."""
    release = england.need.release
    return url_for("england.values", key=england.key, build=house().build, release=release, domain=domain)


def page_map(england: England, domain: NeedDomain) -> PageMap:
    """The map of the page."""
    held = country()
    template = url_for("england.tile", key=england.key, zoom=0, column=0, row=0)
    urls = EnglandUrls(
        tiles=template.removesuffix("0/0/0.pbf") + "{z}/{x}/{y}.pbf",
        districts=url_for("england.districts", key=england.key),
        names=url_for("england.names", key=england.key),
        measure=address_of(england, domain),
        asset=house().assets.url,
        scripts=(SCRIPT,),
        styles=(STYLE,),
        raster=held.raster,
        attribution=held.attribution,
    )
    shown = EnglandMap(england.districts, ZOOMS, len(england.need.names), urls, england.boards_year)
    return PageMap(urls.districts, urls.measure, "", fragments(shown))
