"""Keys of assets: the same for the same asset in the next file, whatever the order of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.cells import matching
from atlas.geo.estate.cleaning.first_rows import FirstRows
from atlas.records import slug

Texts = NDArray[np.object_]

HASHED: Final = ("name", "number", "street", "postcode", "x", "y", "grid_reference")
"""What an asset is known by that has neither reference nor UPRN."""

_DIGITS: Final = 10
_BREAK: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row with the key of an earlier one.

    Parameters
    ----------
    at : int
        Its position among the rows given.
    first : int
        Row of the earlier one.
    """

    at: int
    first: int


def keys_of(fields: pd.DataFrame, outlines: Sequence[bytes | None]) -> tuple[Texts, Texts]:
    """Keys that rows ask for: by reference, else by UPRN, else by a hash of name, address and place.

    Parameters
    ----------
    fields : pandas.DataFrame
        Text columns `reference`, `uprn` and those of `HASHED`.
    outlines : sequence of bytes or None
        WKB of each row.

    Returns
    -------
    keys : numpy.ndarray of object, shape (n,)
        Lower-case letters, digits and hyphens.
    basis : numpy.ndarray of object, shape (n,)
        ``reference``, ``uprn`` or ``hash``.
    """
    codes, distinct = pd.factorize(fields["reference"].to_numpy(object))
    keys = _slugs(distinct)[codes] if len(codes) else np.array([], dtype=object)
    basis = np.where(keys != "", "reference", "").astype(object)
    uprns = fields["uprn"].to_numpy(object)
    by_uprn = np.flatnonzero((keys == "") & (uprns != ""))
    keys[by_uprn] = [f"uprn-{uprn}" for uprn in uprns[by_uprn]]
    basis[by_uprn] = "uprn"
    rest = np.flatnonzero(keys == "")
    texts = [fields[name].to_numpy(object)[rest] for name in ("reference", *HASHED)]
    for at, *parts in zip(rest.tolist(), *texts, strict=True):
        written = _BREAK.join(parts).lower().encode() + (outlines[at] or b"")
        keys[at] = hashlib.sha256(written).hexdigest()[:_DIGITS]
    basis[rest] = "hash"
    return keys, basis


def _slugs(references: Texts) -> Texts:
    """`slug` of each: many at once where nothing but ASCII is in them, and nothing that it writes out."""
    texts = pa.array(references, pa.string())
    parted = pc.replace_substring_regex(pc.ascii_lower(texts), "[^a-z0-9]+", "-")
    slugs = np.array(pc.ascii_trim(parted, "-").to_numpy(zero_copy_only=False), dtype=object)
    rest = np.flatnonzero(matching(references, r"[&']|[^\x00-\x7f]"))
    slugs[rest] = [slug(text) for text in references[rest].tolist()]
    return slugs


class KeyBook:
    """The keys of a register so far; a second row that asks for one gets ``-2``, a third ``-3``.

    Examples
    --------
    >>> book = KeyBook()
    >>> book.take(np.array(["a", "b", "a"], dtype=object), [2, 3, 4])
    (['a', 'b', 'a-2'], [Repeat(at=2, first=2)])
    """

    def __init__(self) -> None:
        self._rows = FirstRows()
        self._count: dict[str, int] = {}

    def take(self, keys: Texts, rows: Sequence[int]) -> tuple[list[str], list[Repeat]]:
        """Give each row a key of its own, in order.

        Parameters
        ----------
        keys : numpy.ndarray of object, shape (n,)
            As `keys_of` gives them.
        rows : sequence of int, length n
            Rows of the file.
        """
        given: list[str] = []
        repeats = []
        # rows of those that were made have a minus
        here: dict[str, int] = {}
        before = self._rows.find(_hashes(keys.tolist())).tolist()
        for at, (key, row, known) in enumerate(zip(keys.tolist(), rows, before, strict=True)):
            first = here.get(key, 0) or known
            if not first:
                here[key] = row
                given.append(key)
                continue
            if first > 0:
                repeats.append(Repeat(at, first))
            own = self._next(key, here)
            here[own] = -row
            given.append(own)
        self._rows.add(_hashes(here), np.fromiter(here.values(), dtype=np.int32, count=len(here)))
        return given, repeats

    def _next(self, key: str, here: Mapping[str, int]) -> str:
        """The next key of several rows that ask for one."""
        count = self._count.get(key, 1)
        while True:
            count += 1
            own = f"{key}-{count}"
            if own not in here and not self._rows.find(_hashes([own]))[0]:
                self._count[key] = count
                return own


def _hashes(texts: Collection[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts))
