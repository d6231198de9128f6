"""What can be asked, as documentation has it: of the collections by their table, of older addresses by `others`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

from atlas.parameters import MAX_CATCHMENT_M, MAX_CATCHMENT_MIN, MIN_CATCHMENT_M, MIN_CATCHMENT_MIN
from atlas.vocabulary import WEIGHTED_DOMAINS, AccessMeasure, CapacityRule, Decay, Sector
from web.choices import DEFAULTS
from web.library import Library
from web.payloads import JSON
from web.programs.answering import CSV, GEOJSON
from web.programs.asking import LIMIT, OFFSET, format_of
from web.programs.describe import Parameter, Schema, row_schema
from web.programs.table import AT, COLLECTIONS, Collection

MIMETYPES: Final = {"json": JSON, "csv": CSV.partition(";")[0], "geojson": GEOJSON}


@dataclass(frozen=True, slots=True)
class Operation:
    """One address and what it answers.

    Parameters
    ----------
    path, name : str
        With its parts in braces; a short name.
    group, summary, words : str
        Heading that it stands under; what it answers, in a few words and in a sentence or two.
    parameters : tuple of Parameter
        What it takes, besides the choices.
    answers : mapping of str to Schema
        By media type, what an answer holds.
    takes_choices : bool
        Whether it follows from the choices of release, need, sectors and catchment.
    rows : tuple of (str, Schema), optional
        Name and schema of a row, where it lists some.
    body : mapping of str to Schema
        By media type, what is sent, where it is asked by POST.
    is_older : bool
        Whether it is no collection's: `in` is a borough among the choices then, and a field may be empty.
    """

    path: str
    name: str
    group: str
    summary: str
    words: str = ""
    parameters: tuple[Parameter, ...] = ()
    answers: Mapping[str, Schema] = field(default_factory=dict)
    takes_choices: bool = False
    rows: tuple[str, Schema] | None = None
    body: Mapping[str, Schema] = field(default_factory=dict)
    is_older: bool = False

    @property
    def example(self) -> str:
        """An address that is answered with the data that come with Atlas; empty where it takes what others bring."""
        needed = {one.name: one.schema.get("examples", [""])[0] for one in self.parameters if one.is_required}
        if self.method != "get" or not all(needed.values()):
            return ""
        path = self.path.replace("{wanted}", quote(needed.pop("wanted", "")))
        return f"{path}?{urlencode(needed)}" if needed else path

    @property
    def method(self) -> str:
        """How it is asked."""
        return "post" if self.body else "get"


def id_of(kind: str) -> Parameter:
    """The part of a path that names one of a kind, with one that comes with Atlas for an example.

    Examples
    --------
    >>> id_of("network").schema
    {'type': 'string', 'examples': ['lain']}
    """
    examples = {"examples": [_EXAMPLES[kind]]} if kind in _EXAMPLES else {}
    return Parameter("wanted", f"Id of the {kind}.", {"type": "string", **examples}, in_path=True, is_required=True)


_EXAMPLES: Final = {
    "area": "E01003189",
    "borough": "E09000023",
    "institution": "lewisham-council",
    "network": "lain",
    "node": "network:lain",
    "programme": "anchor-institutions-charter",
    "site": "christ-the-king-aquinas",
}


def reference(name: str) -> Schema:
    """A schema that is written elsewhere in the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def row_name(collection: Collection) -> str:
    """Name of the schema of a row.

    Examples
    --------
    >>> row_name(COLLECTIONS[0])
    'AreasRow'
    """
    return f"{collection.name.title().replace('_', '')}Row"


PAGING: Final[Mapping[str, Schema]] = {
    "revision": {"type": "string", "description": "names all that the answer follows from"},
    "total": {"type": "integer", "minimum": 0, "description": "rows on all pages"},
    "limit": {"type": "integer"},
    "offset": {"type": "integer"},
    "next": {"type": ["string", "null"], "description": "address of the next page, from the root of this server"},
    "prev": {"type": ["string", "null"], "description": "the same of the page before"},
}

DRAWS: Final[Schema] = {
    "type": "integer",
    "minimum": 1,
    "description": "other ways of measuring behind shares, verdicts and ranges; few while the rest are being tried",
}
"""Stands beside the revision of what follows from the choices."""


def listed(items: str, item: Schema, more: Mapping[str, Schema] | None = None) -> Schema:
    """A page of rows as JSON Schema."""
    properties = {**(more or {}), **PAGING, items: {"type": "array", "items": item}}
    return {"type": "object", "properties": properties, "required": [*properties]}


def feature(properties: Schema) -> Schema:
    """A GeoJSON feature as JSON Schema."""
    geometry = {"type": ["object", "null"], "properties": {"type": {"type": "string"}}}
    held = {"type": {"const": "Feature"}, "id": {"type": ["string", "integer"]}, "geometry": geometry}
    return {"type": "object", "properties": {**held, "properties": properties}, "required": [*held, "properties"]}


