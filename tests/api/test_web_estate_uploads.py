"""Files that are sent: their names, how large they are, and those that wait."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import pytest
from flask import Flask

from atlas.settings import Settings
from tests.estate_web import ORIGIN, PLAIN, TOKEN, Holder, sign_in, words
from web.estate_uploads import MOST_AGE_S, MOST_FILES, WaitingRoom
from web.serve import bounds_of, listen
from web.server import serving


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/assets.csv", "a\x00b\n.csv"])
def test_the_name_of_a_file_is_a_text_and_never_a_path(holder: Holder, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    holder.send(PLAIN, name=name)
    assert before == {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    assert all("etc" not in str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


def test_a_file_that_is_too_large_is_refused_in_words_and_not_kept(holder: Holder, tmp_path: Path) -> None:
    answer = holder.send(b"a,b\r\n" * 60_000)
    assert (answer.status_code, "A register may have up to 0.2 MB." in words(answer.text)) == (413, True)
    assert not list(tmp_path.glob("uploads/*"))


def test_other_routes_keep_their_small_limit(estate_app: Flask) -> None:
    answer = estate_app.test_client().post("/api/v1/scenario", data=b"a" * 900_000)
    assert answer.status_code in {400, 413}
    login = estate_app.test_client().post("/estate/login", data={"token": "x" * 100_000}, headers=ORIGIN)
    assert login.status_code == 413


def test_a_form_of_many_parts_or_files_is_refused(holder: Holder) -> None:
    parts = {f"field-{number}": "x" for number in range(40)}
    assert holder.send(PLAIN, **parts).status_code == 413
    two = {"file": (io.BytesIO(b"a,b"), "a.csv"), "other": (io.BytesIO(b"a,b"), "b.csv"), "partner": "West Council"}
    answer = holder.post("/estate/import", **two)
    assert (answer.status_code, "More than one file was chosen" in answer.text) == (400, True)


def test_two_gigabytes_are_refused_by_their_stated_length_before_any_of_them_is_read(
    estate_app: Flask, tmp_path: Path
) -> None:
    settings = Settings(workspace=tmp_path, import_token=TOKEN, upload_mb=0.2)
    with listen("127.0.0.1", 0) as listener, serving(listener, bounds_of(settings)) as server:
        server.open(estate_app)
        with socket.create_connection(listener.getsockname(), timeout=60) as client:
            client.sendall(b"POST /estate/import HTTP/1.1\r\nHost: x\r\nContent-Length: 2147483648\r\n\r\n")
            said = b"".join(iter(lambda: client.recv(65_536), b"")).decode()
    assert said.startswith("HTTP/1.1 413")
    assert "A register may have up to 0.2 MB." in said


def test_the_file_of_another_session_cannot_be_gone_on_with(estate_app: Flask, holder: Holder) -> None:
    address = holder.send(PLAIN).headers["Location"]
    other = sign_in(estate_app).get(address)
    assert (other.status_code, "Give the file again" in other.text) == (400, True)


def test_files_that_wait_are_few_and_do_not_wait_for_long(tmp_path: Path) -> None:
    moment = [1_000_000.0]
    room = WaitingRoom(tmp_path, 10_000, clock=lambda: moment[0])
    for number in range(2 * MOST_FILES):
        moment[0] += 1
        room.take(io.BytesIO(f"file {number}".encode()), "a.csv")
    assert len([*tmp_path.iterdir()]) <= MOST_FILES
    moment[0] += MOST_AGE_S + 1
    room.tidy()
    assert not [*tmp_path.iterdir()]


def test_files_that_wait_take_bounded_room(tmp_path: Path) -> None:
    moment = [1_000_000.0]
    room = WaitingRoom(tmp_path, 1_000, clock=lambda: moment[0])
    for number in range(12):
        moment[0] += 1
        room.take(io.BytesIO(bytes([number]) * 900), "a.csv")
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5_000
