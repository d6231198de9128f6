"""Which sectors hold the levers that a domain of action needs: read out of the guide, lever by lever.

Every row rests on a section of the guide by LAIN's place-based working group (2022) or of LAIN's procurement case, and
no sector stands here that neither speaks of. The guide warns against a big tent: partners are invited with a purpose
(Building a team: Partnership). So a sector that a network lacks is a question to ask, not a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from atlas.vocabulary import Domain, Sector

if TYPE_CHECKING:
    from collections.abc import Mapping

GUIDE: Final = "lain-local-networks-2022"
CASE: Final = "lain-procurement-case"
"""Ids of sources.csv."""


@dataclass(frozen=True, slots=True)
class Lever:
    """What one sector can bring to one domain of action.

    Parameters
    ----------
    sector : Sector
        Who holds it.
    words : str
        What it is, in words of our own.
    section : str
        Where the source speaks of it.
    source : str
        Id of a row of sources.csv.
    """

    sector: Sector
    words: str
    section: str
    source: str = GUIDE


_KICKSTART: Final = "Workforce: case study Kickstart Scheme"
_DETERMINANTS: Final = "Focus on social determinants of health"
_PLACES: Final = "Focus on inclusive physical design and local spaces"
_EDUCATION: Final = "Improving social justice and educational outcomes"
_CAREERS: Final = "Structure/approach: case study Local London Careers Hub"
_INNOVATION: Final = "Fostering local innovation"

LEVERS: Final[Mapping[Domain, tuple[Lever, ...]]] = MappingProxyType(
    {
        Domain.WORKFORCE: (
            Lever(
                Sector.HEALTH, "jobs for local people, entry-level ones kept for those furthest from work", "Workforce"
            ),
            Lever(Sector.COUNCIL, "employment service and job brokerage, apprenticeships", _KICKSTART),
            Lever(Sector.FURTHER_EDUCATION, "training that leads to the jobs on offer", f"{_KICKSTART}: Tower Hamlets"),
            Lever(Sector.HIGHER_EDUCATION, "supported internships and jobs of its own", f"{_KICKSTART}: Tower Hamlets"),
            Lever(Sector.HOUSING, "employment support for its tenants", f"{_KICKSTART}: Tower Hamlets"),
            Lever(Sector.VOLUNTARY, "the trust of residents whom services do not reach", _KICKSTART),
            Lever(Sector.BUSINESS, "vacancies and placements", "Scale: case study BASE"),
            Lever(Sector.POLICE, "recruits from the area it serves", "Workforce"),
            Lever(
                Sector.REGIONAL_GOVERNMENT, "goals for a representative workforce, the London Living Wage", "Workforce"
            ),
        ),
        Domain.PROCUREMENT: (
            Lever(Sector.COUNCIL, "spending, and a register of local suppliers", "Procurement: case study Hounslow"),
            Lever(Sector.HEALTH, "spending, with a share for small local firms", "What is an anchor?: NHS London"),
            Lever(Sector.POLICE, "spending, with targets for suppliers in London", "Procurement"),
            Lever(Sector.HIGHER_EDUCATION, "spending moved to local suppliers", "Procurement: Preston"),
            Lever(Sector.FURTHER_EDUCATION, "spending moved to local suppliers", "Procurement: Preston"),
            Lever(Sector.HOUSING, "spending moved to local suppliers", "Procurement: Preston"),
            Lever(Sector.BUSINESS, "a way to small firms, and help for them to bid", "Small Business Guides", CASE),
        ),
        Domain.SOCIAL_DETERMINANTS_OF_HEALTH: (
            Lever(Sector.HEALTH, "care, and an interest in the whole population's health", _DETERMINANTS),
            Lever(Sector.COUNCIL, "services planned with the NHS", "Evolution: NHS addressing inequality"),
            Lever(Sector.VOLUNTARY, "prevention and care rooted in communities", _DETERMINANTS),
            Lever(Sector.SCHOOLS, "good schooling, which protects health", _DETERMINANTS),
            Lever(Sector.CULTURE, "places to gather, learn and make", _DETERMINANTS),
            Lever(Sector.HIGHER_EDUCATION, "skills that local employers need", _DETERMINANTS),
            Lever(Sector.FURTHER_EDUCATION, "skills that local employers need", _DETERMINANTS),
        ),
        Domain.INCLUSIVE_PLACES: (
            Lever(Sector.COUNCIL, "land, and planning", f"{_PLACES}: case study Lewisham"),
            Lever(Sector.HEALTH, "land and buildings, seen together with others'", f"{_PLACES}: case study Lewisham"),
            Lever(Sector.VOLUNTARY, "the residents' own plan for their neighbourhood", "Origin: community-initiated"),
            Lever(Sector.TRANSPORT, "land along the railway", "Origin: community-initiated"),
            Lever(Sector.CULTURE, "civic spaces that anybody may enter", _DETERMINANTS),
            Lever(
                Sector.HIGHER_EDUCATION, "a campus open to its neighbours", "Origin: case study Hammersmith and Fulham"
            ),
        ),
        Domain.SOCIAL_JUSTICE_AND_EDUCATION: (
            Lever(Sector.HIGHER_EDUCATION, "rooms, teaching and mentors", _EDUCATION),
            Lever(Sector.SCHOOLS, "the pupils, and their careers programme", _CAREERS),
            Lever(Sector.VOLUNTARY, "a way to people whom others have given up", _EDUCATION),
            Lever(Sector.BUSINESS, "mentors, placements and jobs", _EDUCATION),
            Lever(Sector.COUNCIL, "schools, employers and charities brought together", _CAREERS),
            Lever(Sector.FURTHER_EDUCATION, "courses and careers advice", _CAREERS),
        ),
        Domain.LOCAL_INNOVATION: (
            Lever(Sector.HIGHER_EDUCATION, "research, and space for young firms", _INNOVATION),
            Lever(Sector.RESEARCH, "research, and the firms that it draws", _INNOVATION),
            Lever(Sector.BUSINESS, "firms of every age and kind", _INNOVATION),
            Lever(Sector.COUNCIL, "a strategy for growth that residents gain from", "Origin: Hammersmith and Fulham"),
            Lever(Sector.CULTURE, "a host whom everybody knows", _INNOVATION),
            Lever(Sector.SCHOOLS, "the pupils who may come next", _INNOVATION),
            Lever(Sector.VOLUNTARY, "what communities know and try out", _INNOVATION),
            Lever(Sector.FAITH, "what congregations know and try out", _INNOVATION),
        ),
    }
)
"""By domain, the sectors whose levers it needs, those that the guide says most of first."""
