"""Faults of the form that takes a register: each beside its field, and all of them as links to their fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from atlas.errors import Fault
from web.text import first_up

FIELD_WORDS: Final = {
    "file": "The file",
    "partner": "Whose register it is",
    "register": "Name of the register",
    "as_of": "The day that it speaks of",
    "sheet": "Sheet or layer",
    "visibility": "Who may see its assets",
}
"""What the fields of the form are called."""


def by_field(faults: Sequence[Fault], sheet: str = "") -> dict[str, str]:
    """What is wrong with each field, in the order of the form; what is wrong in a file is the file's.

    Parameters
    ----------
    faults : sequence of Fault
        Of the form, and of what was read.
    sheet : str
        The sheet that was asked for: a fault that names it is that field's.

    Examples
    --------
    >>> by_field([Fault("form", "it was not said whose register it is", "a partner", column="partner")])
    {'partner': 'It was not said whose register it is. Give a partner.'}
    >>> by_field([Fault("a.xlsx", "no sheet of that name", "one of Land, Sites", value="Lnd")], "Lnd")
    {'sheet': 'No sheet of that name. Give one of Land, Sites.'}
    """
    found: dict[str, str] = {}
    for fault in faults:
        name = fault.column if fault.file == "form" else "sheet" if sheet and fault.value == sheet else "file"
        found.setdefault(name or "file", in_words(fault, is_asked=name != "file" or fault.file == "form"))
    return {name: found[name] for name in FIELD_WORDS if name in found}


def in_words(fault: Fault, *, is_asked: bool) -> str:
    """A fault in sentences: what is asked for is to be given, what is in a file was to be expected."""
    where = "" if fault.row is None else f"Row {fault.row}: "
    return f"{where}{first_up(fault.problem)}. {'Give' if is_asked else 'Expected:'} {fault.expected}."


def of_cells(faults: Sequence[Fault]) -> list[Fault]:
    """Faults that lie in rows or columns of a file."""
    return [fault for fault in faults if fault.file != "form" and (fault.row is not None or fault.column)]
