"""Finding what a field or the last part of an address means: by id, with or without its kind, or by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any, Final

from atlas.errors import NotFoundError
from atlas.graph.lookup import LETTERS, find_node
from atlas.records import slug
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind

Finder = Callable[[Atlas, str], str]

MOST_NEAR: Final = 20_000
"""Ids among which a misspelt one is looked for."""


def called(kind: str, names: Mapping[Any, Any], wanted: str) -> str:
    """The id of what is called so.

    Parameters
    ----------
    kind : str
        What is looked for.
    names : mapping
        Names by id.
    wanted : str
        Id, in any case and with or without its kind, or name.

    Raises
    ------
    NotFoundError
        If there is none, or several are called so; suggests near ones.

    Examples
    --------
    >>> names = {"network:lain": "London Anchor Institutions' Network"}
    >>> [called("network", names, it) for it in ("lain", "LAIN", "london anchor institutions network")]
    ['network:lain', 'network:lain', 'network:lain']
    """
    if wanted in names:
        return wanted
    typed, plain = wanted.strip().casefold(), slug(wanted)
    ids = {str(one).casefold(): str(one) for one in names}
    found = {ids[name] for name in (typed, f"{kind}:{typed}") if name in ids} or {
        one for name, one in ids.items() if typed and name.partition(":")[2] == typed
    }
    found = found or {str(one) for one, name in names.items() if plain and slug(str(name)) == plain}
    if len(found) == 1:
        return found.pop()
    raise NotFoundError(kind, wanted, sorted(found) if found else _near(names, wanted))


def _near(names: Mapping[Any, Any], wanted: str) -> list[str]:
    if len(names) > MOST_NEAR:
        return []
    by_key: dict[str, str] = {}
    for one, name in names.items():
        by_key |= {key: str(one) for key in (str(one).casefold(), str(one).casefold().rpartition(":")[2])}
        by_key[str(name).casefold()] = str(name)
    near = difflib.get_close_matches(wanted.strip().casefold()[:LETTERS], by_key, n=3)
    return [*dict.fromkeys(by_key[key] for key in near)]


def node(*kinds: Kind) -> Finder:
    """Give what finds a node of some kinds."""
    return lambda atlas, wanted: find_node(atlas.graph, wanted, kinds)


def borough(atlas: Atlas, wanted: str) -> str:
    """GSS code of a borough."""
    return atlas.borough(wanted)


def gap_area(atlas: Atlas, wanted: str) -> str:
    """Id of a gap area under the choices."""
    return atlas.gap_area(wanted).id


def msoa(atlas: Atlas, wanted: str) -> str:
    """GSS code of a group of neighbourhoods."""
    areas = atlas.inputs.areaset.areas.drop_duplicates("msoa")
    return called("MSOA", dict(zip(areas["msoa"], areas["msoa_name"], strict=True)), wanted)


def partner(atlas: Atlas, wanted: str) -> str:
    """Id of a partner whose register is here."""
    return called(Kind.INSTITUTION, atlas.inputs.estate.partner_names, wanted)


def register(atlas: Atlas, wanted: str) -> str:
    """Id of a register that is here."""
    registers = atlas.inputs.estate.registers
    return called("register", dict(zip(registers.index, registers["title"], strict=True)), wanted)
