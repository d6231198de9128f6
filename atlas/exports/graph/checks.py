"""Whether a graph can be written so that all of it can be read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx

from atlas.errors import Faults
from atlas.exports.graph.fields import NODE_FIELDS, SOURCE_FIELDS, TIE_FIELDS, Field

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_UNICODE: Final = re.compile("[\ud800-\udfff]")
_SEEN: Final = 100_000
_NODE: Final = {field.name: field for field in NODE_FIELDS}
_TIE: Final = {field.name: field for field in TIE_FIELDS}
_SOURCE: Final = {field.name: field for field in SOURCE_FIELDS}


@dataclass(frozen=True, slots=True)
class Used:
    """The fields of one graph: optional ones that nobody carries are left out.

    Parameters
    ----------
    nodes, ties : tuple of Field
        In the order of `NODE_FIELDS` and `TIE_FIELDS`.
    """

    nodes: tuple[Field, ...]
    ties: tuple[Field, ...]


def checked(graph: nx.MultiDiGraph[str], *, xml: bool = False, ties: bool = True) -> Used:
    """Say which fields a graph has; refuse one with something that a file could not give back.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`.
    xml : bool, optional
        Refuse characters that XML 1.0 has no way to write, too.
    ties : bool, optional
        Look at every tie; a writer that looks at each text once itself, by `is_writable`, need not have it done
        unless something else is wrong.

    Raises
    ------
    DataError
        Naming every attribute that is not of `NODE_FIELDS` or `TIE_FIELDS`, value of another type, and character that
        cannot be written.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("place:E09000007", kind="place", name="Camden", staff=3)
    >>> checked(graph)
    Traceback (most recent call last):
    ...
    atlas.errors.DataError: the graph cannot be exported
      node place:E09000007, column staff: an attribute that no record has, found 3, expected one of kind, name, ...
    """
    faults, pattern = Faults(), _NOT_XML if xml else _NOT_UNICODE
    on_nodes, on_ties = _Checked(_NODE, pattern, faults), _Checked(_TIE, pattern, faults)
    for node, record in graph.nodes(data=True):
        on_nodes.check(("node", node), node, record)
    if ties or faults.errors:
        for subject, target, key, tie in graph.edges(keys=True, data=True):
            on_ties.check(("tie", subject, key, target), key, tie)
    sources = _Checked(_SOURCE, pattern, faults)
    for name, source in graph.graph.get("sources", {}).items():
        sources.check(("source", name), name, source)
    faults.raise_errors("the graph cannot be exported")
    optional = (name for name, field in _TIE.items() if field.is_optional)
    there = {name for name in optional if any(name in tie for *_, tie in graph.edges(data=True))}
    return Used(on_nodes.used(), tuple(field for field in TIE_FIELDS if not field.is_optional or field.name in there))


def is_writable(field: Field, value: Any) -> bool:
    """Whether a value is of a field's type, and XML can hold it.

    Examples
    --------
    >>> from atlas.exports.graph.fields import tie_field
    >>> is_writable(tie_field("note"), "a"), is_writable(tie_field("note"), None), is_writable(tie_field("end"), "soon")
    (True, False, False)
    """
    return field.fits(value) and not _unwritable(value, _NOT_XML)


class _Checked:
    """What has been looked at once needs no second look; it is forgotten in time, so that memory does not grow."""

    def __init__(self, fields: Mapping[str, Field], pattern: re.Pattern[str], faults: Faults) -> None:
        self._fields, self._pattern, self._faults = fields, pattern, faults
        self._seen: dict[str, set[Any]] = {name: set() for name in fields}
        self._names: set[str | int] = set()
        self._carried: set[str] = set()

    def used(self) -> tuple[Field, ...]:
        """The fields that every file has, and those that were met."""
        return tuple(field for name, field in self._fields.items() if field.is_always_there or name in self._carried)

    def check(self, what: tuple[Any, ...], name: str | int, record: Mapping[str, Any]) -> None:
        """Collect what is wrong in one record and in its own name."""
        if name in self._names and self._is_known(record):
            return
        where = " ".join(map(str, what))
        self._check_name(where, name)
        self._carried.update(record)
        for column, value in record.items():
            is_text = type(value) is str
            if is_text and value in self._seen.get(column, ()):
                continue
            if self._is_well(where, column, value) and (is_text or value is None):
                if len(self._seen[column]) > _SEEN:
                    self._seen[column].clear()
                self._seen[column].add(value)

    def _is_known(self, record: Mapping[str, Any]) -> bool:
        seen = self._seen
        try:
            for column, value in record.items():
                if value not in seen[column]:
                    return False
        except (KeyError, TypeError):
            return False  # an attribute that no record has, or a value that has no hash
        return True

    def _check_name(self, where: str, name: Any) -> None:
        if not isinstance(name, str | int):
            self._faults.add(where, "a name that is not text", "text", value=name)
        elif found := _unwritable(name, self._pattern):
            self._faults.add(where, f"the character {found} in its name", "text without control characters")
        elif len(self._names) < _SEEN:
            self._names.add(name)

    def _is_well(self, where: str, name: str, value: Any) -> bool:
        field = self._fields.get(name)
        if field is None:
            expected = f"one of {', '.join(self._fields)}"
            self._faults.add(where, "an attribute that no record has", expected, column=name, value=value)
        elif not field.fits(value):
            expected = f"{'a tuple of ' if field.is_list else ''}{field.type.value}"
            expected += " or None" if field.is_nullable else ""
            self._faults.add(where, "a value of another type", expected, column=name, value=value)
        elif found := _unwritable(value, self._pattern):
            expected = "text without control characters and lone surrogates"
            self._faults.add(where, f"the character {found}", expected, column=name)
        else:
            return True
        return False


def _unwritable(value: Any, pattern: re.Pattern[str]) -> str:
    if isinstance(value, str):
        found = pattern.search(value)
        return f"U+{ord(found.group()):04X}" if found else ""
    if isinstance(value, tuple):
        return next(filter(None, (_unwritable(one, pattern) for one in value)), "")
    return _unwritable(tuple(value.values()), pattern) if isinstance(value, dict) else ""
