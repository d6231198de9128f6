"""Files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from atlas.errors import UnavailableError


def write_whole(path: Path, data: bytes) -> None:
    """Write aside, then rename: whoever looks sees the old file or the new one, never a part.

    Raises
    ------
    UnavailableError
        If the folder is missing or cannot be written to; nothing is left behind.
    """
    try:
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UnavailableError(f"cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except OSError as error:
        Path(aside).unlink(missing_ok=True)
        raise UnavailableError(f"cannot write {path}: {error.strerror}") from error
