"""Addresses under `/api/v1` that are older than the table of collections, as documentation has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from atlas.exports.estate.assets import COLUMNS
from atlas.exports.estate.assets import MIMETYPES as FILES
from atlas.graph.measures.words import MEASURES
from atlas.parameters import FIRST_LOOK, MAX_CATCHMENT_M
from atlas.siting.question import RADIUS_M, Demand, Objective
from atlas.vocabulary import Kind, Relation, Release
from atlas.vocabulary.estate import NOT_IN_USE, AssetStatus, PlacedBy, Tenure, Use
from web.choices import DEFAULTS
from web.estate_choices import LONGEST_TEXT
from web.payloads import JSON
from web.programs.asking import LIMIT, OFFSET
from web.programs.describe import Parameter, Schema
from web.programs.operations import PAGING, Operation, by_mimetype, id_of
from web.programs.table import AT
from web.scenario_address import MOST_BYTES
from web.search import MOST
from web.siting import OFFERED

_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_FLAG: Final[Schema] = {"type": "string", "enum": ["yes", "no"]}
_TICK: Final[Schema] = {"type": "string", "examples": ["yes"]}
_HA: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1_000_000}
_TOP: Final = Parameter("top", "So many from the first on.", {"type": "integer", "minimum": 1, "maximum": 99_999})
_EVER: Final = Parameter("ever", "`yes`: what stood at any time, not on the day alone.", _TICK)
_DAY: Final = Parameter(
    "at", "Day that is asked about; the latest on which anybody looked if not given.", AT.schema, AT.allowed
)
_ROWS: Final[Mapping[str, Schema]] = {"sentence": {"type": "string"}, "rows": {"type": "array"}}


def _must(name: str, words: str, example: str) -> Parameter:
    return Parameter(name, words, {**_TEXT, "examples": [example]}, is_required=True)


def _choice(name: str, words: str, values: Any, *, several: bool = False) -> Parameter:
    one = {"type": "string", "enum": [*map(str, values)]}
    return Parameter(name, words, {"type": "array", "items": one, "minItems": 1} if several else one)


def _form(*forms: str) -> Parameter:
    return _choice("format", "Form of the answer.", forms)


def _object(**keys: Any) -> Schema:
    """A document with these members, at least."""
    properties = {name: dict(one) if isinstance(one, Mapping) else {"type": one} for name, one in keys.items()}
    return {"type": "object", "properties": properties, "required": [*keys]}


def _forms(document: Schema, *forms: str) -> dict[str, Schema]:
    known = {"json": document, "csv": {"type": "string"}, "geojson": _object(type="string", features="array")}
    return by_mimetype({form: known[form] for form in forms or ("json",)})


_ALL: Final = ("json", "csv", "geojson")
_TABLE: Final = ("json", "csv")
_ABOUT: Final = {"release": "string", "revision": "string", "parameters": "object"}
_SEATS: Final = _object(revision="string", domains="array", has="array", lacks="array", doubts="array")
_READY: Final = _object(revision="string", elements="array")
_EFFECTS: Final = _object(scenario="object", revision="string", sentence="string", areas="array")
_SENT: Final[Mapping[str, Schema]] = {
    JSON: {**_object(name="string", changes="array"), "description": "The scenario, as the how-to guide has it."},
    "application/x-www-form-urlencoded": _object(text="string"),
    "multipart/form-data": {"type": "object", "properties": {name: {"type": "string"} for name in ("file", "text")}},
}
_DRAWS: Final = Parameter(
    "draws",
    f"{FIRST_LOOK} for a first look, or all: {DEFAULTS.draws} unless the scenario has its own.",
    {"type": "integer", "minimum": FIRST_LOOK, "maximum": DEFAULTS.draws, "default": FIRST_LOOK},
)

_GAPS: Final = (
    Operation(
        "/api/v1/gaps",
        "gaps",
        "Gap areas",
        "Gap areas",
        "Each gap area as `atlas gaps` prints it, the one with most people first.",
        (_TOP, _form(*_ALL)),
        _forms(_object(**_ABOUT, areas="array"), *_ALL),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/gaps/{wanted}",
        "gap",
        "Gap areas",
        "One gap area",
        "With the questions that decide how sure it is, and the numbers behind each answer.",
        (id_of("gap area"),),
        _forms(_object(**_ABOUT, areas="array", reasons="array")),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/gaps/{wanted}/seats",
        "gap_seats",
        "Gap areas",
        "Who could take a seat in a gap area",
        "",
        (id_of("gap area"),),
        _forms(_SEATS),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/siting",
        "siting",
        "Gap areas",
        "Where more sites would do most",
        "With a proven bound on what any other choice could reach.",
        (
            Parameter("p", "Sites to place.", {"type": "integer", "minimum": 1, "maximum": 20}),
            _choice("objective", "What is made as good as can be.", Objective),
            Parameter(
                "radius",
                "Reach of a site, metres.",
                {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_CATCHMENT_M, "default": RADIUS_M},
            ),
            _choice("candidates", "What is chosen from; land where any register is here.", OFFERED),
            _choice("demand", "Who is counted.", Demand),
            _form(*_ALL),
        ),
        _forms(_object(**_ABOUT, question="object", sentence="string", sites="array"), *_ALL),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/compare",
        "compare",
        "Gap areas",
        "Two releases side by side",
        "Which gap areas are new, gone or remain; 503 where a release is not here.",
        (
            _choice("before", "The earlier release.", Release),
            _choice("after", "The later one.", Release),
            _form(*_TABLE),
        ),
        _forms(_object(), *_TABLE),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/compare/boroughs",
        "compare_boroughs",
        "Gap areas",
        "Two boroughs side by side",
        "With London beside both.",
        (
            Parameter("a", "Name or GSS code of the one.", _TEXT),
            Parameter("b", "Name or GSS code of the other.", _TEXT),
            _form(*_TABLE),
        ),
        _forms(_object(revision="string", boroughs="array", facts="array"), *_TABLE),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/scenario",
        "scenario",
        "Gap areas",
        "What a scenario would change",
        "A scenario is a document of its own: docs/how-to/scenarios.md. One too long for an address is sent by POST.",
        (
            Parameter(
                "scenario", "The scenario: its JSON, or as its page has it in its address.", _TEXT, is_required=True
            ),
            _DRAWS,
            _form(*_TABLE),
        ),
        _forms(_EFFECTS, *_TABLE),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/scenario",
        "scenario_sent",
        "Gap areas",
        "What a scenario that is sent would change",
        f"As JSON, or as the text or file of a form; {MOST_BYTES // 1024} kB at most. It is answered and forgotten.",
        (_DRAWS, _form(*_TABLE)),
        _forms(_EFFECTS, *_TABLE),
        takes_choices=True,
        body=_SENT,
    ),
    Operation(
        "/api/v1/progress",
        "progress",
        "Gap areas",
        "How far the work on some choices has come",
        "Never kept by anybody.",
        (),
        _forms(_object(done="integer", total="integer", is_over="boolean", revision="string", is_assured="boolean")),
        takes_choices=True,
    ),
)


def _question(name: str, summary: str, *parameters: Parameter, keys: Mapping[str, Any] = _ROWS) -> Operation:
    return Operation(
        f"/api/v1/graph/{name}", f"graph_{name}", "The graph", summary, "", parameters, _forms(_object(**keys))
    )


_GRAPH: Final = (
    Operation(
        "/api/v1/graph",
        "graph",
        "The graph",
        "The whole graph as node-link JSON",
        'Opens as `networkx.node_link_graph(data, source="subject", target="object", edges="edges")`.',
        (Parameter("assets", "With what everybody holds, too.", _FLAG),),
        _forms(_object(directed="boolean", multigraph="boolean", graph="object", nodes="array", edges="array")),
    ),
    Operation(
        "/api/v1/graph/measures",
        "graph_measures",
        "The graph",
        "Every measure, with the words for each and how sure ranks are",
        "",
        (AT, _choice("by", "What rows are in order of.", MEASURES), _TOP, _form(*_TABLE)),
        _forms(_object(size="object", ranks="object", measures="array", nodes="array"), *_TABLE),
    ),
    _question("members", "Who belongs to a network", _must("network", "Id or name.", "lain"), _DAY, _EVER),
    _question("serves", "What serves a place", _must("place", "Name or GSS code.", "Lewisham"), _DAY, _EVER),
    _question(
        "ego",
        "Who is around a node",
        _must("node", "Id or name.", "lain"),
        Parameter("radius", "Steps from it.", {"type": "integer", "minimum": 1, "maximum": 2}),
        _choice("relation", "Along this verb alone.", Relation),
        _choice("kind", "Only nodes of this kind.", Kind),
        _DAY,
        _EVER,
    ),
    _question(
        "chains",
        "The shortest chains of ties between two bodies",
        _must("from", "Id or name.", "lewisham-council"),
        _must("to", "Id or name.", "kings-college-london"),
        _DAY,
        _EVER,
        Parameter("through_places", "`yes`: through places, too.", _TICK),
    ),
    _question(
        "bridges",
        "Who bridges two networks",
        _must("a", "Id or name.", "lain"),
        _must("b", "Id or name.", "knowledge-quarter"),
        _DAY,
    ),
    _question(
        "changes",
        "What changed between two days",
        Parameter("from", "The first day; 2022 if not given.", AT.schema, AT.allowed),
        Parameter("to", "The last day.", AT.schema, AT.allowed),
    ),
    _question("lineage", "Where a body came from and what became of it", _must("node", "Id or name.", "lain"), _DAY),
    Operation(
        "/api/v1/commitments",
        "commitments",
        "The graph",
        "What bodies promised and what they report",
        "",
        (Parameter("node", "Of this body alone, by id or name.", _TEXT), _form(*_TABLE)),
        _forms(_object(revision="string", states="object", metrics="array"), *_TABLE),
    ),
    *(
        Operation(
            f"/api/v1/{kind}s/{{wanted}}/{what}", f"{kind}_{what}", "The graph", summary, "", (id_of(kind),), answer
        )
        for kind in ("network", "programme")
        for what, summary, answer in (
            ("seats", f"Who sits at the table of a {kind}, who is missing, and who could come", _forms(_SEATS)),
            ("readiness", f"What is on record of a {kind}, by the elements of the how-to guide", _forms(_READY)),
        )
    ),
)

_CHOSEN: Final = (
    Parameter("owner", "Partners whose registers count, by id or name, separated by commas.", _TEXT),
    _choice("use", "What it is for.", Use, several=True),
    _choice("tenure", "By what right it is held.", Tenure, several=True),
    _choice("status", "Whether it is in use.", AssetStatus, several=True),
    _choice("available", f"Only what is {NOT_IN_USE}.", ("1", "0")),
    _choice("placed", "How its position was come by.", PlacedBy, several=True),
    Parameter("min_ha", "Land of at least so much, hectares.", _HA),
    Parameter("max_ha", "Land of at most so much, hectares.", _HA),
    Parameter("find", "Words in its name, address, UPRN or reference.", {"type": "string", "maxLength": LONGEST_TEXT}),
    Parameter("gap", "Id of a gap area that it stands in.", _TEXT),
    Parameter("ward", "GSS code of a ward that it stands in.", _TEXT),
    Parameter("area", "Longitude,latitude of the corners of an area that it stands in.", _TEXT),
    Parameter("box", "West,south,east,north in degrees or metres of the National Grid.", _TEXT),
)
_ASSET: Final = _object(asset="string", **{name: {} for name in COLUMNS if name != "asset"})
_PAGED: Final = {name: PAGING[name] for name in ("revision", "total", "offset", "limit", "next", "prev")}

_ESTATE: Final = (
    Operation(
        "/api/v1/estate",
        "estate",
        "Estate",
        "Land and property, as far as everybody may see it",
        "What is not in use first, then the largest.",
        (*_CHOSEN, LIMIT, OFFSET),
        _forms(_object(**_PAGED, assets="array")),
        takes_choices=True,
        rows=("EstateRow", _ASSET),
    ),
    Operation(
        "/api/v1/estate/assets/{wanted}",
        "asset",
        "Estate",
        "Everything that is said of one asset",
        "",
        (id_of("asset"),),
        _forms(_object(revision="string", asset="string", findings="array", same_place="array", conflicts="array")),
    ),
    Operation(
        "/api/v1/estate/totals",
        "estate_totals",
        "Estate",
        "What the chosen assets add up to",
        "",
        _CHOSEN,
        _forms(_object(sentence="string", interests="integer", assets="integer")),
        takes_choices=True,
    ),
    Operation(
        "/api/v1/estate/registers",
        "registers",
        "Estate",
        "Every register: its date, and how complete it is",
        "",
        (),
        _forms(_object(revision="string", registers="array")),
    ),
    Operation(
        "/api/v1/estate/opportunities",
        "opportunities",
        "Estate",
        "What partners could do together with their land",
        "",
        (_form(*_ALL),),
        _forms(_object(**_ABOUT, sentence="string", co_locations="object", spare="object", helps="object"), *_ALL),
        takes_choices=True,
    ),
    *(
        Operation(
            f"/api/v1/estate/assets.{form}",
            f"estate_{form}",
            "Estate",
            f"The chosen assets as a file ({form})",
            "",
            _CHOSEN,
            {kind.partition(";")[0]: {"type": "string"} if form != "geojson" else _object(features="array")},
            takes_choices=True,
        )
        for form, kind in FILES.items()
    ),
)

_SEARCH: Final = (
    Operation(
        "/api/v1/search",
        "search",
        "Search",
        "What is nearest to the words typed",
        "Institutions, networks, programmes, gap areas under the choices, places, postcodes and assets that everybody "
        "may see. Ids lack their kind: `lain` is `network:lain`, and addresses take both.",
        (
            _must("q", "What is looked for.", "lewisham"),
            Parameter("limit", "So many at most.", {"type": "integer", "minimum": 1, "maximum": MOST}),
        ),
        _forms(_object(query="string", count="integer", results="array", note={"type": ["string", "null"]})),
        takes_choices=True,
    ),
)

OTHERS: Final = tuple(replace(one, is_older=True) for one in (*_GAPS, *_GRAPH, *_ESTATE, *_SEARCH))
"""All of them, in the order in which they are shown."""

LEFT_OUT: Final = ("/api/v1/estate/imports",)
"""What only whoever has the token may ask: docs/how-to/map-our-estate.md."""
