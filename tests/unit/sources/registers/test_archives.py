from __future__ import annotations

import gzip
import io
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest

from atlas.errors import DataError
from atlas.sources.registers.limits import Limits
from atlas.sources.registers.read import open_register

CSV = b"Name,UPRN\nTown Hall,100021234567\n"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def everything(path: Path, limits: Limits | None = None, sheet: str | None = None) -> list[list[str]]:
    register = open_register(path, limits=limits, sheet=sheet)
    return [row for chunk in register.chunks(1_000) for row in chunk.cells.to_numpy().tolist()]


def test_a_table_in_an_archive_is_read_and_nothing_is_left_behind(tmp_path: Path, temporary: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"data/register.csv": CSV, "licence.pdf": b"%PDF", "__MACOSX/._x.csv": b"x"})
    register = open_register(path)
    assert register.form == "CSV, utf-8, separated by commas, zipped"
    assert register.notes == ("data/register.csv in the archive was read; not read: licence.pdf.",)
    assert everything(path) == [["Town Hall", "100021234567"]]
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_behind_where_reading_stops_early(tmp_path: Path, temporary: Path) -> None:
    chunks = open_register(zipped(tmp_path / "a.zip", {"a.csv": CSV + b"B,2\n" * 9})).chunks(2)
    assert len(next(chunks).cells) == 2
    chunks.close()  # type: ignore[attr-defined]  # an iterator to its readers, a generator here
    assert list(temporary.iterdir()) == []


def test_of_several_files_the_one_named_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV, "b.csv": b"Name,UPRN\nDepot,100021234569\n"})
    assert everything(path, sheet="b.csv") == [["Depot", "100021234569"]]
    with pytest.raises(DataError, match=r"several files in the archive.*one of them: a\.csv, b\.csv"):
        open_register(path)


@pytest.mark.parametrize(
    "name", ["../register.csv", "/etc/register.csv", "a/../../register.csv", "C:/register.csv", "..\\r.csv"]
)
def test_a_path_that_leads_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", {name: CSV})
    with pytest.raises(DataError, match="leads out of it"):
        open_register(path)
    assert not (tmp_path.parent / "register.csv").exists()


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("register.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match="a file in the archive is a link"):
        open_register(path)


@pytest.mark.parametrize("inner", ["inner.zip", "inner.csv", "inner.tar.gz"])
def test_an_archive_in_an_archive_is_refused(tmp_path: Path, inner: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("register.csv", CSV)
    path = zipped(tmp_path / "a.zip", {inner: data.getvalue()})
    with pytest.raises(DataError, match="an archive in an archive"):
        open_register(path)
    path.write_bytes(gzip.compress(gzip.compress(CSV)))
    with pytest.raises(DataError, match="an archive in an archive"):
        open_register(path)


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path, temporary: Path) -> None:
    bomb = b"Name,UPRN\n" + b"0" * 30_000_000
    for path in (zipped(tmp_path / "a.zip", {"a.csv": bomb}), tmp_path / "a.gz"):
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(bomb))
        with pytest.raises(DataError, match=r"zip bomb.*at most 200 times"):
            open_register(path)
    assert list(temporary.iterdir()) == []


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    limits = Limits(unpacked_bytes=1_000)
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV * 20, "b.txt": CSV * 20})
    with pytest.raises(DataError, match="unpacks to 1,320 bytes, expected at most 1,000 bytes"):
        open_register(path, limits=limits)
    path.write_bytes(gzip.compress(CSV * 50))
    with pytest.raises(DataError, match="unpacks to too much, expected at most 1,000 bytes"):
        open_register(path, limits=limits)


def test_an_archive_that_lies_about_its_contents_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV * 900})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 40)
    path.write_bytes(data)
    with pytest.raises(DataError, match="holds more than the archive says"):
        open_register(path)


def test_a_changed_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"Town", b"Gown", 1))
    with pytest.raises(DataError, match="the archive is damaged"):
        open_register(path)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_archives_cut_short_are_refused(tmp_path: Path, share: float) -> None:
    body = b"Name,UPRN\n" + b"".join(b"Hall %d,%d\n" % (at, at * 7919 % 1_000_003) for at in range(9_000))
    for path in (zipped(tmp_path / "a.zip", {"a.csv": body}), tmp_path / "a.gz"):
        data = path.read_bytes() if path.suffix == ".zip" else gzip.compress(body)
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(DataError, match=r"damaged|cut short"):
            open_register(path)


def test_too_many_files_in_an_archive_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{at}.csv": CSV for at in range(5)})
    with pytest.raises(DataError, match="5 files in one archive, expected at most 4"):
        open_register(path, limits=Limits(members=4))


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV})
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DataError, match="locked with a password"):
        open_register(path)


def test_an_archive_packed_in_an_unusual_way_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unusual way"):
        open_register(zipped(tmp_path / "a.zip", {"a.csv": CSV}, zipfile.ZIP_LZMA))


def test_an_archive_of_nothing_that_is_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing in the archive is a register"):
        open_register(zipped(tmp_path / "a.zip", {"a.pdf": b"%PDF"}))
    with pytest.raises(DataError, match="nothing in the archive is a register"):
        open_register(zipped(tmp_path / "b.zip", {}))


def test_several_gzip_streams_one_after_the_other_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(CSV) + gzip.compress(b"Depot,100021234569\n"))
    assert everything(path) == [["Town Hall", "100021234567"], ["Depot", "100021234569"]]
