"""Pairs of rows that may be one place, with how likely that is and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from atlas.geo.estate.match.address import read_addresses
from atlas.geo.estate.match.choose import choose
from atlas.geo.estate.match.evidence import Evidence, gather, joined, reasons
from atlas.geo.estate.match.nearby import Ground, address_pairs
from atlas.geo.estate.match.overlap import Overlaps, in_threads, overlaps
from atlas.geo.estate.match.pairs import Flags, Ints, Pairs, distinct, once
from atlas.geo.estate.match.reach import Links
from atlas.geo.estate.match.uprn import codes_of, interest_pairs, uprn_pairs
from atlas.geo.estate.model import MATCH_COLUMNS
from atlas.vocabulary.estate import Decision, MatchRule

Wanted = tuple[Flags, Flags]

ACCEPT_SCORE: Final = 0.95
"""Proposals from here on may be accepted by rule."""

LIKELY_SCORE: Final = 0.75
"""Proposals below this are doubtful: parts of one another, or second to a likelier one."""

_SECOND: Final = 0.7
_TEXTS: Final = ("partner", "register", "uprn", "name", "number", "street", "postcode", "tenure")

COMPARED: Final = (*_TEXTS, "x_m", "y_m", "wkb")
"""What matching reads of an asset."""

_TOLD: Final = ("partner", "register", "uprn", "postcode")
"""What is said of those that are paired."""

MOST_ROWS: Final = 100_000
"""New rows that are looked at together."""


def propose(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Propose pairs of a row of one frame and a row of the other that may be one place.

    By UPRN; else by outlines that cover much of each other; else by name and address within a postcode, a sector or,
    where a postcode is missing, a short way. Street numbers, flats and units that differ rule a likeness of
    addresses out. Rows of one register are paired only where one is the freehold and the other the leasehold of the
    same UPRN or outline.

    Parameters
    ----------
    left, right : pandas.DataFrame
        `ASSET_COLUMNS`, indexed by asset id; either may hold several registers.

    Returns
    -------
    pandas.DataFrame
        `MATCH_COLUMNS`, sorted by ids, `left` before `right` as text; `decision` is proposed. Scores from
        `ACCEPT_SCORE` may be accepted by rule. Of several rows of one register that may be the same place the likeliest
        keeps its score; at most three are proposed, the others with 0.7 of theirs.

    Examples
    --------
    >>> columns = {"register": ["a", "b"], "name": ["Catford Library", ""], "number": ["", "23"], "postcode": "SE6 4RU"}
    >>> columns["street"] = ["23 Laurence Road", "CATFORD LIBRARY, LAURENCE RD"]
    >>> both = pd.DataFrame(columns, index=["asset:a-1", "asset:b-7"])
    >>> propose(both.iloc[:1], both.iloc[1:])[["left", "right", "score", "reasons"]].to_numpy().tolist()
    [['asset:a-1', 'asset:b-7', 0.99, 'SE6 4RU; addresses 100% alike']]
    """
    again = _positions(left, right.index)
    rows = pd.concat([_complete(left), _complete(right)[again < 0]])
    in_left, in_right = np.arange(len(rows)) < len(left), np.arange(len(rows)) >= len(left)
    in_right[again[again >= 0]] = True
    return _told(_found(rows, (in_left, in_right)))


def propose_all(assets: pd.DataFrame) -> pd.DataFrame:
    """Propose all pairs of an estate; as `propose` of it with itself.

    Parameters
    ----------
    assets : pandas.DataFrame
        `ASSET_COLUMNS`, indexed by asset id, of any number of registers.
    """
    rows = _complete(assets)
    every = np.ones(len(rows), dtype=bool)
    return _told(_found(rows, (every, every)))


def propose_new(assets: pd.DataFrame, new_ids: Iterable[str], most: int = MOST_ROWS) -> pd.DataFrame:
    """Propose the pairs of an estate of which at least one is new.

    Parameters
    ----------
    assets : pandas.DataFrame
        `ASSET_COLUMNS`, indexed by asset id: old and new.
    new_ids : iterable of str
        Ids of the new ones; those that are not in it are passed over.
    most : int
        As `propose_in_parts` takes it.
    """
    rows = _complete(assets)
    at = _positions(rows, new_ids if isinstance(new_ids, pd.Index) else pd.Index(list(new_ids), dtype="str"))
    is_new = np.zeros(len(rows), dtype=bool)
    is_new[at[at >= 0]] = True
    return propose_in_parts(Links.of(rows), is_new, lambda reached: rows[reached], most)


def propose_in_parts(
    links: Links, is_new: Flags, read: Callable[[Flags], pd.DataFrame], most: int = MOST_ROWS
) -> pd.DataFrame:
    """Propose the pairs of an estate of which at least one is new, and hold only a part of it at a time.

    Parameters
    ----------
    links : Links
        Of every row.
    is_new : numpy.ndarray of bool, shape (n,)
        Which are new.
    read : callable
        From flags of rows to those rows, in their order: `COMPARED`, indexed by asset id.
    most : int
        So many new rows are looked at together; what is proposed does not depend on it.
    """
    parts = []
    for part in links.parts(is_new, most):
        reached = links.reached(part)
        rows = _complete(read(reached))
        parts.append(_found(rows, (part[reached], np.ones(len(rows), dtype=bool))).narrowed())
    return _told(_joined(parts))


