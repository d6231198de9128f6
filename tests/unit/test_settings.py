from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import QueryError
from atlas.settings import Settings


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment({"ATLAS_WORKSPACE": "/w", "ATLAS_PORT": "0", "HOME": "/h"})
    assert (settings.workspace, settings.port) == (Path("/w"), 0)


def test_an_empty_variable_is_no_setting() -> None:
    assert Settings.from_environment({"ATLAS_PORT": ""}).port == Settings().port


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(QueryError) as caught:
        Settings.from_environment({"ATLAS_PORT": "eighty", "ATLAS_REACH_S": "-1"})
    assert "ATLAS_PORT='eighty'" in str(caught.value)
    assert "ATLAS_REACH_S='-1'" in str(caught.value)
