"""Registers' words, read as members of closed lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar

from atlas.geo.estate.cleaning.headers import fold
from atlas.geo.estate.cleaning.lexicon import (
    HOLDINGS,
    NO,
    NOT_THERE,
    ONLY_WHOLE,
    SENSITIVE_FLAGS,
    STATUS_ORDER,
    STATUSES,
    STREETS,
    TENURES,
    USES,
    YES,
)
from atlas.vocabulary.estate import AssetStatus, Holding, Tenure, Use, Visibility

Member = TypeVar("Member", bound=StrEnum)
Words = tuple[str, ...]

_WORD: Final = re.compile(r"[a-z0-9]+")
_APOSTROPHES: Final = str.maketrans({"'": " ", "\N{RIGHT SINGLE QUOTATION MARK}": " ", "&": " and ", "é": "e"})
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
}


class Lexicon(dict[Words, Member]):
    """Phrases by their words, with how many words the longest that begins with a word has.

    Parameters
    ----------
    table : mapping of member to phrases
        As in `atlas.geo.estate.cleaning.lexicon`.
    """

    def __init__(self, table: Mapping[Member, Iterable[str]]) -> None:
        super().__init__()
        self.longest: dict[str, int] = {}
        for member, phrases in table.items():
            for phrase in phrases:
                for form in (phrase, f"{phrase}s"):
                    words = words_of(form)
                    self.setdefault(words, member)
                    self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))

    def whole(self, words: Words) -> Member | None:
        """What all the words together mean."""
        return self.get(words)

    def parts(self, words: Words) -> list[tuple[int, int, Member]]:
        """Phrases found from left to right, none within another: first word, how many, and what it means."""
        found = []
        at = 0
        while at < len(words):
            size = min(self.longest.get(words[at], 0), len(words) - at)
            while size and words[at : at + size] not in self:
                size -= 1
            if size:
                found.append((at, size, self[words[at : at + size]]))
            at += size or 1
        return found


def words_of(text: str) -> Words:
    """Words of a text, in lower case.

    Examples
    --------
    >>> words_of("Land & buildings "), words_of("Women's Refuge")
    (('land', 'and', 'buildings'), ('women', 's', 'refuge'))
    """
    return tuple(_WORD.findall(text.lower().translate(_APOSTROPHES)))


_USES: Final = Lexicon(USES)
_TENURES: Final = Lexicon(TENURES)
_HOLDINGS: Final = Lexicon(HOLDINGS)
_STATUSES: Final = Lexicon(STATUSES)
_SHORTEST: Final = 3


@lru_cache(maxsize=4096)
def tenure_of(text: str) -> Tenure | None:
    r"""Tenure that a register's words name; None where they name none.

    Examples
    --------
    >>> [str(tenure_of(words)) for words in ("LLH", "FH & LH", "Freehold\xa0", "not owned by a public authority")]
    ['leasehold', 'freehold_and_leasehold', 'freehold', 'not_held']
    """
    words = words_of(text)
    if (whole := _TENURES.whole(words)) is not None:
        return whole
    found = {member for at, size, member in _TENURES.parts(words) if size > 1 or len(words[at]) >= _SHORTEST}
    if {Tenure.FREEHOLD, Tenure.LEASEHOLD} <= found or Tenure.FREEHOLD_AND_LEASEHOLD in found:
        return Tenure.FREEHOLD_AND_LEASEHOLD
    order = (Tenure.UNKNOWN, Tenure.FREEHOLD, Tenure.LEASEHOLD, Tenure.LICENCE, Tenure.OTHER)
    return next((member for member in order if member in found), None)


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

    Examples
    --------
    >>> [str(status_of(words)) for words in ("Subject to disposal process", "Saleable asset", "not in use", "red")]
    ['subject_to_disposal', 'surplus', 'vacant', 'None']
    """
    words = words_of(text)
    if (whole := _STATUSES.whole(words)) is not None:
        return whole
    found = {member for _, _, member in _STATUSES.parts(words)}
    return next((member for member in STATUS_ORDER if member in found), None)


def is_flag(text: str) -> bool:
    """Whether a text is yes or no.

    Examples
    --------
    >>> is_flag("Yes"), is_flag("0"), is_flag("vacant")
    (True, True, False)
    """
    return text.strip().lower() in YES | NO


