"""What the server no longer needs goes back to the system, rather than being kept for a next time.

glibc and arrow each keep what was freed, by thread, since asking anew costs time; a server that reads everything at
start and then answers from it pays for that with half as much memory again. Elsewhere than on glibc nothing happens.
"""

from __future__ import annotations

import ctypes
import gc
import os
from typing import Final

import pyarrow as pa

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""Names of `mallopt`, as glibc's malloc.h numbers them."""

_KEPT_BYTES: Final = 128 * 1024
_HEAPS: Final = 1


def keep_little() -> bool:
    """Have freed memory given back at once; before any thread is started.

    Returns
    -------
    bool
        Whether the allocator of this system could be told.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    tell = getattr(_library(), "mallopt", None)
    wanted = {_ARENA_MAX: _HEAPS, _TRIM_THRESHOLD: _KEPT_BYTES, _MMAP_THRESHOLD: _KEPT_BYTES}
    return tell is not None and all(tell(name, value) == 1 for name, value in wanted.items())


def give_back() -> None:
    """Give back what is free now, and leave what stays out of every later search for garbage."""
    gc.collect()
    gc.freeze()
    trim = getattr(_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if os.name == "posix" else None
