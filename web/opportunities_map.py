"""A drawing of what could be done together: boroughs, and a mark for each row; the same facts stand in tables."""

from __future__ import annotations

from dataclasses import dataclass

from atlas.opportunities.answer import CoLocation, Help, Opportunities, Spare
from atlas.opportunities.words import first
from web.land_drawing import Ground


@dataclass(frozen=True, slots=True)
class Mark:
    """One row on the drawing.

    Parameters
    ----------
    kind : str
        share, spare or help: its shape.
    anchor, words : str
        Id of its row on the page, and what it is called.
    x, y : float
        Units of the drawing, y downwards.
    """

    kind: str
    anchor: str
    words: str
    x: float
    y: float


def marks(ground: Ground, found: Opportunities) -> tuple[Mark, ...]:
    """The rows as marks on a ground: the last first, so that the best lie on top."""
    kinds: list[tuple[str, tuple[CoLocation | Spare | Help, ...]]] = [
        ("share", found.co_locations),
        ("spare", found.spare),
        ("help", found.helps),
    ]
    placed = [
        Mark(kind, f"{kind}-{row.rank}", held.name, *ground.at(held.x_m, held.y_m))
        for kind, rows in kinds
        for row in rows
        for held in (first(row),)
    ]
    return tuple(reversed(placed))
