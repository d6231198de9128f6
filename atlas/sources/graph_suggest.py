"""A first mapping for a graph file, by the names and the values of its attributes; for a person to correct."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from atlas.errors import Faults
from atlas.records import NODE_TABLES, Partnerships, slug
from atlas.sources.graph_files import Edge, GraphFile, Node, read_graph
from atlas.sources.graph_mapped import Known
from atlas.sources.graph_mapping import KIND, LEAVE_OUT, all_targets, choices, plain, targets, verb_of, word_of
from atlas.sources.graph_synonyms import NODE_COLUMNS, TIE_COLUMNS, WORDS
from atlas.sources.partnerships import read_partnerships

LEAST: Final = 80.0
"""Names less alike than this, of 100, are no match."""

MOST_VALUES: Final = 60
"""Distinct values above which an attribute is taken for free text."""

_LEAST_SHARE: Final = 0.3
_NAMES: Final = 200


@dataclass(frozen=True, slots=True)
class Match:
    """An attribute that may be a column.

    Parameters
    ----------
    attribute : str
        In the file.
    score : float
        From 0 to 100, how sure: how alike the names are; where the column has a closed list, how many of the values
        are in it as well.
    """

    attribute: str
    score: float


def suggest_mapping(paths: Sequence[Path], into: Path | None, places: Mapping[str, str]) -> str:
    """Write a first mapping as TOML.

    Parameters
    ----------
    paths : sequence of Path
        As `atlas.sources.graph_files.read_graph` takes them.
    into : Path or None
        Folder of partnership tables: nodes whose names are near those of its rows are listed under `[ids]`.
    places : mapping of str to str
        GSS code to name.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    faults = Faults()
    graph = read_graph(paths, faults)
    faults.raise_errors(f"{graph.name} cannot be read as a graph")
    there = Partnerships() if into is None else read_partnerships(into, places).partnerships
    return "\n".join(_lines(graph, there, places)) + "\n"


def values_in(items: Sequence[Node] | Sequence[Edge]) -> dict[str, Counter[str]]:
    """Distinct values of each attribute, with how often each occurs; parts of lists one by one."""
    found: dict[str, Counter[str]] = {}
    for item in items:
        for name, value in item.values.items():
            parts = [value] if isinstance(value, str) else [part for part in value if isinstance(part, str)]
            found.setdefault(name, Counter()).update(part.strip() for part in parts)
    return found


def matches(wanted: Mapping[str, Sequence[str]], values: Mapping[str, Counter[str]]) -> dict[str, Match]:
    """The attribute that each column most likely comes from.

    Examples
    --------
    >>> found = matches({"start": ("start date",)}, {"Start-Date": Counter(["2021"]), "size": Counter(["3"])})
    >>> found["start"].attribute, round(found["start"].score)
    ('Start-Date', 100)
    """
    from rapidfuzz import fuzz  # noqa: PLC0415  # only a suggestion needs it

    found = {}
    for column, names in wanted.items():
        best = Match("", 0.0)
        for attribute, counts in values.items():
            score = max(
                fuzz.token_sort_ratio(plain(attribute), name) - place for place, name in enumerate(map(plain, names))
            )
            share = _share(column, counts) if score >= LEAST and _has_list(column) else 1.0
            if score >= LEAST and share >= _LEAST_SHARE and score * share > best.score:
                best = Match(attribute, score * share)
        if best.attribute:
            found[column] = best
    return found