def flag_status_of(text: str, header: str) -> AssetStatus | None:
    """Status that yes or no means under a header; other words as in `status_of`.

    Examples
    --------
    >>> str(flag_status_of("No", "Occupied")), str(flag_status_of("Y", "Vacant?")), str(flag_status_of("no", "Surplus"))
    ('vacant', 'vacant', 'unknown')
    """
    flag = text.strip().lower()
    if flag not in YES and flag not in NO:
        return status_of(text)
    about = set(fold(header).split())
    if about & _DISPOSAL:
        return AssetStatus.SUBJECT_TO_DISPOSAL if flag in YES else AssetStatus.UNKNOWN
    if about & _SURPLUS:
        return AssetStatus.SURPLUS if flag in YES else AssetStatus.UNKNOWN
    is_used = (flag in YES) != bool(about & _AGAINST)
    return AssetStatus.IN_USE if is_used else AssetStatus.VACANT


@lru_cache(maxsize=65536)
def use_of(text: str) -> Use | None:
    """Use that the words of a use or purpose name; None where they name none.

    Examples
    --------
    >>> [str(use_of(words)) for words in ("Fire Station", "1. General acute hospital", "Women's refuge", "Red")]
    ['emergency_service', 'health', 'refuge', 'None']
    """
    words = words_of(text)
    if (whole := _USES.whole(words)) is not None:
        return whole
    return _longest(_USES.parts(words), words)


def use_of_name(text: str) -> Use | None:
    """Use that a name tells; None where it tells none, or speaks of another place or time.

    Words of streets tell nothing: ``Library Road``; nor does what a place was or lies beside.

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
    last = next((at for at, word in enumerate(words) if word in NOT_THERE), len(words))
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


def _starts(found: list[tuple[int, int, Use]]) -> set[int]:
    """Where phrases of several words begin: ``Museum Car Park`` has no street."""
    return {at for at, size, _ in found if size > 1}


def _is_street(part: tuple[int, int, Use], words: Words) -> bool:
    """Whether a phrase is the last word of a street's name: ``Lewisham Park`` may be one, ``Manor Road`` is."""
    at, size, use = part
    return (
        size == 1 and words[at] in STREETS and (use is not Use.OPEN_SPACE or any(word.isdigit() for word in words[:at]))
    )


def _longest(found: list[tuple[int, int, Use]], words: Words) -> Use | None:
    """The longest phrase; of two as long the last, since it names the thing; plain land and other only alone."""
    sure = [part for part in found if part[1] > 1 or words[part[0]] not in ONLY_WHOLE]
    telling = [part for part in sure if part[2] not in {Use.LAND, Use.OTHER}] or sure
    if not telling:
        return None
    letters = [sum(map(len, words[at : at + size])) if size > 1 else 0 for at, size, _ in telling]
    return max(zip(telling, letters, strict=True), key=lambda pair: (pair[0][1], pair[1], pair[0][0]))[0][2]


def is_sensitive_name(text: str) -> bool:
    """Whether words speak of a refuge or the like, in whatever column they stand.

    Examples
    --------
    >>> is_sensitive_name("Women's Refuge, 3 High Street"), is_sensitive_name("Refuse store")
    (True, False)
    >>> is_sensitive_name("pedestrian refuge island")
    False
    """
    return any(use is Use.REFUGE for _, _, use in _USES.parts(words_of(text)))


def is_guarded(text: str) -> bool:
    """Whether a flag says that only the owner may know of an asset.

    Examples
    --------
    >>> is_guarded("Y"), is_guarded("Confidential"), is_guarded("no"), is_guarded("")
    (True, True, False, False)
    """
    flag = text.strip().lower()
    return flag in YES or (not SENSITIVE_FLAGS.isdisjoint(words_of(flag)) and "not" not in words_of(flag))


def visibility_of(text: str) -> Visibility | None:
    """Who may see an asset, in a register's words; None where they do not tell.

    Examples
    --------
    >>> str(visibility_of("Partners")), visibility_of("red")
    ('partners', None)
    """
    return _VISIBILITIES.get(text.strip().lower())
