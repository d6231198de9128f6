"""What could be done together in plain words, from its numbers."""

from __future__ import annotations

from typing import Final

from atlas.gaps.sentences import NEED_WORDS, rounded, share_words
from atlas.geo.estate.sharing import COMPLEMENTS
from atlas.graph.introductions import Introduction
from atlas.graph.wording import listed, plural
from atlas.opportunities.answer import CoLocation, Held, Help, Opportunities, Spare
from atlas.siting.words import gap_words, km, number
from atlas.vocabulary import label
from atlas.vocabulary.estate import NOT_IN_USE, AssetStatus, PlacedBy, Use

Row = CoLocation | Spare | Help

TITLES: Final = {
    "co_locations": "Could share a place",
    "spare": "Not in use, near robust gap areas",
    "helps": "Could help a neighbour",
}
"""What each kind of row is called, in order."""


def sentence(found: Opportunities) -> str:
    """What was found, for a councillor."""
    where = "" if found.place == "London" else f" in {found.place}"
    if not found.registers:
        return "No land or property register is here yet, so that nothing can be said of what partners could share."
    seen = f"the {'register' if found.registers == 1 else 'registers'} of {plural(found.partners, 'partner')}"
    if not (found.pairs or found.near or found.neighbours):
        return (
            f"In {seen}{' nothing was found' if not where else f' nothing{where} was found'} that partners could share."
        )
    counted = [
        (found.pairs, f"{plural(found.pairs, 'pair')} of places that two partners could share"),
        (found.near, f"{plural(found.near, 'place')} not in use inside or near robust gap areas"),
        (found.neighbours, f"{plural(found.neighbours, 'pair')} of neighbours who could help each other"),
    ]
    parts = [words for count, words in counted if count]
    return f"{seen[0].upper()}{seen[1:]} {'shows' if found.registers == 1 else 'show'}{where} {listed(parts)}."


def together(found: Opportunities) -> str:
    """What the best of the unused places would do together, and how that is known; empty where there are none."""
    siting = found.siting
    if siting is None:
        return ""
    reach = km(found.question.reach_m)
    if not siting.chosen:
        return f"None of the places not in use would bring anybody in need within {reach} of an anchor who is not yet."
    count = len(siting.chosen)
    best = "The best of them" if count == 1 else f"The best {number(count)} of them together"
    proof = (
        f"no other {'one' if count == 1 else number(count)} would bring more"
        if siting.proved
        else f"at most {gap_words(siting.gap)} fewer than the most that {number(found.question.p)} could"
    )
    return f"{best} would bring {rounded(round(siting.added))} people in need within {reach} of an anchor ({proof})."


def basis(found: Opportunities) -> list[str]:
    """What it rests on, and what is not known."""
    question, parameters = found.question, found.parameters
    need, share = NEED_WORDS[parameters.need_domain], share_words(parameters.need_share)
    robust = number(found.robust_areas)
    share_a_place = (
        f"Two partners could share a place where their uses go together and they stand within {km(question.walk_m)} "
        f"of each other in a straight line; what stands empty or is being built is left out there. Each place is "
        f"counted once, with the nearest place of each other partner."
    )
    unused = (
        f"Not in use: what a register calls {NOT_IN_USE}. Near: inside a robust gap area or "
        f"within {km(question.near_m)} of one; there {'is one' if found.robust_areas == 1 else f'are {robust}'}."
    )
    in_need = (
        f"People in need: everybody in the neighbourhoods where {need} is among London's highest {share}. Within "
        f"reach: {km(question.reach_m)} in a straight line."
    )
    unseen = (
        "Sensitive places are never shown. Whose register is not here may hold land too: absence of record is not "
        "absence of land."
    )
    lines = [
        "Nobody's needs are in a register, only uses, states and areas: each row is worth a conversation, and no more.",
        share_a_place,
        unused,
        in_need,
        *(f"Neighbours, within {km(question.beside_m)}: {rule.gives}, beside {rule.takes}." for rule in COMPLEMENTS),
        "What could help several neighbours is counted once, with the one that has most people in need around it.",
        unseen,
    ]
    if found.assets > found.placed:
        nowhere = plural(found.assets - found.placed, "piece of land or building", "pieces of land and buildings")
        is_one = found.assets - found.placed == 1
        lines.append(f"{nowhere} cannot be placed on the map, and {'is' if is_one else 'are'} left out.")
    return lines


def what(held: Held) -> str:
    """What stands there and, where the register says so, whether it is in use: "Library, in use"."""
    status = "" if held.status is AssetStatus.UNKNOWN else f", {label(held.status).lower()}"
    use = "Use not stated" if held.use is Use.UNKNOWN else label(held.use)
    return f"{use}{status}{' (position approximate)' if held.placed_by is PlacedBy.POSTCODE else ''}"


def to_partner(row: Row) -> str:
    """How the holder comes to the other partner, in a sentence."""
    chain = row.ways.to_partner
    if chain is not None:
        return chain.sentence
    if row.nearest is None:
        return "No other partner's land is here."
    holder, other = first(row).partner_name, row.nearest.asset.partner_name
    return f"No chain of ties on record joins {holder} and {other}."


def to_act(row: Row, found: Opportunities) -> str:
    """How the holder comes to somebody who can act there, in a sentence."""
    chain = row.ways.to_act
    if chain is None:
        return "Nobody who can act there is joined to it by ties on record."
    if not chain.steps:
        return f"{found.names.get(chain.start, chain.start)} can act there itself."
    return chain.sentence


def sources_of(chain: Introduction | None, found: Opportunities) -> tuple[str, ...]:
    """Titles of what the ties of a chain rest on, each once."""
    steps = () if chain is None else chain.steps
    return tuple(dict.fromkeys(found.sources.get(step.source, step.source) for step in steps if step.source))


def first(row: Row) -> Held:
    """The piece of land that a row begins from."""
    if isinstance(row, CoLocation):
        return row.assets[0]
    return row.asset if isinstance(row, Spare) else row.gives


def others(row: Row) -> tuple[tuple[Held, float], ...]:
    """The other pieces of a row, each with its distance from the first, metres."""
    if isinstance(row, CoLocation):
        return tuple(zip(row.assets[1:], row.distances_m, strict=True))
    if isinstance(row, Spare):
        return () if row.nearest is None else ((row.nearest.asset, row.nearest.distance_m),)
    return ((row.takes, row.distance_m),)


def reasons(row: Row) -> tuple[str, ...]:
    """Why it is worth a conversation, each reason once."""
    if isinstance(row, CoLocation):
        return tuple(dict.fromkeys(row.reasons))
    if isinstance(row, Help):
        return (row.reason,)
    where = "inside" if row.distance_m == 0 else f"{row.distance_m:,.0f} m from"
    return (f"It stands empty {where} the gap area {row.gap_area_name}.",)
