"""Colours that everybody can tell apart, and one shape for each sector."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from atlas.maps.style import CHANGES, HATCH, INK, MARKS, PALETTE, PAPER, SURE, VERDICT_DIGITS, VERDICTS
from atlas.vocabulary import Sector, Verdict

Colours = NDArray[np.float64]

SIMULATIONS = {
    "full colour vision": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Matrices on linear RGB: Machado, Oliveira and Fernandes (2009), severity 1."""


def linear(colour: str) -> Colours:
    shares = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def lab(rgb: Colours) -> Colours:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    dark, light = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("vision", SIMULATIONS)
@pytest.mark.parametrize(
    "colours",
    [PALETTE, SURE, tuple(VERDICTS.values()), CHANGES],
    ids=["need and anchors", "sure", "verdicts", "changes"],
)
def test_no_two_classes_look_alike(colours: tuple[str, ...], vision: str) -> None:
    seen = [lab(np.array(SIMULATIONS[vision]) @ linear(colour)) for colour in colours]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= 9


@pytest.mark.parametrize("vision", SIMULATIONS)
def test_shares_of_ways_run_from_light_to_dark(vision: str) -> None:
    seen = [lab(np.array(SIMULATIONS[vision]) @ linear(colour)) for colour in SURE]
    assert all(one[0] - other[0] >= 9 for one, other in pairwise(seen))
    assert min(float(np.linalg.norm(one - other)) for one, other in pairwise(seen)) >= 20


@pytest.mark.parametrize(
    "colour", [SURE[2], *(colour for verdict, colour in VERDICTS.items() if verdict is not Verdict.NOT_A_GAP)]
)
def test_what_may_be_a_gap_stands_out_from_white(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3


def test_lightness_falls_with_more_need_and_with_fewer_anchors() -> None:
    lightness = np.array([lab(linear(colour))[0] for colour in PALETTE]).reshape(3, 3)
    assert (np.diff(lightness, axis=0) < 0).all()
    assert (np.diff(lightness, axis=1) < 0).all()


@pytest.mark.parametrize("colour", [*PALETTE, *SURE, *CHANGES, VERDICTS[Verdict.UNKNOWN]])
def test_an_outline_of_ink_on_paper_stands_out_from_every_class(colour: str) -> None:
    assert contrast(INK, PAPER) >= 3
    assert max(contrast(INK, colour), contrast(PAPER, colour)) >= 3


@pytest.mark.parametrize("colour", [PALETTE[8], *SURE[3:], VERDICTS[Verdict.UNKNOWN]])
def test_hatching_stands_out_from_the_class_of_every_gap(colour: str) -> None:
    assert contrast(HATCH, colour) >= 3


def test_every_sector_has_a_shape_of_its_own() -> None:
    assert set(MARKS) == set(Sector)
    assert len(set(MARKS.values())) == len(MARKS)


def test_every_verdict_has_a_digit() -> None:
    assert sorted(VERDICT_DIGITS.values()) == [0, 1, 2, 3]
    assert set(VERDICT_DIGITS) == set(VERDICTS) == set(Verdict)
