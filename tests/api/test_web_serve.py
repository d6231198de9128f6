"""`atlas serve`: says where it is once it answers, says what stands in its way, stops when told to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask

from atlas.errors import DataError, UnavailableError
from atlas.settings import Settings
from atlas.snapshot import Atlas
from tests.estate_web import TOKEN
from web import create_app, serve
from web.bodies import SLOWEST_BYTES_S, Bounds
from web.estate_imports import FORM_COLUMNS
from web.gateway import THREADS
from web.server import serving

Start = Callable[..., subprocess.Popen[str]]
PATIENCE_S = 120
"""Longer than a busy machine of two cores takes."""


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Start]:
    """Starts `atlas serve`; nothing is left running, whatever the test finds."""
    started: list[subprocess.Popen[str]] = []

    def command(*options: str, **settings: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", "from atlas.cli import main; main()", "serve", "--no-pull", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "ATLAS_WORKSPACE": str(tmp_path), **settings},
        )
        started.append(process)
        return process

    yield command
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_where_it_says_and_stops_when_told(command: Start, number: signal.Signals) -> None:
    process = command("--port", "0")
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.fullmatch(r"Atlas is at (http://127\.0\.0\.1:\d+)\n", said)
    assert found is not None, said
    with urlopen(found[1], timeout=PATIENCE_S) as answer:  # noqa: S310 -- our own address
        assert b"need is among the highest fifth" in answer.read()
    process.send_signal(number)
    rest, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_it_stops_at_once_when_told_so_while_it_starts(command: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = command("--port", str(port))
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_S) as answer:
                health = json.load(answer)
            break
        except OSError:
            assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, errors) == (0, "", "")
    assert health == {"status": "ok", "revision": None}


def test_its_log_is_one_line_of_json_a_request(command: Start) -> None:
    process = command("--port", "0", ATLAS_LOG="json")
    assert process.stdout is not None
    address = process.stdout.readline().removeprefix("Atlas is at ").strip()
    with urlopen(f"{address}/search?q=my+illness", timeout=PATIENCE_S) as answer:  # noqa: S310 -- our own address
        name = answer.headers["X-Request-Id"]
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=PATIENCE_S)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [line["path"] for line in lines] == ["/healthz", "/search"]
    assert (lines[1]["request_id"], lines[1]["status"]) == (name, 200)
    assert "illness" not in errors
    assert "127.0.0.1" not in errors


# the server by itself


@pytest.fixture
def simple() -> Flask:
    """An application without an atlas."""
    app = Flask("simple")
    app.add_url_rule("/", "home", lambda: "home")
    app.extensions["atlas"] = SimpleNamespace(library=SimpleNamespace(moves=0))
    return app


def talk(listener: socket.socket, *pieces: bytes) -> bytes:
    """Send pieces, and read until the server hangs up."""
    with socket.create_connection(listener.getsockname(), timeout=PATIENCE_S) as client:
        for piece in pieces:
            client.sendall(piece)
        return b"".join(iter(lambda: client.recv(65_536), b""))


HASTY = Bounds(1_000, "That is too long.", 0.05)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow", b""),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 200"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", b"HTTP/1.1 408"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"HTTP/1.1 408"),
        (b"", b""),
    ],
    ids=["silent in the head", "silent after an answer", "silent in the body", "silent between chunks", "silent"],
)
def test_a_client_that_falls_silent_is_hung_up_on(simple: Flask, sent: bytes, said: bytes) -> None:
    with serve.listen("127.0.0.1", 0) as listener, serving(listener, HASTY) as server:
        server.open(simple)
        answer = talk(listener, sent)
    assert answer[: len(said) or None] == said


def test_many_silent_clients_hold_nobody_up(simple: Flask) -> None:
    patient = replace(HASTY, patience_s=PATIENCE_S)
    half = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"
    with serve.listen("127.0.0.1", 0) as listener, serving(listener, patient) as server, ExitStack() as silent:
        server.open(simple)
        for _ in range(4 * THREADS):
            client = silent.enter_context(socket.create_connection(listener.getsockname(), timeout=PATIENCE_S))
            client.sendall(half)
        answer = talk(listener, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


def test_what_was_begun_is_answered_before_the_end(simple: Flask) -> None:
    begun, goes_on, answers = Event(), Event(), []

    def slow() -> str:
        begun.set()
        return str(goes_on.wait(PATIENCE_S))

    simple.add_url_rule("/slow", "slow", slow)
    request = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
    with serve.listen("127.0.0.1", 0) as listener:
        asking = Thread(target=lambda: answers.append(talk(listener, request)))
        with serving(listener, replace(HASTY, patience_s=PATIENCE_S)) as server:
            server.open(simple)
            asking.start()
            assert begun.wait(PATIENCE_S)
            # it goes on only once the server has been told to stop
            server.loop.call_soon_threadsafe(server.loop.call_later, 0.05, goes_on.set)
        asking.join()
    assert answers[0].endswith(b"True")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("atlas-")]


def test_several_requests_share_one_connection(simple: Flask) -> None:
    one = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with serve.listen("127.0.0.1", 0) as listener, serving(listener, HASTY) as server:
        server.open(simple)
        answer = talk(listener, one + one + last)
    assert answer.count(b"HTTP/1.1 200") == 3
    assert answer.count(b"\r\n\r\nhome") == 2
    assert answer.lower().count(b"server: atlas\r\n") == 3


def test_what_may_be_sent_depends_on_where_it_is_sent() -> None:
    bounds = serve.bounds_of(Settings(import_token=TOKEN, upload_mb=1, client_s=7))
    register, scenario, other = (bounds.of(path) for path in ("/api/v1/estate/imports", "/api/v1/scenario", "/nothing"))
    assert (register.is_large, scenario.is_large, other.is_large) == (True, False, False)
    assert register == bounds.of("/estate/import/")
    assert "register may have up to 1 MB" in register.said
    assert "scenario may have up to 256 kB" in scenario.said
    assert "register" not in other.said
    assert register.body_bytes > 1_000_000 > scenario.body_bytes >= other.body_bytes
    assert bounds.of("/estate/import/look").body_bytes == FORM_COLUMNS
    assert bounds.patience_s == 7


def test_without_a_token_nothing_large_may_be_sent() -> None:
    assert not serve.bounds_of(Settings()).of("/api/v1/estate/imports").is_large


def test_the_largest_register_is_sent_or_given_up_within_the_hour() -> None:
    register = serve.bounds_of(Settings(import_token=TOKEN)).of("/estate/import")
    assert register.body_bytes < 3_600 * SLOWEST_BYTES_S


def test_a_busy_port_is_one_clear_line(command: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = command("--port", port)
        out, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert out == ""
    assert errors.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in errors
    assert "--port" in errors


def test_without_a_workspace_it_starts_without_land_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    assert serve.store_of(Settings(workspace=file / "workspace")) is None
    said = capsys.readouterr().err
    assert said.startswith("Land and property are left out (the folder of the database ")
    assert said.count("\n") == 1


def test_a_database_that_was_named_and_cannot_be_used_is_not_left_out(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UnavailableError, match="cannot be made"):
        serve.store_of(Settings(workspace=tmp_path, database_url=f"sqlite:///{file}/atlas.db"))


def test_an_application_without_a_store_is_served_all_the_same(toy: Atlas, tmp_path: Path) -> None:
    with serve.at_work(create_app(Settings(workspace=tmp_path), toy), tmp_path) as app:
        assert app.test_client().get("/estate").status_code == 200


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(UnavailableError, match=r"cannot listen on 192\.0\.2\.1"):
        serve.listen("192.0.2.1", 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 -- an operator may ask for it
def test_the_address_said_can_be_opened_here(host: str) -> None:
    with serve.listen(host, 0) as listener:
        assert serve.address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (UnavailableError("no route"), "cannot be reached"),
        (DataError("the file is not what it should be"), "not what it should be"),
        (OSError("no space left"), "no space left"),
        (KeyError(), "KeyError"),
    ],
)
def test_official_data_that_fail_are_said_and_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception, said: str
) -> None:
    def pull(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(serve, "pull_files", pull)
    serve.bring_official(Settings(workspace=tmp_path))
    assert said in capsys.readouterr().err


def test_official_data_that_do_not_answer_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    release = Event()
    monkeypatch.setattr(serve, "pull_files", lambda *_, **__: release.wait())
    serve.bring_official(Settings(workspace=tmp_path, reach_s=0.01))
    release.set()
    assert "no answer in 0.01 s" in capsys.readouterr().err


def test_official_data_that_answer_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pulled: list[str] = []

    def pull(entries: Any, _: Path, progress: Any) -> None:
        progress("a", 0, 1)
        pulled.extend(entry.name for entry in entries)

    monkeypatch.setattr(serve, "pull_files", pull)
    serve.bring_official(Settings(workspace=tmp_path))
    assert "iod2025" in pulled
    assert capsys.readouterr().err == ""
