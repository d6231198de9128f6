from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import QueryError
from atlas.settings import Settings, settings_table


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


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ATLAS_PUBLIC_URL", "atlas.example.org", "such as https://atlas.example.org"),
        ("ATLAS_PUBLIC_URL", "https://atlas.example.org/?a=b", "without ?"),
        ("ATLAS_PUBLIC_URL", "https://atlas.example.org:99999", "such as https://atlas.example.org"),
        ("ATLAS_TILES_URL", "https://t.example.org:0/{z}/{x}/{y}.png", "such as https://tiles.example.org"),
        ("ATLAS_EMBED_ORIGINS", "https://a.example.org:65536", "divided by spaces"),
        ("ATLAS_UPRNS", "/nonexistent.csv", "a file that is here"),
        ("ATLAS_TRAVEL_TIMES", "/", "a file that is here"),
        ("ATLAS_PARTNERSHIPS", "/nonexistent", "a folder that is here"),
        ("ATLAS_EMBED_ORIGINS", "https://a.example.org; script-src *", "divided by spaces"),
        ("ATLAS_EMBED_ORIGINS", "'none'", "divided by spaces"),
        ("ATLAS_LOG", "xml", "'plain' or 'json'"),
        ("ATLAS_RATE", "-1", "greater than or equal to 0"),
        ("ATLAS_CLIENT_S", "0", "greater than 0"),
        ("ATLAS_TRUSTED_PROXIES", "yes", "integer"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_was_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(QueryError) as caught:
        Settings.from_environment({name: value})
    assert f"{name}={value!r}" in str(caught.value)
    assert expected in str(caught.value)


def test_a_misspelt_setting_is_refused_with_the_others_and_what_is_not_ours_is_left() -> None:
    with pytest.raises(QueryError) as caught:
        Settings.from_environment({"ATLAS_WORKSPCE": "/w", "ATLAS_PORT": "eighty"})
    assert "ATLAS_WORKSPCE is no setting: did you mean ATLAS_WORKSPACE?" in str(caught.value)
    assert "ATLAS_PORT='eighty'" in str(caught.value)
    assert Settings.from_environment({"ATLAS_SHARED": "/s", "ATLAS_SERVICE_HOST": "10.0.0.1"}).port == 8000


def test_tiles_are_not_shown_without_whose_they_are() -> None:
    tiles = {"ATLAS_TILES_URL": "https://t.example.org/{z}/{x}/{y}.png"}
    with pytest.raises(QueryError) as caught:
        Settings.from_environment({**tiles, "ATLAS_UPRNS": "/nonexistent.csv", "ATLAS_PROT": "1"})
    assert "ATLAS_TILES_ATTRIBUTION is not set: expected whose the tiles of ATLAS_TILES_URL are" in str(caught.value)
    assert "ATLAS_UPRNS='/nonexistent.csv'" in str(caught.value)
    assert "ATLAS_PROT is no setting" in str(caught.value)
    assert Settings.from_environment({**tiles, "ATLAS_TILES_ATTRIBUTION": "Example"}).tiles_attribution == "Example"


@pytest.mark.parametrize(
    ("typed", "meant"), [("ATLAS_PROT", "ATLAS_PORT"), ("ATLAS_LGO", "ATLAS_LOG"), ("ATLAS_HOTS", "ATLAS_HOST")]
)
def test_two_letters_that_changed_places_are_a_misspelling(typed: str, meant: str) -> None:
    with pytest.raises(QueryError, match=f"{typed} is no setting: did you mean {meant}"):
        Settings.from_environment({typed: "1"})


@pytest.mark.parametrize("other", ["ATLAS_PART", "ATLAS_LAG", "ATLAS_SHARED", "ATLAS_TEST_PROT", "ATLAS_HOME", "PROT"])
def test_other_words_are_no_misspellings(other: str) -> None:
    assert Settings.from_environment({other: "1"}).port == 8000


def test_a_secret_is_never_told() -> None:
    with pytest.raises(QueryError) as caught:
        Settings.from_environment({"ATLAS_IMPORT_TOKEN": "a short one"})
    assert "short" not in str(caught.value)


def test_origins_are_divided_by_one_space() -> None:
    assert Settings(embed_origins=" https://a.example.org\n https://b.example.org:8443").embed_origins == (
        "https://a.example.org https://b.example.org:8443"
    )


def test_the_page_of_settings_says_what_the_code_does() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    lines = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `ATLAS")]
    assert [[cell.strip("`") for cell in line] for line in lines] == [list(row) for row in settings_table()]
