from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.errors import Faults
from atlas.graph.tie_columns import NumberedTies
from atlas.records import Tie
from atlas.sources import partnerships
from atlas.sources.columns import read_columns
from atlas.sources.partnerships import PartnershipFiles, read_partnerships
from atlas.sources.rows import read_row
from atlas.sources.textfiles import parse_table
from atlas.sources.tie_rows import TOGETHER, read_ties
from tests.unit.sources.test_partnerships import TABLES_OF_TOY

CELLS = {
    "subject": ["institution:a", " institution:a", "network:n", "institution:", "A", ""],
    "relation": ["member_of", "convenes", "member of", " member_of "],
    "object": ["network:n", "programme:p", "network:gone", "x"],
    "confidence": ["high", "low", "certain", ""],
    "note": ["", " ", "a note", '"quoted"'],
    "start": ["", "2020", "2021-02", "2021-02-30", "soon"],
    "end": ["", "2020-05", "2021", "2019"],
    "status": ["", "active", "ended", "over"],
    "source": ["s1", "s2", ""],
    "evidence": ["page 1", " page 1", "  "],
    "checked_on": ["2026-11-21", "21/11/2026", ""],
}
ROWS = st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), min_size=1, max_size=12)


def as_text(rows: list[tuple[str, ...]]) -> str:
    quoted = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows]
    return "\n".join([",".join(CELLS), *quoted]) + "\n"


@given(ROWS)
def test_ties_read_by_distinct_values_are_those_read_row_by_row(rows: list[tuple[str, ...]]) -> None:
    text = as_text(rows)
    one, other = Faults(), Faults()
    table = parse_table(text, "ties.csv", one)
    assert table is not None
    single = [(n, read_row("ties.csv", n, c, Tie, one)) for n, c in zip(table.numbers, table.records(), strict=True)]
    coded = read_columns(text)
    assert coded is not None
    found = read_ties(coded, "ties.csv", other)
    assert found is not None
    assert list(found.numbered) == [(number, tie) for number, tie in single if tie is not None]
    assert list(other) == list(one)


def read(folder: Path, text: str) -> PartnershipFiles:
    for table, toy in TABLES_OF_TOY.items():
        (folder / f"{table}.csv").write_text(text if table == "ties" else toy, encoding="utf-8")
    return read_partnerships(folder, {"E09000030"})


@given(ROWS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_large_files_have_the_same_faults_as_small_ones(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    small = read(tmp_path, as_text(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partnerships, "LARGE_BYTES", 0)
        large = read(tmp_path, as_text(rows))
    assert isinstance(large.rows["ties"], NumberedTies)
    assert large.faults == small.faults
    assert tuple(large.partnerships.ties) == small.partnerships.ties
    assert large.sha256 == small.sha256


@pytest.mark.parametrize("text", ["subject,relation\na,b\n", "a;b\n1;2\n", as_text([]), as_text([("",) * len(CELLS)])])
def test_large_files_that_are_unusual_have_the_same_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    small = read(tmp_path, text)
    monkeypatch.setattr(partnerships, "LARGE_BYTES", 0)
    assert read(tmp_path, text).faults == small.faults != ()


def test_only_start_and_end_are_checked_together() -> None:
    assert list(Tie.__pydantic_decorators__.model_validators) == ["_in_order"]
    assert TOGETHER == ("start", "end")
