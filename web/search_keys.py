"""What things are found by besides their names and codes: initials, and what people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from atlas.graph.initials import FEWEST, JOINING, LEGAL, initials, joined
from atlas.graph.lookup import governed
from web.names import Name, plain

SHORTENED: Final = frozenset({"institution", "network", "programme", "board", "borough"})
"""Kinds that are called by their initials."""

NICKNAMED, NUMBERED, BEGUN = 0.92, 0.96, 0.97
"""What is made from a name counts against it: all that it is called after another, so that a site called just so comes
first; and, where only a part of it was typed, the end of an address, and initials."""

_OF_HOSPITALS: Final = LEGAL | {"health", "healthcare", "hospital", "hospitals", "services", "university"}


@dataclass(frozen=True, slots=True)
class Key:
    """What something is found by.

    Parameters
    ----------
    text : str
        As `web.names.plain` writes it.
    whole, part : float
        What its likeness is multiplied with, 0 to 1, where it was typed just so, and where it was not.
    is_initials : bool
        Whether it is found only by what begins it: every few letters are near to some initials.
    """

    text: str
    whole: float = 1.0
    part: float = 1.0
    is_initials: bool = False

    def likeness(self, typed: str, score: float) -> float:
        """What the likeness of the text counts, 0 to 100.

        Examples
        --------
        >>> Key("kq", is_initials=True).likeness("kx", 50), Key("ucl hospitals", 0.92).likeness("ucl hospitals", 100)
        (0.0, 92.0)
        """
        if self.is_initials and not self.text.startswith(typed):
            return 0.0
        return score * (self.whole if typed == self.text else self.part)


def nicknames(name: Name, short: Mapping[str, str]) -> frozenset[str]:
    """What something is called after what it is, or after whose it is.

    Parameters
    ----------
    name : Name
        Of anything.
    short : mapping of str to str
        Initials of institutions by their names, both as `plain` writes them.

    Examples
    --------
    >>> sorted(nicknames(Name("institution", "", "Barts Health NHS Trust", "NHS trust", ()), {}))
    ['barts hospital']
    """
    words = plain(name.name).split()
    called = [words]
    begun = {length: short.get(" ".join(words[:length])) for length in range(FEWEST, len(words))}
    called += [[other, *words[length:]] for length, other in begun.items() if other]
    found = {" ".join(one) for one in called[1:]}
    if name.what.startswith("London borough") and (place := governed(name.name)):
        found |= {f"{place} council", f"lb {place}", f"london borough of {place}", f"{place} borough council"}
    if name.kind == "institution" and re.match(r"NHS (foundation )?trust($| \(specialist\)|,)", name.what):
        found |= {f"{core} hospital" for one in called if (core := _without_end(one, _OF_HOSPITALS))}
    return frozenset(found)


def _without_end(words: Sequence[str], left_out: frozenset[str]) -> str:
    kept = len(words)
    while kept and words[kept - 1] in left_out:
        kept -= 1
    return " ".join(words[:kept])


def keys_of(names: Sequence[Name]) -> list[tuple[Key, int]]:
    """What each name is found by, with the position of the name.

    Examples
    --------
    >>> lain = Name("network", "lain", "London Anchor Institutions' Network", "network", ("x",))
    >>> [(key.text, key.is_initials, owner) for key, owner in keys_of([lain])]
    [('x', False, 0), ('lain', True, 0)]
    """
    found: list[tuple[Key, int]] = []
    short = _short_names(names)
    for owner, name in enumerate(names):
        borne = plain(name.name)
        address = plain(name.wanted) if plain(name.wanted) != borne else ""
        found += [(Key(text, part=NUMBERED if text == address else 1.0), owner) for text in name.keys if text]
        if name.kind in SHORTENED:
            called, by_initials = nicknames(name, short) - {*name.keys}, _initials_of(name) - {*name.keys}
            found += [(Key(text, part=BEGUN, is_initials=True), owner) for text in sorted(by_initials)]
            found += [(Key(text, NICKNAMED, NICKNAMED), owner) for text in sorted(called - by_initials)]
    return found


def _initials_of(name: Name) -> frozenset[str]:
    """Initials of a name; of a council's as London boroughs write them as well: LBTH."""
    core = name.name.removesuffix(" Council")
    is_lb = name.what.startswith("London borough") and core != name.name
    return initials(name.name) | (initials(f"London Borough {core}") if is_lb else frozenset())


def _short_names(names: Iterable[Name]) -> dict[str, str]:
    """Initials of institutions with at least three words, by their names."""
    found = {}
    for name in names:
        words = [word for word in plain(name.name).split() if word not in JOINING]
        if name.kind == "institution" and len(words) >= FEWEST and not LEGAL & {*words}:
            found[plain(name.name)] = joined(words)
    return found
