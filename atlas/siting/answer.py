"""What is answered: the chosen places, what they do, and how much better any others could be."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from atlas.gaps.siting.covering import Siting
from atlas.parameters import Parameters
from atlas.siting.question import Objective, Question
from atlas.vocabulary import Release, Sector


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """Points that a reader brings.

    Parameters
    ----------
    name : str
        The file's name.
    sha256 : str
        Hash of its bytes.
    points : pandas.DataFrame
        Indexed by id: `name`, `x_m`, `y_m` (EPSG:27700), `max_people` (NaN where there is no limit).
    """

    name: str
    sha256: str
    points: pd.DataFrame


@dataclass(frozen=True, slots=True)
class NewSite:
    """One chosen place.

    Parameters
    ----------
    order : int
        1 adds most, 2 adds most to it, and so on.
    id, name : str
        Of the site, the neighbourhood or the point.
    stands : str
        What stands there, in words; empty where not known.
    institution, institution_name : str
        Whose it is; empty where not known.
    sector : Sector or None
        Theirs.
    lad, lad_name : str
        Borough; empty outside London.
    x_m, y_m : float
        EPSG:27700.
    adds : float
        What it adds to those before it, in the unit of `Answer.siting`.
    people_in_reach : float
        People aimed at (in need and without a site in reach; served worst) in its reach, whoever else reaches them.
    nearest_anchor_m : float
        Distance to the nearest site that counts already, metres; NaN where none does.
    gap_areas : tuple of str
        Ids of the gap areas in which these people live, wholly or in part.
    """

    order: int
    id: str
    name: str
    stands: str
    institution: str
    institution_name: str
    sector: Sector | None
    lad: str
    lad_name: str
    x_m: float
    y_m: float
    adds: float
    people_in_reach: float
    nearest_anchor_m: float
    gap_areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Which places to choose, what they do, and how much better any others could be.

    Parameters
    ----------
    question : Question
        What was asked.
    release, revision, parameters
        Of the atlas that was asked.
    place : str
        Where the new sites may stand: "London", or the borough's name.
    candidates : int
        How many places there were to choose from.
    of_sectors : tuple of (Sector, int)
        Whose they are, the most first; empty for places that are nobody's.
    file : CandidateFile or None
        Where they came from.
    registers : int
        Partners' registers that are here.
    siting : Siting
        People in need (cover), or capacity (worst).
    sites : tuple of NewSite
        The chosen.
    people : float
        Everybody in need (cover; by their need where weighted), or everybody served worst.
    mean_access : float
        Capacity per person, today, of all London.
    areas : pandas.DataFrame
        The areas aimed at, by LSOA: `x_m`, `y_m`, `people`, `before` (whether in reach of a site that counts already;
        never for the worst served) and `after` (whether in reach of a chosen one).
    """

    question: Question
    release: Release
    revision: str
    parameters: Parameters
    place: str
    candidates: int
    of_sectors: tuple[tuple[Sector, int], ...]
    file: CandidateFile | None
    registers: int
    siting: Siting
    sites: tuple[NewSite, ...]
    people: float
    mean_access: float
    areas: pd.DataFrame

    @property
    def reach_m(self) -> float:
        """What a new site reaches, metres."""
        return self.question.radius_m if self.question.objective is Objective.COVER else self.parameters.catchment_m

    def per_person(self, amount: float) -> float:
        """Capacity as access of the worst served, per person."""
        return amount / self.people if self.people else 0.0
