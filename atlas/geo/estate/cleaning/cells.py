"""Columns of cells at once: which match a pattern, which say nothing, and cells of several columns as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]

EMPTY_WORDS: Final = frozenset(
    {"n/a", "na", "#n/a", "nan", "none", "null", "nil", "-", "--", "---", ".", "?", "tbc", "tba", "tbd", "n/k", "nk"}
    | {"unknown", "not known", "#ref!", "#value!", "#name?", "not applicable", "not available", "no data", "no uprn"}
    | {"blank", "(blank)", "not stated", "not reported", "not recorded", "not provided", "to be confirmed", "<null>"}
    | {"(null)", "\N{EN DASH}", "\N{EM DASH}"}
)
"""What people write in a cell that has nothing to say."""

_NOTHING: Final = pa.array(["", *sorted(EMPTY_WORDS)])


def matching(texts: Texts, pattern: str, *, any_case: bool = False) -> Flags:
    r"""Which texts match a regular expression (RE2) somewhere.

    Examples
    --------
    >>> matching(np.array(["SE6 4RU", ""], dtype=object), r"\d", any_case=True).tolist()
    [True, False]
    """
    found = pc.match_substring_regex(pa.array(texts, pa.string()), pattern, ignore_case=any_case)
    return np.array(found.to_numpy(zero_copy_only=False), dtype=bool)


def says_nothing(texts: Texts) -> Flags:
    """Which texts are empty or a word for nothing, such as ``N/A``.

    Examples
    --------
    >>> says_nothing(np.array(["N/A", "Lee", "-"], dtype=object)).tolist()
    [True, False, True]
    """
    found = pc.is_in(pc.utf8_lower(pa.array(texts, pa.string())), value_set=_NOTHING)
    return np.array(found.to_numpy(zero_copy_only=False), dtype=bool)


def joined(columns: Sequence[Texts], between: str) -> Texts:
    """Cells of several columns as one: what says something, each thing once.

    Examples
    --------
    >>> one, two = (np.array(texts, dtype=object) for texts in (["1 High Street", ""], ["Lee", "Deptford"]))
    >>> joined([one, two], ", ").tolist()
    ['1 High Street, Lee', 'Deptford']
    """
    whole = columns[0]
    for texts in columns[1:]:
        both = np.flatnonzero((whole != "") & (texts != "") & (whole != texts))
        whole = np.where(whole == "", texts, whole).astype(object)
        whole[both] = [
            one if two.strip(" ,") in one.split(between) else f"{one.rstrip(' ,')}{between}{two.strip(' ,')}"
            for one, two in zip(whole[both].tolist(), texts[both].tolist(), strict=True)
        ]
    return whole


def bytes_of(column: pa.Array | pa.ChunkedArray) -> NDArray[np.uint8]:
    """All bytes of a column of text, one text after the other.

    Examples
    --------
    >>> bytes_of(pa.array(["a", None, "bc"])).tobytes()
    b'abc'
    """
    if isinstance(column, pa.ChunkedArray):
        return np.concatenate([np.empty(0, dtype=np.uint8), *map(bytes_of, column.chunks)])
    _, ends, said = column.buffers()
    if said is None or not len(column):
        return np.empty(0, dtype=np.uint8)
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    at = np.frombuffer(ends, kind)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(said, np.uint8)[at[0] : at[-1]]


def lengths(texts: Texts) -> NDArray[np.int64]:
    """How many letters each text has."""
    return np.asarray(pc.utf8_length(pa.array(texts, pa.string())).to_numpy(zero_copy_only=False), dtype=np.int64)


def mapped(texts: Texts, meaning: Callable[[str], str | None], empty: str, unknown: str) -> Texts:
    """Meaning of each cell, each distinct one looked up once."""
    codes, distinct = pd.factorize(texts)
    found = [(meaning(text) or unknown) if text else empty for text in distinct]
    return np.array([str(word) for word in found] or [empty], dtype=object)[codes]
