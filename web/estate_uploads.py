"""Files that were sent and not imported yet: on disk under their hash, few, small enough and not for long."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from atlas.errors import QueryError
from atlas.settings import Settings

FOLDER: Final = "uploads"
MOST_FILES: Final = 24
MOST_AGE_S: Final = 2 * 3600.0
PIECE_BYTES: Final = 1024 * 1024
FORM_BYTES: Final = 64 * 1024
"""What surrounds a file in a form is not the file's."""
MOST_PARTS: Final = 16
LONGEST_NAME: Final = 120
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class TooLargeError(RequestEntityTooLarge):
    """More was sent than is taken."""

    name = "That is too large"


def bound(settings: Settings) -> None:
    """Let the request at work carry a register, and nothing much besides.

    Raises
    ------
    TooLargeError
        If it says of itself that it is larger.
    """
    most = upload_bytes(settings)
    request.max_content_length = most + FORM_BYTES
    request.max_form_parts = MOST_PARTS
    if (request.content_length or 0) > most + FORM_BYTES:
        raise TooLargeError(too_large(settings))


def upload_bytes(settings: Settings) -> int:
    """The largest register that is taken, bytes."""
    return int(settings.upload_mb * 1_000_000)


def too_large(settings: Settings) -> str:
    """What is told of a file that is too large.

    Examples
    --------
    >>> too_large(Settings(upload_mb=200))
    'A register may have up to 200 MB. Send fewer columns or a zipped file, or use `atlas estate import`.'
    """
    way_out = "Send fewer columns or a zipped file, or use `atlas estate import`."
    return f"A register may have up to {settings.upload_mb:g} MB. {way_out}"


def too_much(settings: Settings) -> TooLargeError:
    """What is told of a request that carried more than it may: a file that is too large, or parts by the hundred."""
    is_large = (request.content_length or 0) > upload_bytes(settings)
    return TooLargeError(too_large(settings) if is_large else "The form has more parts than the page's own has.")


def plain_name(sent: str | None) -> str:
    r"""The name of a file as its owner knows it: a text without folders, never a path.

    Examples
    --------
    >>> plain_name("..\\..\\etc/assets 2021.csv"), plain_name("../"), plain_name(None)
    ('assets 2021.csv', 'register', 'register')
    """
    last = re.split(r"[\\/]", _HIDDEN.sub("", sent or ""))[-1].strip(" .")
    return last[-LONGEST_NAME:] or "register"


def ending_of(name: str) -> str:
    """The ending of a file's name, where it is one that a path may bear.

    Examples
    --------
    >>> ending_of("Assets.XLSX"), ending_of("assets.csv.gz"), ending_of("no/.. ")
    ('.xlsx', '.csv.gz', '')
    """
    found = re.search(r"(\.[a-z0-9]{1,8})?\.[a-z0-9]{1,8}$", name.lower())
    if not found:
        return ""
    return found[0] if found[0].endswith(".gz") else found[0][found[0].rindex(".") :]


def one_file() -> FileStorage:
    """The one file of the form at work.

    Raises
    ------
    BadRequest
        If there is none, or more than one.
    TooLargeError
        If it is too large.
    """
    sent = [file for _, file in request.files.items(multi=True) if file.filename]
    if len(sent) != 1:
        raise BadRequest("Choose a file." if not sent else "Send one file at a time.")
    return sent[0]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits.

    Parameters
    ----------
    sha256 : str
        Its hash.
    path : Path
        Where it lies.
    size_bytes : int
        How large it is.
    """

    sha256: str
    path: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """Where files lie between the look at them and their import.

    Parameters
    ----------
    folder : Path
        Under the workspace.
    most_bytes : int
        The largest file that is taken; four such may wait at once.
    clock : callable
        Seconds since 1970, as files have it.
    """

    folder: Path
    most_bytes: int
    clock: Callable[[], float] = time.time

    @classmethod
    def of(cls, settings: Settings) -> WaitingRoom:
        """That of a workspace."""
        return cls(settings.workspace / FOLDER, upload_bytes(settings))

    def take(self, stream: IO[bytes], name: str) -> Waiting:
        """Write a file to disk, piece by piece, under its hash and the ending of its name.

        Raises
        ------
        TooLargeError
            If more comes than is taken; nothing is kept of it.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.tidy()
        handle, name = tempfile.mkstemp(prefix="part-", dir=self.folder)
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                sha256, size = _copy(stream, out, self.most_bytes)
            kept = self.folder / f"{sha256}{ending_of(name)}"
            path.replace(kept)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        os.utime(kept, (self.clock(), self.clock()))
        return Waiting(sha256, kept, size)

    def find(self, sha256: str) -> Waiting:
        """The file of a hash.

        Raises
        ------
        QueryError
            If it does not wait any more.
        """
        found = sorted(self.folder.glob(f"{sha256}*")) if _HASH.fullmatch(sha256) else []
        if not found:
            raise QueryError("the file is not kept any more: choose it again")
        return Waiting(sha256, found[0], found[0].stat().st_size)

    def drop(self, sha256: str) -> None:
        """Forget a file."""
        if _HASH.fullmatch(sha256):
            for path in self.folder.glob(f"{sha256}*"):
                path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Forget what has waited too long, and the oldest where there is too much."""
        found = []
        for path in self.folder.iterdir():
            with suppress(OSError):
                found.append((path.stat().st_mtime, path.stat().st_size, path))
        kept_bytes = 0
        for number, (moment, size, path) in enumerate(sorted(found, reverse=True), 1):
            kept_bytes += size
            is_old = self.clock() - moment > MOST_AGE_S
            if is_old or number >= MOST_FILES or kept_bytes > 4 * self.most_bytes:
                path.unlink(missing_ok=True)


def _copy(stream: IO[bytes], out: IO[bytes], most_bytes: int) -> tuple[str, int]:
    """Hash and size of what was written."""
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE_BYTES):
        size += len(piece)
        if size > most_bytes:
            raise TooLargeError(f"A register may have up to {most_bytes / 1e6:g} MB.")
        digest.update(piece)
        out.write(piece)
    return digest.hexdigest(), size
