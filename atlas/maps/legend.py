"""The legend in words: what the colours mean, which way they run, and what lines and shapes mean.

What belongs to one of the `COLOURINGS` only bears its name in `data-of`; the style sheet shows that of the one chosen.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from atlas.gaps.shares import share_bounds
from atlas.maps import style, text
from atlas.vocabulary import Verdict, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from atlas.parameters import Parameters
    from atlas.snapshot import Atlas

CELL: Final = 32
LEVELS: Final = ("least", "middle", "most")
ANCHORS: Final = ("most", "middling", "fewest")
HEADINGS: Final = {"need": "Need and anchors", "sure": "How sure", "verdict": "Verdict"}
WHITE_LINES: Final = f'<path d="M4 12 12 4M5 16 17 4M11 16 22 5M17 16 22 11" fill="none" stroke="{style.HATCH}"/>'
SQUARE: Final = "M3 3h20v14h-20Z"


def legend(atlas: Atlas, *, is_open: bool = True, first: Mapping[str, tuple[str, str]] | None = None) -> str:
    """What the colours mean, as an HTML disclosure.

    Colours stand in attributes of SVG, which a strict policy allows where it forbids styles.

    Parameters
    ----------
    atlas : Atlas
        What is shown.
    is_open : bool
        Whether it stands open.
    first : mapping of str to (str, str), optional
        Headings and HTML of colourings that this map has before those of every map.
    """
    start = '<details class="atlas-legend" open>' if is_open else '<details class="atlas-legend">'
    own = first or {}
    named = {name: heading for name, (heading, _) in own.items()} | HEADINGS
    headings = "".join(f'<span data-of="{name}">{words}</span>' for name, words in named.items())
    ways = f"{atlas.gaps.robustness.draws:,} other ways of measuring"
    parts = {name: part for name, (_, part) in own.items()}
    parts |= {"need": _squares(), "sure": _shares(atlas.parameters, ways), "verdict": _verdicts(atlas.parameters, ways)}
    body = "\n".join(f'<div data-of="{name}">{part}</div>' for name, part in parts.items())
    return f"{start}\n<summary>{headings}</summary>\n{body}\n</details>"


def keys(atlas: Atlas, first: str = "") -> str:
    """What the steps, the outlines and the shapes mean, as an HTML list; after `first`, which are items of it."""
    need = "need (an estimate)" if atlas.inputs.deprivation.is_estimate else "need"
    sectors = "".join(
        f'<li><svg class="atlas-key" viewBox="-13 -13 26 26" aria-hidden="true">'
        f'<path d="{style.MARKS[sector]}" class="atlas-mark"/></svg>{text.as_html(label(sector))}</li>'
        for sector in atlas.parameters.sectors
    )
    thirds = f"each step of {need} and of access to anchors is a third of London&rsquo;s people"
    steps = f'<li data-of="need">Colours: {thirds}</li>'
    return f'<ul class="atlas-keys">{first}{_outlines()}{sectors}{steps}</ul>'


def _squares() -> str:
    cells = []
    for position, colour in enumerate(style.PALETTE):
        need, anchors = position % 3, position // 3
        cells.append(
            f'<rect x="{24 + need * CELL}" y="{(2 - anchors) * CELL}" width="{CELL}" height="{CELL}" fill="{colour}">'
            f"<title>{LEVELS[need]} need, {ANCHORS[anchors]} anchors</title></rect>"
        )
    return (
        f'<svg class="atlas-squares" viewBox="0 0 {24 + 3 * CELL + 2} {3 * CELL + 22}" role="img" '
        'aria-label="Colours: need rises from left to right, anchors become fewer from bottom to top; '
        'dark blue, top right, is most need and fewest anchors">'
        f"{''.join(cells)}"
        f'<text x="24" y="{3 * CELL + 16}">more need →</text>'
        f'<text transform="translate(14 {3 * CELL}) rotate(-90)">fewer anchors →</text></svg>'
    )


def _shares(parameters: Parameters, ways: str) -> str:
    """Classes of the share of ways, the most first."""
    _, *bounds = share_bounds(parameters)
    words = [
        "never",
        f"under {bounds[0]}%",
        *(f"{low}% to under {high}%" for low, high in itertools.pairwise(bounds)),
        f"{bounds[-1]}% or more" if bounds[-1] < 100 else "100%",
    ]
    shares = [(square(colour), name) for colour, name in zip(style.SURE, words, strict=False)]
    what = f"Share of {ways} in which the area is a gap: darker is more"
    return f'<p>{what}</p><ul class="atlas-scale">{rows(shares[::-1])}</ul>'


def _verdicts(parameters: Parameters, ways: str) -> str:
    robust, fragile = (f"{100 * share:.3g}%" for share in (parameters.robust_at, parameters.fragile_at))
    words = {
        Verdict.ROBUST: f"{robust} or more" if parameters.robust_at < 1 else robust,
        Verdict.FRAGILE: f"{fragile} to under {robust}",
        Verdict.UNKNOWN: "anchors not surveyed",
        Verdict.NOT_A_GAP: "all others",
    }
    found = [
        (
            square(style.VERDICTS[verdict]) + (WHITE_LINES if verdict is Verdict.UNKNOWN else ""),
            f"<span><b>{label(verdict)}</b>: {meaning}</span>",
        )
        for verdict, meaning in words.items()
    ]
    what = f"Gaps by the choices made, and the share of {ways} in which they stay gaps"
    return f'<p>{what}</p><ul class="atlas-scale">{rows(found)}</ul>'


def _outlines() -> str:
    dark = {"need": style.PALETTE[-1], "sure": style.SURE[-1], "verdict": style.VERDICTS[Verdict.UNKNOWN]}
    unknown = "".join(f'<g data-of="{name}">{square(colour)}</g>' for name, colour in dark.items()) + WHITE_LINES
    found = (
        (square("none", "atlas-outline is-robust"), "Robust gap; from afar a black spot"),
        (square("none"), "Fragile gap"),
    )
    where = " ".join(dark)
    return rows(found) + rows([(unknown, "Would be a gap, but anchors not surveyed")], f' data-of="{where}"')


def square(fill: str, css_class: str = "atlas-outline") -> str:
    """A square of a colour, as the legend draws it."""
    return f'<path d="{SQUARE}" class="{css_class}" fill="{fill}"/>'


def rows(found: Iterable[tuple[str, str]], attributes: str = "") -> str:
    """Items of a legend: what is drawn, and what it means."""
    return "".join(
        f'<li{attributes}><svg class="atlas-key" viewBox="0 0 26 20" aria-hidden="true">{drawing}</svg>{words}</li>'
        for drawing, words in found
    )
