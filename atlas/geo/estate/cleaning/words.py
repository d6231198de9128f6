"""Registers' words, read as members of closed lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final

from atlas.geo.estate.cleaning.denials import CALLED_OFF, STATUS_DENIALS, TENURE_DENIALS, USE_DENIALS, standing
from atlas.geo.estate.cleaning.headers import fold
from atlas.geo.estate.cleaning.lexicon import (
    AS_LANDLORD,
    DISUSED,
    HOLDINGS,
    LETTINGS,
    NO,
    NOT_THERE,
    ONLY_WHOLE,
    STATUS_ORDER,
    STATUSES,
    STREETS,
    TENURES,
    USE_CLASSES,
    USES,
    YES,
)
from atlas.geo.estate.cleaning.phrases import Lexicon, Part, Words, words_of
from atlas.vocabulary.estate import SENSITIVE_USES, AssetStatus, Holding, Tenure, Use, Visibility

_USE_TURNS: Final = {"now", "but"}
_STATUS_TURNS: Final = {"now", "but", "and"}
_EITHER: Final = re.compile(r"(?<!\b[fl])[/+]", re.IGNORECASE)
_BESIDE: Final = re.compile(
    r"\b(fh|freehold|lh|leasehold)(?:\s*[,;]\s*|\s+plus\s+|\s+)(?=(?:fh|freehold|lh|leasehold)\b(?! out))",
    re.IGNORECASE,
)
_NOT_KNOWN: Final = re.compile(r"\W*(?:unknown|not known)\b", re.IGNORECASE)
_PARTS: Final = {"part", "partly", "partially"}
_RIGHTS: Final = {Tenure.FREEHOLD, Tenure.LEASEHOLD, Tenure.FREEHOLD_AND_LEASEHOLD, Tenure.LICENCE}
_PLANS: Final = {AssetStatus.SUBJECT_TO_DISPOSAL, AssetStatus.UNDER_CONSTRUCTION}
_SOME: Final = re.compile(r"\b\d+ (?:out )?of (?:the )?\d+\b", re.IGNORECASE)
_CALLED_OFF_WITHIN: Final = 4
_AGAINST: Final = {"vacant", "vacancy", "void", "disused", "unoccupied", "empty"}
_SURPLUS: Final = {"surplus"}
_DISPOSAL: Final = {"disposal", "sale"}
_VISIBILITIES: Final[Mapping[str, Visibility]] = {
    "public": Visibility.PUBLIC,
    "open": Visibility.PUBLIC,
    "everybody": Visibility.PUBLIC,
    "partners": Visibility.PARTNERS,
    "partner": Visibility.PARTNERS,
    "internal": Visibility.PARTNERS,
    "owner": Visibility.OWNER,
    "private": Visibility.OWNER,
    "confidential": Visibility.OWNER,
    "hidden": Visibility.OWNER,
    "restricted": Visibility.OWNER,
    "not for publication": Visibility.OWNER,
    "not published": Visibility.OWNER,
    "do not publish": Visibility.OWNER,
    "publish": Visibility.PUBLIC,
    "published": Visibility.PUBLIC,
}


_USES: Final = Lexicon(USES)
_TENURES: Final = Lexicon(TENURES)
_HOLDINGS: Final = Lexicon(HOLDINGS)
_STATUSES: Final = Lexicon(STATUSES)
_DISUSED: Final = Lexicon(DISUSED)
_LETTINGS: Final = frozenset(map(words_of, LETTINGS))
_AS_LANDLORD: Final = frozenset(map(words_of, AS_LANDLORD))
_SHORTEST: Final = 3
_SHORTEST_TENURE: Final = 2


@lru_cache(maxsize=4096)
def tenure_of(text: str) -> Tenure | None:
    r"""Tenure that a register's words name; None where they name none.

    The first right of holding counts, whatever is said of lettings and occupation after it; both only where one *and*
    the other are named, or part and part.

    Examples
    --------
    >>> [str(tenure_of(words)) for words in ("LLH", "FH & LH", "Freehold\xa0", "not owned by a public authority")]
    ['leasehold', 'freehold_and_leasehold', 'freehold', 'not_held']
    >>> [str(tenure_of(words)) for words in ("Freehold \N{EN DASH} Leasehold", "Leasehold (vacant)", "Vacant")]
    ['freehold', 'leasehold', 'unknown']
    """
    text = _BESIDE.sub(r"\1 and ", _EITHER.sub(" and ", text))
    words = words_of(text)
    if (whole := _TENURES.whole(words)) is not None:
        return whole
    if _NOT_KNOWN.match(text):
        return Tenure.UNKNOWN
    found = [part for part in _TENURES.parts(words) if part[1] > 1 or len(words[part[0]]) >= _SHORTEST_TENURE]
    found = standing(found, text, words, TENURE_DENIALS, _USE_TURNS)
    if rights := _rights(found, words):
        return Tenure.FREEHOLD_AND_LEASEHOLD if _are_both(rights, words) else rights[0][2]
    named = {member for _, _, member in found}
    return next((member for member in (Tenure.OTHER, Tenure.UNKNOWN) if member in named), None)


def _rights(found: list[Part[Tenure]], words: Words) -> list[Part[Tenure]]:
    """Rights of holding: the landlord's own, where it says so; else those before a letting, the tenant's follow it."""
    rights = [part for part in found if part[2] in _RIGHTS]
    if granted := [part for part in rights if words[part[0] : sum(part[:2])] in _AS_LANDLORD]:
        return granted[:1]
    let = next((place for place, (at, size, _) in enumerate(rights) if words[at : at + size] in _LETTINGS), len(rights))
    return rights[: let or 1]


def _are_both(rights: list[Part[Tenure]], words: Words) -> bool:
    """Whether a freehold and a leasehold are named together: one *and* the other, or part and part."""
    return any(
        {first, second} == {Tenure.FREEHOLD, Tenure.LEASEHOLD} and _are_joined(words, one, other)
        for (one, _, first), (other, _, second) in pairwise(rights)
    )


def _are_joined(words: Words, one: int, other: int) -> bool:
    """Whether *and* stands before the other phrase, or *part* before both."""
    if words[other - 1] in _PARTS:
        return words[other - 2] == "and" or not _PARTS.isdisjoint(words[:one])
    return words[other - 1] == "and"


@lru_cache(maxsize=4096)
def holding_of(text: str) -> Holding | None:
    """Holding type that a register's words name; None where they name none.

    Examples
    --------
    >>> [str(holding_of(words)) for words in ("Land & buildings ", "Land Only", "Land/Buildings", "Red")]
    ['land_and_buildings', 'land', 'land_and_buildings', 'None']
    """
    words = words_of(text)
    if (whole := _HOLDINGS.whole(words)) is not None:
        return whole
    found = {member for at, size, member in _HOLDINGS.parts(words) if size > 1 or len(words[at]) >= _SHORTEST}
    if Holding.LAND_AND_BUILDINGS in found or {Holding.LAND, Holding.BUILDINGS} <= found:
        return Holding.LAND_AND_BUILDINGS
    return next((member for member in (Holding.LAND, Holding.BUILDINGS) if member in found), None)


@lru_cache(maxsize=4096)
def status_of(text: str) -> AssetStatus | None:
    """Status that a register's words name; None where they name none. Yes and no say nothing without a header.

    What is denied or was called off does not count.

    Examples
    --------
    >>> [str(status_of(words)) for words in ("Subject to disposal process", "Saleable asset", "not in use", "red")]
    ['subject_to_disposal', 'surplus', 'vacant', 'None']
    >>> [str(status_of(words)) for words in ("No longer for sale", "Disposal cancelled", "Previously vacant, now let")]
    ['unknown', 'unknown', 'in_use']
    >>> str(status_of("Void: 3 of 12 units"))
    'in_use'
    """
    words = words_of(text)
    if (whole := _STATUSES.whole(words)) is not None:
        return whole
    found = _STATUSES.parts(words)
    kept = _going_ahead(standing(found, text, words, STATUS_DENIALS, _STATUS_TURNS), words)
    named = {member for _, _, member in kept}
    first = next((member for member in STATUS_ORDER if member in named), AssetStatus.UNKNOWN if found else None)
    return AssetStatus.IN_USE if first is AssetStatus.VACANT and _SOME.search(text) else first


def _going_ahead(found: list[Part[AssetStatus]], words: Words) -> list[Part[AssetStatus]]:
    """Phrases but those of plans that were called off, and the words that say so."""
    if CALLED_OFF.isdisjoint(words):
        return found
    dropped = set()
    for at, size, status in found:
        end = at + size
        if status in _PLANS and (off := CALLED_OFF.intersection(words[end : end + _CALLED_OFF_WITHIN])):
            dropped |= {at, *(words.index(word, end) for word in off)}
    return [part for part in found if part[0] not in dropped]


def status_of_class(text: str) -> AssetStatus | None:
    """Status that a use or a class of assets is, and nothing else: ``Surplus assets``, ``Assets held for sale``.

    Examples
    --------
    >>> str(status_of_class("Surplus Assets")), status_of_class("Surplus store"), status_of_class("Open")
    ('surplus', None, None)
    """
    found = _STATUSES.whole(words_of(text))
    return found if found in {AssetStatus.SURPLUS, *_PLANS} else None


def is_disused(text: str) -> bool:
    """Whether the words of a use or a name say that nothing uses it.

    Examples
    --------
    >>> is_disused("Closed toilets"), is_disused("Closed churchyard"), is_disused("No longer vacant")
    (True, False, False)
    """
    words = words_of(text)
    kept = standing(_DISUSED.parts(words), text, words, STATUS_DENIALS, _STATUS_TURNS)
    return any(status is AssetStatus.VACANT for _, _, status in kept)


def is_flag(text: str) -> bool:
    """Whether a text is yes or no.

    Examples
    --------
    >>> is_flag("Yes"), is_flag("0"), is_flag("vacant")
    (True, True, False)
    """
    return text.strip().lower() in YES | NO


_OPENED: Final = re.compile(r"(yes|no)\b\s*[-,;:(\N{EN DASH}]")
"""Yes or no, and more about it."""


def flag_status_of(text: str, header: str) -> AssetStatus | None:
    """Status that yes or no means under a header; other words as in `status_of`.

    Examples
    --------
    >>> str(flag_status_of("No", "Occupied")), str(flag_status_of("Y", "Vacant?")), str(flag_status_of("no", "Surplus"))
    ('vacant', 'vacant', 'unknown')
    """
    flag = text.strip().lower()
    if flag not in YES and flag not in NO:
        opened = _OPENED.match(flag)
        found = status_of(text)
        # a school that is closed has often but changed its name
        if found is AssetStatus.VACANT and "establishment" in fold(header).split():
            return AssetStatus.UNKNOWN
        return found or (flag_status_of(opened[1], header) if opened else None)
    about = set(fold(header).split())
    if about & _DISPOSAL:
        return AssetStatus.SUBJECT_TO_DISPOSAL if flag in YES else AssetStatus.UNKNOWN
    if about & _SURPLUS:
        return AssetStatus.SURPLUS if flag in YES else AssetStatus.UNKNOWN
    is_used = (flag in YES) != bool(about & _AGAINST)
    return AssetStatus.IN_USE if is_used else AssetStatus.VACANT


@lru_cache(maxsize=65536)
def use_of(text: str) -> Use | None:
    """Use that the words of a use or purpose name; None where they name none, or one that is denied or past.

    Examples
    --------
    >>> [str(use_of(words)) for words in ("Fire Station", "1. General acute hospital", "Women's refuge", "Red")]
    ['emergency_service', 'health', 'refuge', 'None']
    >>> [str(use_of(words)) for words in ("Non-residential", "Former school", "Former school, now offices")]
    ['None', 'None', 'office']
    """
    words = words_of(text)
    if (whole := _USES.whole(words)) is not None:
        return whole
    found = _USES.parts(words)
    kept = standing(found, text, words, USE_DENIALS, _USE_TURNS)
    # a place that was a refuge may be one still, and is guarded
    return _longest([part for part in found if part in kept or part[2] in SENSITIVE_USES], words)


def use_of_class(text: str) -> Use | None:
    """Use of a planning use class, where the column is headed so; else that of its words.

    Examples
    --------
    >>> [str(use_of_class(code)) for code in ("B1(a)", "Class E(g)(iii)", "F.1 (d)", "D1", "Offices, A2")]
    ['office', 'industrial', 'library', 'None', 'office']
    """
    code = re.sub(r"[\W_]+", "", text.lower().removeprefix("use ").removeprefix("class "))
    return USE_CLASSES.get(code) or use_of(text)


def is_use(text: str) -> bool:
    """Whether a text is the name of a use, and nothing else.

    Examples
    --------
    >>> is_use("Car parks"), is_use("Catford car park")
    (True, False)
    """
    return _USES.whole(words_of(text)) is not None


def use_of_name(text: str) -> Use | None:
    """Use that a name tells; None where it tells none, or speaks of another place or time.

    Words of streets tell nothing: ``Library Road``; nor does what a place was, lies beside or leads to.

    Examples
    --------
    >>> [str(use_of_name(name)) for name in ("Deptford Lounge Library", "12 Church Street", "Former petrol station")]
    ['library', 'None', 'None']
    """
    words = words_of(text)
    found = _USES.parts(words)
    if not found:
        return None
    if (whole := _USES.whole(words)) is not None:
        return whole
    ways = {at + size for at, size, use in found if use is Use.TRANSPORT}
    last = next((at for at, word in enumerate(words) if word in NOT_THERE or (word == "to" and at in ways)), len(words))
    here = [
        (at, size, use)
        for at, size, use in found
        if at < last and not (_makes_street(words, at + size) and at + size not in _starts(found))
    ]
    here = [part for part in here if not _is_street(part, words)]
    return _longest(here, words)


def _makes_street(words: Words, at: int) -> bool:
    """Whether a word makes a street of the one before; ``St`` before another word is a saint."""
    return at < len(words) and words[at] in STREETS and not (words[at] == "st" and at + 1 < len(words))


def _starts(found: list[Part[Use]]) -> set[int]:
    """Where phrases of several words begin: ``Museum Car Park`` has no street."""
    return {at for at, size, _ in found if size > 1}


def _is_street(part: Part[Use], words: Words) -> bool:
    """Whether a phrase is the last word of a street's name: ``Lewisham Park`` may be one, ``Manor Road`` is."""
    at, size, use = part
    return (
        size == 1 and words[at] in STREETS and (use is not Use.OPEN_SPACE or any(word.isdigit() for word in words[:at]))
    )


