"""Columns of msgpack as arrow has them: of millions of values none is made an object of Python's."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgpack
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_FLOAT: Final = 0xCB
_FLOAT_BYTES: Final = 9
_NAN: Final = b"\x7f\xf8"
_NIL: Final = 0xC0
_TEXT: Final = 0xA0
_LONGEST_TEXT: Final = 31
_ASCII: Final = 0x80


def read_columns(packed: bytes, wanted: Collection[str]) -> dict[str, pa.Array]:
    """Columns by name from a map of msgpack, whose ``data`` is a map of arrays.

    Parameters
    ----------
    packed : bytes
        The whole file, unpacked.
    wanted : collection of str
        Columns to read; one that is not there is left out.

    Returns
    -------
    dict of str to pyarrow.Array of length n
        Doubles; text, empty or null where there is nil or NaN; anything else as arrow has it.

    Raises
    ------
    ValueError
        If a column holds values of more than one kind.

    Examples
    --------
    >>> packed = msgpack.packb({"columns": ["x", "y"], "data": {"x": [1.5, -2.0], "y": ["E1", None, ""]}})
    >>> {name: values.to_pylist() for name, values in read_columns(packed, ["x", "y"]).items()}
    {'x': [1.5, -2.0], 'y': ['E1', '', '']}
    """
    found: dict[str, pa.Array] = {}
    unpacker = msgpack.Unpacker(max_buffer_size=0)
    unpacker.feed(packed)
    for _ in range(unpacker.read_map_header()):
        if unpacker.unpack() != "data":
            unpacker.skip()
            continue
        for _ in range(unpacker.read_map_header()):
            name = unpacker.unpack()
            if name in wanted:
                found[name] = _column(unpacker, packed)
            else:
                unpacker.skip()
    return found


def _column(unpacker: msgpack.Unpacker, packed: bytes) -> pa.Array:
    count = unpacker.read_array_header()
    rest = np.frombuffer(packed, np.uint8, offset=unpacker.tell())
    for read in (_floats, _texts):
        if told := read(rest, count):
            values, size = told
            unpacker.read_bytes(size)
            return values
    values = [unpacker.unpack() for _ in range(count)]
    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, TypeError) as error:
        raise ValueError(f"a column holds values of more than one kind: {error}") from None


def _floats(rest: NDArray[np.uint8], count: int) -> tuple[pa.Array, int] | None:
    """Doubles and how many bytes they take; None where a value is something else."""
    size = count * _FLOAT_BYTES
    if len(rest) < size:
        return None
    each = rest[:size].reshape(count, _FLOAT_BYTES)
    if not (each[:, 0] == _FLOAT).all():
        return None
    return pa.array(np.ascontiguousarray(each[:, 1:]).view(">f8").reshape(count).astype(np.float64)), size


def _texts(rest: NDArray[np.uint8], count: int) -> tuple[pa.Array, int] | None:
    """Short texts and how many bytes they take; None where a value is something else, or not ASCII."""
    if not len(rest) or not count:
        return None
    # most columns are as wide all the way down as at the top
    for most in (int(rest[0]) - _TEXT, _LONGEST_TEXT):
        heads, nans = _heads(rest[: count * (max(most, 0) + 1) + 1])
        if len(heads) > count:
            break
    else:
        return None
    starts, widths = heads[:count], np.diff(heads[: count + 1]) - 1
    kinds = rest[starts].astype(np.int64)
    is_none = (kinds == _NIL) & (widths == 0)
    nans = nans[nans <= starts[-1]]
    at = np.searchsorted(starts, nans)
    is_none[at] = widths[at] == _FLOAT_BYTES - 1
    if starts[0] != 0 or not (is_none | (kinds == _TEXT + widths)).all():
        return None
    size = int(heads[count])
    is_letter = rest[:size] < _ASCII
    is_letter[nans[:, None] + np.arange(_FLOAT_BYTES)] = False
    ends = np.cumsum(np.where(is_none, 0, widths), dtype=np.int64)
    buffers = [None, pa.py_buffer(np.append(0, ends)), pa.py_buffer(rest[:size][is_letter])]
    return pa.Array.from_buffers(pa.large_string(), count, buffers), size


def _heads(within: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where values begin, the end of all bytes among them, and which of them are NaN."""
    # in ASCII a byte from 128 up can only be the head of a value, or lie in the NaN that stands for none
    high = np.flatnonzero(within >= _ASCII)
    may_be = high[(within[high] == _FLOAT) & (high < len(within) - len(_NAN))]
    nans = may_be[(within[may_be + 1] == _NAN[0]) & (within[may_be + 2] == _NAN[1])]
    return np.append(np.delete(high, np.searchsorted(high, nans + 2)), len(within)), nans
