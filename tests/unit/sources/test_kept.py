from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from atlas.sources import kept

TABLE = pd.DataFrame({"p_gap": [0.25, 1.0], "rank": [2, 1]})
FACTS = {"top": 1, "varied": ["decay"]}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert kept.read(tmp_path, "robustness", "abc") is None
    kept.write(tmp_path, "robustness", "abc", {"areas": TABLE, "draws": TABLE.iloc[:0]}, FACTS)
    found = kept.read(tmp_path, "robustness", "abc")
    assert found is not None
    tables, facts = found
    assert facts == FACTS
    assert list(tables) == ["areas", "draws"]
    pd.testing.assert_frame_equal(tables["areas"], TABLE)
    assert kept.read(tmp_path, "assurance", "abc") is None


def test_what_is_damaged_counts_as_not_there(tmp_path: Path) -> None:
    kept.write(tmp_path, "robustness", "abc", {"areas": TABLE}, FACTS)
    (table,) = tmp_path.rglob("areas.parquet")
    table.write_bytes(b"PAR1")
    assert kept.read(tmp_path, "robustness", "abc") is None
    kept.write(tmp_path, "robustness", "abc", {"areas": TABLE}, FACTS)
    assert kept.read(tmp_path, "robustness", "abc") is not None
    (table,) = tmp_path.rglob("areas.parquet")
    table.unlink()
    assert kept.read(tmp_path, "robustness", "abc") is None


def test_what_can_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError

    kept.write(tmp_path, "robustness", "abc", {"areas": TABLE}, FACTS)
    monkeypatch.setattr(os, "utime", refuse)
    for _ in range(2):
        assert kept.read(tmp_path, "robustness", "abc") is not None


def test_a_second_writing_leaves_the_first_and_nothing_aside(tmp_path: Path) -> None:
    for _ in range(2):
        kept.write(tmp_path, "robustness", "abc", {"areas": TABLE}, FACTS)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    workspace = tmp_path / "file"
    workspace.write_text("in the way", encoding="utf-8")
    kept.write(workspace, "robustness", "abc", {"areas": TABLE}, FACTS)
    assert kept.read(workspace, "robustness", "abc") is None


def test_only_so_many_of_a_kind_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    for revision in ("one", "two", "three"):
        kept.write(tmp_path, "robustness", revision, {"areas": TABLE}, FACTS)
    assert len(list((tmp_path / "cache").glob("robustness-*"))) == 2


@pytest.mark.parametrize("used", ["one", "two"])
def test_the_latest_is_that_last_made_or_used(tmp_path: Path, used: str) -> None:
    assert kept.latest(tmp_path, "layout") is None
    for revision in ("one", "two"):
        kept.table(tmp_path, "layout", revision, lambda revision=revision: TABLE.assign(of=revision))
    for folder in (tmp_path / "cache").iterdir():
        # times of files stand still for some milliseconds
        os.utime(folder, (1, 1))
    assert kept.read(tmp_path, "layout", used)
    found = kept.latest(tmp_path, "layout")
    assert found is not None
    assert set(found["of"]) == {used}


def test_the_libraries_of_a_result_are_there_wherever_atlas_is(checkout: Path) -> None:
    locked = (checkout / "requirements.lock").read_text(encoding="utf-8").lower()
    assert [name for name in kept.LIBRARIES if f"\n{name}==" not in f"\n{locked}"] == []
