"""The rows of the partnership data, one class a table; each field says what its column holds.

A row's `id` is its node's id in the graph, ``kind:slug``. Dates are ISO days or, where only that is known, ISO
months or years; an empty end means open or unknown. Lists are separated by semicolons. Coordinates are EPSG:27700.
"""

from __future__ import annotations

import inspect
import re
from datetime import date
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from atlas.vocabulary import (
    Confidence,
    Domain,
    FootprintKind,
    Kind,
    Maturity,
    Origin,
    PositionBasis,
    Relation,
    Scale,
    Sector,
    SiteKind,
    Status,
    SurveyStatus,
)
from atlas.vocabulary.estate import AssetStatus, Holding, PlacedBy, Tenure, Use

NODE_ID: Final = re.compile(r"^(institution|network|programme|place|site|asset):[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$")
PARTIAL_DATE: Final = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
YEARS: Final = ("1000", "2999")
"""Any other is a slip of the hand."""
GSS_CODE: Final = re.compile(r"^[EWKNS]\d{8}$")
POSTCODE: Final = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$")


def slug(name: str) -> str:
    """Write a name as an id or an address has it.

    Examples
    --------
    >>> slug("Kensington & Chelsea"), slug("King's Cross")
    ('kensington-and-chelsea', 'kings-cross')
    """
    plain = name.lower().replace("&", " and ").replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _blank_to_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


NodeId = Annotated[str, StringConstraints(pattern=NODE_ID.pattern)]


def _in_calendar(value: str) -> str:
    if not YEARS[0] <= value[:4] <= YEARS[1]:
        msg = f"no year from {YEARS[0]} to {YEARS[1]}"
        raise ValueError(msg)
    try:
        date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        msg = "no such date"
        raise ValueError(msg) from None
    return value


PartialDate = Annotated[str, StringConstraints(pattern=PARTIAL_DATE.pattern), AfterValidator(_in_calendar)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Record(BaseModel):
    """A row: unknown columns are refused, and nothing can be changed after it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the table's columns: what the row is first, then its dates, then its evidence.

        Examples
        --------
        >>> Survey.columns()
        ('borough', 'sector', 'status', 'source', 'evidence', 'checked_on')
        """
        levels = [level for level in cls.__mro__ if issubclass(level, BaseModel)]
        own = [name for level in levels for name in inspect.get_annotations(level)]
        return tuple(dict.fromkeys(name for name in own if name in cls.model_fields))


class _Dated(Record):
    start: PartialDate | None = Field(None, description="first day, month or year; empty where unknown")
    end: PartialDate | None = Field(None, description="last day, month or year; empty where open or unknown")
    status: Status = Field(Status.ACTIVE, description="whether it stands today")

    _blank = field_validator("start", "end", mode="before")(_blank_to_none)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end < self.start[: len(self.end)]:
            msg = f"ends ({self.end}) before it starts ({self.start})"
            raise ValueError(msg)
        return self


class _Sourced(Record):
    source: Text = Field(description="id of a row of sources.csv")
    evidence: Text = Field(description="where in the source: section, page or table")
    checked_on: date = Field(description="when somebody last looked")


class Source(Record):
    """A document, page or data set that rows rest on."""

    id: Text = Field(description="short name, used by the other tables")
    title: Text = Field(description="its title")
    publisher: Text = Field(description="who published it")
    url: str = Field("", description="address, where it has one")
    published: PartialDate | None = Field(None, description="when; empty where undated")
    licence: Text = Field(description="terms under which it may be used")

    _blank = field_validator("published", mode="before")(_blank_to_none)


class Institution(_Dated, _Sourced):
    """An organisation rooted in a place."""

    id: NodeId = Field(description="institution:slug")
    name: Text = Field(description="name as it stands today")
    sector: Sector = Field(description="what it does")
    kind: Text = Field(description="what it is, in words: NHS foundation trust, London borough council …")
    is_anchor: bool = Field(description="counted as an anchor institution: its sites are supply")
    gss_code: str = Field("", description="GSS code of the area it governs, for councils and the GLA")
    ods_code: str = Field("", description="NHS Organisation Data Service code")
    ukprn: str = Field("", description="UK Provider Reference Number")
    company_number: str = Field("", description="Companies House number")
    charity_number: str = Field("", description="Charity Commission number")
    website: str = Field("", description="home page")


class Site(_Dated, _Sourced):
    """A place where an institution stands and works; never a head office standing in for one."""

    id: NodeId = Field(description="site:slug")
    institution: NodeId = Field(description="who works here")
    name: Text = Field(description="name of the site")
    kind: SiteKind = Field(description="what stands here")
    postcode: Annotated[str, StringConstraints(pattern=POSTCODE.pattern)] = Field(
        description="unit postcode, one space"
    )
    borough: Annotated[str, StringConstraints(pattern=GSS_CODE.pattern)] = Field(
        description="GSS code of the borough or district it lies in"
    )
    easting_m: int | None = Field(None, description="EPSG:27700; empty: taken from the postcode", ge=0, le=700_000)
    northing_m: int | None = Field(None, description="EPSG:27700; empty: taken from the postcode", ge=0, le=1_300_000)
    position: PositionBasis = Field(PositionBasis.POSTCODE, description="how the coordinates were come by")
    staff_fte: float | None = Field(None, description="staff at the site, full-time equivalents", ge=0)

    _blank_numbers = field_validator("easting_m", "northing_m", "staff_fte", mode="before")(_blank_to_none)

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.easting_m is None) != (self.northing_m is None):
            msg = "easting_m and northing_m must both be given or both be empty"
            raise ValueError(msg)
        return self


