"""London's unit postcodes, packed: to find the place of one, or those that begin like what was typed."""

from __future__ import annotations

import re
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
class _Part:
    postcodes: NDArray[np.bytes_]
    lads: NDArray[np.bytes_]
    metres: NDArray[np.float32]


def packed(typed: str) -> str:
    """What was typed as postcodes are kept: capitals, no spaces.

    Examples
    --------
    >>> packed("se13 6lg")
    'SE136LG'
    """
    return "".join(typed.split()).upper()


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

        Of a district alone those come first whose district it is: "E1" is E1 1AA before E10 5AA.

        Raises
        ------
        UnavailableError
            If the postcode package is not installed.
        """
        wanted = packed(typed)
        if not is_beginning(wanted) or wanted[0] not in LONDON_LETTERS:
            return []
        part = self._part(wanted[0])
        begins = np.searchsorted(part.postcodes, [np.bytes_(wanted), np.bytes_(wanted + "~")])
        near = part.postcodes[slice(*begins.tolist())]
        is_other = np.char.str_len(near) != len(wanted) + _INWARD
        order = np.argsort(is_other, kind="stable")[:limit]
        return [tidy(text.decode()) for text in near[order].tolist()]

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
