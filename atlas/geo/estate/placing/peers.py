"""Places held against those of a register's other rows: the same one twice, or far from where its peers are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from atlas.geo.estate.model import empty_findings, findings_of
from atlas.vocabulary.estate import FindingKind, PlacedBy

FEWEST_PEERS: Final = 3
"""Fewer other rows than these do not say where a ward or street is."""

FAR_M: Final = 1_500.0
"""No row is far from its peers that is nearer to their middle than this."""

_FAR_SPREADS: Final = 6.0
_WARD_SPREADS: Final = 2.5
_ALONE_M: Final = 1_500.0
_ALONE_GAPS: Final = 8.0
_QUITE_ALONE_M: Final = 10_000.0
_WARD_APART: Final = 1e8
_CELL_DM: Final = 500
_MOST_NAMED: Final = 3
_NEAR_PEERS_M: Final = 1_000.0

_OWN: Final = (PlacedBy.COORDINATES.value, PlacedBy.GRID_REFERENCE.value, PlacedBy.SHAPE.value)
_TEXTS: Final = ("ward", "street", "name", "postcode")

Positions = NDArray[np.int64]
Found = tuple[int, str, str]
"""Position of a row among those taken in, code and words of a doubt."""

_STREET: Final = re.compile(
    r"\b([a-z']+(?: [a-z']+){0,2}? (?:road|rd|street|st|lane|ln|avenue|ave|drive|close|way|walk|hill|terrace|place|"
    r"grove|gardens|crescent|square|row|court|park|green|rise|mews|parade|broadway|yard|wharf|estate|creekside|view|vale|"
    r"promenade|embankment|highway|approach|villas|buildings|centre|cemetery|common|farm|fields?))\b"
)
_WORD: Final = re.compile(r"[a-z]{3,}")
_COMMON: Final = frozenset(
    """
    land site sites adj adjacent adjoining rear off former car park road street lane avenue drive close way the
    and for flat unit units shop shops garage garages building buildings house court centre east west north
    south at near between corner junction part ground floor first second office offices open space hill place
    terrace gardens green new old upper lower station school hall council estate community public toilets play
    area recreation sports field allotments cemetery library depot fire church works yard remainder development
    behind side front
    """.split()  # noqa: SIM905 -- ninety quoted words would hide what they are
)


class Peers:
    """The places of a whole register, taken in chunk after chunk and then held against each other.

    Only rows with a place of their own count: by coordinates, grid reference or outline.

    Examples
    --------
    >>> frame = pd.DataFrame({"x_m": [537000.0] * 2, "y_m": [175000.0] * 2, "placed_by": "coordinates"}, index=[2, 3])
    >>> fields = pd.DataFrame({"street": ["6 Mantle Road", "260 Reigate Road"]}, index=[2, 3])
    >>> peers = Peers()
    >>> peers.add(frame, fields)
    >>> peers.doubts()[["row", "code"]].to_numpy().tolist()
    [[2, 'same_place'], [3, 'same_place']]
    """

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []

    def add(self, frame: pd.DataFrame, fields: pd.DataFrame) -> None:
        """Take in some rows.

        Parameters
        ----------
        frame : pandas.DataFrame
            `x_m`, `y_m`, `placed_by`, as `atlas.geo.estate.placing.place.place` gives them.
        fields : pandas.DataFrame
            Same index: `ward`, `street`, `name`, `postcode` as text; one that is missing counts as empty.
        """
        own = (frame["placed_by"].isin(_OWN) & frame["x_m"].notna() & frame["y_m"].notna()).to_numpy(bool)
        texts = {name: fields[name].to_numpy(object)[own] if name in fields else "" for name in _TEXTS}
        part = pd.DataFrame(
            {
                "row": frame.index.to_numpy()[own],
                "x_dm": np.rint(frame["x_m"].to_numpy(float)[own] * 10).astype(np.int32),
                "y_dm": np.rint(frame["y_m"].to_numpy(float)[own] * 10).astype(np.int32),
            }
            | texts
        )
        self._parts.append(part.astype(dict.fromkeys(_TEXTS, "str")))

    def doubts(self) -> pd.DataFrame:
        """Rows whose place is another row's, or far from their peers'.

        Returns
        -------
        pandas.DataFrame
            `FINDING_COLUMNS`, by row: ``same_place`` and ``far_from_peers``, with the other row or the distance.
        """
        parts = [part for part in self._parts if len(part)]
        if not parts:
            return empty_findings()
        rows = pd.concat(parts, ignore_index=True)
        # of millions of rows one copy is enough
        self._parts = [rows]
        del parts
        wards = _wards(rows["ward"])
        found = [*_same_places(rows, wards), *_far_from_wards(rows, wards), *_far_from_streets(rows, wards)]
        found = sorted({(at, code): (at, code, why) for at, code, why in reversed(found)}.values())
        numbers, x_dm, y_dm = (rows[name].to_numpy() for name in ("row", "x_dm", "y_dm"))
        return findings_of(
            [
                (
                    numbers[at],
                    "",
                    "x, y",
                    FindingKind.DOUBT.value,
                    code,
                    f"{x_dm[at] / 10:.0f}, {y_dm[at] / 10:.0f}",
                    "",
                    why,
                )
                for at, code, why in found
            ]
        )


def _wards(names: pd.Series) -> Positions:
    """A number for each ward; -1 where none is stated."""
    plain = {name: " ".join(str(name).lower().split()) for name in pd.unique(names)}
    codes, uniques = pd.factorize(names.map(plain))
    empty = np.flatnonzero(np.asarray(uniques) == "")
    return np.where(np.isin(codes, empty), -1, codes).astype(np.int64)


def _same_places(rows: pd.DataFrame, wards: Positions) -> list[Found]:
    """Rows at one point that are not parts of one place."""
    point = rows["x_dm"].to_numpy(np.int64) * 100_000_000 + rows["y_dm"].to_numpy(np.int64)
    shared = np.flatnonzero(pd.Series(point).duplicated(keep=False))
    order = shared[np.argsort(point[shared], kind="stable")]
    ends = np.flatnonzero(np.diff(point[order], append=-1)) + 1
    texts = {name: rows[name].iloc[order].to_numpy(object) for name in ("name", "street", "postcode")}
    stand = _Standing(rows["row"].to_numpy(), rows[["x_dm", "y_dm"]].to_numpy(float) / 10, wards, _members(wards))
    found: list[Found] = []
    start = 0
    for end in ends.tolist():
        at, (names, streets, postcodes) = order[start:end], (text[start:end].tolist() for text in texts.values())
        start = end
        # most points that rows share are one building's
        if any(same[0] and same.count(same[0]) == len(same) for same in (streets, postcodes)):
            continue
        found += _strangers(at, list(zip(names, streets, postcodes, strict=True)), stand)
    return found


@dataclass(frozen=True, eq=False)
class _Standing:
    """Row numbers, places and wards of all rows, and the rows of each ward."""

    numbers: NDArray[np.generic]
    xy_m: NDArray[np.float64]
    wards: Positions
    members: dict[int, Positions]


def _members(wards: Positions) -> dict[int, Positions]:
    """Rows of each ward."""
    order = np.argsort(wards, kind="stable")
    codes, starts = np.unique(wards[order], return_index=True)
    return dict(zip(codes.tolist(), np.split(order, starts[1:]), strict=True))


def _strangers(at: Positions, texts: list[tuple[str, str, str]], stand: _Standing) -> list[Found]:
    """Rows among those at one point that are not of the place that is there."""
    keys = [_keys(*text) for text in texts]
    of = _classes(keys)
    if of.max(initial=0) == 0:
        return []
    own = _at_home(of, _from_peers_m(at, stand))
    labels = [", ".join(filter(None, (name, street))) for name, street, _ in texts]
    numbers, wards = stand.numbers[at], stand.wards[at]
    found = []
    for each in np.flatnonzero(of != own).tolist():
        others = np.flatnonzero(of != of[each]) if own < 0 else np.flatnonzero(of == own)
        if not any(_differ(keys[each], keys[other], wards[each], wards[other]) for other in others[:50]):
            continue
        named = [f"row {numbers[other]} ({labels[other][:60]})" for other in others[:_MOST_NAMED].tolist()]
        more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
        found.append(
            (int(at[each]), "same_place", f"has the very coordinates of {', '.join(named)}{more}, another place")
        )
    return found


def _keys(name: str, street: str, postcode: str) -> frozenset[str]:
    """What tells one place from another: its streets, its postcode and the words of its name."""
    text = f"{name}, {street}".lower().replace("\u2019", "'")
    streets = {f"street {found}" for part in re.split(r"[^a-z' ]+", text) for found in _STREET.findall(part)}
    words = {f"word {word}" for word in _WORD.findall(text) if word not in _COMMON}
    return frozenset(streets | words | ({f"postcode {postcode}"} if postcode else set()))


def _classes(keys: Sequence[frozenset[str]]) -> Positions:
    """A number for each key set, the same for those tied by common keys; rows that say nothing join the first."""
    if len(keys) == 2 and all(keys):
        return np.array([0, int(not keys[0] & keys[1])])
    first: dict[str, int] = {}
    ties = [(at, first.setdefault(key, at)) for at, own in enumerate(keys) for key in own]
    ties += [(at, 0) for at, own in enumerate(keys) if not own]
    ends = np.array(ties, dtype=np.int64).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(ties)), (ends[0], ends[1])), shape=(len(keys), len(keys)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _from_peers_m(at: Positions, stand: _Standing) -> NDArray[np.float64]:
    """Distance of each row from the nearest row of its ward at another point; NaN where there is none."""
    away_m = np.full(len(at), np.nan)
    nearest: dict[int, float] = {}
    for each, ward in enumerate(stand.wards[at].tolist()):
        if ward >= 0 and ward not in nearest:
            gap_m = np.hypot(*(stand.xy_m[stand.members[ward]] - stand.xy_m[at[each]]).T)
            nearest[ward] = float(gap_m[gap_m > 0].min(initial=np.inf))
        away_m[each] = nearest.get(ward, np.nan)
    return np.where(np.isfinite(away_m), away_m, np.nan)


def _at_home(of: Positions, away_m: NDArray[np.float64]) -> int:
    """The class that the point belongs to: the one among its peers, else the largest by far; -1 where none is."""
    nearest = {each: np.fmin.reduce(away_m[of == each]) for each in np.unique(of).tolist()}
    near = [each for each, gap_m in nearest.items() if gap_m <= _NEAR_PEERS_M]
    if len(near) == 1 and all(gap_m > _NEAR_PEERS_M for each, gap_m in nearest.items() if each != near[0]):
        return int(near[0])
    (largest, size), (_, second) = Counter(of.tolist()).most_common(2)
    return int(largest) if size > 2 * second else -1


def _differ(one: Iterable[str], other: Iterable[str], ward: int, other_ward: int) -> bool:
    """Whether two rows without a common key say outright that they are two places."""
    if min(ward, other_ward) >= 0 and ward != other_ward:
        return True
    kinds = [{key.partition(" ")[0] for key in keys} for keys in (one, other)]
    return bool(kinds[0] & kinds[1] & {"street", "postcode"})


def _far_from_wards(rows: pd.DataFrame, wards: Positions) -> list[Found]:
    """Rows far from the middle of their ward's and from each other row of it."""
    at = np.flatnonzero(wards >= 0)
    if not len(at):
        return []
    # one peer a street corner: a block of flats is one, not fifty
    corners = (rows.iloc[at][["x_dm", "y_dm"]] // _CELL_DM).assign(ward=wards[at])
    corner = corners.groupby(list(corners.columns), sort=False).ngroup().to_numpy()
    first = at[np.unique(corner, return_index=True)[1]]
    groups = wards[first]
    xy_m = rows.iloc[first][["x_dm", "y_dm"]].to_numpy(float) / 10
    middle_m, peers = _middles(xy_m, groups)
    away_m = np.hypot(*(xy_m - middle_m).T)
    alone_m, nearest_m = _nearest_m(np.column_stack([xy_m, groups * _WARD_APART])), _nearest_m(xy_m)
    usual_m, usual_alone_m = (
        pd.Series(values).groupby(groups).transform("median").to_numpy() for values in (away_m, alone_m)
    )
    is_far = (peers >= FEWEST_PEERS) & (away_m > np.maximum(FAR_M, _WARD_SPREADS * usual_m))
    is_far &= alone_m > np.maximum(_ALONE_M, _ALONE_GAPS * usual_alone_m)
    # the last house of a wide ward has nobody nearer; one that is misplaced lies among those of other wards
    is_far &= (nearest_m < alone_m) | (alone_m > _QUITE_ALONE_M)
    names = rows["ward"].to_numpy(object)
    why = {
        each: f"{away_m[each]:,.0f} m from the middle of the other {peers[each]:,} places in {names[first[each]]}, "
        f"half of which lie within {usual_m[each]:,.0f} m of it"
        for each in np.flatnonzero(is_far).tolist()
    }
    flagged = np.flatnonzero(is_far[corner])
    return [(int(at[each]), "far_from_peers", why[int(corner[each])]) for each in flagged.tolist()]


def _nearest_m(places_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each place from the nearest other; infinite where there is none."""
    return np.asarray(cKDTree(places_m).query(places_m, k=2)[0][:, 1])


def _middles(xy_m: NDArray[np.float64], groups: Positions) -> tuple[NDArray[np.float64], Positions]:
    """Median place of each row's group, and how many others are in it."""
    grouped = pd.DataFrame(xy_m).groupby(groups)
    return grouped.transform("median").to_numpy(), grouped[0].transform("size").to_numpy(np.int64) - 1


def _far_from_streets(rows: pd.DataFrame, wards: Positions) -> list[Found]:
    """Rows far from the others of their street in the same ward."""
    at = np.flatnonzero((wards >= 0) & (rows["street"] != "").to_numpy())
    if not len(at):
        return []
    texts = rows["street"].iloc[at]
    streets = texts.map({text: _street(str(text)) for text in pd.unique(texts)})
    keep = (streets != "").to_numpy()
    at, streets = at[keep], streets[keep]
    groups = pd.MultiIndex.from_arrays([wards[at], streets]).factorize()[0].astype(np.int64)
    xy_m = rows.iloc[at][["x_dm", "y_dm"]].to_numpy(float) / 10
    middle_m, peers = _middles(xy_m, groups)
    away_m = np.hypot(*(xy_m - middle_m).T)
    usual_m = pd.Series(away_m).groupby(groups).transform("median").to_numpy()
    is_far = (away_m > np.maximum(FAR_M, _FAR_SPREADS * usual_m)) & (peers >= FEWEST_PEERS)
    return [
        (
            int(at[each]),
            "far_from_peers",
            f"{away_m[each]:,.0f} m from the other {peers[each]} places in {streets.iloc[each]}",
        )
        for each in np.flatnonzero(is_far).tolist()
    ]


def _street(text: str) -> str:
    """The last street that an address names; empty where it names none."""
    found = [street for part in re.split(r"[^a-z' ]+", text.lower()) for street in _STREET.findall(part)]
    return found[-1] if found else ""
