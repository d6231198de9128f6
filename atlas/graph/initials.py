"""What names are abbreviated to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

JOINING: Final = frozenset({"a", "and", "at", "for", "in", "of", "on", "the", "to", "upon", "with"})
"""Words that initials may pass over."""

LEGAL: Final = frozenset({"nhs", "foundation", "trust"})
"""The legal form of a name, which people leave out."""

FEWEST: Final = 3
"""Words of a name whose initials are told from others."""

_CUTTING: Final = frozenset({"and", "for"})
_SYSTEM: Final = frozenset({"nhs", "integrated", "care", "board", "system", "partnership"})
_OF_ACUTE: Final = frozenset({"nhs", "hospital", "hospitals"})
_LONGEST: Final = 10


def initials(name: str) -> frozenset[str]:
    """What a name is abbreviated to: its initials, with and without joining words and its legal form.

    None from a name that is a description: all of its words but the joining ones must be capitalised.

    Examples
    --------
    >>> "tfl" in initials("Transport for London"), "lse" in initials("London School of Economics and Political Science")
    (True, True)
    >>> "elft" in initials("East London NHS Foundation Trust"), "slam" in initials("South London and Maudsley")
    (True, True)
    >>> sorted(initials("Victoria and Albert Museum"))
    ['v and a', 'vaam', 'vam']
    """
    found = {word.casefold() for word in re.findall(r"\((\w{2,})\)", name)}
    bare = name.partition("(")[0].replace("&", " and ")
    words = re.findall(r"\w+(?:['\N{RIGHT SINGLE QUOTATION MARK}]\w+)*", bare)
    if all(word in JOINING or not word[0].islower() for word in words):
        lower = [word.casefold() for word in words]
        for core in _cores(lower):
            found |= {joined(core), joined(word for word in core if word not in JOINING)}
        if lower[:1] == ["nhs"]:
            found.add("nhs" + joined(lower[1:]))
        if len(lower) > 2 and lower[1] == "and":
            found.add(f"{lower[0][0]} and {lower[2][0]}")
    return frozenset(one for one in found if 1 < len(one) <= _LONGEST)


def _cores(words: Sequence[str]) -> Iterable[Sequence[str]]:
    """The words of a name, whole and less what people leave out; NHS is an abbreviation itself, never an N."""
    yield [word for word in words if word != "nhs"]
    yield [word for word in words if word not in LEGAL]
    yield [word for word in words if word not in _OF_ACUTE]
    if {"integrated", "care"} <= set(words):
        yield [word for word in words if word not in _SYSTEM]
    cut = next((place for place, word in enumerate(words) if word in _CUTTING), 0)
    if sum(word not in JOINING for word in words[:cut]) >= FEWEST:
        yield words[:cut]


def joined(words: Iterable[str]) -> str:
    """First letters of words."""
    return "".join("st" if word == "st" else word[0] for word in words)