class _Footprinted(Record):
    domains: Annotated[tuple[Domain, ...], BeforeValidator(_split)] = Field((), description="domains of action")
    footprint_kind: FootprintKind = Field(FootprintKind.NONE, description="how the footprint is written")
    footprint: Annotated[tuple[str, ...], BeforeValidator(_split)] = Field(
        (), description="places: GSS codes (E12000007 is London); radius: easting; northing; radius_m"
    )

    @model_validator(mode="after")
    def _footprint_resolves(self) -> Self:
        parts = self.footprint
        if self.footprint_kind is FootprintKind.PLACES and not (parts and all(map(GSS_CODE.match, parts))):
            msg = f"footprint of kind places must be GSS codes, found {'; '.join(parts)!r}"
            raise ValueError(msg)
        if self.footprint_kind is FootprintKind.RADIUS and not (len(parts) == 3 and all(p.isdecimal() for p in parts)):
            msg = f"footprint of kind radius must be easting; northing; radius_m, found {'; '.join(parts)!r}"
            raise ValueError(msg)
        if self.footprint_kind is FootprintKind.NONE and parts:
            msg = "footprint of kind none must be empty"
            raise ValueError(msg)
        return self


class Network(_Footprinted, _Dated, _Sourced):
    """Institutions that act together over time."""

    id: NodeId = Field(description="network:slug")
    name: Text = Field(description="name")
    kind: Text = Field(description="what it is, in words: anchor network, sub-regional partnership …")
    origin: Origin = Field(description="who began it")
    scale: Scale = Field(description="how far it reaches")
    description: Text = Field(description="what it is for, in one plain sentence of our own")
    website: str = Field("", description="home page")


class Programme(_Footprinted, _Dated, _Sourced):
    """Something that institutions or networks do, with an aim and an end."""

    id: NodeId = Field(description="programme:slug")
    name: Text = Field(description="name")
    scale: Scale = Field(description="how far it reaches")
    description: Text = Field(description="what it does, in one plain sentence of our own")
    website: str = Field("", description="home page")


class Place(Record):
    """A borough, district, region or neighbourhood that others lie in or serve."""

    id: NodeId = Field(description="place:GSS code, or place:slug")
    name: Text = Field(description="name")
    kind: Text = Field(description="what it is: London borough, region, neighbourhood …")