def _positions(frame: pd.DataFrame, ids: pd.Index) -> Ints:
    """Where ids stand in a frame; -1 for those that do not."""
    at = pc.index_in(pa.array(ids, pa.large_string()), pa.array(frame.index, pa.large_string()))
    return np.asarray(pc.fill_null(at, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _by_id(rows: pd.DataFrame) -> Ints:
    """Order of the ids as text."""
    return np.asarray(pc.sort_indices(pa.array(rows.index, pa.large_string())).to_numpy(), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Found:
    """Pairs of rows sorted by id, and what speaks for each."""

    rows: pd.DataFrame
    found: Evidence

    def narrowed(self) -> _Found:
        """The same with the rows that are in a pair alone."""
        used = distinct(np.concatenate([self.found.one, self.found.other]))
        one, other = (np.searchsorted(used, side) for side in (self.found.one, self.found.other))
        return _Found(self.rows.iloc[used][list(_TOLD)], replace(self.found, one=one, other=other))


def _joined(parts: Sequence[_Found]) -> _Found:
    """All parts as one; a pair of two new rows, of which both parts tell, stands once."""
    if len(parts) == 1:
        return parts[0]
    rows = pd.concat([part.rows for part in parts])
    rows = rows[~rows.index.duplicated()]
    rows = rows.iloc[_by_id(rows)]
    moved = [(_positions(rows, part.rows.index), part.found) for part in parts]
    evidence = joined(replace(found, one=at[found.one], other=at[found.other]) for at, found in moved)
    return _Found(rows, evidence)


def _found(rows: pd.DataFrame, wanted: Wanted) -> _Found:
    """Find the pairs of rows, one of each in the first set and the other in the second."""
    order = _by_id(rows)
    rows, wanted = rows.iloc[order], (wanted[0][order], wanted[1][order])
    ids = rows.index
    # pandas would hash a hundred thousand ids for a look at a column
    rows = rows.reset_index(drop=True)
    told = read_addresses(rows)
    group = _groups(rows)
    uprn = codes_of(rows["uprn"])
    interests = [interest_pairs(rows[name], told.text, group, rows["tenure"], wanted) for name in ("uprn", "wkb")]
    pairs = uprn_pairs(uprn, told.text, group, wanted)
    same_uprn = once(*(np.concatenate([pairs[k], interests[0][k]]) for k in (0, 1)))
    overlap = _overlaps(rows["wkb"], group, wanted, interests[1])
    xy = rows[["x_m", "y_m"]].to_numpy(float)
    like = address_pairs(Ground(told, rows["postcode"], xy, group, wanted))
    return _Found(rows.set_axis(ids), gather(told, uprn, xy, (same_uprn, overlap, like)))


def _groups(rows: pd.DataFrame) -> Ints:
    """Number the registers of all partners."""
    partner, register = (pd.factorize(rows[name])[0].astype(np.int64) for name in ("partner", "register"))
    return np.asarray(partner * (register.max(initial=0) + 1) + register)


def _told(pairs: _Found) -> pd.DataFrame:
    """Say which pairs are proposed, how likely each is and why."""
    found, ids = pairs.found, pairs.rows.index.astype("str").array
    rows = pairs.rows.reset_index(drop=True)
    second, kept = choose(found.one, found.other, found.score, _groups(rows))
    at = np.flatnonzero(kept)
    score = np.round(np.where(second, found.score * _SECOND, found.score), 4)
    columns = {
        "left": ids.take(found.one[at]),
        "right": ids.take(found.other[at]),
        "rule": pd.array([rule.value for rule in MatchRule], dtype="str").take(found.rule[at]),
        "score": score[at],
        "reasons": reasons(rows, found, second, at),
        "decision": pd.array([Decision.PROPOSED.value], dtype="str").take(np.zeros(len(at), dtype=np.int64)),
    }
    return pd.DataFrame({name: columns[name] for name in MATCH_COLUMNS})


def _complete(assets: pd.DataFrame) -> pd.DataFrame:
    """The columns that matching reads; one that is missing counts as empty."""
    made: dict[str, object] = {}
    for name in _TEXTS:
        made[name] = assets[name].fillna("") if name in assets else ""
    for name in ("x_m", "y_m"):
        made[name] = assets[name].astype(float) if name in assets else np.nan
    made["wkb"] = assets.get("wkb")
    return pd.DataFrame(made, index=assets.index)


def _overlaps(wkb: pd.Series, group: Ints, wanted: Wanted, interests: Pairs) -> Overlaps:
    """Outlines that overlap, and the interests of one register in one outline."""
    shapes = np.full(len(wkb), None, dtype=object)
    has = wkb.notna().to_numpy(bool)
    shapes[has] = in_threads(shapely.from_wkb, wkb[has].to_numpy(object))
    found = overlaps(shapes, group, wanted)
    one, other = interests
    whole = np.ones(len(one))
    return Overlaps(
        np.concatenate([found.one, one]),
        np.concatenate([found.other, other]),
        *(np.concatenate([getattr(found, name), whole]) for name in ("iou", "inside", "ratio")),
    )
