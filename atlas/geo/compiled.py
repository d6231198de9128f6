"""How loops are compiled: at once, and kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(signature: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile at once; keep the result on disk where numba finds a folder it may write."""

    def compile_(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return numba.njit(signature, nogil=True, cache=True, **options)(function)
        except (OSError, RuntimeError):
            return numba.njit(signature, nogil=True, **options)(function)

    return compile_
