"""The legend in words: which way is more need, which way fewer anchors, and what lines and shapes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from atlas.maps import style, text
from atlas.vocabulary import label

if TYPE_CHECKING:
    from atlas.snapshot import Atlas

CELL: Final = 32
LEVELS: Final = ("least", "middle", "most")
ANCHORS: Final = ("most", "middling", "fewest")


def legend(*, is_open: bool = True) -> str:
    """What the colours mean, as an HTML disclosure.

    Colours stand in attributes of SVG, which a strict policy allows where it forbids styles.
    """
    start = '<details class="atlas-legend" open>' if is_open else '<details class="atlas-legend">'
    return f"{start}\n<summary>Need and anchors</summary>\n{_squares()}\n</details>"


def keys(atlas: Atlas) -> str:
    """What the steps, the outlines and the shapes mean, as an HTML list."""
    need = "need (an estimate)" if atlas.inputs.deprivation.is_estimate else "need"
    sectors = "".join(
        f'<li><svg class="atlas-key" viewBox="-13 -13 26 26" aria-hidden="true">'
        f'<path d="{style.MARKS[sector]}" class="atlas-mark"/></svg>{text.as_html(label(sector))}</li>'
        for sector in atlas.parameters.sectors
    )
    steps = f"<li>Colours: each step of {need} and of access to anchors is a third of London&rsquo;s people</li>"
    return f'<ul class="atlas-keys">{_outlines()}{sectors}{steps}</ul>'


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


def _outlines() -> str:
    robust = '<path d="M3 3h20v14h-20Z" class="atlas-outline is-robust" fill="none"/>'
    fragile = '<path d="M3 3h20v14h-20Z" class="atlas-outline" fill="none"/>'
    unknown = (
        f'<path d="M3 3h20v14h-20Z" class="atlas-outline" fill="{style.PALETTE[-1]}"/>'
        f'<path d="M4 12 12 4M5 16 17 4M11 16 22 5M17 16 22 11" fill="none" stroke="{style.HATCH}"/>'
    )
    rows = (
        (robust, "Robust gap"),
        (fragile, "Fragile gap"),
        (unknown, "Would be a gap, but anchors not surveyed"),
    )
    return "".join(
        f'<li><svg class="atlas-key" viewBox="0 0 26 20" aria-hidden="true">{drawing}</svg>{words}</li>'
        for drawing, words in rows
    )
