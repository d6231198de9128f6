"""Ties as columns: each distinct value once, and a code for each tie, so that a million need little memory."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from atlas.records import Tie

FIELDS: Final = tuple(Tie.model_fields)


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all ties.

    Parameters
    ----------
    values : tuple
        Its distinct values, each of which some tie has.
    codes : numpy.ndarray of int, shape (n_ties,)
        For each tie the place of its value.
    """

    values: tuple[Any, ...]
    codes: NDArray[np.int64]

    def where(self, condition: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """Tell for each tie whether its value fulfils a condition, asked once for each distinct value."""
        return self.take([condition(value) for value in self.values], bool)

    def take(self, by_value: Sequence[Any], dtype: Any) -> NDArray[Any]:
        """Give each tie what stands for its value."""
        return np.array(by_value, dtype=dtype)[self.codes] if self.values else np.zeros(0, dtype=dtype)

    def kept(self, chosen: NDArray[np.bool_]) -> Column:
        """Return the column of some of the ties, without the values that none of them has."""
        used, codes = np.unique(self.codes[chosen], return_inverse=True)
        return Column(tuple(self.values[place] for place in used), codes.reshape(-1))


class TieColumns(Sequence[Tie]):
    """Checked ties, held as columns; a `Tie` is made when it is asked for.

    Parameters
    ----------
    columns : mapping of str to Column
        Every field of `Tie`, its values as `Tie` holds them.
    rows : numpy.ndarray of int, shape (n_ties,)
        Spreadsheet row of each tie.

    Examples
    --------
    >>> from atlas.records import Tie
    >>> tie = Tie(subject="institution:a", relation="member_of", object="network:n", confidence="high", source="s",
    ...           evidence="page 1", checked_on="2026-11-21")
    >>> columns = TieColumns.of([(2, tie)])
    >>> len(columns), columns[0] == tie
    (1, True)
    """

    def __init__(self, columns: Mapping[str, Column], rows: NDArray[np.int64]) -> None:
        self.columns = columns
        self.rows = rows

    @classmethod
    def of(cls, numbered: Sequence[tuple[int, Tie]]) -> TieColumns:
        """Put ties with their rows into columns; those that are in columns already are given back."""
        if isinstance(numbered, NumberedTies):
            return numbered.ties
        columns = {}
        for name in FIELDS:
            codes: dict[Any, int] = {}
            places = [codes.setdefault(getattr(tie, name), len(codes)) for _, tie in numbered]
            columns[name] = Column(tuple(codes), np.array(places, dtype=np.int64))
        return cls(columns, np.array([row for row, _ in numbered], dtype=np.int64))

    @classmethod
    def of_ties(cls, ties: Sequence[Tie]) -> TieColumns:
        """Put ties into columns, as if they stood in rows from 2 on."""
        return ties if isinstance(ties, TieColumns) else cls.of(list(enumerate(ties, 2)))

    def reordered(self, order: NDArray[np.int64]) -> TieColumns:
        """Return all ties in another order."""
        columns = {name: Column(column.values, column.codes[order]) for name, column in self.columns.items()}
        return TieColumns(columns, self.rows[order])

    def with_those(self, others: TieColumns) -> TieColumns:
        """Return these ties and then others."""
        columns = {}
        for name, column in self.columns.items():
            theirs = others.columns[name]
            places = {value: place for place, value in enumerate(column.values)}
            codes = [places.setdefault(value, len(places)) for value in theirs.values]
            columns[name] = Column(tuple(places), np.concatenate([column.codes, theirs.take(codes, np.int64)]))
        return TieColumns(columns, np.concatenate([self.rows, others.rows]))

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Tie: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Tie, ...]: ...
    def __getitem__(self, place: int | slice) -> Tie | tuple[Tie, ...]:
        if isinstance(place, slice):
            return tuple(map(self.__getitem__, range(*place.indices(len(self)))))
        return Tie.model_construct(
            **{name: column.values[column.codes[place]] for name, column in self.columns.items()}
        )

    def __iter__(self) -> Iterator[Tie]:
        return map(self.__getitem__, range(len(self)))

    @property
    def numbered(self) -> NumberedTies:
        """The ties, each with its row."""
        return NumberedTies(self)

    def ends(self) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
        """Return the ids that ties name, in order, and the places of each tie's subject and object among them.

        Returns
        -------
        names : tuple of str
        subjects, objects : numpy.ndarray of int, shape (n_ties,)
        """
        subject, target = self.columns["subject"], self.columns["object"]
        names = tuple(sorted({*subject.values, *target.values}))
        place = {name: k for k, name in enumerate(names)}
        subjects = subject.take([place[name] for name in subject.values], np.int64)
        return names, subjects, target.take([place[name] for name in target.values], np.int64)


class NumberedTies(Sequence[tuple[int, Tie]]):
    """Pairs of spreadsheet row and tie, made when they are asked for."""

    def __init__(self, ties: TieColumns) -> None:
        self.ties = ties

    def __len__(self) -> int:
        return len(self.ties)

    @overload
    def __getitem__(self, place: int) -> tuple[int, Tie]: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[tuple[int, Tie], ...]: ...
    def __getitem__(self, place: int | slice) -> tuple[int, Tie] | tuple[tuple[int, Tie], ...]:
        if isinstance(place, slice):
            return tuple(map(self.__getitem__, range(*place.indices(len(self)))))
        return int(self.ties.rows[place]), self.ties[place]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Pause the search for cycles of garbage, which would go through millions of live objects again and again."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def joined(*columns: tuple[NDArray[np.int64], int]) -> NDArray[np.int64]:
    """Number the combinations of several columns of codes: equal numbers where all codes are equal.

    Parameters
    ----------
    columns : pairs of codes and their count
        Codes run from 0 to one below the count.

    Examples
    --------
    >>> import numpy as np
    >>> joined((np.array([0, 1, 0]), 2), (np.array([2, 2, 2]), 3)).tolist()
    [2, 5, 2]
    """
    key, size = columns[0]
    for codes, count in columns[1:]:
        if size * count >= 2**62:
            key = np.unique(key, return_inverse=True)[1].reshape(-1)
            size = int(key.max(initial=0)) + 1
        key, size = key * count + codes, size * count
    return key
