"""One pass over a file: its hash, its size, its encoding, and whether it is there at all."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from atlas.errors import UnavailableError
from atlas.sources.registers.content import HEAD_BYTES, byte_order
from atlas.sources.registers.limits import Limits, in_words, refused

BLOCK: Final = 1 << 20
_SAMPLE: Final = 1 << 17
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_STRAY: Final = re.compile("[\udc80-\udcff]")
_UNDEFINED: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_CANDIDATES: Final = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "mac_roman", "cp850", "cp437")
_EAST: Final = ("gb18030", "shift_jis", "big5", "euc_kr")
_IN_RUNS: Final = 0.5
_FEW: Final = 0.01
MIXED: Final = "utf-8, with some cp1252"
"""A file of two encodings, as happens where tables are pasted together."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a file says.

    Parameters
    ----------
    sha256 : str
        Hash of its bytes.
    size_bytes : int
        How large it is.
    head, tail : bytes
        Its first and its last bytes.
    """

    sha256: str
    size_bytes: int
    head: bytes
    tail: bytes


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading.

    Raises
    ------
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise UnavailableError(f"cannot open {path}: {error.strerror or error}") from None


def survey(path: Path, file: str, limits: Limits) -> Survey:
    """Read a file once, from end to end.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        Its name, for faults.
    limits : Limits
        Its size is held against them before it is read.

    Returns
    -------
    Survey

    Raises
    ------
    DataError
        If it is empty or too large.
    UnavailableError
        If there is no such file, or it cannot be opened.
    """
    digest, size, head, tail = hashlib.sha256(), 0, b"", b""
    with opened(path) as source:
        while block := source.read(BLOCK):
            size += len(block)
            if size > limits.bytes:
                raise refused(file, "the file is too large", f"at most {in_words(limits.bytes)}")
            digest.update(block)
            head = head or block[:HEAD_BYTES]
            tail = (tail + block)[-HEAD_BYTES:]
    if not size or not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refused(file, "the file is empty", "a header and rows")
    return Survey(digest.hexdigest(), size, head, tail)


def encoding_of(path: Path, head: bytes) -> tuple[str, int]:
    """Encoding of a text file, and the length of its byte-order mark.

    It is UTF-8 if all of it is; UTF-16 or UTF-32 by its mark or its NULs; cp1252 if its high bytes read as Western
    text; what charset-normalizer makes of them otherwise; `MIXED` where some are UTF-8 and some are not.

    Parameters
    ----------
    path : Path
        The file, unpacked.
    head : bytes
        Its beginning.

    Returns
    -------
    encoding : str
        A name that Python knows, or `MIXED`.
    mark : int
        Bytes before the text.
    """
    order = byte_order(head)
    if order is not None and order[0] != "utf-8":
        return order
    mark = order[1] if order else 0
    high, is_utf8 = _high_bytes(path)
    if is_utf8:
        return "utf-8", mark
    valid, invalid = _sequences(high)
    if valid and (mark or valid * 10 >= invalid):
        return MIXED, mark
    return _single_byte(high), mark


def _high_bytes(path: Path) -> tuple[bytes, bool]:
    """Lines with bytes above 127, up to a sample, and whether the whole is UTF-8."""
    decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
    sample, rest = io.BytesIO(), b""
    with opened(path) as source:
        while block := source.read(BLOCK):
            if is_utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    is_utf8 = False
            if not block.isascii() and sample.tell() < _SAMPLE:
                for line in (rest + block).splitlines(keepends=True):
                    if not line.isascii():
                        sample.write(line[:4096])
            rest = b""
            if not is_utf8 and sample.tell() >= _SAMPLE:
                break
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return sample.getvalue()[: 4 * _SAMPLE], is_utf8


def _sequences(high: bytes) -> tuple[int, int]:
    """Numbers of well-formed UTF-8 sequences and of bytes that belong to none."""
    runs = _HIGH.findall(high)
    # a space between, so that the end of one run and the beginning of the next make no letter
    beyond = b" ".join(runs).decode("utf-8", "surrogateescape")
    invalid = len(_STRAY.findall(beyond))
    return len(beyond) - beyond.count(" ") - invalid, invalid


def _single_byte(high: bytes) -> str:
    without_letter = len(_UNDEFINED.findall(high))
    if without_letter <= _FEW * sum(map(len, _HIGH.findall(high))) and _reads_as_western(high):
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 -- few files need it

    best = from_bytes(high, cp_isolation=[*_CANDIDATES, *_EAST], preemptive_behaviour=False).best()
    if best is not None:
        return best.encoding.replace("_", "-") if best.encoding.startswith("mac") else best.encoding
    return "cp1252"


def _reads_as_western(high: bytes) -> bool:
    """Whether letters above 127 stand between plain ones, as accents do, and not in runs, as another script's do."""
    runs = _HIGH.findall(high)
    in_runs = sum(len(run) for run in runs if len(run) > 2)
    return in_runs <= _IN_RUNS * sum(map(len, runs))


def _read_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", AS_IT_IS), error.end


def _keep_byte(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


AS_CP1252: Final = "atlas.cp1252"
"""Name of the error handler that reads as cp1252 what is no UTF-8."""

AS_IT_IS: Final = "atlas.byte"
"""Name of the error handler that keeps a byte for which an encoding has no letter."""

codecs.register_error(AS_CP1252, _read_as_cp1252)
codecs.register_error(AS_IT_IS, _keep_byte)