def without_id(schema: Schema) -> Schema:
    """A row's schema as GeoJSON has it: its id stands beside the properties."""
    properties = {name: one for name, one in schema["properties"].items() if name != "id"}
    return {**schema, "properties": properties, "required": [one for one in schema["required"] if one != "id"]}


def of_collection(collection: Collection) -> list[Operation]:
    """The list of a collection, and its rows."""
    name, path = row_name(collection), f"/api/v1/{collection.name}"
    schema = row_schema(collection.fields)
    row = reference(name)
    kinds = {"type": {"const": "FeatureCollection"}}
    draws = {"draws": DRAWS} if collection.is_measured else {}
    answers = {"json": listed("items", row, draws), "csv": {"type": "string"}}
    about = {"revision": PAGING["revision"], **draws}
    one: dict[str, Any] = {"json": {**schema, "properties": {**about, **schema["properties"]}}}
    one["csv"] = {"type": "string"}
    if collection.has_shape:
        shaped = feature(without_id(schema))
        answers["geojson"], one["geojson"] = listed("features", shaped, {**kinds, **draws}), shaped
    shared: dict[str, Any] = {"takes_choices": collection.is_measured, "group": collection.title}
    form = format_of(collection)
    found = [
        Operation(
            path,
            collection.name,
            summary=collection.title,
            words=collection.words,
            parameters=(*collection.parameters, LIMIT, OFFSET, form),
            answers=by_mimetype(answers),
            rows=(name, schema),
            **shared,
        )
    ]
    if collection.has_items:
        dated = (AT,) if collection.has_day else ()
        summary = f"One {collection.one}"
        found.append(
            Operation(
                f"{path}/{{wanted}}",
                f"{collection.name}_one",
                summary=summary,
                parameters=(id_of(collection.one), *dated, form),
                answers=by_mimetype(one),
                **shared,
            )
        )
    return found


def by_mimetype(answers: Mapping[str, Schema]) -> dict[str, Schema]:
    """Answers by media type in place of the short name of a form."""
    return {MIMETYPES[form]: schema for form, schema in answers.items()}


def of_collections() -> list[Operation]:
    """What can be asked of every collection."""
    return [operation for collection in COLLECTIONS for operation in of_collection(collection)]


def choices_of(library: Library, *, borough: bool) -> tuple[Parameter, ...]:
    """The choices that an address takes, as far as what is here offers them.

    Parameters
    ----------
    library : Library
        Every release that is here.
    borough : bool
        Whether `in` is among them and means a borough.
    """
    domains = [*dict.fromkeys(str(domain) for release in library.releases for domain in library.domains(release))]
    names = library.default.inputs.areaset.borough_names()
    given = [
        *([_one("in", "Only what lies in a borough.", [*names, *names.values()])] if borough else []),
        _one("release", "Where need comes from.", library.releases),
        _one("domain", "Domain of need that is measured.", domains),
    ]
    if len(domains) > 1:
        given += [
            Parameter(
                "weights", f"Per cent of {', '.join(WEIGHTED_DOMAINS)}: seven numbers that add to 100.", _WEIGHTS
            ),
            _one("leave_out", "Domain that does not count.", WEIGHTED_DOMAINS),
        ]
    sectors = {"type": "array", "items": {"type": "string", "enum": [*map(str, Sector)]}, "minItems": 1}
    given += [
        Parameter("sectors", "Sectors whose sites count as supply.", sectors),
        _one("measure", "How access is measured.", AccessMeasure),
        Parameter("catchment", "Catchment, metres.", _CATCHMENT),
    ]
    if any(library.in_minutes(release) for release in library.releases):
        given.append(Parameter("minutes", "Catchment in minutes of travel.", _MINUTES))
    return (
        *given,
        _one("decay", "How reach fades inside the catchment.", Decay),
        _one("capacity", "What one site weighs.", CapacityRule),
    )


_WEIGHTS: Final = {"type": "string", "pattern": r"^\d{1,3}(\.\d+)?(,\d{1,3}(\.\d+)?){6}$"}
_CATCHMENT: Final = {
    "type": "number",
    "minimum": MIN_CATCHMENT_M,
    "maximum": MAX_CATCHMENT_M,
    "default": DEFAULTS.catchment_m,
}
_MINUTES: Final = {"type": "number", "minimum": MIN_CATCHMENT_MIN, "maximum": MAX_CATCHMENT_MIN}


def _one(name: str, words: str, values: Iterable[Any]) -> Parameter:
    return Parameter(name, words, {"type": "string", "enum": [*map(str, values)]})
