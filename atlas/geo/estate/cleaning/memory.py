"""What is remembered of a register from chunk to chunk: rows seen, keys given, places taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.first_rows import FirstRows
from atlas.geo.estate.cleaning.keys import KeyBook
from atlas.geo.estate.model import empty_findings, findings_of
from atlas.geo.estate.noted import Notes
from atlas.geo.estate.placing.peers import Peers
from atlas.vocabulary.estate import FindingKind, PlacedBy

Texts = NDArray[np.object_]

APART_M: Final = 500.0
"""Farther from each other two rows of one UPRN are in doubt."""

_OWN: Final = (PlacedBy.COORDINATES.value, PlacedBy.GRID_REFERENCE.value, PlacedBy.SHAPE.value)
_WORDS: Final = {"reference": "reference", "uprn": "UPRN"}
_MOST_NAMED: Final = 5


class Memory:
    """What is remembered of a register's rows."""

    def __init__(self) -> None:
        self._book = KeyBook()
        self._peers = Peers()
        self._seen = FirstRows()
        self._repeated: dict[int, tuple[str, str, list[int]]] = {}
        self._uprns: list[pd.DataFrame] = []

    def note_same_rows(self, cells: Mapping[str, Texts], outlines: Texts, rows: NDArray[np.int64], whys: Texts) -> None:
        """Set rows aside that are equal in every cell to an earlier one.

        Parameters
        ----------
        cells : mapping of str to numpy.ndarray of object, shape (n,)
            Tidied cells by header.
        outlines : numpy.ndarray of object, shape (n,)
            WKB, or None.
        rows : numpy.ndarray of int, shape (n,)
            Rows of the file.
        whys : numpy.ndarray of object, shape (n,)
            Why each row is set aside, empty for those that are not; written to.
        """
        columns = [*cells.values()]
        if any(wkb is not None for wkb in outlines):
            columns.append(np.array([(wkb or b"").hex() for wkb in outlines], dtype=object))
        # only compared with one another within this process
        every = map(hash, zip(*(texts.tolist() for texts in columns), strict=True))
        at = np.flatnonzero(whys == "")
        hashes = np.fromiter(every, dtype=np.int64, count=len(rows))[at]
        distinct, first_at, of = np.unique(hashes, return_index=True, return_inverse=True)
        before = self._seen.find(distinct)
        first = np.where(before > 0, before, rows[at[first_at]])
        self._seen.add(distinct[before == 0], first[before == 0])
        for each in np.flatnonzero(first[of] != rows[at]).tolist():
            whys[at[each]] = f"says the same as row {first[of[each]]} in every cell"

    def note_rows(
        self, keys: Texts, basis: Texts, fields: pd.DataFrame, placed: pd.DataFrame, notes: Notes
    ) -> list[str]:
        """Give rows their keys, and remember their places.

        Parameters
        ----------
        keys, basis : numpy.ndarray of object, shape (n,)
            As `atlas.geo.estate.cleaning.keys.keys_of` gives them.
        fields : pandas.DataFrame
            Text columns; indexed by row.
        placed : pandas.DataFrame
            As `atlas.geo.estate.placing.place.place` gives it.
        notes : Notes
            Takes a doubt for each key that an earlier row has.

        Returns
        -------
        list of str, length n
            Keys, each given once.
        """
        rows = [int(row) for row in fields.index]
        given, repeats = self._book.take(keys, rows)
        for by in ("reference", "uprn", "hash"):
            at = np.array([one.at for one in repeats if basis[one.at] == by], dtype=np.int64)
            firsts = [one.first for one in repeats if basis[one.at] == by]
            values = fields["name" if by == "hash" else by].to_numpy(object)[at].tolist()
            pairs = list(zip(values, firsts, strict=True))
            if by == "hash":
                why = [f"has the name and the place of row {first}" for _, first in pairs]
            else:
                why = [f"repeats {_WORDS[by]} {value} of row {first}" for value, first in pairs]
            notes.doubt(at, "name" if by == "hash" else by, "repeated", values, why)
            for (value, first), one in zip(pairs, at.tolist(), strict=True):
                self._repeated.setdefault(first, (by, value, []))[2].append(rows[one])
        self._peers.add(placed, fields)
        is_own = (placed["placed_by"].isin(_OWN) & (fields["uprn"] != "")).to_numpy(bool)
        self._uprns.append(placed.loc[is_own, ["x_m", "y_m"]].assign(uprn=fields["uprn"][is_own]))
        return given

    def doubts(self) -> pd.DataFrame:
        """What only the whole register shows, `FINDING_COLUMNS`, by row; `column` is empty."""
        parts = [part for part in (self._repeats(), self._uprns_apart(), self._peers.doubts()) if len(part)]
        if not parts:
            return empty_findings()
        return pd.concat(parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)

    def _repeats(self) -> pd.DataFrame:
        """First rows of which later ones have the reference, the UPRN, or name and place."""
        found = []
        for row, (by, value, others) in sorted(self._repeated.items()):
            named = ", ".join(map(str, others[:_MOST_NAMED])) + (" …" if len(others) > _MOST_NAMED else "")
            what = f"its {_WORDS[by]} {value}" if by in _WORDS else "its name and place"
            why = f"{what} is repeated by row{'s' if len(others) > 1 else ''} {named}"
            field = by if by in _WORDS else "name"
            found.append((row, "", field, FindingKind.DOUBT.value, "repeated", value, "", why))
        return findings_of(found)

    def _uprns_apart(self) -> pd.DataFrame:
        """Rows that are far from the first row of the same UPRN."""
        parts = [part for part in self._uprns if len(part)]
        if not parts:
            return empty_findings()
        rows = pd.concat(parts)
        rows = rows[rows["uprn"].duplicated(keep=False)].rename_axis("row").reset_index()
        first = rows.groupby("uprn")[["row", "x_m", "y_m"]].transform("first")
        away_m = np.hypot(rows["x_m"] - first["x_m"], rows["y_m"] - first["y_m"])
        far = rows.assign(first=first["row"], away_m=away_m)[away_m > APART_M]
        found = []
        for row, uprn, first_row, away in far[["row", "uprn", "first", "away_m"]].itertuples(index=False):
            why = f"{away:,.0f} m from row {first_row}, which has the same UPRN"
            found.append((row, "", "uprn", FindingKind.DOUBT.value, "uprn_apart", uprn, "", why))
        return findings_of(found)
