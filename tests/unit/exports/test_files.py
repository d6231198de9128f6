from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas.errors import DataError, QueryError, UnavailableError
from atlas.exports.files import filed, write_folder, write_whole


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", b"one")
    write_whole(tmp_path / "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_is_filed_is_not_made_again(tmp_path: Path) -> None:
    made = iter([b"one", b"two"])
    assert [filed(tmp_path / "new" / "a", lambda: next(made)) for _ in range(2)] == [b"one", b"one"]
    (tmp_path / "blocked").touch()
    assert filed(tmp_path / "blocked" / "a", lambda: next(made)) == b"two"


def test_nothing_is_left_where_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnavailableError, match="cannot write"):
        write_whole(tmp_path / "folder", b"one")
    with pytest.raises(UnavailableError, match="cannot write"):
        write_whole(tmp_path / "none" / "a.txt", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_file_is_written_in_pieces_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise DataError("not to be written")

    write_whole(tmp_path / "a.txt", iter([b"one ", b"two"]))
    with pytest.raises(DataError):
        write_whole(tmp_path / "a.txt", broken())
    assert (tmp_path / "a.txt").read_bytes() == b"one two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_is_written_whole_and_an_earlier_one_gives_way(tmp_path: Path) -> None:
    write_folder(tmp_path / "b", {"mark": [b"1"], "old/a.txt": [b"one"]}, "mark")
    write_folder(tmp_path / "b", {"mark": [b"2"], "new/a.txt": [b"t", b"wo"]}, "mark")
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"b/mark": b"2", "b/new/a.txt": b"two"}


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write_folder(tmp_path / "b", {"mark": [b"1"]}, "mark")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "thesis.txt").write_text("all of it")
    with pytest.raises(QueryError, match="holds something else"):
        write_folder(tmp_path / "c", {"mark": [b"1"]}, "mark")
    with pytest.raises(UnavailableError, match="cannot write"):
        write_folder(tmp_path / "none" / "b", {"mark": [b"1"]}, "mark")
    assert (tmp_path / "c" / "thesis.txt").read_text() == "all of it"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]
