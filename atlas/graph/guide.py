"""The how-to guide: its six elements, and the aspects of its two spectra.

From the guide by LAIN's place-based working group (2022), "How to build a local anchor network" and "Mission and
approach"; the questions are in words of our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Element(StrEnum):
    """The six elements of the how-to guide, in its order."""

    FOUNDATION = "foundation"
    AGENDA = "agenda"
    TEAM = "team"
    COMMITMENTS = "commitments"
    MEASUREMENT = "measurement"
    SUCCESS = "building_on_success"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the guide asks of one element.

    Parameters
    ----------
    name, question : str
        In a word or two, and as a question of our own.
    section : str
        Section of the guide.
    aspects : frozenset of str
        Aspects of a profile that speak of it.
    """

    name: str
    question: str
    section: str
    aspects: frozenset[str]


ELEMENTS: Final[Mapping[Element, Asked]] = MappingProxyType(
    {
        Element.FOUNDATION: Asked(
            "Foundation",
            "Are its values written down, with the community, and is there a baseline?",
            "Laying the foundation",
            frozenset({"baseline", "community voice", "mission", "values", "vision"}),
        ),
        Element.AGENDA: Asked(
            "Agenda",
            "Has it chosen what to work on, at which scale, and what to do first?",
            "Setting the agenda",
            frozenset({"activities", "agenda", "challenge", "functions", "priorities", "purpose"}),
        ),
        Element.TEAM: Asked(
            "Team",
            "Who leads, who sits at the table, on what terms, with what resources and routines?",
            "Building a team",
            frozenset({"agreements", "leadership", "meetings", "membership", "resources", "routines", "structure"}),
        ),
        Element.COMMITMENTS: Asked(
            "Commitments",
            "Has it, or a programme of its own, committed to figures?",
            "Making commitments",
            frozenset({"goals", "targets"}),
        ),
        Element.MEASUREMENT: Asked(
            "Measurement",
            "Its own size apart, is anything measured against a commitment, measured again, or reported regularly?",
            "Measuring progress",
            frozenset({"data", "metrics", "reporting"}),
        ),
        Element.SUCCESS: Asked(
            "Building on success",
            "Has it reached a target, grown, or turned into something further?",
            "Building on success",
            frozenset({"evolution", "growth", "iteration"}),
        ),
    }
)

MISSION: Final = ("vision", "goals", "community voice", "challenge", "purpose")
"""Aspects of the guide's first spectrum, fledgling to mature (Mission and approach: Mission)."""

STRUCTURE: Final = ("agreements", "structure", "activities", "membership", "leadership", "meetings", "metrics")
"""Aspects of its second spectrum, informal to formal (Mission and approach: Structure/approach)."""
