"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

CHECKOUT = Path(__file__).resolve().parents[1]

# one way of drawing examples: the same each run, and never judged by time
settings.register_profile("atlas", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("atlas")


TOGETHER = ("tests/browser/", "tests/golden/test_england.py")
"""Tests that share a server, a browser and the tiles of England: they run in one process, one after another."""


class BrowserApart(LoadScopeScheduling):  # type: ignore[misc] -- xdist has no types
    """Hands tests out one by one, but those of the browser to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith(TOGETHER) else nodeid


# its own `--dist loadgroup` does nothing since pytest 9.2 (pytest-xdist issue 1386)
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserApart:
    return BrowserApart(config, log)


@pytest.fixture(scope="session", autouse=True)
def data_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings without a workspace have one of their own: nothing is taken from a developer's, or left there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The project's root folder."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data: $ATLAS_SHARED, else ../shared; under CI its absence is a failure, elsewhere a skip."""
    folder = Path(os.environ.get("ATLAS_SHARED", CHECKOUT.parent / "shared"))
    if not (folder / "data" / "README.md").is_file():
        message = f"real data are not at {folder}; set ATLAS_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder / "data"


@pytest.fixture(scope="session")
def england_workspace(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the official files of 2025 and all of England: its tiles take most of a minute, and stay."""
    from atlas.sources.catalogue import read_catalogue  # noqa: PLC0415 -- few runs need it
    from atlas.sources.download import pull  # noqa: PLC0415
    from atlas.sources.releases import catalogue  # noqa: PLC0415
    from atlas.vocabulary import Release  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("workspace")
    more = [entry for entry in read_catalogue() if entry.name in {"icb22", "lsoa21_england"}]
    pull([*catalogue().needed(Release.IOD2025), *more], folder, from_folder=shared)
    return folder
