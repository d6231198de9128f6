"""Every collection, described once: routes, answers, checks and documentation are made from this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd
from flask import current_app, request

from atlas.exports.graph.fields import Field
from atlas.graph.bare import without_assets
from atlas.graph.timeline import as_at, as_day
from atlas.snapshot import Atlas
from atlas.vocabulary import Domain, Kind, Relation, Sector, SiteKind
from atlas.vocabulary.estate import AssetStatus, Tenure, Use
from web.graph_measures import measured as graph_measured
from web.memo import Memo
from web.programs import files, finding, land, measured, partners
from web.programs.describe import DAY, Parameter, Schema, schema_of
from web.programs.finding import Finder
from web.programs.rows import Mask, Rows
from web.visit import house, version_of

EXTENSION: Final = "atlas programs"
KEPT: Final = 32
"""Collections and sets of shapes kept; for London the largest has 5 MB, shapes left out."""

_PARTIAL: Final = {"type": "string", "pattern": rf"^(?:[12]\d{{3}}(?:-(?:0[1-9]|1[0-2]))?|{DAY})$"}

IN: Final = Parameter(
    "in",
    "Only what has to do with a place: a borough, an integrated care board, an MSOA or an LSOA, by GSS code or name.",
    {"type": "string", "minLength": 1, "maxLength": 100, "examples": ["Lewisham", "E09000023", "E54000030"]},
    "the name or GSS code of a place in London, such as Lewisham, E09000023 or E54000030",
)
AT: Final = Parameter(
    "at",
    "Only what stood, or may have stood, on a day; `standing` then says which.",
    {**_PARTIAL, "examples": ["2024-06-30", "2024"]},
    "a year from 1000 to 2999, a month or a day such as 2024-06-30",
)


@dataclass(frozen=True, slots=True)
class State:
    """What rows are made of.

    Parameters
    ----------
    atlas : Atlas
        What answers.
    at : str
        Day, ISO, as at which the graph is read; empty for all that was ever there.
    """

    atlas: Atlas
    at: str = ""

    @property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The graph without land, whole or as at the day."""
        graph = without_assets(self.atlas.graph)
        return as_at(graph, as_day(self.at)) if self.at else graph


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are left when a field is given: those whose column is, or holds, one of its values.

    Parameters
    ----------
    parameter : Parameter
        The field.
    column : str
        Of the frame.
    holds : bool
        Whether cells are lists that may hold a value.
    find : callable, optional
        Gives what cells have for an id or a name; raises `QueryError` where nothing is called so.
    means : mapping
        What cells have for a value, where it is something else.
    """

    parameter: Parameter
    column: str
    holds: bool = False
    find: Finder | None = None
    means: Mapping[str, Any] = field(default_factory=dict)

    def mask(self, frame: pd.DataFrame, value: Any) -> Mask:
        """Which rows are left."""
        wanted = {self.means.get(one, one) for one in (value if isinstance(value, tuple) else (value,))}
        if self.holds:
            return np.asarray([not wanted.isdisjoint(cell) for cell in frame[self.column]], dtype=bool)
        return frame[self.column].isin([*wanted]).to_numpy(bool)


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection.

    Parameters
    ----------
    name, title, words : str
        Last part of its address; what people call it; what a row is.
    one : str
        What a row is called where it is not found.
    fields : tuple of Field
        What a row says, `id` first.
    rows : callable
        Makes all rows of a state.
    filters : tuple of Filter
        What rows may be chosen by besides `in` and `at`.
    has_place, has_day, has_shape, has_items : bool
        Whether it is chosen by `in`, and by `at`; is given as GeoJSON; and whether each row has an address.
    is_measured : bool
        Whether it follows from need, sectors and catchment; all draws are waited for then.
    kept_as : str
        What its rows are kept under; its name unless given.
    """

    name: str
    title: str
    words: str
    one: str
    fields: tuple[Field, ...]
    rows: Callable[[State], Rows]
    filters: tuple[Filter, ...] = ()
    has_place: bool = True
    has_day: bool = False
    has_shape: bool = False
    has_items: bool = True
    is_measured: bool = False
    kept_as: str = ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Fields of an address that rows are chosen by."""
        first = (*((IN,) if self.has_place else ()), *((AT,) if self.has_day else ()))
        return (*first, *(one.parameter for one in self.filters))

    def held(self, state: State) -> Rows:
        """All rows of a state, made once."""
        inputs = state.atlas.inputs
        version = version_of(state.atlas) if self.is_measured else (inputs.fingerprint, state.at)
        found: Rows = held((self.kept_as or self.name, request.root_path, *version), lambda: self.rows(state))
        return found


def held(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What is kept under a key, made where there is none."""
    kept: Memo[Any] = current_app.extensions.setdefault(EXTENSION, Memo[Any](KEPT))
    return kept.get(key, make)


