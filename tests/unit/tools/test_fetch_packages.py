from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import pytest

from tools import fetch_packages
from tools.fetch_packages import list_members, read_member


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one wheel, and the lock that pins it."""
    wheel = tmp_path / "open_data-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("open_data/b.csv", "code\n")
        archive.writestr("open_data/a.csv", "code\nE1\n")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = tmp_path / "packages.lock"
    lock.write_text(f"open-data==1.0 \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
    monkeypatch.setattr(fetch_packages, "LOCK", lock)
    fetch_packages._wheel.cache_clear()
    return tmp_path


def test_members_come_straight_out_of_the_wheel(packages: Path) -> None:
    assert list_members(packages, "open-data", ".csv") == ["open_data/a.csv", "open_data/b.csv"]
    assert read_member(packages, "open-data", "open_data/a.csv") == b"code\nE1\n"


def test_a_package_that_is_not_pinned_is_refused(packages: Path) -> None:
    with pytest.raises(SystemExit, match=r"packages\.lock does not pin other-data"):
        read_member(packages, "other-data", "a.csv")


def test_a_wheel_that_is_not_there_is_named(packages: Path) -> None:
    next(packages.glob("*.whl")).unlink()
    with pytest.raises(SystemExit, match=r"open_data-1\.0-py3-none-any\.whl is not in"):
        read_member(packages, "open-data", "open_data/a.csv")


def test_a_wheel_with_another_hash_is_refused(packages: Path) -> None:
    with next(packages.glob("*.whl")).open("ab") as wheel:
        wheel.write(b"x")
    with pytest.raises(SystemExit, match="fetch it again"):
        read_member(packages, "open-data", "open_data/a.csv")


def test_the_lock_pins_every_package_and_names_no_host() -> None:
    text = Path(fetch_packages.__file__).with_name("packages.lock").read_text(encoding="utf-8")
    assert len(re.findall(r"^[a-z-]+==[\w.]+ \\\n    --hash=sha256:[0-9a-f]{64}$", text, re.MULTILINE)) == 4
    assert "://" not in text
