"""Headings of a register's sections, and what they say of the rows under them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Final

import numpy as np

from atlas.geo.estate.cleaning.asides import HEADING, SUM, first_filled
from atlas.geo.estate.cleaning.cells import Texts, mapped
from atlas.geo.estate.cleaning.words import is_use, status_of, tenure_of, use_of
from atlas.geo.estate.noted import Notes
from atlas.vocabulary.estate import AssetStatus, Tenure, Use

_BETWEEN: Final = "\n"
_WARD: Final = " ward"


class Sections:
    """Follows the headings of a register from chunk to chunk.

    A heading holds up to the next or a sum; headings in rows that follow each other hold together.
    """

    def __init__(self) -> None:
        self._said = ""
        self._was_heading = False

    def under(self, cells: Mapping[str, Texts], whys: Texts) -> Texts:
        """The headings that each row stands under.

        Parameters
        ----------
        cells : mapping of str to numpy.ndarray of object, shape (n,)
            The next rows of the file, by header.
        whys : numpy.ndarray of object, shape (n,)
            Why rows are no assets, as `why_aside` gives them.

        Returns
        -------
        numpy.ndarray of object, shape (n,)
            Headings, a line break between; empty for none.
        """
        above = np.full(len(whys), self._said, dtype=object)
        is_mark = np.isin(whys, [HEADING, SUM])
        if not is_mark.any():
            self._was_heading &= not len(whys)
            return above
        words = first_filled(cells, len(whys))
        for at in np.flatnonzero(is_mark).tolist():
            is_heading = whys[at] == HEADING
            follows = whys[at - 1] == HEADING if at else self._was_heading
            before = f"{above[at - 1] if at else self._said}{_BETWEEN}" if follows else ""
            above[at:] = f"{before}{words[at]}".strip() if is_heading else ""
        self._said, self._was_heading = str(above[-1]), whys[-1] == HEADING
        return above


def take_from_headings(texts: dict[str, Texts], above: Texts, notes: Notes) -> None:
    """Give rows what the heading of their section says and they do not: tenure, status, use and ward.

    Parameters
    ----------
    texts : dict of str to numpy.ndarray of object, shape (n,)
        Fields of the rows, read; written to.
    above : numpy.ndarray of object, shape (n,)
        As `Sections.under` gives them.
    notes : Notes
        Takes each as a repair.
    """
    if not (above != "").any():
        return
    tellings: tuple[tuple[str, str, Callable[[str], str | None]], ...] = (
        ("tenure", Tenure.UNKNOWN, tenure_of),
        ("status", AssetStatus.UNKNOWN, status_of),
        ("use", Use.UNKNOWN, _use_of),
        ("ward", "", _ward_of),
    )
    for field, unknown, meaning in tellings:
        found = mapped(above, partial(_innermost, meaning), "", "")
        at = np.flatnonzero((texts[field] == str(unknown)) & (found != ""))
        texts[field] = texts[field].copy()
        texts[field][at] = found[at]
        whys = [f"stands under {said.replace(_BETWEEN, ', ')}" for said in above[at].tolist()]
        notes.repair(at, field, "from_heading", "", found[at].tolist(), whys)


def _innermost(meaning: Callable[[str], str | None], said: str) -> str | None:
    """What the innermost heading means that means anything."""
    found = (meaning(heading.strip(" :").casefold()) for heading in reversed(said.split(_BETWEEN)))
    told = next((word for word in found if word), None)
    return str(told.value) if isinstance(told, StrEnum) else told


def _use_of(heading: str) -> Use | None:
    return use_of(heading) if is_use(heading) else None


def _ward_of(heading: str) -> str | None:
    return heading.removesuffix(_WARD).title() if heading.endswith(_WARD) else None