def _wanted(section: str, names: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Names of attributes by column, those that other tools use first, and each column's own."""
    return {**names, **{column: (column,) for column in all_targets()[section] if column not in {*names, "id"}}}


def _has_list(column: str) -> bool:
    return column in WORDS


def _options(column: str) -> tuple[StrEnum, ...]:
    table = next((table for table in (*NODE_TABLES, "ties") if column in targets(table)), "nodes")
    return choices("nodes" if column == KIND else table, column)


def _share(column: str, counts: Counter[str]) -> float:
    known = sum(count for value, count in counts.items() if meaning(column, value))
    return known / max(counts.total(), 1)


def meaning(column: str, value: str) -> str:
    """What a value of a column with a closed list most likely means; empty where nobody can tell.

    Examples
    --------
    >>> meaning("relation", "Convened by"), meaning("sector", "NHS Trusts"), meaning("kind", "Person")
    ('is convened by', 'health', 'leave out')
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    options = _options(column)
    if column == "relation" and (verb := verb_of(value)) is not None:
        return value if verb[1] else verb[0].value
    word = word_of(options, value)
    if word in set(options):
        return word
    words = {**{plain(one.value): one.value for one in options}, **WORDS.get(column, {})}
    near = process.extractOne(plain(value), list(words), scorer=fuzz.token_sort_ratio, score_cutoff=LEAST)
    return words[near[0]] if near else ""


def _lines(graph: GraphFile, there: Partnerships, places: Mapping[str, str]) -> Iterator[str]:
    nodes, edges = values_in(graph.nodes), values_in(graph.edges)
    of_nodes = matches(_wanted("nodes", NODE_COLUMNS), nodes)
    of_ties = matches(_wanted("ties", TIE_COLUMNS), edges)
    if not any(_is_label(node) for node in graph.nodes):
        of_nodes.pop("name", None)
    yield f"# A first mapping for {_quoted(graph.name)}, by its names and values: look at every line, and correct it."
    yield "# Numbers say how sure a line is, of 100. Lines that begin with # do nothing."
    yield from ("", "[source]  # the row of sources.csv that the file is")
    yield from (f'id = "{slug(graph.name)}"', 'title = ""', 'publisher = ""', 'licence = ""', '# url = ""')
    yield from ("", "[defaults]  # where the file says nothing")
    yield 'checked_on = ""  # the day on which somebody last looked, such as 2026-10-31'
    yield from ('status = "active"', 'confidence = "medium"', "is_anchor = false")
    if KIND not in of_nodes:
        yield 'kind = "institution"'
    if "relation" not in of_ties:
        yield 'relation = "partners_with"'
    for column, value in (("sector", "voluntary"), ("type", "organisation")):
        if column not in of_nodes:
            yield f"{column} = {_quoted(value)}"
    for column, value in (("origin", "community"), ("scale", "borough"), ("description", "")):
        shown = f"{column} = {_quoted(value)}  # of networks; scale and description of programmes as well"
        yield shown if column not in of_nodes else f"# {shown}"
    yield from _section("nodes", of_nodes, nodes)
    yield from _section("ties", of_ties, edges)
    for column, found, values in [(c, of_nodes, nodes) for c in of_nodes] + [(c, of_ties, edges) for c in of_ties]:
        if _has_list(column):
            yield from _meanings(column, values[found[column].attribute])
    yield from _ids(graph, there, places)


def _is_label(node: Node) -> bool:
    return bool(node.label)


def _section(name: str, found: Mapping[str, Match], values: Mapping[str, Counter[str]]) -> Iterator[str]:
    yield from ("", f"[{name}]  # column = attribute of the file")
    for column, match in found.items():
        yield f"{column} = {_quoted(match.attribute)}  # {match.score:.0f}"
    taken = {match.attribute for match in found.values()}
    left = [attribute for attribute in values if attribute not in taken]
    if left:
        yield f"# not taken: {', '.join(_quoted(one) for one in left)}"


def _meanings(column: str, counts: Counter[str]) -> Iterator[str]:
    known = {value: meaning(column, value) for value in counts}
    wanted = [value for value in counts if value and known[value] != value]
    if not wanted or len(wanted) > MOST_VALUES:
        return
    options = ", ".join([*_options(column), *([LEAVE_OUT] if column in (KIND, "relation") else [])])
    yield from ("", f"[values.{column}]  # one of {options}")
    for value in wanted:
        often = "once" if counts[value] == 1 else f"{counts[value]:,} times"
        line = f"{_quoted(value)} = {_quoted(known[value])}  # {often}"
        yield line if known[value] else f"# {line}"


def _ids(graph: GraphFile, there: Partnerships, places: Mapping[str, str]) -> Iterator[str]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    known = Known.of(there, {})
    rows = {row.id: row.name for table in NODE_TABLES if table != "sites" for row in getattr(there, table)}
    rows |= {f"place:{code}": name for code, name in places.items()}
    names = {key: slug(name).replace("-", " ") for key, name in rows.items()}
    same = set(names.values())
    lines = []
    for node in graph.nodes:
        words = slug(node.label or node.id).replace("-", " ")
        if node.id in known.records or not words or words in same:
            continue
        near = process.extractOne(words, names, scorer=fuzz.token_set_ratio, score_cutoff=LEAST + 5)
        if near:
            lines.append(
                f"# {_quoted(node.label or node.id)} = {_quoted(near[2])}  # {near[1]:.0f}: {_quoted(rows[near[2]])}"
            )
    if lines:
        yield from ("", "[ids]  # bodies that may be there already: take away the # where they are the same")
        yield from lines[:_NAMES]


def _quoted(text: str) -> str:
    r"""A text as TOML writes it.

    Examples
    --------
    >>> print(_quoted('an "old" Café'))
    "an \"old\" Café"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