def _longest(found: list[Part[Use]], words: Words) -> Use | None:
    """The phrase of most words; of as many the last, since it names the thing; plain land and other only alone.

    What *and* joins on is less than what it is joined to: ``Village hall and car park``.
    """
    sure = [part for part in found if part[1] > 1 or words[part[0]] not in ONLY_WHOLE]
    telling = [part for part in sure if part[2] not in {Use.LAND, Use.OTHER}] or sure
    rank = {part: (part[1], words[part[0] - 1 : part[0]] != ("and",), part[0]) for part in telling}
    return max(telling, key=rank.__getitem__)[2] if telling else None


def speaks_of_refuge(text: str) -> bool:
    """Whether words of a use that nobody may learn of stand anywhere in a text.

    Examples
    --------
    >>> speaks_of_refuge("Women's Refuge, 3 High Street"), speaks_of_refuge("Refuse store")
    (True, False)
    """
    return any(use in SENSITIVE_USES for _, _, use in _USES.parts(words_of(text)))


def visibility_of(text: str) -> Visibility | None:
    """Who may see an asset, in a register's words, or as yes or no to the public's seeing it; None where unclear.

    Examples
    --------
    >>> str(visibility_of("Partners")), str(visibility_of("No")), visibility_of("red")
    ('partners', 'owner', None)
    """
    said = text.strip().lower()
    if said in YES | NO:
        return Visibility.PUBLIC if said in YES else Visibility.OWNER
    return _VISIBILITIES.get(said)
