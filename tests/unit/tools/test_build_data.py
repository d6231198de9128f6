from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tools import build_data


def test_committed_files_are_those_that_were_built(checkout: Path) -> None:
    lines = (checkout / "tools" / "data.sha256").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 7
    for line in lines:
        digest, _, path = line.partition("  ")
        assert hashlib.sha256((checkout / path).read_bytes()).hexdigest() == digest, path


def test_embedded_data_are_small(checkout: Path) -> None:
    files = [path for name in ("boundaries", "deprivation") for path in (checkout / "data" / name).iterdir()]
    assert sum(path.stat().st_size for path in files) < 3_000_000


@pytest.mark.skipif("ATLAS_PACKAGES" not in os.environ, reason="ATLAS_PACKAGES does not say where the wheels are")
def test_the_packages_give_the_committed_files() -> None:
    assert build_data.main(["--packages", os.environ["ATLAS_PACKAGES"], "--check"]) == 0


def test_built_files_are_written_then_found_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = {tmp_path / "boundaries" / "a.csv": b"code\n", tmp_path / "deprivation" / "b.csv": b"lsoa\n"}
    assert build_data.write(targets) == 0
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["a.csv", "b.csv"]
    assert build_data.check(targets) == 0
    assert "2 of 2 files" in capsys.readouterr().out


def test_each_differing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed, missing, same = (tmp_path / name for name in ("changed.csv", "missing.csv", "same.csv"))
    changed.write_bytes(b"old")
    same.write_bytes(b"new")
    assert build_data.check({changed: b"new", missing: b"new", same: b"new"}) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"differs: {changed}",
        f"missing: {missing}",
        "1 of 3 files are what the packages give",
    ]


def test_nothing_is_replaced_when_writing_fails(tmp_path: Path) -> None:
    old = tmp_path / "a.csv"
    old.write_bytes(b"old")
    folder = tmp_path / "b.csv.new"
    folder.mkdir()
    with pytest.raises(OSError, match=r"b\.csv\.new"):
        build_data.write({old: b"new", tmp_path / "b.csv": b"new"})
    assert old.read_bytes() == b"old"
    assert not (tmp_path / "a.csv.new").exists()


def test_the_list_of_hashes_covers_the_data_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    before = (checkout / "tools" / "data.sha256").read_bytes()
    monkeypatch.setattr(build_data, "build", lambda _: {"boundaries/a.csv": b"code\n"})
    assert build_data.main(["--packages", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "boundaries" / "a.csv").read_bytes() == b"code\n"
    assert (checkout / "tools" / "data.sha256").read_bytes() == before
