"""A siting answer in plain words, from its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from atlas.gaps.sentences import NEED_WORDS, boroughs_words, rounded, share_words
from atlas.graph.wording import listed
from atlas.siting.answer import Answer
from atlas.siting.question import Candidates, Demand, Objective
from atlas.snapshot import Atlas
from atlas.vocabulary import Sector, label
from atlas.vocabulary.estate import NOT_IN_USE

PER: Final = 100_000
"""Access is said per this many people."""

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LEAST_GAP: Final = 1e-4


def sentence(answer: Answer) -> str:
    """What the chosen places would do, for a councillor."""
    if not answer.candidates:
        return f"In {answer.place} there is no place to choose from."
    if answer.question.objective is Objective.WORST:
        return _raised(answer)
    siting, who = answer.siting, people_words(answer)
    without = rounded(round(siting.total - siting.before))
    reach = km(answer.reach_m)
    if round(siting.total - siting.before) == 0:
        return f"All {who} have an anchor within {reach} already: more sites would bring nobody closer."
    if not answer.sites:
        return (
            f"None of {places_words(answer)} would bring anybody closer: of the {without} {who} who have no anchor "
            f"within {reach} today, none lives within {reach} of one of them."
        )
    added = rounded(round(siting.added))
    return (
        f"{more_sites(len(answer.sites))} would bring {added} {who} within {reach} of an anchor, of the {without} "
        f"who have none within {reach} today."
    )


def _raised(answer: Answer) -> str:
    siting, people = answer.siting, rounded(round(answer.people))
    if not answer.sites:
        return f"None of {places_words(answer)} would raise the access of the {people} Londoners served worst."
    was, now = (per_people(answer.per_person(amount)) for amount in (siting.before, siting.after))
    return (
        f"{more_sites(len(answer.sites))} would raise the access of the {people} Londoners served worst from {was} to "
        f"{now} anchor sites per {PER:,} people; London's mean is {per_people(answer.mean_access)}."
    )


def proof(answer: Answer) -> str:
    """How much better any other choice could be, and how that is known."""
    siting, chosen = answer.siting, len(answer.sites)
    if not answer.candidates:
        on_record = answer.question.candidates is Candidates.SITES
        return "Every active anchor site on record there counts already." if on_record else ""
    of = places_words(answer)
    if chosen == answer.candidates:
        return "There is no other place to choose from."
    if chosen < answer.question.p:
        known = "" if siting.method == "all candidates" else f" ({how(answer)})"
        if not siting.proved:
            return f"{_miss(answer)} {_found(answer)}"
        return f"Proved: no other of {of} adds anything{known}." if chosen else f"Proved: none of {of} adds anything."
    best = "no other" if chosen == 1 else f"no {number(chosen)}"
    if siting.proved:
        reach, reaches = ("reach", "reaches") if answer.question.objective is Objective.COVER else ("add", "adds")
        return f"Proved best: {best} of {of} {reaches if chosen == 1 else reach} more ({how(answer)})."
    return f"{_miss(answer)} {_found(answer)}"


def _miss(answer: Answer) -> str:
    p = answer.question.p
    best = "the best" if p == 1 else f"the best {number(p)}"
    fewer = "fewer people" if answer.question.objective is Objective.COVER else "less"
    could = "reach" if answer.question.objective is Objective.COVER else "add"
    return f"At most {gap_words(answer.siting.gap)} {fewer} than {best} of {places_words(answer)} could {could}."


def _found(answer: Answer) -> str:
    return f"{how(answer)[0].upper()}{how(answer)[1:]}."


def how(answer: Answer) -> str:
    """The method behind the proof, or the bound."""
    return {
        "all candidates": "no more of them are of use",
        "Lagrangian bound": "by a Lagrangian bound",
        "HiGHS": "by integer programming, HiGHS",
        "greedy and exchanges": "found by greedy choice and exchanges, bounded by Lagrangian relaxation",
    }[answer.siting.method]


def gap_words(gap: float) -> str:
    """A gap to the optimum as per cent, never less than it is.

    Examples
    --------
    >>> gap_words(0.000759), gap_words(6e-8), gap_words(0.12)
    ('0.08%', '0.01%', '12%')
    """
    return f"{math.ceil(max(gap, _LEAST_GAP) * 10_000 - 1e-9) / 100:g}%"


def basis(answer: Answer) -> list[str]:
    """What the answer rests on, and what it does not know."""
    lines = [_places_said(answer), _aim_said(answer)]
    if answer.question.objective is Objective.COVER:
        lines.append(
            "Distances are straight lines to a neighbourhood's point, and a neighbourhood counts wholly or not at all."
        )
    in_file = answer.file is not None and bool(answer.file.points["max_people"].notna().any())
    if in_file and answer.question.objective is Objective.WORST:
        lines.append("The file's max_people is not used: it limits whom a site covers.")
    elif in_file or answer.question.max_people is not None:
        lines.append(
            "No new site serves more people than it is said to hold; those there are serve everybody in reach."
        )
    lines.append("What a site would cost, and whether it could be had, is not known here.")
    return lines


def not_surveyed(atlas: Atlas) -> list[str]:
    """Sectors whose sites are not all on record: who seems to have no anchor may have one."""
    names = atlas.inputs.areaset.borough_names()
    return [
        f"{label(sector)}: not surveyed completely in {boroughs_words(codes, names)}; who is counted without an "
        f"anchor there may have one."
        for sector, codes in atlas.unsurveyed().items()
    ]


def _places_said(answer: Answer) -> str:
    count = f"{answer.candidates:,}"
    match answer.question.candidates:
        case Candidates.SITES:
            whose = listed([f"{count:,} of {_lower(sector)}" for sector, count in answer.of_sectors])
            listing = f" ({whose})" if whose else ""
            return (
                f"To choose from: the {count} active anchor sites on record in {answer.place} that do not count as "
                f"anchors under these choices{listing}. {_registers_said(answer)}"
            )
        case Candidates.AREAS:
            return (
                f"To choose from: the point of each of the {count} neighbourhoods of {answer.place}; whether there is "
                f"land or a building is not known. {_registers_said(answer)}"
            )
        case Candidates.ASSETS:
            whose = listed([f"{count:,} of {_lower(sector)}" for sector, count in answer.of_sectors])
            listing = f" ({whose})" if whose else ""
            inside = "" if answer.place == "London" else f" in {answer.place}"
            return (
                f"To choose from: the {count} pieces of land and buildings{inside} that partners' registers call "
                f"{NOT_IN_USE}{listing}. Whether one suits is not known. "
                f"{_registers_said(answer)}"
            )
        case Candidates.FILE:
            name = answer.file.name if answer.file else ""
            inside = "" if answer.place == "London" else f" in {answer.place}"
            return f"To choose from: the {count} points of {name}{inside}."


def _registers_said(answer: Answer) -> str:
    if not answer.registers:
        return "The partners' land registers are not in yet."
    if answer.question.candidates is Candidates.ASSETS:
        register = "register" if answer.registers == 1 else "registers"
        return f"Here {number(answer.registers)} {register} can be seen; what others hold is not known."
    return "What partners hold that is not in use is another choice (assets)."


def _aim_said(answer: Answer) -> str:
    parameters = answer.parameters
    counted = sectors_words(parameters.sectors)
    if answer.question.objective is Objective.WORST:
        return (
            f"Served worst: the Londoners whose access to anchors ({counted}; within {km(parameters.catchment_m)}) is "
            f"in the lowest {share_words(parameters.access_share)}, or nil. A new site counts as one; what it gives is "
            f"shared among all in its reach; access above London's mean does not count."
        )
    need, share = NEED_WORDS[parameters.need_domain], share_words(parameters.need_share)
    if answer.question.demand is Demand.WEIGHTED:
        who = f"Everybody counts by their neighbourhood's {need}: 1 where it is the highest of London, 0 the lowest"
    else:
        who = f"In need: everybody in the neighbourhoods where {need} is among London's highest {share}"
    people = rounded(round(answer.people))
    return (
        f"{who} ({people} {'in all' if answer.question.demand is Demand.WEIGHTED else 'people'}). Anchors: {counted}."
    )


def people_words(answer: Answer) -> str:
    """Who is counted."""
    return "people in need" if answer.question.demand is Demand.MOST_IN_NEED else "people, counted by need,"


def places_words(answer: Answer) -> str:
    """The places there were to choose from, in words that follow "of"."""
    where = "" if answer.place == "London" else f" in {answer.place}"
    return f"this one place{where}" if answer.candidates == 1 else f"these {answer.candidates:,} places{where}"


def sectors_words(sectors: Iterable[Sector]) -> str:
    """Sectors as they stand in a sentence.

    Examples
    --------
    >>> sectors_words([Sector.COUNCIL, Sector.REGIONAL_GOVERNMENT])
    'councils and London government'
    """
    return listed([_lower(sector) for sector in sectors])


def _lower(sector: Sector) -> str:
    words = label(sector)
    return words if words.startswith("London") else words.lower()


def more_sites(count: int) -> str:
    """How many sites more, at the start of a sentence.

    Examples
    --------
    >>> more_sites(1), more_sites(3), more_sites(12)
    ('One more site', 'Three more sites', '12 more sites')
    """
    return f"{number(count).capitalize()} more site{'' if count == 1 else 's'}"


def number(count: int) -> str:
    """A count up to ten as a word."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def km(metres: float) -> str:
    """A chosen distance, as it was chosen.

    Examples
    --------
    >>> km(2000), km(500), km(1500)
    ('2 km', '500 m', '1.5 km')
    """
    return f"{metres:g} m" if metres < 1000 else f"{metres / 1000:g} km"


def per_people(access: float) -> str:
    """Access per 100,000 people.

    Examples
    --------
    >>> per_people(0.0000123), per_people(0.000011), per_people(0.00123)
    ('1.23', '1.10', '123')
    """
    amount = PER * access
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:#.3g}"


def added_words(answer: Answer) -> str:
    """What it is that each place adds."""
    if answer.question.objective is Objective.WORST:
        return f"to their access, sites per {PER:,} people"
    return f"{people_words(answer).rstrip(',')} within {km(answer.reach_m)}"


def totals(answer: Answer) -> tuple[tuple[str, str], tuple[str, str]]:
    """What there is today and with the chosen, each in words."""
    covers = answer.question.objective is Objective.COVER
    today = f"within {km(answer.reach_m)} today" if covers else "today"
    return (today, row_words(answer, answer.siting.before)), ("with these", row_words(answer, answer.siting.after))


def row_words(answer: Answer, amount: float) -> str:
    """An amount of the answer: people, or access of those served worst."""
    if answer.question.objective is Objective.WORST:
        return per_people(answer.per_person(amount))
    return f"{amount:,.0f}"
