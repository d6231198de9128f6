"""Columns that may hold a field: how good each claim is, and what the user says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from atlas.assets import BY_NAME, FIELDS
from atlas.geo.estate.cleaning.headers import fold
from atlas.geo.estate.cleaning.looks import are_statuses
from atlas.geo.estate.cleaning.synonyms import AREAS, HA, SEVERAL
from atlas.geo.estate.model import How

_OF_SPARSE: Final = 3
_ORDER: Final = {field.name: place for place, field in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Claim:
    """A column that may hold a field, and how good the claim is."""

    column: int
    field: str
    confidence: int
    how: How
    rank: int = 0
    is_empty: bool = False
    unit: str = ""
    is_sparse: bool = False

    @property
    def order(self) -> tuple[bool, int, bool, int, int, int]:
        """The better the earlier."""
        # a column that has nothing gives no place, whatever it is called
        is_idle = self.is_empty and self.field in {"x", "y"}
        # of two names that are as good the one that most rows have
        handicap = _OF_SPARSE if self.is_sparse and self.field == "name" else 0
        return (is_idle, handicap - self.confidence, self.is_empty, self.rank, _ORDER[self.field], self.column)


def or_status(claim: Claim, values: Sequence[str], most: int) -> Claim:
    """What is called as a tenure is, such as ``Legal Status``, but says vacant and in use and no right, is a status.

    Parameters
    ----------
    claim : Claim
        By the column's name.
    values : sequence of str
        What it says.
    most : int
        How sure that is at most.
    """
    if claim.field != "tenure" or not are_statuses(values):
        return claim
    return replace(claim, field="status", confidence=min(most, claim.confidence), how="fuzzy")


def told(
    columns: Sequence[str], remembered: Mapping[str, str | None], given: Mapping[str, str | None]
) -> Iterator[Claim]:
    """Columns of which the user has said what they are: now first, then before."""
    folded = {fold(header): field for header, field in remembered.items()}
    for at, column in enumerate(columns):
        if column in given:
            yield from _said(at, given[column], "given")
        elif column in remembered or fold(column) in folded:
            yield from _said(at, remembered.get(column, folded.get(fold(column))), "remembered")


def _said(at: int, said: str | None, how: How) -> Iterator[Claim]:
    if not said or is_said_so(said):
        field, _, unit = (said or "").partition(":")
        yield Claim(at, field, 100, how, unit=unit)


def is_said_so(said: str) -> bool:
    """Whether a user may say this of a column: a field's name, that of an area with a unit behind a colon.

    Examples
    --------
    >>> [is_said_so(said) for said in ("tenure", "land_ha:acres", "land_ha:miles", "tenure:ha")]
    [True, True, False, False]
    """
    field, colon, unit = said.partition(":")
    return field in BY_NAME and (not colon or (field in AREAS and unit in HA))


def once(said: Sequence[Claim]) -> dict[int, Claim]:
    """Each field once: what is said now before what was said then, the first column before the next."""
    kept: dict[int, Claim] = {}
    held: set[str] = set()
    for claim in sorted(said, key=lambda claim: (claim.how != "given", claim.column)):
        if claim.field not in held or claim.field in SEVERAL:
            kept[claim.column] = claim
            held.add(claim.field)
    return kept
