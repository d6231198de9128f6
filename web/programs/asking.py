"""Reading a program's request: every field that cannot be used is refused at once, and nothing is left out unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from flask import g, request
from werkzeug.datastructures import MultiDict

from atlas.errors import NotFoundError, QueryError
from atlas.gaps.ground import ground_of
from atlas.graph.timeline import as_day
from atlas.snapshot import Atlas
from web.choices import FIELDS, GIVEN_ONCE, Reader
from web.programs.describe import Parameter
from web.programs.rows import Positions, Rows
from web.programs.table import AT, IN, Collection, State
from web.visit import Visit, visit_of

LIMIT: Final = Parameter(
    "limit",
    "Rows in one answer.",
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
)
OFFSET: Final = Parameter(
    "offset",
    "Rows to pass over; `next` has the address of the following ones.",
    {"type": "integer", "minimum": 0, "maximum": 10_000_000, "default": 0},
)
CHOICES: Final = tuple(field for field in FIELDS if field != "in")


def format_of(collection: Collection) -> Parameter:
    """The field that says in what form an answer comes."""
    forms = ["json", "csv", *(["geojson"] if collection.has_shape else [])]
    words = "Form of the answer; without it `Accept` decides between JSON and GeoJSON."
    return Parameter("format", words, {"type": "string", "enum": forms})


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a collection.

    Parameters
    ----------
    collection : Collection
        The collection.
    state : State
        What its rows are made of.
    chosen : mapping of str to Any
        Values of the fields that rows are chosen by; `in` is a GSS code.
    limit, offset : int
        How many rows, from which on.
    """

    collection: Collection
    state: State
    chosen: Mapping[str, Any]
    limit: int
    offset: int

    @property
    def atlas(self) -> Atlas:
        """What answers."""
        return self.state.atlas

    def rows(self) -> Rows:
        """All rows of the collection."""
        return self.collection.held(self.state)

    def positions(self, rows: Rows) -> Positions:
        """Positions of the rows that are asked for, of all pages."""
        kept = np.ones(len(rows), dtype=bool)
        if "in" in self.chosen and rows.inside is not None:
            kept &= rows.inside(self.chosen["in"])
        if "bbox" in self.chosen:
            kept &= rows.within(self.chosen["bbox"])
        for one in self.collection.filters:
            if one.parameter.name in self.chosen:
                kept &= one.mask(rows.frame, self.chosen[one.parameter.name])
        return np.flatnonzero(kept)


def read_fields(reader: Reader, known: Iterable[Parameter], *others: str) -> dict[str, Any]:
    """Values of the fields of the address at work; what is unknown, given twice or wrong is refused.

    Parameters
    ----------
    reader : Reader
        Collects what is refused.
    known : iterable of Parameter
        What the address takes, and what each may be.
    *others : str
        Fields that somebody else reads.
    """
    by_name = {one.name: one for one in known if not one.in_path}
    names = [*by_name, *others]
    found = {}
    for name, given in sorted(request.args.lists()):
        if name not in names:
            reader.refuse(name, given[-1], f"no such field here; there are {', '.join(names)}")
        elif len(given) > 1:
            reader.refuse(name, ", ".join(given), GIVEN_ONCE)
        elif not given[0]:
            reader.refuse(name, "", "give a value, or leave the field out")
        elif name in by_name:
            try:
                found[name] = by_name[name].read(given[0])
            except ValueError as error:
                reader.refuse(name, given[0], str(error))
    return found


def read(
    collection: Collection, *more: Parameter, one: bool = False, limit: Parameter = LIMIT
) -> tuple[Asked, dict[str, Any]]:
    """What the address at work asks of a collection, and the values of all its fields.

    Raises
    ------
    ChoiceError
        Naming every field that cannot be used, its value and what is allowed.
    """
    choices = CHOICES if collection.is_measured else ()
    here = _visit_of(choices)
    asked = () if one else (*collection.parameters, limit, OFFSET)
    dated = (AT,) if one and collection.has_day else ()
    values = read_fields(here.reader, (*asked, *dated, *more), *choices)
    at = _day(here.reader, values.pop("at", ""))
    if "in" in values:
        values["in"] = _place(here, values["in"])
    here.reader.done()
    atlas = here.whole() if collection.is_measured else here.atlas
    values |= _found(here.reader, collection, atlas, values)
    here.reader.done()
    size = values.pop("limit", LIMIT.schema["default"])
    return Asked(collection, State(atlas, at), values, size, values.pop("offset", 0)), values


def _visit_of(choices: tuple[str, ...]) -> Visit:
    """The visit of the choices among the fields: `in` may be more than a borough here, `domain` something else."""
    given = MultiDict([(name, value) for name in choices for value in request.args.getlist(name)])
    g.visit = visit_of(Reader(given))
    found: Visit = g.visit
    return found


def _day(reader: Reader, value: str) -> str:
    try:
        day = as_day(value) if value else None
    except QueryError:
        reader.refuse("at", value, AT.allowed)
        return ""
    return str(day or "")


def _found(
    reader: Reader, collection: Collection, atlas: Atlas, values: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """What rows have for the ids and names in the address."""
    found: dict[str, tuple[str, ...]] = {}
    for one in collection.filters:
        name = one.parameter.name
        if one.find is None:
            continue
        for value in values.get(name, ()):
            try:
                found[name] = (*found.get(name, ()), one.find(atlas, value))
            except QueryError as error:
                reader.refuse(name, value, _instead(one.parameter.allowed, error))
    return found


def _instead(allowed: str, error: QueryError) -> str:
    if not isinstance(error, NotFoundError):
        return f"{allowed}: {error}"
    return allowed + (f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else "")


def _place(here: Visit, value: str) -> str:
    inputs = here.library.inputs(here.choices.release)
    try:
        return ground_of(inputs.areaset, inputs.graph, value, inputs.sites).code
    except NotFoundError as error:
        here.reader.refuse("in", value, _instead(IN.allowed, error))
        return ""
