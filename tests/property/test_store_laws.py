from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.store import ImportRecord, Store, open_store
from atlas.store.schema import metadata
from tests.unit.store.cleaned import SQUARE, WHO, asset, bring, cleaned, finding

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1f"), max_size=6)
NUMBERS = st.one_of(st.just(float("nan")), st.floats(allow_nan=False, allow_infinity=False))
KEYS = st.sampled_from(["a", "b", "c", "d"])

Said: TypeAlias = dict[str, Any]
Shown: TypeAlias = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class File:
    """A register's file: assets by key in its order, rows set aside, and in how many chunks it is written."""

    register: str
    said: dict[str, Said]
    aside: int
    chunk: int


SAIDS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "street": st.sampled_from(["", "High Street"]),
        "land_ha": NUMBERS,
        "wkb": st.sampled_from([None, SQUARE]),
        "outcome": st.sampled_from(["accepted", "repaired"]),
        "placed_by": st.sampled_from(["coordinates", "nowhere"]),
    }
)
FILES = st.builds(
    File,
    st.sampled_from(["lewisham", "camden"]),
    st.dictionaries(KEYS, SAIDS, max_size=4),
    st.integers(0, 2),
    st.integers(1, 3),
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Two databases, each emptied before it is used."""
    folder = tmp_path_factory.mktemp("stores")
    with open_store(f"sqlite:///{folder}/one.db") as one, open_store(f"sqlite:///{folder}/two.db") as two:
        yield one, two


def emptied(store: Store) -> Store:
    with store._database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "state":
                connection.execute(table.delete())
    return store


def taken(store: Store, file: File) -> ImportRecord:
    rows = [asset(key, file.register, **said) | {"row": at} for at, (key, said) in enumerate(file.said.items(), 2)]
    found = [finding(row["row"], "repair") for row in rows if row["outcome"] == "repaired"]
    aside = [(len(rows) + 2 + at, "a total", "{}") for at in range(file.aside)]
    chunks = [cleaned(rows[at : at + file.chunk]) for at in range(0, len(rows), file.chunk)]
    return bring(store, *chunks, cleaned([], found, aside), register=file.register)


def shown(store: Store) -> Shown:
    """What `assets()` shows, comparable."""
    found = store.assets()
    return {key: tuple(map(repr, row)) for key, row in zip(found.index, found.to_numpy(object), strict=True)}


def content(said: Said) -> str:
    told = {name: value for name, value in said.items() if name != "outcome"}
    return repr(told | {"land_ha": said["land_ha"] + 0.0})


@dataclass
class Oracle:
    """What stands, as dumb as can be: for each register the files that were not undone."""

    files: dict[str, list[tuple[int, File]]] = field(default_factory=dict)

    def standing(self, register: str) -> dict[str, Said]:
        held = self.files.get(register)
        return held[-1][1].said if held else {}

    def counts(self, file: File) -> dict[str, int]:
        before = {key: content(said) for key, said in self.standing(file.register).items()}
        now = {key: content(said) for key, said in file.said.items()}
        new = [key for key in now if before.get(key) != now[key]]
        return {
            "rows": len(now) + file.aside,
            "accepted": sum(file.said[key]["outcome"] == "accepted" for key in new),
            "repaired": sum(file.said[key]["outcome"] == "repaired" for key in new),
            "set_aside": file.aside,
            "unchanged": len(now) - len(new),
            "added": len(now.keys() - before.keys()),
            "changed": len([key for key in new if key in before]),
            "gone": len(before.keys() - now.keys()),
            "on_map": sum(said["placed_by"] != "nowhere" for said in file.said.values()),
        }

    def shows(self) -> dict[str, tuple[int, str, str, float, bytes | None]]:
        return {
            f"asset:{register}-{key}": (row, said["name"], said["outcome"], said["land_ha"], said["wkb"])
            for register in self.files
            for row, (key, said) in enumerate(self.standing(register).items(), 2)
        }


@settings(max_examples=25)
@given(first=FILES, second=FILES)
def test_an_import_and_its_undoing_leave_what_was_shown(stores: tuple[Store, Store], first: File, second: File) -> None:
    store = emptied(stores[0])
    taken(store, first)
    before = shown(store), store.registers(), store.doubts()
    store.undo(taken(store, second).id, WHO)
    assert shown(store) == before[0]
    pd.testing.assert_frame_equal(store.registers(), before[1])
    pd.testing.assert_frame_equal(store.doubts(), before[2])


@settings(max_examples=25)
@given(file=FILES)
def test_a_file_imported_twice_is_a_file_imported_once(stores: tuple[Store, Store], file: File) -> None:
    store = emptied(stores[0])
    taken(store, file)
    before = shown(store)
    again = taken(store, file)
    assert shown(store) == before
    assert (again.added, again.changed, again.gone, again.accepted, again.repaired) == (0, 0, 0, 0, 0)
    assert again.unchanged == len(file.said)


@settings(max_examples=25)
@given(file=FILES, chunk=st.integers(1, 5))
def test_chunks_make_no_difference(stores: tuple[Store, Store], file: File, chunk: int) -> None:
    other = File(file.register, file.said, file.aside, chunk)
    one, two = map(emptied, stores)
    taken(one, file)
    taken(two, other)
    assert shown(one) == shown(two)


@settings(max_examples=25)
@given(steps=st.lists(st.one_of(FILES, st.sampled_from(["lewisham", "camden"])), max_size=6))
def test_any_imports_and_undoings_show_what_a_dumb_list_of_files_says(
    stores: tuple[Store, Store], steps: list[File | str]
) -> None:
    oracle = Oracle()
    store = emptied(stores[0])
    for step in steps:
        if isinstance(step, File):
            wanted = oracle.counts(step)
            record = taken(store, step)
            assert {name: getattr(record, name) for name in wanted} == wanted
            assert record.rows == record.accepted + record.repaired + record.set_aside + record.unchanged
            assert len(store.report(record.id).rows) == record.rows
            oracle.files.setdefault(step.register, []).append((record.id, step))
        elif oracle.files.get(step):
            store.undo(oracle.files[step].pop()[0], WHO)
    found = store.assets()[["row", "name", "outcome", "land_ha", "wkb"]]
    rows = {key: repr(tuple(row)) for key, row in zip(found.index, found.to_numpy(object), strict=True)}
    assert rows == {key: repr(row) for key, row in sorted(oracle.shows().items())}
    standing = {register for register, files in oracle.files.items() if files}
    assert set(store.registers().index) == standing
