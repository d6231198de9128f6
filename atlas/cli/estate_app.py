"""`atlas estate …`: the command that everything about the single map is registered on, and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from atlas.cli.output import settings
from atlas.errors import QueryError
from atlas.vocabulary.estate import Visibility

if TYPE_CHECKING:
    from atlas.estate import Partner
    from atlas.geo.estate.model import Estate, Viewer
    from atlas.store import Store

estate_app = typer.Typer(
    help="The single map: every partner's land and property in one place. The command line is the owner: it sees all.",
    no_args_is_help=True,
)

ViewerOption = Annotated[
    Visibility, typer.Option("--for", help="Who will look: nothing that they may not see is written.")
]
PartnerOption = Annotated[
    str, typer.Option(help="Whose register it is: an institution's id, name or initials, or a new id.", metavar="ID")
]

WHO: Final = "command line"


@contextmanager
def opened() -> Iterator[Store]:
    """The database of what users add, closed afterwards."""
    from atlas.estate import open_workspace_store

    store = open_workspace_store(settings())
    try:
        yield store
    finally:
        store.close()


def partner_called(wanted: str) -> Partner:
    """Whose register it is; says so where nobody on record is called so."""
    from atlas.estate import find_partner
    from atlas.graph.build import build
    from atlas.sources import embedded
    from atlas.sources.partnerships import read_partnerships

    folder = settings().partnerships or embedded.data_folder() / "partnerships"
    partner = find_partner(build(read_partnerships(folder).partnerships), wanted)
    if not partner.is_known:
        near = f"; did you mean {', '.join(partner.near)}?" if partner.near else ""
        typer.echo(
            f"warning: no institution on record is called {wanted!r}: its land will be on the map as {partner.name}'s "
            f"({partner.id}), and not in the graph{near}",
            err=True,
        )
    return partner


def viewer_of(level: Visibility) -> Viewer:
    """Who looks."""
    from atlas.geo.estate.model import Viewer

    return Viewer(level)


def estate_for(level: Visibility = Visibility.OWNER) -> Estate:
    """All land that somebody may see.

    Raises
    ------
    QueryError
        If there is none on record.
    """
    from atlas.estate import load_estate

    estate = load_estate(settings(), viewer_of(level))
    if not len(estate.registers):
        raise QueryError("no register is on record; bring one with `atlas estate import FILE --partner ID`")
    return estate


def columns_given(given: list[str] | None) -> dict[str, str | None]:
    """Fields of columns as typed: ``Header=field``; an empty field for none.

    Raises
    ------
    QueryError
        If there is no ``=``.

    Examples
    --------
    >>> columns_given(["Tnr=tenure", "Ward no="])
    {'Tnr': 'tenure', 'Ward no': None}
    """
    found: dict[str, str | None] = {}
    for pair in given or []:
        header, mark, name = pair.rpartition("=")
        if not mark:
            raise QueryError(f"--column {pair!r} must be HEADER=FIELD, such as 'Tnr=tenure'")
        found[header] = name.strip() or None
    return found


def borough_called(wanted: str, boroughs: Any) -> str:
    """GSS code of a borough by its code or name.

    Raises
    ------
    QueryError
        If no borough is called so.
    """
    from atlas.records import slug

    by_name = {slug(str(name)): str(code) for code, name in boroughs["name"].items()}
    code = wanted.upper() if wanted.upper() in boroughs.index else by_name.get(slug(wanted))
    if code is None:
        raise QueryError(f"no borough of London is called {wanted!r}; there are {', '.join(boroughs['name'])}")
    return code
