"""A large CSV file as columns of codes, where it is plain to see that it is read as `textfiles` would read it."""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LARGE_BYTES: Final = 4_000_000
"""Files below are read row by row in the time that Arrow takes to import."""

_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'
_BEFORE: Final = list(b',\n"')
_AFTER: Final = list(b',\r\n"')

Coded = dict[str, tuple[list[str], NDArray[np.int64]]]
"""By column: its distinct texts, and for each row the place of its text among them."""


def is_strict_csv(data: bytes) -> bool:
    r"""Tell whether every quote opens or closes a whole cell, or is doubled inside one, and lines end alike.

    Examples
    --------
    >>> [is_strict_csv(text) for text in (b'a,"b ""c"" d"', b'a,"b"c', b'a,b"c"', b'a,"b')]
    [True, False, False, False]
    """
    text = np.frombuffer(data, dtype=np.uint8)
    returns = np.flatnonzero(text == _RETURN)
    if len(returns) and (returns[-1] == len(text) - 1 or not (text[returns + 1] == _LINE_FEED).all()):
        return False
    quotes = np.flatnonzero(text == _QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = text[opening[opening > 0] - 1]
    after = text[closing[closing < len(text) - 1] + 1]
    return bool(np.isin(before, _BEFORE).all() and np.isin(after, _AFTER).all())


def read_columns(text: str) -> Coded | None:
    r"""Read CSV text as columns; row k is row k + 2 of a spreadsheet, blank rows included.

    Parameters
    ----------
    text : str
        A header and rows, separated by commas.

    Returns
    -------
    dict or None
        None where anything is unusual: then `textfiles.parse_table` reads it, and says what is wrong.

    Examples
    --------
    >>> columns = read_columns("code,name\nE1,Barnet\n\nE1,Barnet\n")
    >>> columns["code"][0], columns["code"][1].tolist()
    (['E1', ''], [0, 1, 0])
    """
    import pyarrow as pa  # noqa: PLC0415  # takes longer to import than small tables to read
    from pyarrow import csv  # noqa: PLC0415

    data = text.encode()
    header = [name.strip() for name in data.partition(b"\n")[0].decode().split(",")]
    if not is_strict_csv(data) or not all(name.isidentifier() for name in header) or len({*header}) < len(header):
        return None
    kinds: dict[str, Any] = dict.fromkeys(header, pa.dictionary(pa.int32(), pa.string()))
    try:
        table = csv.read_csv(
            io.BytesIO(data),
            read_options=csv.ReadOptions(column_names=header, skip_rows=1),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid:  # rows longer or shorter than the header
        return None
    return {name: _coded(table.column(name)) for name in header}


def _coded(column: Any) -> tuple[list[str], NDArray[np.int64]]:
    whole = column.unify_dictionaries().combine_chunks()
    if not len(whole):
        return [], np.zeros(0, dtype=np.int64)
    return whole.dictionary.to_pylist(), whole.indices.to_numpy(zero_copy_only=False).astype(np.int64)