def _shapes(what: str, state: State, make: Callable[[Atlas], Any]) -> Any:
    geometry = house().library.geometries[state.atlas.inputs.release]
    return held(("shapes", what, geometry), lambda: make(state.atlas))


def _of(fields: tuple[Field, ...], *names: str) -> tuple[Filter, ...]:
    """Filters by fields as they are."""
    known = {one.name: one for one in fields}
    return tuple(_by(name, schema_of(known[name]), known[name].description) for name in names)


_FINDERS: Final[Mapping[str, Finder]] = {
    "lad": finding.borough,
    "msoa": finding.msoa,
    "gap_area": finding.gap_area,
    "network": finding.node(Kind.NETWORK),
    "institution": finding.node(Kind.INSTITUTION),
    "node": finding.node(*Kind),
    "partner": finding.partner,
    "register": finding.register,
}
"""By the name of a field that holds ids: it takes names, too, and refuses what is called nothing."""


_ONE_OF_SEVERAL: Final = r"^[^\s,][^,]*$"
"""A text in a list: commas part it from the others."""


def _by(name: str, schema: Schema, words: str, column: str = "", *, holds: bool = False) -> Filter:
    item = {key: value for key, value in schema.items() if key != "description"}
    if isinstance(item.get("type"), list):  # nothing is chosen by what is not there
        item["type"] = item["type"][0]
    if item.get("type") == "string" and not item.keys() & {"enum", "pattern", "format"}:
        item["pattern"] = _ONE_OF_SEVERAL
    several = {"type": "array", "items": item, "minItems": 1} if item.get("type") == "string" else item
    find = _FINDERS.get(name)
    said = f"Only rows with any of these: {words}{', or its name' if find else ''}."
    allowed = f"the {words}, or its name" if find else ""
    return Filter(Parameter(name, said, several, allowed), column or name, holds, find)


def _list(name: str, words: type[Any], what: str, column: str, *, holds: bool = False) -> Filter:
    return _by(name, {"type": "string", "enum": [one.value for one in words]}, what, column, holds=holds)


_ID: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 200}
_DOMAIN: Final = _list("domain", Domain, "what it acts on", "domains", holds=True)
_SECTOR: Final = _list("sector", Sector, "what it does", "sector")

