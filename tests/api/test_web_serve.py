"""`atlas serve`: says where it is once it answers, says what stands in its way, stops when told to."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import urlopen

import pytest

from atlas.errors import DataError, UnavailableError
from atlas.settings import Settings
from web import serve

Start = Callable[..., subprocess.Popen[str]]
PATIENCE_S = 120
"""Longer than a busy machine of two cores takes."""


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Start]:
    """Starts `atlas serve`; nothing is left running, whatever the test finds."""
    started: list[subprocess.Popen[str]] = []

    def command(*options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", "from atlas.cli import main; main()", "serve", "--no-pull", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "ATLAS_WORKSPACE": str(tmp_path)},
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
