"""A large table of ties read by its distinct values, with the faults that reading row by row would find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from atlas.errors import Faults
from atlas.graph.tie_columns import FIELDS, Column, TieColumns, joined
from atlas.records import Tie
from atlas.sources.columns import Coded
from atlas.sources.rows import read_row

FIRST_ROW: Final = 2
"""The header is row 1."""

TOGETHER: Final = ("start", "end")
"""The fields of a tie that its class checks against each other."""

_WRONG: Final = object()


def read_ties(coded: Coded, file: str, faults: Faults) -> TieColumns | None:
    """Check ties by their distinct cells, and row by row only those rows in which one is wrong.

    Parameters
    ----------
    coded : dict
        Columns of `atlas.sources.columns.read_columns`; every required field of `Tie` is among them.
    file : str
        The file's name.
    faults : Faults
        Collects what is wrong, in the words of `atlas.sources.rows.read_row`.

    Returns
    -------
    TieColumns or None
        Ties without fault; None where a row has to be read alone to be understood.
    """
    n = len(next(iter(coded.values()))[1])
    blank = np.ones(n, dtype=bool)
    good = np.ones(n, dtype=bool)
    columns: dict[str, Column] = {}
    for name in FIELDS:
        texts, codes = coded.get(name, ([""], np.zeros(n, dtype=np.int64)))
        blank &= Column(tuple(texts), codes).where(lambda text: not text.strip())
        columns[name] = _parsed(texts, codes, _parser(name))
        good &= columns[name].where(lambda value: value is not _WRONG)
    if blank.all():
        return None
    good &= ~blank
    good[good] = _in_order(columns, good)
    found = Faults()
    for place in np.flatnonzero(~good & ~blank):
        cells = {name: texts[codes[place]] for name, (texts, codes) in coded.items()}
        if read_row(file, int(place) + FIRST_ROW, cells, Tie, found) is not None:
            return None
    faults.extend(found)
    if not good.all():
        columns = {name: column.kept(good) for name, column in columns.items()}
    return TieColumns(columns, np.flatnonzero(good) + FIRST_ROW)


def _parser(name: str) -> Callable[[str], Any]:
    field = Tie.model_fields[name]
    validate = TypeAdapter(field.rebuild_annotation(), config=Tie.model_config).validate_python

    def parse(text: str) -> Any:
        if not text.strip():
            return _WRONG if field.is_required() else field.default
        try:
            return validate(text)
        except ValidationError:
            return _WRONG

    return parse


def _parsed(texts: list[str], codes: NDArray[np.int64], parse: Callable[[str], Any]) -> Column:
    """Values of texts; those that mean the same share a code."""
    places: dict[Any, int] = {}
    new = np.array([places.setdefault(parse(text), len(places)) for text in texts], dtype=np.int64)
    return Column(tuple(places), new[codes] if len(new) else codes)


def _in_order(columns: dict[str, Column], good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each good tie whether what is checked together agrees, asked once for each pair of values."""
    if not good.any():
        return np.zeros(0, dtype=bool)
    one = int(np.flatnonzero(good)[0])
    sample = {name: column.values[column.codes[one]] for name, column in columns.items()}
    start, end = (columns[name] for name in TOGETHER)
    key = joined((start.codes[good], len(start.values)), (end.codes[good], len(end.values)))
    pairs, place = np.unique(key, return_inverse=True)
    agree = np.ones(len(pairs), dtype=bool)
    for k, pair in enumerate(pairs.tolist()):
        a, b = divmod(pair, len(end.values))
        try:
            Tie.model_validate({**sample, "start": start.values[a], "end": end.values[b]})
        except ValidationError:
            agree[k] = False
    return agree[place.reshape(-1)]
