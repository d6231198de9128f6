"""Lists of institutions, networks and programmes, narrowed by what a reader asks for in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from atlas.vocabulary import Domain, Scale, Sector, Status, label
from web.choices import Reader
from web.names import plain
from web.text import words

Row: TypeAlias = tuple[str, Mapping[str, Any]]

LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; what is empty narrows nothing.

    Parameters
    ----------
    find : str
        Words of the name.
    sector : Sector or None
        Of an institution.
    works_on : Domain or None
        Of a network or programme.
    scale : Scale or None
        How far it reaches.
    standing : Status or None
        Whether it stands.
    """

    find: str = ""
    sector: Sector | None = None
    works_on: Domain | None = None
    scale: Scale | None = None
    standing: Status | None = None

    def fields(self) -> dict[str, str]:
        """The choices as fields of an address."""
        named = {
            "find": self.find,
            "sector": self.sector,
            "works_on": self.works_on,
            "scale": self.scale,
            "standing": self.standing,
        }
        return {name: str(value) for name, value in named.items() if value}

    def holds(self, row: Row) -> bool:
        """Whether a node is one of those wanted.

        Examples
        --------
        >>> lain = ("network:lain", {"name": "London Anchor Institutions' Network", "scale": "london"})
        >>> Wanted(find="anchor net", scale=Scale.LONDON).holds(lain), Wanted(find="lian").holds(lain)
        (True, False)
        """
        node, fields = row
        names = f" {plain(str(fields['name']))} {plain(node.partition(':')[2])}"
        return (
            all(f" {word}" in names for word in plain(self.find).split())
            and self.sector in {None, fields.get("sector")}
            and self.scale in {None, fields.get("scale")}
            and self.standing in {None, fields.get("status")}
            and (self.works_on is None or self.works_on in fields.get("domains", ()))
        )


def read_wanted(reader: Reader, *, institutions: bool) -> Wanted:
    """Read what a list is narrowed to; `Reader.done` reports what cannot be used."""
    find, standing = reader.last("find")[:LONGEST], reader.member("standing", Status, None)
    if institutions:
        return Wanted(find, sector=reader.member("sector", Sector, None), standing=standing)
    works_on, scale = reader.member("works_on", Domain, None), reader.member("scale", Scale, None)
    return Wanted(find, works_on=works_on, scale=scale, standing=standing)


def offered(rows: Sequence[Row], wanted: Wanted, *, institutions: bool) -> list[tuple[str, str, list[Any]]]:
    """Controls of a list: field, words, and what each offers with how many have it, the chosen one marked."""
    kinds: dict[str, tuple[str, Any, Any]] = {"standing": ("Stands", Status, wanted.standing)}
    if institutions:
        kinds = {"sector": ("Sector", Sector, wanted.sector), **kinds}
    else:
        shared = {"works_on": ("Works on", Domain, wanted.works_on), "scale": ("Reaches", Scale, wanted.scale)}
        kinds = {**shared, **kinds}
    controls = []
    for field, (title, kind, chosen) in kinds.items():
        numbers = {member: sum(Wanted(**{field: member}).holds(row) for row in rows) for member in kind}
        options = [
            (member.value, f"{said(member)} ({number})", member is chosen)
            for member, number in numbers.items()
            if number or member is chosen
        ]
        controls.append((field, title, options))
    return controls


def said(member: Sector | Domain | Scale | Status) -> str:
    """A member of a vocabulary as readers know it."""
    if isinstance(member, Sector | Domain):
        return label(member)
    return words(member.value)
