"""The colours of pages: text stands out from what is behind it, and edges from what is beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atlas.maps.style import BAND, INK, PALETTE, PAPER

STATIC = Path(__file__).parents[3] / "web" / "static"
SHEETS = ["atlas.css", "estate.css", "graph.css", "atlas-map.css"]
TEXT, EDGE = 4.5, 3.0
NAMED = {"white": "#ffffff", "black": "#000000"}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,6}\b|var\(--[a-z-]+\)")


def luminance(colour: str) -> float:
    """Relative luminance of a colour as WCAG 2.2 has it."""
    digits = colour.lstrip("#")
    full = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    shares = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def read(sheet: str) -> str:
    return (STATIC / "css" / sheet).read_text(encoding="utf-8")


def variables() -> dict[str, str]:
    return dict(re.findall(r"(--[a-z-]+): (#[0-9a-fA-F]{3,6});", read("atlas.css")))


def resolved(value: str) -> str | None:
    """The colour that a declaration gives, if it is one plain colour."""
    found = COLOUR.fullmatch(value.strip()) or COLOUR.fullmatch(NAMED.get(value.strip(), ""))
    if found is None:
        return None
    text = found.group()
    return variables().get(text[4:-1]) if text.startswith("var") else text


def pairs(sheet: str) -> list[tuple[str, str, str]]:
    """Selector, colour of its text and of its ground, for every rule that gives both."""
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", read(sheet)):
        rule = {name.strip(): value for name, _, value in (line.partition(":") for line in body.split(";"))}
        ground = rule.get("background-color", rule.get("background", ""))
        text, behind = resolved(rule.get("color", "")), resolved(ground)
        if text and behind:
            found.append((selector.strip(), text, behind))
    return found


@pytest.mark.parametrize("sheet", SHEETS)
def test_text_stands_out_from_the_ground_of_its_own_rule(sheet: str) -> None:
    assert [rule for rule in pairs(sheet) if contrast(rule[1], rule[2]) < TEXT] == []


def test_rules_with_both_colours_are_found() -> None:
    assert len(pairs("atlas.css")) >= 10
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", ["--ink", "--quiet", "--link", "--link-hover", "--error", "--action", "--need"])
def test_text_stands_out_from_paper(name: str) -> None:
    assert contrast(variables()[name], PAPER) >= TEXT


@pytest.mark.parametrize("ground", ["--faint", "--paper"])
@pytest.mark.parametrize("name", ["--ink", "--quiet", "--link"])
def test_text_stands_out_from_every_tint(name: str, ground: str) -> None:
    assert contrast(variables()[name], variables()[ground]) >= TEXT


def test_the_band_carries_white_text_and_a_focus_that_is_seen() -> None:
    assert variables()["--band"] == BAND
    assert contrast(PAPER, BAND) >= TEXT
    assert contrast(variables()["--focus"], BAND) >= EDGE
    assert contrast(variables()["--focus"], INK) >= EDGE


@pytest.mark.parametrize("colour", PALETTE)
def test_a_class_of_the_map_has_an_edge_that_is_seen(colour: str) -> None:
    assert max(contrast(INK, colour), contrast(PAPER, colour)) >= EDGE


def test_pages_carry_no_mark_and_no_font_of_the_government() -> None:
    built = (STATIC / "vendor" / "govuk-frontend" / "govuk.css").read_text(encoding="utf-8")
    assert "GDS Transport" not in built
    assert "@font-face" not in built
    assert "crown" not in built.replace("Crown Copyright", "").lower()
    assert ".govuk-error-summary" in built
