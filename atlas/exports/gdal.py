"""GDAL's clock: the same content gives the same file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_CLOCK: Final = "OGR_CURRENT_DATE"
_LOCK: Final = Lock()


@contextmanager
def clock_at(day: str) -> Iterator[None]:
    """Have the layers that are written meanwhile stamped with a day (ISO), not with the moment."""
    import pyogrio  # noqa: PLC0415 -- it loads all of GDAL: only for who needs that

    # GDAL stamps every layer; its clock is one for the whole process
    with _LOCK:
        pyogrio.set_gdal_config_options({_CLOCK: f"{day}T00:00:00.000Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({_CLOCK: None})
