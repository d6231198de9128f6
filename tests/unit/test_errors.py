from __future__ import annotations

import pytest

from atlas.errors import AtlasError, DataError, Fault, Faults, NotFoundError, QueryError, UnavailableError, VintageError


def test_the_tree_is_as_drawn() -> None:
    assert issubclass(VintageError, DataError)
    assert issubclass(NotFoundError, QueryError)
    assert all(issubclass(error, AtlasError) for error in (DataError, QueryError, UnavailableError))


def test_faults_are_raised_together_and_warnings_are_not() -> None:
    faults = Faults()
    faults.add("a.csv", "wrong", "right", row=2, column="c", value=1)
    faults.add("b.csv", "odd", "even", severity="warning")
    faults.add("c.csv", "wrong", "right")
    with pytest.raises(DataError) as caught:
        faults.raise_errors("nothing works")
    assert [fault.file for fault in caught.value.faults] == ["a.csv", "c.csv"]
    assert str(caught.value).splitlines() == [
        "nothing works",
        "  a.csv, row 2, column c: wrong, found 1, expected right",
        "  c.csv: wrong, expected right",
    ]


def test_warnings_alone_raise_nothing() -> None:
    faults = Faults([Fault("a.csv", "odd", "even", severity="warning")])
    faults.raise_errors("nothing works")
    assert len(faults.warnings) == 1


def test_not_found_suggests() -> None:
    assert str(NotFoundError("borough", "Cambden", ["Camden"])) == "no borough called 'Cambden'; did you mean Camden?"
