"""Which assets of the registers may be one place: looked for in parts, since a million of them are not held at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from atlas.geo.estate.match.propose import COMPARED, propose_in_parts
from atlas.geo.estate.match.reach import Links
from atlas.sources.spool import Spool
from atlas.store import Store
from atlas.vocabulary.estate import Decision


class Compared:
    """What matching reads of assets, put aside on disk; only what links them to others is held.

    Parameters
    ----------
    spool : Spool
        Takes the rest.
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._links: list[Links] = []

    @classmethod
    @contextmanager
    def within(cls, folder: Path) -> Iterator[Self]:
        """Put assets aside in a folder, until the work within is done."""
        folder.mkdir(parents=True, exist_ok=True)
        with Spool(folder) as spool:
            yield cls(spool)

    def add(self, assets: pd.DataFrame) -> None:
        """Put assets aside: `COMPARED`, indexed by id."""
        read = assets[list(COMPARED)]
        self._spool.append(read)
        self._links.append(Links.of(read))

    def propose_for_first(self, count: int) -> pd.DataFrame:
        """Propose the pairs of which at least one is among the first assets, `MATCH_COLUMNS`."""
        links = Links.joined(self._links)
        # of millions of rows one copy is enough
        self._links = [links]
        return propose_in_parts(links, np.arange(len(self)) < count, self._spool.read)

    def __len__(self) -> int:
        """Assets so far."""
        return len(self._spool)


def match_register(store: Store, register: str, own: Compared, who: str) -> None:
    """Propose the pairs of a register's assets and of all others.

    Parameters
    ----------
    store : Store
        Has all of them.
    register : str
        Its id.
    own : Compared
        Its assets as they stand; takes those of the others.
    who : str
        For the audit trail.
    """
    count = len(own)
    for others in store.compared(without=register):
        own.add(others)
    store.propose(own.propose_for_first(count), who, about=[register])


def match_everything(store: Store, folder: Path, who: str, accept_at: float | None = None) -> pd.DataFrame:
    """Propose every pair of assets that may be one place, and accept those of a score by rule, if asked.

    Parameters
    ----------
    store : Store
        Has the assets.
    folder : Path
        Where what is read of them is put aside meanwhile.
    who : str
        For the audit trail.
    accept_at : float, optional
        Score from which proposals are accepted.

    Returns
    -------
    pandas.DataFrame
        `MATCH_COLUMNS`, decisions already made left as they are.
    """
    with Compared.within(folder) as compared:
        for assets in store.compared():
            compared.add(assets)
        found = compared.propose_for_first(len(compared))
    store.propose(found, who, about=list(store.registers().index))
    matches = store.matches()
    if accept_at is not None:
        wanted = matches[(matches["decision"] == Decision.PROPOSED) & (matches["score"] >= accept_at)]
        pairs = list(zip(wanted["left"], wanted["right"], strict=True))
        store.decide(pairs, Decision.ACCEPTED, who, f"score of at least {accept_at:g}")
        matches = store.matches()
    return matches
