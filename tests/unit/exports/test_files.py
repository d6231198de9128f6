from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import UnavailableError
from atlas.exports.files import write_whole


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", b"one")
    write_whole(tmp_path / "a.txt", b"two")
    assert (tmp_path / "a.txt").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_nothing_is_left_where_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnavailableError, match="cannot write"):
        write_whole(tmp_path / "folder", b"one")
    with pytest.raises(UnavailableError, match="cannot write"):
        write_whole(tmp_path / "none" / "a.txt", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
