"""Closed lists: the words that the data may use, each declared once.

Every list is a `StrEnum`, so that a member is its own spelling in CSV, JSON and addresses; `LABELS` has the words
shown to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from atlas.vocabulary.estate import ESTATE_LABELS


class Kind(StrEnum):
    """What a node of the graph is; the first half of its id."""

    INSTITUTION = "institution"
    NETWORK = "network"
    PROGRAMME = "programme"
    PLACE = "place"
    SITE = "site"
    ASSET = "asset"


class Sector(StrEnum):
    """What an institution does."""

    HEALTH = "health"
    HIGHER_EDUCATION = "higher_education"
    FURTHER_EDUCATION = "further_education"
    COUNCIL = "council"
    REGIONAL_GOVERNMENT = "regional_government"
    NATIONAL_GOVERNMENT = "national_government"
    POLICE = "police"
    FIRE = "fire"
    TRANSPORT = "transport"
    CULTURE = "culture"
    HOUSING = "housing"
    UTILITIES = "utilities"
    RESEARCH = "research"
    SCHOOLS = "schools"
    FAITH = "faith"
    BUSINESS = "business"
    VOLUNTARY = "voluntary"


class Domain(StrEnum):
    """What anchor networks act on: the six domains of action of LAIN's place-based working group (2022)."""

    WORKFORCE = "workforce"
    PROCUREMENT = "procurement"
    SOCIAL_DETERMINANTS_OF_HEALTH = "social_determinants_of_health"
    INCLUSIVE_PLACES = "inclusive_places"
    SOCIAL_JUSTICE_AND_EDUCATION = "social_justice_and_education"
    LOCAL_INNOVATION = "local_innovation"


class NeedDomain(StrEnum):
    """What deprivation is measured by: the Index of Multiple Deprivation, its seven domains, and two supplements.

    `WEIGHTED_DOMAINS` are the seven; income deprivation affecting children (IDACI) and older people (IDAOPI) are parts
    of the income domain, and stand beside the index.
    """

    OVERALL = "overall"
    INCOME = "income"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    HEALTH = "health"
    CRIME = "crime"
    HOUSING_AND_SERVICES = "housing_and_services"
    LIVING_ENVIRONMENT = "living_environment"
    IDACI = "idaci"
    IDAOPI = "idaopi"


class Relation(StrEnum):
    """A verb that ties one node to another; `RELATIONS` says which kinds it may join."""

    MEMBER_OF = "member_of"
    CONVENES = "convenes"
    HOSTS = "hosts"
    CHAIRS = "chairs"
    FUNDS = "funds"
    DELIVERS = "delivers"
    PARTNERS_WITH = "partners_with"
    PART_OF = "part_of"
    SUCCEEDS = "succeeds"
    SERVES = "serves"
    OWNS = "owns"
    OCCUPIES = "occupies"
    LOCATED_IN = "located_in"


class Scale(StrEnum):
    """How far a network or a programme reaches."""

    NEIGHBOURHOOD = "neighbourhood"
    BOROUGH = "borough"
    SUB_REGIONAL = "sub_regional"
    LONDON = "london"
    NATIONAL = "national"


class Origin(StrEnum):
    """Who began a network."""

    COUNCIL = "council"
    INSTITUTION = "institution"
    INITIATIVE = "initiative"
    COMMUNITY = "community"


class Status(StrEnum):
    """Whether a node or a tie stands today."""

    ACTIVE = "active"
    ENDED = "ended"
    PLANNED = "planned"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Whether a node or a tie stood on a day, by what its dates say (`atlas.graph.timeline`)."""

    STANDS = "stands"
    MAY_STAND = "may_stand"
    DOES_NOT = "does_not_stand"


class Confidence(StrEnum):
    """How firmly the evidence carries the row."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FootprintKind(StrEnum):
    """How a footprint is written: GSS codes, a circle (easting, northing, radius_m), or nothing known."""

    PLACES = "places"
    RADIUS = "radius"
    NONE = "none"