class Asset(_Dated, _Sourced):
    """Land or a building, as a register has it: no table of the partnership data, but a node all the same."""

    id: NodeId = Field(description="asset:register-key")
    name: Text = Field(description="name, else its address, else its reference")
    kind: Use = Field(description="what it is for")
    postcode: str = Field("", description="unit postcode, one space; empty where unknown")
    borough: str = Field("", description="GSS code of the London borough it stands in; empty elsewhere")
    easting_m: int | None = Field(None, description="EPSG:27700, of a point inside it; empty: nowhere on the map")
    northing_m: int | None = Field(None, description="EPSG:27700, of a point inside it; empty: nowhere on the map")
    placed_by: PlacedBy = Field(PlacedBy.NOWHERE, description="how its position was come by")
    uprn: str = Field("", description="unique property reference number")
    reference: str = Field("", description="the partner's own code")
    tenure: Tenure = Field(Tenure.UNKNOWN, description="by what right it is held")
    holding: Holding = Field(Holding.UNKNOWN, description="land, buildings or both")
    asset_status: AssetStatus = Field(AssetStatus.UNKNOWN, description="whether it is in use")
    land_ha: float | None = Field(None, description="area of the land", ge=0)
    floor_m2: float | None = Field(None, description="gross internal floor area", ge=0)
    register_id: str = Field("", description="id of the register that it is in")
    occupier: str = Field("", description="who uses it, in the register's words, where that is another than its holder")


class Tie(_Dated, _Sourced):
    """One node does something with or for another."""

    subject: NodeId = Field(description="node the verb starts from")
    relation: Relation = Field(description="the verb")
    object: NodeId = Field(description="node the verb points to")
    confidence: Confidence = Field(description="how firmly the evidence carries the tie")
    note: str = Field("", description="anything a reader should know")


class Commitment(_Sourced):
    """What a node has said it will reach."""

    node: NodeId = Field(description="who committed")
    metric: Text = Field(description="what is counted")
    baseline: float | None = Field(None, description="value at the start")
    target: float = Field(description="value aimed for")
    unit: Text = Field(description="unit of both")
    due: PartialDate | None = Field(None, description="when")

    _blank = field_validator("baseline", "due", mode="before")(_blank_to_none)


class Measurement(_Sourced):
    """What a node has reported."""

    node: NodeId = Field(description="who reported, or who it is about")
    metric: Text = Field(description="what is counted; the same words as the commitment it answers")
    value: float = Field(description="how many")
    unit: Text = Field(description="unit")
    period_start: PartialDate | None = Field(None, description="start of the period")
    period_end: PartialDate | None = Field(None, description="end of the period, or the day of the count")

    _blank = field_validator("period_start", "period_end", mode="before")(_blank_to_none)


class Profile(_Sourced):
    """One evidenced aspect of how mature or formal a network is."""

    node: NodeId = Field(description="network or programme")
    aspect: Text = Field(description="aspect, in the words of the framework: vision, membership, meetings …")
    position: Maturity = Field(description="where it stands")
    note: str = Field("", description="why, in a few words of our own")


class Survey(_Sourced):
    """How completely one sector's anchors in one borough were looked for: where it was not, a gap is unknown."""

    borough: Annotated[str, StringConstraints(pattern=GSS_CODE.pattern)] = Field(description="GSS code")
    sector: Sector = Field(description="sector looked for")
    status: SurveyStatus = Field(description="how completely")


TABLES: Final[dict[str, type[Record]]] = {
    "sources": Source,
    "institutions": Institution,
    "sites": Site,
    "networks": Network,
    "programmes": Programme,
    "places": Place,
    "ties": Tie,
    "commitments": Commitment,
    "measurements": Measurement,
    "profiles": Profile,
    "surveys": Survey,
}
"""Every table of the partnership data and the class of its rows, in the order in which they are read."""

NODE_TABLES: Final[dict[str, Kind]] = {
    "institutions": Kind.INSTITUTION,
    "sites": Kind.SITE,
    "networks": Kind.NETWORK,
    "programmes": Kind.PROGRAMME,
    "places": Kind.PLACE,
}
"""The tables whose rows are nodes."""


class Partnerships(Record):
    """The whole partnership data, checked."""

    sources: tuple[Source, ...] = ()
    institutions: tuple[Institution, ...] = ()
    sites: tuple[Site, ...] = ()
    networks: tuple[Network, ...] = ()
    programmes: tuple[Programme, ...] = ()
    places: tuple[Place, ...] = ()
    ties: tuple[Tie, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    profiles: tuple[Profile, ...] = ()
    surveys: tuple[Survey, ...] = ()
