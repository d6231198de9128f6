"""Finding things by name or code: for the search box, and for a page that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from typing import Any, Final

from rapidfuzz import process

from atlas.errors import NotFoundError
from atlas.graph.bare import without_assets
from atlas.graph.initials import initials
from atlas.graph.lookup import BY_TIES, LETTERS, NEAR, likeness
from atlas.graph.wording import period_words
from atlas.records import slug
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import Kind, Status

MOST_WEIGHT: Final = 2.4
"""Weight of a borough, and the most that ties give."""

_APOSTROPHES: Final = str.maketrans(dict.fromkeys("'`\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"))


@dataclass(frozen=True, slots=True)
class Name:
    """Something that has a page.

    Parameters
    ----------
    kind : str
        institution, network, programme, site, borough, board, place, ward, neighbourhood or gap area; of what a search
        finds postcode, postcodes (those that begin alike), asset or assets as well.
    wanted : str
        The last part of its page's address.
    name, what : str
        Its name, and what it is, in words.
    keys : tuple of str
        What it is found by: name and codes, as `plain` writes them.
    page : str
        The last part of the address of the page that shows it, where that is another's.
    areas : tuple of str
        GSS codes of what the map shows of it: a borough, or small areas.
    initials : tuple of str
        What its name is abbreviated to.
    weight : float
        How much is tied to it, 0 to `MOST_WEIGHT`: of two that are equally near the one is meant that more have to do
        with.
    is_over : bool
        Whether it has ended: what stands comes first.
    """

    kind: str
    wanted: str
    name: str
    what: str
    keys: tuple[str, ...]
    page: str = ""
    areas: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    weight: float = 0.0
    is_over: bool = False


def plain(name: str) -> str:
    """A name as people type it: no case, no punctuation, "&" as "and"; an apostrophe parts no word.

    Examples
    --------
    >>> plain("Hammersmith & Fulham") == plain("hammersmith-and-fulham"), plain("King's Cross")
    (True, 'kings cross')
    """
    folded = name.casefold().translate(_APOSTROPHES).replace("&", " and ")
    spaced = "".join(letter if letter.isalnum() else " " for letter in folded)
    return " ".join(spaced.split())


def node_slug(node_id: str) -> str:
    """The part of a node's id that stands in an address.

    Examples
    --------
    >>> node_slug("network:lain")
    'lain'
    """
    return node_id.partition(":")[2]


def _node_names(inputs: Inputs) -> Iterable[Name]:
    graph = without_assets(inputs.graph)
    for node_id, node in graph.nodes(data=True):
        if node["kind"] in {Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME}:
            codes = [node[key] for key in ("gss_code", "ods_code", "ukprn", "company_number") if node.get(key)]
            yield Name(
                node["kind"],
                node_slug(node_id),
                node["name"],
                _what(node),
                keys=(plain(node["name"]), plain(node_slug(node_id)), *map(plain, codes)),
                initials=tuple(sorted(initials(node["name"]))),
                weight=min(MOST_WEIGHT, BY_TIES * log1p(graph.degree(node_id))),
                is_over=node.get("status") == Status.ENDED,
            )


def _what(node: Mapping[str, Any]) -> str:
    """What a node is, in words, and until when where it is no more."""
    what = str(node.get("type") or node["kind"])
    over = node.get("status") == Status.ENDED
    return f"{what}, {period_words(None, node.get('end'), Status.ENDED)}" if over else what


def _site_names(inputs: Inputs) -> Iterable[Name]:
    sites = inputs.sites[["name", "institution", "institution_name", "postcode"]]
    for site, name, owner, owner_name, postcode in sites.itertuples():
        if name != owner_name:
            what = f"site of {owner_name}, {postcode}"
            yield Name("site", node_slug(str(site)), str(name), what, (plain(str(name)),), node_slug(str(owner)))


def _place_names(inputs: Inputs) -> Iterable[Name]:
    for code, name in inputs.areaset.boroughs["name"].items():
        keys = (plain(str(name)), str(code).lower(), *_halves(plain(str(name))))
        yield Name("borough", slug(str(name)), str(name), "borough", keys, areas=(str(code),), weight=MOST_WEIGHT)
    for code, name in inputs.areaset.icbs["name"].items():
        keys, short = (plain(str(name)), str(code).lower()), tuple(sorted(initials(str(name))))
        yield Name("board", str(code), str(name), "integrated care board", keys, initials=short)
    areas = inputs.areaset.areas
    for place, rows in areas.groupby(["msoa", "msoa_name", "lad_name"]):
        msoa, called, within = map(str, place)
        keys = (plain(called), msoa.lower())
        yield Name("place", msoa, called, f"part of {within}", keys, slug(within), tuple(map(str, rows.index)))
    # what small areas come with alone: the embedded ones have no wards
    for place, rows in areas.groupby(["ward", "ward_name", "lad_name"]) if "ward" in areas else ():
        ward, called, within = map(str, place)
        keys = (plain(called), ward.lower())
        yield Name("ward", ward, called, f"ward in {within}", keys, slug(within), tuple(map(str, rows.index)))
    for code, name, lad_name in zip(areas.index, areas["name"], areas["lad_name"], strict=True):
        what, keys = f"neighbourhood in {lad_name}", (plain(str(name)), str(code).lower())
        yield Name("neighbourhood", str(code), str(name), what, keys, slug(lad_name), (str(code),))


def _halves(name: str) -> tuple[str, ...]:
    """The parts of a borough's name that has two: people type either."""
    parts = tuple(part for part in name.split(" and ") if part)
    return parts if len(parts) > 1 else ()