class SiteKind(StrEnum):
    """What stands at a site."""

    ACUTE_HOSPITAL = "acute_hospital"
    MENTAL_HEALTH_HOSPITAL = "mental_health_hospital"
    SPECIALIST_HOSPITAL = "specialist_hospital"
    COMMUNITY_HOSPITAL = "community_hospital"
    UNIVERSITY_CAMPUS = "university_campus"
    FE_COLLEGE_CAMPUS = "fe_college_campus"
    COUNCIL_OFFICE = "council_office"
    REGIONAL_GOVERNMENT_OFFICE = "regional_government_office"
    POLICE_SITE = "police_site"
    FIRE_SITE = "fire_site"
    TRANSPORT_SITE = "transport_site"
    CULTURAL_VENUE = "cultural_venue"
    HOUSING_OFFICE = "housing_office"
    RESEARCH_CENTRE = "research_centre"
    OTHER = "other"


class PositionBasis(StrEnum):
    """How a site's coordinates were come by."""

    POSTCODE = "postcode"
    SURVEYED = "surveyed"


class SurveyStatus(StrEnum):
    """How completely one sector's anchors in one borough were looked for."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


class Maturity(StrEnum):
    """Where a network stands on an evidenced aspect of its profile (LAIN, 2022)."""

    FLEDGLING = "fledgling"
    MATURE = "mature"
    INFORMAL = "informal"
    FORMAL = "formal"


class Verdict(StrEnum):
    """What Atlas says of an area."""

    ROBUST = "robust"
    FRAGILE = "fragile"
    NOT_A_GAP = "not_a_gap"
    UNKNOWN = "unknown"


class Release(StrEnum):
    """Where need comes from."""

    ESTIMATE = "estimate"
    IOD2019 = "iod2019"
    IOD2025 = "iod2025"


PEOPLE: Final[Mapping[Release, str]] = {
    Release.ESTIMATE: "Census 2011",
    Release.IOD2019: "mid-2015, prisoners left out",
    Release.IOD2025: "mid-2022, prisoners left out",
}
"""Whom the numbers of people count, by where need comes from: with each release its publisher gives the people."""


class Decay(StrEnum):
    """How an anchor's reach fades with distance inside the catchment."""

    STEP = "step"
    GAUSSIAN = "gaussian"
    EXPONENTIAL = "exponential"
    POWER = "power"
    UNIFORM = "uniform"


class AccessMeasure(StrEnum):
    """How access is measured; `atlas.gaps.access` has the formulas and their sources."""

    E2SFCA = "e2sfca"
    TSFCA = "2sfca"
    M2SFCA = "m2sfca"
    SPATIAL_AVAILABILITY = "spatial_availability"
    NEAREST = "nearest"


class CapacityRule(StrEnum):
    """What one site weighs as supply."""

    SITE = "site"
    INSTITUTION = "institution"


WEIGHTED_DOMAINS: Final = (
    NeedDomain.INCOME,
    NeedDomain.EMPLOYMENT,
    NeedDomain.EDUCATION,
    NeedDomain.HEALTH,
    NeedDomain.CRIME,
    NeedDomain.HOUSING_AND_SERVICES,
    NeedDomain.LIVING_ENVIRONMENT,
)
"""The domains that the Index of Multiple Deprivation weighs together, in the order of the official releases."""


@dataclass(frozen=True, slots=True)
class RelationRule:
    """What a relation may join, and how it is said in each direction.

    Parameters
    ----------
    sources, targets : frozenset of Kind
        Kinds allowed at each end.
    label, inverse : str
        "A `label` B", "B `inverse` A".
    symmetric : bool
        True where the tie means the same read backwards.
    """

    sources: frozenset[Kind]
    targets: frozenset[Kind]
    label: str
    inverse: str
    symmetric: bool = False


_INSTITUTION = frozenset({Kind.INSTITUTION})
_NETWORK = frozenset({Kind.NETWORK})
_HELD = frozenset({Kind.SITE, Kind.ASSET})
_PLACE = frozenset({Kind.PLACE})
_ACTORS = frozenset({Kind.INSTITUTION, Kind.NETWORK})
_JOINT = frozenset({Kind.NETWORK, Kind.PROGRAMME})
_ANY_ACTOR = frozenset({Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME})

