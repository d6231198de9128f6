"""Rebuild everything under data/ that is built from registry packages, byte for byte, or check that it still is.

Run from the checkout: ``python -m tools.build_data [--packages DIR] [--out DIR] [--check]``. The bytes depend on the
versions in requirements.lock.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

from tools import build_boundaries, build_deprivation
from tools.fetch_packages import fetch

CHECKOUT = Path(__file__).parents[1]
SUMS = "data.sha256"


def main(arguments: list[str] | None = None) -> int:
    """Build, or check; 1 where a checked file differs, else 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, help="folder of the wheels; without it they are downloaded")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "data", help="data folder (default: the checkout's)")
    parser.add_argument("--check", action="store_true", help="write nothing; name each file that differs")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as aside:
        if chosen.packages is None:
            fetch(Path(aside))
        files = build(chosen.packages or Path(aside))
    targets = {chosen.out / path: content for path, content in files.items()}
    if chosen.out.resolve() == CHECKOUT / "data":
        targets[CHECKOUT / "tools" / SUMS] = checksums(files)
    return check(targets) if chosen.check else write(targets)


def build(packages: Path) -> dict[str, bytes]:
    """Every built file, by its path under data/."""
    return build_boundaries.build(packages) | build_deprivation.build(packages)


def checksums(files: dict[str, bytes]) -> bytes:
    """What ``sha256sum --check`` reads, run from the checkout."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  data/{path}\n" for path, content in sorted(files.items())]
    return "".join(lines).encode()


def write(targets: dict[Path, bytes]) -> int:
    """Write each file aside, then move all into place."""
    try:
        for path, content in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _aside(path).write_bytes(content)
        for path, content in targets.items():
            _aside(path).replace(path)
            print(f"{len(content):>9,} bytes  {path}")
    finally:
        for path in targets:
            _aside(path).unlink(missing_ok=True)
    return 0


def check(targets: dict[Path, bytes]) -> int:
    """Name each file that is missing or not what the packages give."""
    differing = 0
    for path, content in targets.items():
        if not path.is_file():
            print(f"missing: {path}")
        elif path.read_bytes() != content:
            print(f"differs: {path}")
        else:
            continue
        differing += 1
    print(f"{len(targets) - differing} of {len(targets)} files are what the packages give")
    return 1 if differing else 0


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


if __name__ == "__main__":
    sys.exit(main())