COLLECTIONS: Final = (
    Collection(
        "areas",
        "Small areas",
        "Each small area (LSOA) of London with its people, need, access and gap, under the choices in the address.",
        "area",
        measured.AREAS,
        lambda here: measured.areas(here.atlas, _shapes("areas", here, measured.area_shapes)),
        _of(measured.AREAS, "verdict", "is_gap_here", "lad", "msoa", "gap_area"),
        has_shape=True,
        is_measured=True,
    ),
    Collection(
        "need",
        "Need",
        "Need of each small area: the score under the choices, and each domain's score, rank and decile as published.",
        "area",
        measured.NEED,
        lambda here: measured.need(here.atlas, _shapes("areas", here, measured.area_shapes)),
        _of(measured.NEED, "lad", "msoa"),
        has_shape=True,
        is_measured=True,
    ),
    Collection(
        "access",
        "Access",
        "Access of each small area to anchor sites, and the site nearest to it.",
        "area",
        measured.ACCESS,
        lambda here: measured.access(here.atlas, _shapes("areas", here, measured.area_shapes)),
        _of(measured.ACCESS, "is_reached", "lad", "msoa"),
        has_shape=True,
        is_measured=True,
    ),
    Collection(
        "boroughs",
        "Boroughs",
        "Each borough with its people, its gaps and its counted sites.",
        "borough",
        measured.BOROUGHS,
        lambda here: measured.boroughs(here.atlas, _shapes("boroughs", here, measured.borough_shapes)),
        has_shape=True,
        is_measured=True,
    ),
    Collection(
        "institutions",
        "Institutions",
        "Each institution of the partnership graph; in a place are those with a site there.",
        "institution",
        partners.INSTITUTIONS,
        lambda here: partners.institutions(here.atlas, here.graph),
        (
            _SECTOR,
            *_of(partners.INSTITUTIONS, "is_anchor", "status"),
            _by("network", _ID, "id of a network that it is tied to", "networks", holds=True),
        ),
        has_day=True,
    ),
    Collection(
        "networks",
        "Networks",
        "Each network; in a place are those whose footprint takes in any of it.",
        "network",
        partners.NETWORKS,
        lambda here: partners.joint(Kind.NETWORK, partners.NETWORKS)(here.atlas, here.graph),
        (_DOMAIN, *_of(partners.NETWORKS, "scale", "origin", "status")),
        has_day=True,
        has_shape=True,
    ),
    Collection(
        "programmes",
        "Programmes",
        "Each programme; in a place are those whose footprint takes in any of it.",
        "programme",
        partners.PROGRAMMES,
        lambda here: partners.joint(Kind.PROGRAMME, partners.PROGRAMMES)(here.atlas, here.graph),
        (_DOMAIN, *_of(partners.PROGRAMMES, "scale", "status")),
        has_day=True,
        has_shape=True,
    ),
    Collection(
        "sites",
        "Sites",
        "Each site of an institution, in and around London.",
        "site",
        partners.SITES,
        lambda here: partners.sites(here.atlas, here.graph),
        (
            _SECTOR,
            _list("type", SiteKind, "what stands there", "type"),
            *_of(partners.SITES, "institution", "status", "in_london", "is_counted"),
        ),
        has_day=True,
        has_shape=True,
    ),
    Collection(
        "ties",
        "Ties",
        "Each tie of the partnership graph with its source; place, sector and domain are those of either end.",
        "tie",
        partners.TIES,
        lambda here: partners.ties(here.atlas, here.graph),
        (
            _by("node", _ID, "id of the node at either end", "ends", holds=True),
            _list("relation", Relation, "the verb", "relation"),
            _list("sector", Sector, "what either end does", "sectors", holds=True),
            _list("domain", Domain, "what either end acts on", "domains", holds=True),
            *_of(partners.TIES, "status", "confidence"),
        ),
        has_day=True,
        has_items=False,
    ),
    Collection(
        "measures",
        "Measures of the graph",
        "Each institution, network and programme with every measure of its place in the graph, the most between first.",
        "node",
        partners.MEASURED,
        lambda here: partners.measures(here.atlas, graph_measured(here.atlas, here.at)),
        (_list("kind", Kind, "what it is", "kind"), _SECTOR),
        has_day=True,
    ),
    Collection(
        "exports",
        "Exports",
        "Each file that can be fetched whole.",
        "file",
        files.FILES,
        lambda here: files.files(here.atlas),
        _of(files.FILES, "about"),
        has_place=False,
        has_items=False,
        is_measured=True,
    ),
)
"""Those with a list of their own under `/api/v1`."""

GAPS: Final = Collection(
    "gaps",
    "Gap areas",
    "Each gap area: contiguous small areas where need is high and anchors are few.",
    "gap area",
    measured.GAPS,
    lambda here: measured.gaps(
        here.atlas, held(("shapes", "gaps", here.atlas.revision), lambda: measured.gap_shapes(here.atlas))
    ),
    (
        *_of(measured.GAPS, "verdict", "lad"),
        _list(
            "domains_missing",
            Domain,
            "what nobody there acts on, not even across London",
            "domains_missing",
            holds=True,
        ),
        _list(
            "local_domains_missing",
            Domain,
            "what no local network or programme there acts on",
            "local_domains_missing",
            holds=True,
        ),
    ),
    has_shape=True,
    is_measured=True,
)
ESTATE: Final = Collection(
    "estate",
    "Estate",
    "Land and property of partners, as far as everybody may see it.",
    "asset",
    land.ESTATE,
    lambda here: land.estate(
        here.atlas,
        held(("shapes", "estate", here.atlas.inputs.fingerprint), lambda: land.estate_shapes(here.atlas)),
    ),
    (
        *_of(land.ESTATE, "partner", "register"),
        _list("use", Use, "what it is for", "use"),
        _list("tenure", Tenure, "by what right it is held", "tenure"),
        _list("status", AssetStatus, "whether it is in use", "status"),
    ),
    has_shape=True,
)
"""Both have an address of their own under `/api/v1`, with more to choose by; they are layers of the OGC API too."""