RELATIONS: Final[dict[Relation, RelationRule]] = {
    Relation.MEMBER_OF: RelationRule(_ACTORS, _JOINT, "is a member of", "has as a member"),
    Relation.CONVENES: RelationRule(_ACTORS, _JOINT, "convenes", "is convened by"),
    Relation.HOSTS: RelationRule(_ACTORS, _JOINT, "hosts", "is hosted by"),
    Relation.CHAIRS: RelationRule(_ACTORS, _JOINT, "chairs", "is chaired by"),
    Relation.FUNDS: RelationRule(_ACTORS, _ANY_ACTOR, "funds", "is funded by"),
    Relation.DELIVERS: RelationRule(_ACTORS, frozenset({Kind.PROGRAMME}), "delivers", "is delivered by"),
    Relation.PARTNERS_WITH: RelationRule(_ANY_ACTOR, _ANY_ACTOR, "partners with", "partners with", symmetric=True),
    Relation.PART_OF: RelationRule(
        frozenset(Kind),
        frozenset({Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME, Kind.PLACE}),
        "is part of",
        "includes",
    ),
    Relation.SUCCEEDS: RelationRule(_ANY_ACTOR, _ANY_ACTOR, "succeeds", "was succeeded by"),
    Relation.SERVES: RelationRule(_ANY_ACTOR, _PLACE, "serves", "is served by"),
    Relation.OWNS: RelationRule(_INSTITUTION, _HELD, "owns", "is owned by"),
    Relation.OCCUPIES: RelationRule(_INSTITUTION, _HELD, "occupies", "is occupied by"),
    Relation.LOCATED_IN: RelationRule(_HELD, _PLACE, "is in", "has in it"),
}

LABELS: Final[dict[type[StrEnum], dict[str, str]]] = {
    Sector: {
        Sector.HIGHER_EDUCATION: "Universities",
        Sector.COUNCIL: "Councils",
        Sector.REGIONAL_GOVERNMENT: "London government",
        Sector.FIRE: "Fire and rescue",
        Sector.HOUSING: "Housing associations",
        Sector.VOLUNTARY: "Voluntary and community",
    },
    Domain: {
        Domain.WORKFORCE: "Jobs and skills",
        Domain.PROCUREMENT: "Local buying",
        Domain.SOCIAL_DETERMINANTS_OF_HEALTH: "Causes of ill health",
        Domain.INCLUSIVE_PLACES: "Local spaces",
    },
    NeedDomain: {
        NeedDomain.EDUCATION: "Education and skills",
        NeedDomain.HEALTH: "Health and disability",
        NeedDomain.IDACI: "Children in income deprivation",
        NeedDomain.IDAOPI: "Older people in income deprivation",
    },
    AccessMeasure: {
        AccessMeasure.E2SFCA: "Enhanced two-step floating catchment area",
        AccessMeasure.TSFCA: "Two-step floating catchment area",
        AccessMeasure.M2SFCA: "Modified two-step floating catchment area",
        AccessMeasure.NEAREST: "Distance to the nearest anchor",
    },
    CapacityRule: {
        CapacityRule.SITE: "Each site counts as one",
        CapacityRule.INSTITUTION: "Each institution counts as one, shared among its sites",
    },
    Release: {
        Release.ESTIMATE: "Estimate of need",
        Release.IOD2019: "Indices of Deprivation 2019",
        Release.IOD2025: "Indices of Deprivation 2025",
    },
    Decay: {Decay.STEP: "Steps", Decay.UNIFORM: "None inside the catchment"},
    Scale: {Scale.SUB_REGIONAL: "Several boroughs", Scale.LONDON: "London"},
    SiteKind: {SiteKind.FE_COLLEGE_CAMPUS: "Further education college"},
    **ESTATE_LABELS,
}
"""Words shown to people where they differ from the member's own, by list: members of two lists may be spelt alike."""


def label(word: StrEnum) -> str:
    """Words for a member of any list.

    Examples
    --------
    >>> label(Sector.FIRE), label(SiteKind.ACUTE_HOSPITAL)
    ('Fire and rescue', 'Acute hospital')
    >>> label(Sector.HEALTH), label(NeedDomain.HEALTH)
    ('Health', 'Health and disability')
    """
    return LABELS.get(type(word), {}).get(word) or word.value.replace("_", " ").capitalize()
