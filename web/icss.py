"""Integrated care systems: boroughs that a board plans health for together, and what is known of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response

from atlas.errors import NotFoundError
from atlas.records import slug
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Relation
from web.boroughs import BoroughRow, borough_rows, place_row, serving
from web.graph_drawing import ego_drawing
from web.maps import page_map
from web.ties import ties_of
from web.visit import page, visit

blueprint = Blueprint("icss", __name__)

BOARD: Final = re.compile(r"^NHS | Integrated Care Board$")
SYSTEM: Final = "integrated care system"
"""The type of a network that is one."""


@dataclass(frozen=True, slots=True)
class System:
    """One integrated care system.

    Parameters
    ----------
    code, name, board : str
        GSS code of its board, its own name, and its board's.
    start, end : str
        Days between which its board stands; `end` is empty while it does.
    boroughs : tuple of str
        GSS codes.
    network, institution : str
        Ids of the system and of its board in the graph; empty where it has none.
    """

    code: str
    name: str
    board: str
    start: str
    end: str
    boroughs: tuple[str, ...]
    network: str
    institution: str

    @property
    def slug(self) -> str:
        """Its name as an address has it."""
        return slug(self.name)


def system_name(board: str) -> str:
    """The name of a system, by its board's.

    Examples
    --------
    >>> system_name("NHS North East London Integrated Care Board")
    'North East London'
    """
    return BOARD.sub("", board)


def systems_of(atlas: Atlas) -> list[System]:
    """Every integrated care system, those that stand today first, by name."""
    areaset, nodes = atlas.inputs.areaset, atlas.graph.nodes(data=True)
    boards = {fields["name"]: node for node, fields in nodes if fields.get("kind") == Kind.INSTITUTION}
    found = []
    for code, row in areaset.icbs.fillna("").iterrows():
        inside = (areaset.boroughs[["icb26", "icb22"]] == code).any(axis=1)
        board = boards.get(str(row["name"]), "")
        found.append(
            System(
                code=str(code),
                name=system_name(str(row["name"])),
                board=str(row["name"]),
                start=str(row["start"]),
                end=str(row["end"]),
                boroughs=tuple(map(str, areaset.boroughs.index[inside])),
                network=_network_of(atlas, board),
                institution=board,
            )
        )
    return sorted(found, key=lambda one: (one.end, one.name))


def _network_of(atlas: Atlas, board: str) -> str:
    """The system that a board belongs to, by its tie on record."""
    if not board:
        return ""
    for _, other, tie in atlas.graph.out_edges(board, data=True):
        if tie["relation"] == Relation.MEMBER_OF and atlas.graph.nodes[other].get("type") == SYSTEM:
            return str(other)
    return ""


def system_row(atlas: Atlas, system: System) -> BoroughRow:
    """A system in numbers."""
    return place_row(atlas, system.code, system.name, system.boroughs)


@blueprint.get("/icss")
def index() -> Response:
    """Answer with every integrated care system."""

    def context() -> dict[str, Any]:
        atlas = visit().atlas
        return {"systems": [(system, system_row(atlas, system)) for system in systems_of(atlas)]}

    return page("icss.html", context)


@blueprint.get("/icss/<wanted>")
def system(wanted: str) -> Response:
    """Answer with one integrated care system, given its name or its board's code.

    Raises
    ------
    NotFoundError
        If there is none; names those that there are.
    """
    atlas = visit().atlas
    systems = systems_of(atlas)
    found = [one for one in systems if slug(wanted) in {one.slug, one.code.lower(), slug(one.board)}]
    if not found:
        raise NotFoundError("integrated care system", wanted, [one.name for one in systems])
    return page("ics.html", lambda: system_context(atlas, found[0]))


def system_context(atlas: Atlas, system: System) -> dict[str, Any]:
    """What a system's page shows."""
    ties = ties_of(atlas.graph, system.network) if system.network else []
    return {
        "system": system,
        "row": system_row(atlas, system),
        "boroughs": borough_rows(atlas, system.boroughs),
        "areas": [area for area in atlas.gap_areas if set(area.lads) & set(system.boroughs)],
        "map": page_map(system.code, small=True),
        "serving": serving(atlas, system.code),
        "ties": ties,
        "tie_count": sum(len(rows) for _, rows in ties),
        "ego": ego_drawing(atlas, system.network) if system.network else None,
    }
