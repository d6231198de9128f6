"""Closed lists of the single map: what partners hold, what it is for, and who may see it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Tenure(StrEnum):
    """By what right a partner holds an asset (Transparency Code 2015: freehold, leasehold, other).

    A brownfield register lists land that is nobody's among the partners: that is not held.
    """

    FREEHOLD = "freehold"
    LEASEHOLD = "leasehold"
    FREEHOLD_AND_LEASEHOLD = "freehold_and_leasehold"
    LICENCE = "licence"
    OTHER = "other"
    NOT_HELD = "not_held"
    UNKNOWN = "unknown"


class Holding(StrEnum):
    """What is held (Transparency Code 2015, holding type)."""

    BUILDINGS = "buildings"
    LAND = "land"
    LAND_AND_BUILDINGS = "land_and_buildings"
    UNKNOWN = "unknown"


class Use(StrEnum):
    """What an asset is for; `atlas.geo.estate.cleaning.words` has the words of registers that mean each."""

    OFFICE = "office"
    CIVIC = "civic"
    LIBRARY = "library"
    COMMUNITY = "community"
    CULTURE = "culture"
    LEISURE = "leisure"
    EDUCATION = "education"
    HEALTH = "health"
    CARE = "care"
    REFUGE = "refuge"
    HOUSING = "housing"
    EMERGENCY_SERVICE = "emergency_service"
    TRANSPORT = "transport"
    CAR_PARK = "car_park"
    OPEN_SPACE = "open_space"
    CEMETERY = "cemetery"
    DEPOT = "depot"
    INDUSTRIAL = "industrial"
    RETAIL = "retail"
    AGRICULTURE = "agriculture"
    UTILITY = "utility"
    LAND = "land"
    OTHER = "other"
    UNKNOWN = "unknown"


SENSITIVE_USES: Final = frozenset({Use.REFUGE})
"""Uses whose place nobody but its owner may learn from Atlas."""


class AssetStatus(StrEnum):
    """Whether an asset is in use."""

    IN_USE = "in_use"
    VACANT = "vacant"
    SURPLUS = "surplus"
    SUBJECT_TO_DISPOSAL = "subject_to_disposal"
    UNDER_CONSTRUCTION = "under_construction"
    UNKNOWN = "unknown"


AVAILABLE: Final = (AssetStatus.VACANT, AssetStatus.SURPLUS, AssetStatus.SUBJECT_TO_DISPOSAL)
"""Statuses of assets that somebody else might use."""

NOT_IN_USE: Final = " or ".join(", ".join(AVAILABLE).replace("_", " ").rsplit(", ", 1))
"""The same in words, as every page and export says it: vacant, surplus or subject to disposal."""


class Visibility(StrEnum):
    """Who may see an asset, from everybody to its owner alone."""

    PUBLIC = "public"
    PARTNERS = "partners"
    OWNER = "owner"


class PlacedBy(StrEnum):
    """How an asset's position was come by; by postcode it is approximate."""

    COORDINATES = "coordinates"
    GRID_REFERENCE = "grid_reference"
    SHAPE = "shape"
    UPRN = "uprn"
    POSTCODE = "postcode"
    NOWHERE = "nowhere"


class Outcome(StrEnum):
    """What became of a row of a register; every row has exactly one."""

    ACCEPTED = "accepted"
    REPAIRED = "repaired"
    SET_ASIDE = "set_aside"
    UNCHANGED = "unchanged"


class FindingKind(StrEnum):
    """What was found in a row: a value mended, a doubt that a person should look at, or why it was set aside."""

    REPAIR = "repair"
    DOUBT = "doubt"
    SET_ASIDE = "set_aside"


class Change(StrEnum):
    """What a newer file did to an asset."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


class MatchRule(StrEnum):
    """Why two rows of two partners may be the same place."""

    UPRN = "uprn"
    OVERLAP = "overlap"
    ADDRESS = "address"


class Decision(StrEnum):
    """What was said of a proposed match."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


ESTATE_LABELS: Final[dict[type[StrEnum], dict[str, str]]] = {
    Use: {
        Use.CIVIC: "Town hall or civic",
        Use.COMMUNITY: "Community centre",
        Use.CULTURE: "Museum, theatre or gallery",
        Use.LEISURE: "Leisure and sport",
        Use.CARE: "Care home or day centre",
        Use.EMERGENCY_SERVICE: "Fire, police or ambulance",
        Use.OPEN_SPACE: "Park or open space",
        Use.DEPOT: "Depot or store",
        Use.RETAIL: "Shop or café",
        Use.LAND: "Land without a use",
    },
    Tenure: {Tenure.NOT_HELD: "Not held by the partner"},
    PlacedBy: {
        PlacedBy.SHAPE: "From its outline",
        PlacedBy.POSTCODE: "Postcode, approximate",
        PlacedBy.UPRN: "UPRN",
        PlacedBy.NOWHERE: "Not on the map",
    },
    MatchRule: {MatchRule.UPRN: "Same UPRN", MatchRule.OVERLAP: "Outlines overlap", MatchRule.ADDRESS: "Same address"},
}
"""Words shown to people where they differ from the member's own."""
