"""Which uses may share a place, and how neighbours may help each other: the tables, with the reason of each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from atlas.vocabulary.estate import NOT_IN_USE, Use


@dataclass(frozen=True, slots=True)
class Compatible:
    """Two uses that may share a place.

    Parameters
    ----------
    one, other : Use
        The uses; they may be the same.
    reason : str
        What sharing would do, in a sentence.
    """

    one: Use
    other: Use
    reason: str


def _with(one: Use, reason: str, *others: Use) -> tuple[Compatible, ...]:
    return tuple(Compatible(one, other, reason) for other in others)


COMPATIBLE: Final = (
    *_with(Use.OFFICE, "Desks and meeting rooms can be shared, and a building given up.", Use.OFFICE, Use.CIVIC),
    *_with(Use.CIVIC, "One front desk can serve the callers of both.", Use.CIVIC, Use.LIBRARY, Use.EMERGENCY_SERVICE),
    *_with(Use.LIBRARY, "Advice and health checks can be held where people go anyway.", Use.HEALTH, Use.COMMUNITY),
    *_with(Use.LIBRARY, "Readers and learners can use the same rooms.", Use.EDUCATION, Use.CULTURE),
    *_with(Use.COMMUNITY, "Clinics and groups can meet in rooms that are free at other hours.", Use.HEALTH, Use.CARE),
    *_with(Use.COMMUNITY, "Halls can be let to one another out of hours.", Use.EDUCATION, Use.CULTURE, Use.COMMUNITY),
    *_with(Use.LEISURE, "Exercise can be prescribed where it is held.", Use.HEALTH, Use.CARE),
    *_with(Use.LEISURE, "Halls and pitches can be used by one by day and by the other in the evening.", Use.EDUCATION),
    *_with(Use.LEISURE, "One building can hold both, under one roof and one manager.", Use.COMMUNITY, Use.LIBRARY),
    *_with(Use.HEALTH, "Services can be brought under one roof.", Use.HEALTH, Use.CARE),
    *_with(Use.OPEN_SPACE, "Green space can be used for health walks, lessons and play.", Use.HEALTH, Use.EDUCATION),
    *_with(Use.DEPOT, "Yards, workshops and fuel can be shared.", Use.DEPOT, Use.TRANSPORT, Use.EMERGENCY_SERVICE),
    *_with(Use.DEPOT, "Stores can be kept together.", Use.INDUSTRIAL),
    *_with(
        Use.EMERGENCY_SERVICE, "Fire, police and ambulance can share a station.", Use.EMERGENCY_SERVICE, Use.HEALTH
    ),
    *_with(
        Use.CAR_PARK, "Spaces are full at different hours.", Use.HEALTH, Use.LEISURE, Use.OFFICE, Use.EDUCATION,
        Use.CULTURE,
    ),
)  # fmt: skip
"""Every pair of uses that may share a place, and why; a pair that is not here is not proposed."""

SERVICES: Final = frozenset(
    {
        Use.OFFICE,
        Use.CIVIC,
        Use.LIBRARY,
        Use.COMMUNITY,
        Use.CULTURE,
        Use.LEISURE,
        Use.EDUCATION,
        Use.HEALTH,
        Use.CARE,
        Use.EMERGENCY_SERVICE,
    }
)
"""Uses by which a building serves people, and may want more room."""

LAND_USES: Final = frozenset({Use.LAND, Use.OPEN_SPACE, Use.AGRICULTURE, Use.CEMETERY, Use.CAR_PARK})
"""Uses of land on which no building is meant."""


@dataclass(frozen=True, slots=True)
class Complement:
    """How one partner's asset may help its neighbour.

    Parameters
    ----------
    name : str
        Short, for files.
    gives, takes : str
        Which assets may give and which may take, in words.
    reason : str
        What it would do, in a sentence.
    """

    name: str
    gives: str
    takes: str
    reason: str


COMPLEMENTS: Final = (
    Complement(
        "room_during_works",
        f"a building that is {NOT_IN_USE}",
        "an asset under construction",
        "There is room next door to move to while the works last.",
    ),
    Complement(
        "room_to_grow",
        f"a building that is {NOT_IN_USE}",
        "a building of a service whose floors are at least as large as its land, so that it fills its plot",
        "There is an empty building beside one that fills its plot.",
    ),
    Complement(
        "land_beside_building",
        f"land without a use, or land that is {NOT_IN_USE}",
        "a building of a service that fills its plot, or an asset under construction",
        "There is unused land beside a building that has none to spare.",
    ),
)
"""The rules by which neighbours may help each other, in this order."""
