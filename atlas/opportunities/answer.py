"""What is answered: pieces of land that belong together, and the chains of ties between those who hold them."""

from __future__ import annotations

from dataclasses import dataclass

from atlas.gaps.siting.covering import Siting
from atlas.graph.introductions import Introduction
from atlas.opportunities.question import Question
from atlas.parameters import Parameters
from atlas.vocabulary import Release
from atlas.vocabulary.estate import AssetStatus, PlacedBy, Use


@dataclass(frozen=True, slots=True)
class Held:
    """A piece of land or a building, and whose register it is in.

    Parameters
    ----------
    asset, name : str
        Its id and what it is called.
    partner, partner_name : str
        Id and name of the institution whose register it is in.
    use, status, placed_by
        As in its register.
    postcode, lad, lad_name : str
        Empty where unknown; the borough's GSS code and name.
    x_m, y_m : float
        EPSG:27700.
    """

    asset: str
    name: str
    partner: str
    partner_name: str
    use: Use
    status: AssetStatus
    placed_by: PlacedBy
    postcode: str
    lad: str
    lad_name: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class Nearby:
    """The nearest asset of another partner.

    Parameters
    ----------
    asset : Held
        What is there.
    distance_m : float
        How far it is, metres.
    """

    asset: Held
    distance_m: float


@dataclass(frozen=True, slots=True)
class Ways:
    """How its holder comes to those who are needed.

    Parameters
    ----------
    to_partner : Introduction or None
        The shortest chain of ties to the other partner; None where no chain on record joins them.
    to_act : Introduction or None
        The shortest chain to somebody who can act there: the borough's council, or a network or programme of that part
        of London; without steps where the holder is one; None where no chain is on record.
    """

    to_partner: Introduction | None
    to_act: Introduction | None


@dataclass(frozen=True, slots=True)
class CoLocation:
    """Two partners or more within walking distance whose uses may share a place.

    Parameters
    ----------
    rank : int
        1 has the most people in need within reach.
    assets : tuple of Held
        The one in the middle first, then the nearest asset of each other partner.
    distances_m : tuple of float
        From the first to each of the others.
    reasons : tuple of str
        What sharing would do, for each of the others.
    people_in_need : float
        People in the neighbourhoods most in need within reach of the first.
    ways : Ways
        From the first's partner to the second's.
    """

    rank: int
    assets: tuple[Held, ...]
    distances_m: tuple[float, ...]
    reasons: tuple[str, ...]
    people_in_need: float
    ways: Ways

    @property
    def nearest(self) -> Nearby:
        """The nearest other partner."""
        return Nearby(self.assets[1], self.distances_m[0])


@dataclass(frozen=True, slots=True)
class Spare:
    """Land or a building that is vacant, surplus or subject to disposal, inside a robust gap area or near one.

    Parameters
    ----------
    rank : int
        1 would bring most people in need within reach.
    asset : Held
        What it is.
    gap_area, gap_area_name : str
        Id and name of the nearest robust gap area.
    distance_m : float
        From it, metres; 0 inside.
    people_in_need : float
        People in need who have no anchor within reach today and would have this one.
    chosen : int or None
        Its place among those that together bring most people within reach; None where it is not one of them.
    adds : float
        What it adds to those chosen before it.
    nearest : Nearby or None
        The nearest asset of another partner.
    ways : Ways
        From its partner to the other.
    """

    rank: int
    asset: Held
    gap_area: str
    gap_area_name: str
    distance_m: float
    people_in_need: float
    chosen: int | None
    adds: float
    nearest: Nearby | None
    ways: Ways


@dataclass(frozen=True, slots=True)
class Help:
    """Two neighbours of whom one has what the other may lack.

    Parameters
    ----------
    rank : int
        1 has the most people in need within reach.
    gives, takes : Held
        What the one has, and what may lack it.
    distance_m : float
        Between them.
    rule, reason : str
        Name of the rule (`atlas.geo.estate.sharing.COMPLEMENTS`), and what it would do.
    people_in_need : float
        People in need within reach of what may lack it.
    ways : Ways
        From the partner that gives to the one that takes.
    """

    rank: int
    gives: Held
    takes: Held
    distance_m: float
    rule: str
    reason: str
    people_in_need: float
    ways: Ways

    @property
    def nearest(self) -> Nearby:
        """The other partner."""
        return Nearby(self.takes, self.distance_m)


@dataclass(frozen=True, slots=True, eq=False)
class Opportunities:
    """What could be done together, and what it was found with.

    Parameters
    ----------
    question, release, revision, parameters
        What was asked, and of which atlas.
    place : str
        Where the land lies: "London", or the borough's name.
    registers, partners, assets, placed : int
        What could be seen: registers with assets, those whose they are, places, and those of them that are on the map.
    robust_areas : int
        Gap areas that are robust.
    co_locations, spare, helps
        The answers, the best first; at most `question.most` of each.
    pairs, near, neighbours : int
        How many there are in all: pairs that may share a place, each place in one group at most; unused places near
        robust gap areas; neighbours, each place that gives once.
    siting : Siting or None
        What the best `question.p` of the unused pieces do together, with its bound; None where there are none.
    sources : mapping of str to str
        Titles of the sources that the chains rest on, by id.
    names : mapping of str to str
        Names of the nodes on the chains, by id.
    """

    question: Question
    release: Release
    revision: str
    parameters: Parameters
    place: str
    registers: int
    partners: int
    assets: int
    placed: int
    robust_areas: int
    co_locations: tuple[CoLocation, ...]
    spare: tuple[Spare, ...]
    helps: tuple[Help, ...]
    pairs: int
    near: int
    neighbours: int
    siting: Siting | None
    sources: dict[str, str]
    names: dict[str, str]
