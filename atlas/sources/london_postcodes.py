"""London's unit postcodes, packed: to find the place of one, or those that begin like what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.sources.postcodes import LONDON_LETTERS, read_letter, tidy

LONDON: Final = "E09"
"""What the GSS codes of London's boroughs begin with."""

_BEGINNING: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?([0-9][A-Z]{0,2})?")
_INWARD: Final = 3
_DISTRICT: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_WHOLE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


@dataclass(frozen=True, slots=True)
class PostcodePlace:
    """Where a postcode lies.

    Parameters
    ----------
    postcode : str
        With one space.
    lad : str
        GSS code of its borough.
    easting_m, northing_m : float
        Of its mean address, EPSG:27700.
    """

    postcode: str
    lad: str
    easting_m: float
    northing_m: float


@dataclass(frozen=True, slots=True)
class PostcodesBegun:
    """Postcodes that begin alike: a district, a sector, or less.

    Parameters
    ----------
    name : str
        How they begin, with a space after the district.
    lads : mapping of str to int
        How many lie in each borough, by its GSS code, the most first.
    """

    name: str
    lads: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Part:
    postcodes: NDArray[np.bytes_]
    lads: NDArray[np.bytes_]
    metres: NDArray[np.float32]


_NONE: Final = _Part(np.empty(0, dtype="S7"), np.empty(0, dtype="S9"), np.empty((0, 2), dtype=np.float32))


def packed(typed: str) -> str:
    """What was typed as postcodes are kept: capitals, no spaces nor what else stands between letters.

    Examples
    --------
    >>> packed("se13 6lg"), packed("SE13-6LG")
    ('SE136LG', 'SE136LG')
    """
    return "".join(filter(str.isalnum, typed)).upper()


def is_beginning(typed: str) -> bool:
    """Whether what was typed can be the beginning of a postcode, its district at least.

    Examples
    --------
    >>> is_beginning("se13"), is_beginning("SE13 6L"), is_beginning("Lewisham"), is_beginning("100023")
    (True, True, False, False)
    """
    return _BEGINNING.fullmatch(packed(typed)) is not None


def is_whole(typed: str) -> bool:
    """Whether what was typed is a whole postcode, of London or not.

    Examples
    --------
    >>> is_whole("se13 6lg"), is_whole("se13 6")
    (True, False)
    """
    return _WHOLE.fullmatch(packed(typed)) is not None


class LondonPostcodes:
    """London's postcodes by first letter, each letter read once: 25 bytes a postcode, 8 MB in all.

    Examples
    --------
    >>> book = LondonPostcodes()
    >>> book.find("n10aa").lad, book.find("n9 9zz")
    ('E09000019', None)
    >>> book.beginning("N1 0A", 2)
    ['N1 0AA', 'N1 0AB']
    """

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._lock = Lock()

    def find(self, typed: str) -> PostcodePlace | None:
        """Where a whole postcode lies; None where it is none of London's that are live.

        Raises
        ------
        UnavailableError
            If the postcode package is not installed.
        """
        wanted = packed(typed)
        if not is_whole(wanted) or wanted[0] not in LONDON_LETTERS:
            return None
        part = self._part(wanted[0])
        at = int(np.searchsorted(part.postcodes, np.bytes_(wanted)))
        if at == len(part.postcodes) or part.postcodes[at].decode() != wanted:
            return None
        east, north = part.metres[at].tolist()
        return PostcodePlace(tidy(wanted), part.lads[at].decode(), east, north)

    def beginning(self, typed: str, limit: int) -> list[str]:
        """The first postcodes that begin as typed, in order; none where that cannot be the beginning of one.

        Of a district alone those come first whose district it is: "E1" is E1 1AA before E10 5AA, and "E1 6" is E1 6AN.

        Raises
        ------
        UnavailableError
            If the postcode package is not installed.
        """
        part, near, own = self._that_begin(typed)
        order = np.argsort(-own, kind="stable")[:limit]
        return [tidy(text.decode()) for text in part.postcodes[near][order].tolist()]

    def counted(self, typed: str) -> PostcodesBegun | None:
        """How many postcodes begin as typed, and where they lie; None where none does.

        Of a district alone those count whose district it is, or a part of it: E1W is one of E1, and E10 is not.

        Raises
        ------
        UnavailableError
            If the postcode package is not installed.
        """
        part, near, own = self._that_begin(typed)
        chosen = own > 0 if own.any() else np.ones(len(own), dtype=np.bool_)
        if not len(chosen):
            return None
        lads, counts = np.unique(part.lads[near][chosen], return_counts=True)
        order = np.argsort(-counts, kind="stable")
        first = part.postcodes[near][chosen][0].decode()
        wanted, outward = packed(typed), len(first) - _INWARD
        name = f"{wanted[:outward]} {wanted[outward:]}".strip()
        return PostcodesBegun(name, {lads[at].decode(): int(counts[at]) for at in order})

    def _that_begin(self, typed: str) -> tuple[_Part, slice, NDArray[np.int8]]:
        """Which postcodes begin as typed, and how much theirs is the district typed: 2 wholly, 1 as a part, 0 not."""
        wanted = packed(typed)
        if not is_beginning(wanted) or wanted[0] not in LONDON_LETTERS:
            return _NONE, slice(0, 0), np.zeros(0, dtype=np.int8)
        part = self._part(wanted[0])
        near = slice(*np.searchsorted(part.postcodes, [np.bytes_(wanted), np.bytes_(wanted + "~")]).tolist())
        outward = packed(typed.split(maxsplit=1)[0])
        district = outward if _DISTRICT.fullmatch(outward) else wanted
        letters = np.char.str_len(part.postcodes[near]) - _INWARD - len(district)
        width = part.postcodes.itemsize
        next_letter = part.postcodes[near].view(np.uint8).reshape(-1, width)[:, min(len(district), width - 1)]
        own = np.select([letters == 0, (letters == 1) & (next_letter >= ord("A"))], [2, 1], 0).astype(np.int8)
        return part, near, own

    def load(self) -> None:
        """Read every letter now, so that nobody waits for one."""
        for letter in LONDON_LETTERS:
            self._part(letter)

    def _part(self, letter: str) -> _Part:
        with self._lock:
            if letter not in self._parts:
                self._parts[letter] = _read(letter)
            return self._parts[letter]


def _read(letter: str) -> _Part:
    told = read_letter(letter)
    codes = np.array(["" if lad != lad else str(lad) for lad in told.lads], dtype="S9")  # noqa: PLR0124 -- NaN alone
    lads = codes[told.lad_at]
    is_here = np.char.startswith(lads, LONDON.encode())
    return _Part(told.postcodes[is_here], lads[is_here], told.metres[is_here])
