"""How the map looks: what areas are coloured by, and one shape for each sector."""

from __future__ import annotations

from typing import Final

from atlas.vocabulary import Sector, Verdict

PALETTE: Final = (
    "#f6f2f0", "#f5d2ef", "#ca7cb0",
    "#cbdfd2", "#b5bde6", "#7f62ad",
    "#8cc2bf", "#5f99ce", "#1f2875",
)  # fmt: skip
"""Colour of each bivariate class: need third + 3 * access third, so the first has least need and most anchors, the
last most need and fewest. No two are nearer than 9 (CIELAB, Delta E 1976) to an eye of any kind of colour vision."""

INK: Final = "#0b0c0c"
PAPER: Final = "#ffffff"
BAND: Final = "#12233d"
HATCH: Final = PAPER
"""Over areas whose anchors are not surveyed: what would be a gap, dark in every one of the `COLOURINGS`."""

COLOURINGS: Final = {
    "need": "Need and anchors",
    "sure": "How sure: share of ways it is a gap",
    "verdict": "Verdict",
}
"""What areas may be coloured by, in words, the first at the start."""

SURE: Final = ("#f6f2f0", "#f5cf98", "#cf8125", "#953d08", "#4a1405")
"""Colour of each class of the share of ways in which an area is a gap, from never to nearly always. No two neighbours
are nearer than 20 (as in `PALETTE`); from the third on each has a contrast of 3:1 to white."""

CHANGES: Final = ("#b0530a", "#f3b26b", "#f6f2f0", "#9cc6e6", "#1f5a99")
"""Colour of what a scenario does to access, from most lost to most won; told apart as `PALETTE`."""

VERDICT_DIGITS: Final = {Verdict.NOT_A_GAP: 0, Verdict.FRAGILE: 1, Verdict.ROBUST: 2, Verdict.UNKNOWN: 3}
"""Digit of each verdict in the map's values."""

VERDICTS: Final = {
    Verdict.NOT_A_GAP: SURE[0],
    Verdict.FRAGILE: SURE[3],
    Verdict.ROBUST: SURE[4],
    Verdict.UNKNOWN: "#4a7fb5",
}
"""Colour of each verdict: those of the shares that go with it, and a colour of its own for what is not known."""

MARKS: Final = {
    Sector.HEALTH: "M-3.5-10h7v6.5H10v7H3.5V10h-7V3.5H-10v-7h6.5Z",
    Sector.HIGHER_EDUCATION: "M0-11 11 9H-11Z",
    Sector.FURTHER_EDUCATION: "M0 11-11-9H11Z",
    Sector.COUNCIL: "M-8.5-8.5h17v17h-17Z",
    Sector.REGIONAL_GOVERNMENT: "M-11-6H11V6H-11Z",
    Sector.NATIONAL_GOVERNMENT: "M-6-11H6V11H-6Z",
    Sector.POLICE: "M0-11 10.5-3.4 6.5 9h-13L-10.5-3.4Z",
    Sector.FIRE: "M0-12 4-4 12 0 4 4 0 12-4 4-12 0-4-4Z",
    Sector.TRANSPORT: "M-10.5 6a10.5 10.5 0 0 1 21 0Z",
    Sector.CULTURE: "M0-11.5 2.8-3.8 11-3.6 4.5 1.5 6.8 9.3 0 4.7-6.8 9.3-4.5 1.5-11-3.6-2.8-3.8Z",
    Sector.HOUSING: "M0-11 10-2V9h-20V-2Z",
    Sector.UTILITIES: "M-10-8H10L4 9H-4Z",
    Sector.RESEARCH: "M0-11 9 0 0 11-9 0Z",
    Sector.SCHOOLS: "M-10-9 0-3 10-9V9L0 3-10 9Z",
    Sector.FAITH: "M0-10a10 10 0 0 1 10 10v10h-20V0A10 10 0 0 1 0-10Z",
    Sector.BUSINESS: "M-5.5-9.5h11l5.5 9.5-5.5 9.5h-11L-11 0Z",
    Sector.VOLUNTARY: "M9.5 0a9.5 9.5 0 1 1-19 0 9.5 9.5 0 1 1 19 0Z",
}
"""Shape of each sector's sites, as an SVG path about its centre, some 20 units wide."""
