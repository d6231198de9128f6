"""What every reader of graph files gives back: nodes and edges with their attributes as text, and where they stood."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from atlas.errors import Faults

MOST_BYTES: Final = 512 * 1024**2
"""The largest file that is read, after unpacking."""

LONGEST_TEXT: Final = 100_000
"""The longest attribute that is read, in characters."""

DEEPEST: Final = 100
"""How deep elements of XML may lie in each other."""

Value: TypeAlias = str | tuple[Any, ...]
"""Text, or a list: of texts, or of records (dictionaries). What is None or empty is not there."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where something stood.

    Parameters
    ----------
    file : str
        The file's name; for JSON, which has no lines of its own, with the name of the list.
    row : int
        Row of a table, line of XML, place in a list of JSON; all from 1.
    """

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Node:
    """A node as a file has it.

    Parameters
    ----------
    id : str
        Its id in the file, else its label.
    label : str
        What people call it there; empty where it has none.
    values : mapping of str to Value
        Its attributes by the file's own names.
    where : Where
        Where it stood.
    """

    id: str
    label: str
    values: Mapping[str, Value]
    where: Where


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge as a file has it.

    Parameters
    ----------
    source, target : str
        Ids or labels of nodes.
    values : mapping of str to Value
        Its attributes by the file's own names.
    where : Where
        Where it stood.
    is_directed : bool
        False where it has no direction, or both.
    """

    source: str
    target: str
    values: Mapping[str, Value]
    where: Where
    is_directed: bool = True


@dataclass(slots=True)
class GraphFile:
    """A graph as read.

    Parameters
    ----------
    name : str
        Names of the files.
    form : str
        What they are, in words.
    nodes, edges : list
        In the order of the file.
    sources : dict or None
        Rows of sources by id, where Atlas wrote the file; None where it did not.
    """

    name: str
    form: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    sources: Mapping[str, Mapping[str, Any]] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether Atlas wrote it."""
        return self.sources is not None


def text_of(value: Any) -> str:
    """A value of JSON as text: a truth in words, a record as JSON.

    Examples
    --------
    >>> text_of(True), text_of(3), text_of(0.1), text_of(" a "), text_of(None), text_of({"a": 1})
    ('true', '3', '0.1', ' a ', '', '{"a": 1}')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def values_of(
    given: Iterable[tuple[str, Any]], where: Where, faults: Faults, longest: int = LONGEST_TEXT
) -> dict[str, Value]:
    """Attributes as text and lists; what is empty is left out, what is too long is a fault.

    Examples
    --------
    >>> values_of([("a", 1), ("b", None), ("c", ["x", 2, None])], Where("g.json", 1), Faults())
    {'a': '1', 'c': ('x', '2')}
    """
    found: dict[str, Value] = {}
    for name, value in given:
        one: Value
        if isinstance(value, list | tuple):
            one = tuple(part if isinstance(part, dict) else text_of(part) for part in value if part is not None)
        else:
            one = text_of(value)
        length = len(one) if isinstance(one, str) else sum(len(str(part)) for part in one)
        if length > longest:
            expected, shown = f"at most {longest:,}", f"{str(value)[:40]}…"
            problem = f"an attribute of {length:,} characters"
            faults.add(where.file, problem, expected, row=where.row, column=name[:80], value=shown)
        elif one and (isinstance(one, tuple) or one.strip()):
            found[name] = one
    return found


def sources_of(value: Any, file: str, faults: Faults) -> Mapping[str, Mapping[str, Any]] | None:
    """The sources that Atlas writes beside a graph: a dictionary of dictionaries, or its JSON text.

    Examples
    --------
    >>> sources_of('{"a": {"title": "A"}}', "g.graphml", Faults())
    {'a': {'title': 'A'}}
    >>> sources_of(None, "g.graphml", Faults()) is None
    True
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, dict):
        return None
    wrong = [name for name, source in value.items() if not isinstance(source, dict)]
    for name in wrong:
        faults.add(file, "a source that is no record", "title, publisher, licence …", column="sources", value=name)
    return None if wrong else value
