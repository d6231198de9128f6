"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


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
