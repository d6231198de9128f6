"""Archives unpacked with care: by what they really hold, never by what they say they hold."""

from __future__ import annotations

import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final

from atlas.sources.registers.limits import MEGABYTE, Limits, in_words, refused
from atlas.sources.registers.survey import BLOCK, opened

_MAY_BE_DENSE: Final = 10 * MEGABYTE
_LOCAL_HEADER: Final = 30
_ENCRYPTED: Final = 0x1
_STORED_OR_DEFLATED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AS_GZIP: Final = 31
_LEFT_BEHIND: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_ARCHIVES: Final = (".zip", ".gz", ".tgz", ".7z", ".rar", ".tar", ".bz2", ".xz")


@contextmanager
def gunzipped(path: Path, file: str, limits: Limits) -> Iterator[Path]:
    """Unpack a gzip file into a temporary folder, which is removed in the end.

    Parameters
    ----------
    path : Path
        The gzip file.
    file : str
        Its name, for faults.
    limits : Limits
        How large it may become.

    Yields
    ------
    Path
        The unpacked file.

    Raises
    ------
    DataError
        If it is damaged, cut short or too large.
    """
    with tempfile.TemporaryDirectory(prefix="atlas-register-") as folder:
        unpacked = Path(folder) / "register"
        with opened(path) as source, unpacked.open("wb") as target:
            _gunzip(source, target, file, limits)
        yield unpacked


def _gunzip(source: IO[bytes], target: IO[bytes], file: str, limits: Limits) -> None:
    inflate, read, written = zlib.decompressobj(_AS_GZIP), 0, 0
    pending = b""
    try:
        while pending or (pending := source.read(BLOCK)):
            read += len(pending)
            if inflate.eof:
                if not pending.strip(b"\0"):
                    pending = b""
                    continue
                inflate = zlib.decompressobj(_AS_GZIP)
            out = inflate.decompress(pending, BLOCK)
            pending = inflate.unconsumed_tail or inflate.unused_data
            read -= len(pending)
            written += len(out)
            _check_growth(written, read, file, limits)
            target.write(out)
        out = inflate.flush()
        _check_growth(written + len(out), read, file, limits)
        target.write(out)
    except zlib.error as error:
        raise refused(file, f"the compressed file is damaged ({error})", "a whole gzip file") from None
    if not inflate.eof:
        raise refused(file, "the compressed file is cut short", "a whole gzip file")


def _check_growth(unpacked: int, packed: int, file: str, limits: Limits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise refused(file, "the file unpacks to too much", f"at most {in_words(limits.unpacked_bytes)}, unpacked")
    if unpacked > _MAY_BE_DENSE and unpacked > limits.ratio * max(packed, 1):
        raise refused(
            file,
            "the file is packed so densely that it may be a zip bomb",
            f"at most {limits.ratio} times its size, unpacked",
        )


@contextmanager
def archive(path: Path, file: str, limits: Limits) -> Iterator[Archive]:
    """Open a zip archive whose list of contents is harmless.

    Raises
    ------
    DataError
        If it is damaged, encrypted, too large unpacked, or holds a path that leads out of it or a link.
    """
    try:
        with opened(path) as source, zipfile.ZipFile(source) as listed:
            found = Archive(source, file, limits, listed.infolist())
            found.check_contents()
            yield found
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError) as error:
        raise refused(file, f"the archive is damaged ({error})", "a whole archive") from None


