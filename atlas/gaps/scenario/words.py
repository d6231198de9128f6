"""What a scenario changes, in plain words from its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from atlas.gaps.scenario.changes import AddSite, AddTie, Change, CloseSite, ExtendNetwork
from atlas.gaps.scenario.effects import AreaEffect, AreaFate, Effects
from atlas.gaps.sentences import rounded
from atlas.graph.measures import Brokerage
from atlas.graph.wording import listed
from atlas.vocabulary import RELATIONS, label

_FEW: Final = 6
"""Places of one change that are named."""


def effect_sentence(effects: Effects) -> str:
    """Who gains access, which gap areas come and go, who is covered anew, and who stands between more others."""
    return " ".join(effect_sentences(effects))


def effect_sentences(effects: Effects) -> tuple[str, ...]:
    """The parts of `effect_sentence`: on access first, then on gap areas, coverage and ties."""
    found = effects.totals()
    parts = [access_words(found["people_gaining"], found["people_losing"]) + _reach_words(found)]
    parts.append(areas_words(*(found[f"areas_{fate}"] for fate in (AreaFate.GONE, AreaFate.NEW, AreaFate.CHANGED))))
    if found["people_leaving_gaps"] or found["people_entering_gaps"]:
        parts.append(_moved_words(found))
        parts.append(
            f"Measured by the access that counted as low before, {_people(found['people_at_fixed_threshold'])} "
            f"would be badly served where need is high; they were {rounded(found['people_by_the_rule_before'])}."
        )
    parts += [words for words in (_network_words(effects.areas), brokerage_words(effects.brokerage)) if words]
    return tuple(parts)


def change_words(change: Change, names: Mapping[str, str]) -> str:
    """What one change does.

    Parameters
    ----------
    change : Change
        Of a scenario.
    names : mapping of str to str
        Names by node id, and by GSS code of a place.

    Examples
    --------
    >>> change_words(CloseSite(site="site:a"), {"site:a": "A College"})
    'A College closes.'
    >>> change_words(AddTie(source="institution:a", relation="funds", target="New Trust"), {"institution:a": "A"})
    'A funds New Trust.'
    >>> change_words(AddSite(name="Hub", institution="A", postcode="E1 1BJ", easting_m=535e3, northing_m=181e3), {})
    'Hub opens at E1 1BJ (measured at easting 535000, northing 181000), run by A.'
    """
    match change:
        case AddSite():
            new = f" ({label(change.sector).lower()})" if change.sector and change.institution not in names else ""
            owner = names.get(change.institution, change.institution)
            return f"{change.name} opens at {_where(change)}, run by {owner}{new}."
        case CloseSite():
            return f"{names.get(change.site, change.site)} closes."
        case ExtendNetwork():
            places = [names.get(place, place) for place in change.places]
            more = [*places[:_FEW], f"{len(places) - _FEW} more places"] if len(places) > _FEW else places
            return f"{names.get(change.network, change.network)} reaches {listed(more)} as well."
        case AddTie():
            ends = [names.get(end, end) for end in (change.source, change.target)]
            return f"{ends[0]} {RELATIONS[change.relation].label} {ends[1]}."


def access_words(gaining: int, losing: int) -> str:
    """Who gains and who loses access.

    Examples
    --------
    >>> access_words(12340, 0)
    'In this scenario, 12,300 people gain access to anchors and nobody loses any.'
    >>> access_words(0, 0)
    "In this scenario, nobody's access to anchors changes."
    """
    if not (gaining or losing):
        return "In this scenario, nobody's access to anchors changes."
    gain = f"{rounded(gaining)} people gain access to anchors" if gaining else "nobody gains access to anchors"
    lose = f"{rounded(losing)} people lose some" if losing else "nobody loses any"
    return f"In this scenario, {gain} and {lose}."


def areas_words(gone: int, new: int, changed: int) -> str:
    """Which gap areas come, go and change.

    Examples
    --------
    >>> areas_words(1, 0, 0), areas_words(0, 0, 0)
    ('1 gap area goes, none appears.', 'No gap area comes or goes.')
    >>> areas_words(2, 3, 4)
    '2 gap areas go, 3 appear and 4 change their outline or verdict.'
    """
    if not (gone or new or changed):
        return "No gap area comes or goes."
    goes = f"{gone or 'No'} gap area{'s go' if gone > 1 else ' goes'}"
    appears = f"{new or 'none'} appear{'' if new > 1 else 's'}"
    if not changed:
        return f"{goes}, {appears}."
    changes = f"{changed} change{' their' if changed > 1 else 's its'} outline or verdict"
    return f"{goes}, {appears} and {changes}."


def brokerage_words(found: Brokerage) -> str:
    """Who stands between more or fewer pairs of others; nothing where nobody does.

    Examples
    --------
    >>> from atlas.graph.measures import Mover
    >>> brokerage_words(Brokerage(10, 14, (Mover("institution:a", "A College", 2.0, 6.0),)))
    'The ties join 4 more pairs of institutions, networks and programmes. A College comes to stand between 4.0 more \
pairs of others.'
    """
    words = []
    if found.pairs_after > found.pairs_before:
        more = found.pairs_after - found.pairs_before
        words.append(f"The ties join {more:,} more pairs of institutions, networks and programmes.")
    rising = [mover for mover in found.movers if mover.after > mover.before]
    if rising:
        change = rising[0].after - rising[0].before
        words.append(
            f"{rising[0].name} comes to stand between {change:,.{0 if change >= 10 else 1}f} more pairs of others."
        )
    return " ".join(words)


def _where(site: AddSite) -> str:
    """Where a new site is: what is measured is its coordinates, which a postcode is turned into or goes with."""
    if site.easting_m is None:
        return str(site.postcode)
    point = f"easting {site.easting_m:.0f}, northing {site.northing_m:.0f}"
    return f"{site.postcode} (measured at {point})" if site.postcode else point


def _reach_words(found: dict[str, int]) -> str:
    words = ""
    if found["people_brought_within_reach"]:
        words += f" {rounded(found['people_brought_within_reach'])} come within an anchor's reach."
    if found["people_put_out_of_reach"]:
        words += f" {rounded(found['people_put_out_of_reach'])} are left with no anchor in reach."
    return words


def _people(number: int) -> str:
    return f"{rounded(number)} people" if number else "nobody"


def _moved_words(found: dict[str, int]) -> str:
    leave, enter = found["people_leaving_gaps"], found["people_entering_gaps"]
    enters = f"{rounded(enter)} enter" if enter else "nobody enters"
    leaves = f"{rounded(leave)} people leave" if leave else "Nobody leaves"
    words = f"{leaves} gap areas and {enters} them."
    relative = [
        f"{'all' if same == moved else rounded(same)} who {verb} have no {how} access than before"
        for same, moved, verb, how in (
            (found["people_leaving_gaps_no_better"], leave, "leave", "more"),
            (found["people_entering_gaps_no_worse"], enter, "enter", "less"),
        )
        if same
    ]
    return f"{words} The lowest fifth is relative: {listed(relative)}." if relative else words


def _network_words(areas: Sequence[AreaEffect]) -> str:
    gained = [
        area
        for area in areas
        if set(area.networks_after + area.programmes_after) - set(area.networks_before + area.programmes_before)
    ]
    if not gained:
        return ""
    return f"{len(gained)} gap area{'s are' if len(gained) > 1 else ' is'} reached by a network or programme anew."