def names_of_inputs(inputs: Inputs) -> tuple[Name, ...]:
    """Everything that has a page whatever is chosen."""
    return (*_node_names(inputs), *_place_names(inputs), *_site_names(inputs))


def gap_names(atlas: Atlas) -> tuple[Name, ...]:
    """The gap areas of this atlas."""
    return tuple(
        Name("gap area", area.id, area.name, f"gap area in {area.boroughs}", (plain(area.name), area.id.lower()))
        for area in atlas.gap_areas
    )


def all_names(atlas: Atlas) -> tuple[Name, ...]:
    """Everything that has a page in this atlas."""
    return (*gap_names(atlas), *names_of_inputs(atlas.inputs))


def search(names: Sequence[Name], wanted: str, limit: int = 20) -> list[Name]:
    """The names nearest to what was typed, the nearest first; nothing that is less than `NEAR` like it.

    Examples
    --------
    >>> lain = Name("network", "lain", "London Anchor Institutions' Network", "network", ("lain",))
    >>> search([lain], "liain") == [lain], search([lain], "zebra")
    (True, [])
    """
    typed = plain(wanted)[:LETTERS]
    if not typed:
        return []
    keys = [(key, position) for position, name in enumerate(names) for key in (*name.keys, *name.initials)]
    found = process.extract(
        typed, [key for key, _ in keys], scorer=likeness, score_cutoff=NEAR, limit=5 * limit, processor=None
    )
    ranked = dict.fromkeys(keys[index][1] for _, _, index in sorted(found, key=lambda hit: -hit[1]))
    return [names[position] for position in list(ranked)[:limit]]


def near(names: Sequence[Name], kind: str, wanted: str, limit: int = 5) -> tuple[str, ...]:
    """Parts of addresses of the same kind that are nearest to one that does not exist."""
    return tuple(name.wanted for name in search([name for name in names if name.kind == kind], wanted, limit))


def find(names: Sequence[Name], kind: str, wanted: str) -> str:
    """The last part of the address of something of this kind, given it in any case, or its name or code.

    Raises
    ------
    NotFoundError
        If there is none, or several are called so; suggests near ones.
    """
    typed = plain(wanted)
    among = [name for name in names if name.kind == kind]
    found = {name.wanted for name in among if name.wanted == wanted} or {
        name.wanted for name in among if typed in {*name.keys, *name.initials}
    }
    if len(found) == 1:
        return found.pop()
    raise NotFoundError(kind, wanted, near(names, kind, wanted))