class Archive:
    """A zip archive's contents.

    Parameters
    ----------
    source : file
        The archive.
    file : str
        Its name, for faults.
    limits : Limits
        How much it may hold.
    members : list of zipfile.ZipInfo
        Its list of contents.
    """

    def __init__(self, source: IO[bytes], file: str, limits: Limits, members: list[zipfile.ZipInfo]) -> None:
        self._source = source
        self._file = file
        self._limits = limits
        self.members = {info.filename: info for info in members if not info.is_dir()}
        self._listed = members

    @property
    def names(self) -> list[str]:
        """Names of the files in it, but for what systems leave behind."""
        return [
            name
            for name in self.members
            if not name.startswith("__MACOSX/") and PurePosixPath(name).name not in _LEFT_BEHIND
        ]

    def check_contents(self) -> None:
        """Refuse an archive by its list of contents."""
        file, limits = self._file, self._limits
        if len(self._listed) > limits.members:
            raise refused(file, f"{len(self._listed):,} files in one archive", f"at most {limits.members:,}")
        for info in self._listed:
            self._check_name(info)
            if info.flag_bits & _ENCRYPTED:
                raise refused(file, "the archive is locked with a password", "one without", value=info.filename)
            if info.compress_type not in _STORED_OR_DEFLATED:
                raise refused(
                    file, "the archive is packed in an unusual way", "an ordinary zip archive", value=info.filename
                )
            if info.file_size > _MAY_BE_DENSE:
                _check_growth(info.file_size, info.compress_size, file, limits)
        total = sum(info.file_size for info in self._listed)
        if total > limits.unpacked_bytes:
            raise refused(
                file,
                f"the archive unpacks to {in_words(total)}",
                f"at most {in_words(limits.unpacked_bytes)}, unpacked",
            )
        if len({info.filename for info in self._listed}) < len(self._listed):
            raise refused(file, "two files of the archive have one name", "each name once")

    def _check_name(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename.replace("\\", "/")
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or ":" in name or "\0" in name:
            raise refused(self._file, "a path in the archive leads out of it", "plain names", value=info.filename)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise refused(self._file, "a file in the archive is a link", "plain files", value=info.filename)

    def blocks(self, name: str) -> Iterator[bytes]:
        """What one member holds, block by block; refused as soon as it is more than the archive says."""
        info, source = self.members[name], self._source
        source.seek(info.header_offset)
        header = source.read(_LOCAL_HEADER)
        if header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("a file is not where the list of contents says")
        at = info.header_offset + _LOCAL_HEADER + sum(struct.unpack("<HH", header[26:30]))
        inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        left, size, checksum = info.compress_size, 0, 0
        pending = b""
        while pending or (left and not (inflate and inflate.eof)):
            if not pending:
                source.seek(at)
                pending = source.read(min(left, BLOCK))
                at, left = at + len(pending), left - len(pending)
                if not pending:
                    break
            out = inflate.decompress(pending, BLOCK) if inflate else pending
            pending = inflate.unconsumed_tail if inflate else b""
            size += len(out)
            if size > info.file_size:
                raise refused(
                    self._file,
                    "a file in the archive holds more than the archive says",
                    f"{in_words(info.file_size)}",
                    value=name,
                )
            checksum = zlib.crc32(out, checksum)
            yield out
        if size != info.file_size or checksum != info.CRC:
            raise zipfile.BadZipFile(f"{name} is cut short or changed")

    def read(self, name: str, most: int = 4 * MEGABYTE) -> bytes:
        """The beginning of one member, at most so many bytes."""
        found = b""
        for block in self.blocks(name):
            found += block
            if len(found) >= most:
                break
        return found[:most]

    def unpack(self, names: dict[str, str], folder: Path) -> None:
        """Write some members into a folder, each under the plain name given for it."""
        for name, plain in names.items():
            with (folder / plain).open("wb") as target:
                for block in self.blocks(name):
                    target.write(block)


@contextmanager
def unzipped(path: Path, file: str, limits: Limits, names: dict[str, str]) -> Iterator[Path]:
    """Unpack some files of an archive into a temporary folder, which is removed in the end.

    Parameters
    ----------
    path : Path
        The archive.
    file : str
        Its name, for faults.
    limits : Limits
        How large it may become.
    names : dict of str to str
        Members, and the plain name that each gets.

    Yields
    ------
    Path
        The folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="atlas-register-"))
    try:
        with archive(path, file, limits) as found:
            found.unpack(names, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_archive(name: str) -> bool:
    """Tell whether a name is an archive's.

    Examples
    --------
    >>> is_archive("all.ZIP"), is_archive("register.csv")
    (True, False)
    """
    return PurePosixPath(name).suffix.lower() in _ARCHIVES
