"""Answers to programs: a page of rows as JSON, CSV or GeoJSON, made once for each revision and address."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from flask import Response, request

from atlas.exports.text import csv_text
from web.payloads import JSON, Body
from web.programs.asking import Asked, format_of, read
from web.programs.finding import called
from web.programs.paging import link_header, pages
from web.programs.rows import Positions, Rows
from web.programs.table import Collection
from web.visit import digest, house, tag, version_of

GEOJSON: Final = "application/geo+json"
CSV: Final = "text/csv; charset=utf-8"


def answer_list(collection: Collection) -> Response:
    """A page of a collection.

    Raises
    ------
    ChoiceError
        If a field cannot be used.
    """
    asked, more = read(collection, format_of(collection))
    form = more.get("format") or accepted(collection)

    def make() -> Body:
        rows = asked.rows()
        positions = asked.positions(rows)
        shown = positions[asked.offset : asked.offset + asked.limit]
        return _written(asked, form, rows, shown, len(positions))

    return respond(asked, f"list {form}", request.full_path, make)


def answer_one(collection: Collection, wanted: str) -> Response:
    """One row of a collection.

    Raises
    ------
    NotFoundError
        If there is none of this id.
    """
    asked, more = read(collection, format_of(collection), one=True)
    form = more.get("format") or accepted(collection)
    rows = asked.rows()
    shown = find(rows, collection, wanted)

    def make() -> Body:
        if form == "csv":
            return Body(csv_text(rows.columns, rows.records(shown)).encode(), CSV)
        if form == "geojson":
            return Body(next(iter(features(rows, shown))).encode(), GEOJSON)
        return Body(compact({**_about(asked), **rows.records(shown)[0]}), JSON)

    return respond(asked, f"one {form}", request.full_path, make)


def find(rows: Rows, collection: Collection, wanted: str) -> Positions:
    """Position of one row; an id may lack its kind, and a name may stand for it.

    Raises
    ------
    NotFoundError
        If there is none, or several are called so; suggests near ones.
    """
    for name in (wanted, wanted.upper(), f"{collection.one}:{wanted}"):
        position = rows.position(name)
        if position is not None:
            return np.asarray([position])
    own = called(collection.one, dict(zip(rows.frame.index, rows.frame["name"], strict=True)), wanted)
    return np.asarray([rows.position(own)])


def respond(asked: Asked, what: str, address: str, make: Any) -> Response:
    """Answer with a body that follows from the state of the atlas and the address."""
    version = version_of(asked.atlas) if asked.collection.is_measured else (asked.atlas.revision,)
    key = ("programs", what, *version, digest(f"{request.root_path} {address}"))
    # the form too: one address has several, by what is accepted
    response = house().payloads.respond(request, key, make, tag=tag(what.replace(" ", "-"), *version))
    response.vary.add("Accept")
    return response


def accepted(collection: Collection) -> str:
    """The form that the reader would rather have."""
    offered = [JSON, GEOJSON] if collection.has_shape else [JSON]
    return "geojson" if request.accept_mimetypes.best_match(offered, JSON) == GEOJSON else "json"


def _written(asked: Asked, form: str, rows: Rows, shown: Positions, total: int) -> Body:
    links = pages(request, asked.limit, asked.offset, total)
    headers = link_header(links)
    if form == "csv":
        name = f"atlas-{asked.collection.name}-{asked.atlas.revision}.csv"
        headers |= {"Content-Disposition": f'attachment; filename="{name}"', "X-Total-Count": str(total)}
        return Body(csv_text(rows.columns, rows.records(shown)).encode(), CSV, headers)
    about = {**_about(asked), "total": total, "limit": asked.limit, "offset": asked.offset, **links}
    if form == "geojson":
        return Body(feature_collection(about, features(rows, shown)), GEOJSON, headers)
    return Body(compact({**about, "items": rows.records(shown)}), JSON, headers)


def _about(asked: Asked) -> dict[str, Any]:
    """What an answer follows from; a first look says by its draws that it is one, since its revision tells nobody."""
    draws = {"draws": asked.atlas.parameters.draws} if asked.collection.is_measured else {}
    return {"revision": asked.atlas.revision, **draws}


def features(rows: Rows, shown: Positions) -> Iterable[str]:
    """Rows as GeoJSON features."""
    for values, shape in zip(rows.records(shown), rows.geometries(shown), strict=True):
        own = values.pop("id")
        head, properties = json.dumps(own, ensure_ascii=False), compact(values).decode()
        yield f'{{"type":"Feature","id":{head},"geometry":{shape},"properties":{properties}}}'


def feature_collection(about: Mapping[str, Any], written: Iterable[str]) -> bytes:
    """Features with what is said of all of them."""
    head = compact({"type": "FeatureCollection", **about}).decode()
    return f'{head[:-1]},"features":[{",".join(written)}]}}'.encode()


def compact(document: Mapping[str, Any]) -> bytes:
    """A document as JSON without spaces; refuses NaN."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
