"""Findings gathered column by column, for as many rows at once as share one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.model import FINDING_COLUMNS, empty_findings
from atlas.vocabulary.estate import FindingKind

Texts = str | Sequence[str] | NDArray[np.object_]
"""One text for all rows, or one for each."""


class Notes:
    """A growing list of findings about the rows of one frame.

    Parameters
    ----------
    index : pandas.Index
        Rows of the register.
    """

    def __init__(self, index: pd.Index) -> None:
        self._rows = np.asarray(index)
        self._parts: list[pd.DataFrame] = []

    def repair(self, at: NDArray[np.int64], field: str, code: str, before: Texts, after: Texts, why: Texts) -> None:
        """Note what was mended in the rows at some positions."""
        self._add(at, field, FindingKind.REPAIR, code, before, after, why)

    def doubt(self, at: NDArray[np.int64], field: str, code: str, before: Texts, why: Texts) -> None:
        """Note what a person should look at in the rows at some positions."""
        self._add(at, field, FindingKind.DOUBT, code, before, "", why)

    def doubted(self, field: str) -> NDArray[np.int64]:
        """Positions of the rows in which a field was doubted so far."""
        wanted = (field, FindingKind.DOUBT.value)
        found = [part.index for part in self._parts if (part["field"].iloc[0], part["kind"].iloc[0]) == wanted]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *found]))

    def _add(
        self,
        at: NDArray[np.int64],
        field: str,
        kind: FindingKind,
        code: str,
        before: Texts,
        after: Texts,
        why: Texts,
    ) -> None:
        if not len(at):
            return
        columns = (self._rows[at], "", field, kind.value, code, before, after, why)
        self._parts.append(pd.DataFrame(dict(zip(FINDING_COLUMNS, columns, strict=True)), index=at))

    def frame(self) -> pd.DataFrame:
        """All of them, `FINDING_COLUMNS`, in the order of the rows."""
        if not self._parts:
            return empty_findings()
        return pd.concat(self._parts).sort_index(kind="stable").reset_index(drop=True)
