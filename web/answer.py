"""The answer in sentences: pure, from an atlas and a borough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.gaps.briefs import GapArea
from atlas.gaps.sentences import boroughs_words, changed_words, headline, left_out_words, rounded
from atlas.graph.wording import listed, plural
from atlas.snapshot import Atlas
from atlas.vocabulary import Status, Verdict, label
from web.text import day


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first screen says.

    Parameters
    ----------
    sentence : str
        In how many areas, home to how many people, need is highest and anchors fewest.
    sure : str
        How many of them are robust.
    basis : str
        How many sites were counted, and when they were surveyed.
    """

    sentence: str
    sure: str
    basis: str


def place_name(atlas: Atlas, borough: str) -> str:
    """Name of a borough; London for an empty code."""
    return str(atlas.inputs.areaset.boroughs.at[borough, "name"]) if borough else "London"


def answer(atlas: Atlas, borough: str = "") -> Answer:
    """The answer for London or one borough."""
    areas = atlas.gap_areas_in(borough or None)
    known = [area for area in areas if area.verdict is not Verdict.UNKNOWN]
    unknown = [area for area in areas if area.verdict is Verdict.UNKNOWN]
    return Answer(
        sentence=headline(len(known), atlas.people_of(known, borough), atlas.parameters, place_name(atlas, borough)),
        sure=" ".join(
            filter(
                None,
                [
                    _sure(known),
                    left_out_words(atlas.people_left_out(borough)),
                    _unknown(len(unknown), atlas.people_of(unknown, borough)),
                ],
            )
        ),
        basis=basis(atlas),
    )


def _sure(known: Sequence[GapArea]) -> str:
    robust = sum(area.verdict is Verdict.ROBUST for area in known)
    if not known:
        return ""
    if len(known) == 1:
        return "It stays a gap in at least nine of ten ways of measuring." if robust else "How we measure decides it."
    if not robust:
        return "None of them is robust as a whole: each depends on how we measure."
    verb, they = ("is", "it stays a gap") if robust == 1 else ("are", "they stay gaps")
    return f"{robust} of them {verb} robust: {they} in at least nine of ten ways of measuring."


def _unknown(unknown: int, people: int) -> str:
    if not unknown:
        return ""
    many = f"{plural(unknown, 'more area')} ({rounded(people)} people)"
    return f"{many} cannot be judged: not all anchors there are surveyed."


def basis(atlas: Atlas) -> str:
    """How many sites were counted, of which sectors, and when they were surveyed."""
    sectors = listed([label(sector).lower() for sector in atlas.parameters.sectors])
    surveyed = surveyed_on(atlas)
    when = f", surveyed {day(surveyed[:7])}" if surveyed else ""
    changed = "".join(f" {words}." for words in changed_words(atlas.parameters))
    return f"Anchors: {plural(atlas.summary.sites, 'site')} ({sectors}){when}.{changed}"


def surveyed_on(atlas: Atlas) -> str:
    """The latest day on which a counted site was checked, ISO; empty where none was."""
    nodes = atlas.graph.nodes
    return max((nodes[site].get("checked_on", "") for site in atlas.counted_sites.index if site in nodes), default="")


def not_surveyed(atlas: Atlas) -> list[tuple[str, str]]:
    """Sectors chosen but not surveyed completely, and where, in words."""
    names = atlas.inputs.areaset.borough_names()
    return [(label(sector), boroughs_words(codes, names)) for sector, codes in atlas.unsurveyed().items()]


def sectors_with_sites(atlas: Atlas) -> dict[str, int]:
    """How many sites that stand today each sector has in London."""
    sites = atlas.sites
    return dict(Counter(sites.loc[sites["in_london"] & (sites["status"] == Status.ACTIVE), "sector"]))
