"""The single map as one viewer may see it, from the store; and whose registers are on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import networkx as nx

from atlas.errors import NotFoundError, QueryError
from atlas.geo.estate.model import Estate, Viewer
from atlas.graph.lookup import find_node
from atlas.records import slug
from atlas.settings import Settings
from atlas.store import Store, open_store
from atlas.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Partner:
    """Whose register it is.

    Parameters
    ----------
    id : str
        Of an institution, on record or not.
    name : str
        What it is called.
    home : str
        GSS code of the borough that it governs; empty for none.
    is_known : bool
        Whether the partnership data have it; else its land stands on the map, and not in the graph.
    near : tuple of str
        Ids on record that may have been meant.
    """

    id: str
    name: str
    home: str = ""
    is_known: bool = True
    near: tuple[str, ...] = ()


def find_partner(graph: nx.MultiDiGraph[str], wanted: str) -> Partner:
    """Find whose register it is.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        The partnership graph.
    wanted : str
        Id, name, number or initials of an institution; or a new id, ``institution:slug``.

    Returns
    -------
    Partner
        A new id makes a partner that is not on record, with the ids that may have been meant.

    Raises
    ------
    QueryError
        If nothing of an id is in it.
    """
    try:
        node = find_node(graph, wanted, (Kind.INSTITUTION,))
    except NotFoundError as error:
        name = wanted.removeprefix(f"{Kind.INSTITUTION}:").strip()
        if not slug(name):
            raise QueryError(
                f"{wanted!r} is no id of a partner: give one such as institution:lewisham-council"
            ) from None
        said = name if name != slug(name) else name.replace("-", " ").capitalize()
        return Partner(f"{Kind.INSTITUTION}:{slug(name)}", said, is_known=False, near=error.suggestions)
    record = graph.nodes[node]
    code = str(record.get("gss_code", ""))
    return Partner(node, str(record["name"]), home=code)


def open_workspace_store(settings: Settings) -> Store:
    """Open the database of what users add, making it where there is none."""
    return open_store(settings.database)


def files_folder(settings: Settings) -> Path:
    """Folder of the registers as they came, by their hash."""
    return settings.workspace / "registers"


def load_estate(settings: Settings, viewer: Viewer, store: Store | None = None) -> Estate:
    """Everything that a viewer may see; the only way from the store to a page, an export or an answer.

    Parameters
    ----------
    settings : Settings
        Where the database is; one that has not been made yet holds nothing.
    viewer : Viewer
        Who looks.
    store : Store, optional
        The database, where it is open already.
    """
    if store is None and settings.database_url is None and not settings.database_file.is_file():
        return Estate.empty()
    held = store or open_store(settings.database)
    try:
        # asked first: what comes in between is told by the next revision
        revision = held.revision()
        whole = Estate(held.assets(), held.registers(), held.matches(), held.doubts(), revision)
    finally:
        if store is None:
            held.close()
    return whole.seen_by(viewer)
