"""Everything that Atlas raises on purpose, as one tree.

::

    AtlasError
    ├── DataError             the data's fault: carries every fault found, each with file, row, column, value
    │   └── VintageError      codes of one census year met another's
    ├── QueryError            the caller's fault: a parameter or an argument
    │   └── NotFoundError     no such place, institution, network, programme, site or area
    └── UnavailableError      a file that is not here, or an address that does not answer
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place of one file.

    Parameters
    ----------
    file : str
        The file's name, as its owner knows it.
    problem : str
        What is wrong, in a few words.
    expected : str
        What would have been right.
    row : int or None
        Line of the file as a spreadsheet counts it (the header is row 1); None for the whole file.
    column : str or None
        Header of the column.
    value : object
        What was found there; None where nothing was.
    severity : {"error", "warning"}
        A warning is reported, and the data are used all the same.

    Examples
    --------
    >>> print(Fault("sites.csv", "no such postcode", "a live postcode", row=7, column="postcode", value="N1 9ZZ"))
    sites.csv, row 7, column postcode: no such postcode, found 'N1 9ZZ', expected a live postcode
    """

    file: str
    problem: str
    expected: str
    row: int | None = None
    column: str | None = None
    value: object = None
    severity: Severity = "error"

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        found = "" if self.value is None else f", found {self.value!r}"
        return f"{place}: {self.problem}{found}, expected {self.expected}"


@dataclass
class Faults:
    """Collects faults, so that all are reported at once and not only the first.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.add("ties.csv", "ends before it starts", "an end on or after the start", row=3, column="end")
    >>> len(faults.errors), len(faults.warnings)
    (1, 0)
    """

    found: list[Fault] = field(default_factory=list)

    def add(
        self,
        file: str,
        problem: str,
        expected: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        severity: Severity = "error",
    ) -> None:
        """Record one fault."""
        self.found.append(Fault(file, problem, expected, row, column, value, severity))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Record several faults."""
        self.found.extend(faults)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that make the data unusable."""
        return tuple(fault for fault in self.found if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults that are only reported."""
        return tuple(fault for fault in self.found if fault.severity == "warning")

    def raise_errors(self, what: str) -> None:
        """Raise one `DataError` holding every error, if there is any.

        Raises
        ------
        DataError
            If any fault has severity "error".
        """
        if self.errors:
            raise DataError(what, self.errors)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


class AtlasError(Exception):
    """Anything that Atlas raises on purpose."""


class DataError(AtlasError):
    """The data's fault.

    Parameters
    ----------
    what : str
        What could not be done, in one sentence.
    faults : iterable of Fault
        All the reasons.
    """

    def __init__(self, what: str, faults: Iterable[Fault] = ()) -> None:
        self.what = what
        self.faults = tuple(faults)
        super().__init__("\n  ".join([what, *map(str, self.faults)]))


class VintageError(DataError):
    """Codes of one census year met another's; says the way out."""


class QueryError(AtlasError):
    """The caller's fault: a parameter out of range, an unknown choice."""


class NotFoundError(QueryError):
    """No such thing.

    Parameters
    ----------
    kind : str
        What was looked for: "network", "borough", …
    wanted : str
        The id or name that was asked for.
    suggestions : iterable of str
        Near ones that do exist.
    """

    def __init__(self, kind: str, wanted: str, suggestions: Iterable[str] = ()) -> None:
        self.kind = kind
        self.wanted = wanted
        self.suggestions = tuple(suggestions)
        hint = f"; did you mean {', '.join(self.suggestions)}?" if self.suggestions else ""
        super().__init__(f"no {kind} called {wanted!r}{hint}")


class UnavailableError(AtlasError):
    """A file that is not here, or an address that does not answer; says what to do."""
