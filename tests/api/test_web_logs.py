"""What is logged: one line a request, nothing of its reader, and no line that a client wrote."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.exchanges import BOUNDS, Taken, ask, asked
from web import logs
from web.gateway import Gateway


def test_a_plain_request_id_is_taken_and_any_other_replaced(run: Callable[..., Taken]) -> None:
    assert run(asked("/echo", {"X-Request-Id": "trace.1-a_b"})).header("X-Request-Id") == "trace.1-a_b"
    for given in ("a b", "<script>", "x" * 65, "", "a\r\nb"):
        assert re.fullmatch(r"[0-9a-f]{12}-1", run(asked("/echo", {"X-Request-Id": given})).header("X-Request-Id"))


def test_a_request_is_one_line_of_json_that_says_nothing_of_the_reader(
    run: Callable[..., Taken], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logs.REQUESTS)
    headers = {"X-Request-Id": "abc", "User-Agent": "Reader/1", "Referer": "https://www.example.org/private"}
    run(asked("/search?q=my+illness", headers))
    (record,) = [record for record in caplog.records if record.name == logs.REQUESTS]
    line = json.loads(logs.Json().format(record))
    assert line.pop("ms") >= 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "atlas.requests",
        "event": "request",
        "method": "GET",
        "path": "/search",
        "status": 200,
        "bytes": len("search"),
        "request_id": "abc",
    }


def test_what_a_client_writes_into_a_path_forges_no_line(echo: Flask, caplog: pytest.LogCaptureFixture) -> None:
    async def answer() -> Taken:
        gateway = Gateway(BOUNDS)
        gateway.open(echo)
        return await ask(gateway, asked("/a\nERROR forged\x1b[31m?q=illness"))

    def fall(*_: object) -> None:
        raise ZeroDivisionError

    echo.wsgi_app = fall  # type: ignore[method-assign, assignment]
    assert asyncio.run(answer()).status == 500
    (record,) = caplog.records
    assert record.getMessage() == r"GET /a\nERROR forged\x1b[31m failed"


@pytest.mark.parametrize("form", [logs.Plain(), logs.Json()])
def test_no_text_begins_a_line_of_the_log_or_moves_a_terminal(form: logging.Formatter) -> None:
    hostile = "a\nERROR forged\r\x1b[31m\x9b31m\u2028"
    error = ZeroDivisionError(hostile)
    fault = (ZeroDivisionError, error, None)
    written = form.format(logging.LogRecord("web", logging.ERROR, "", 0, "%s failed", (hostile,), fault))
    assert "Élan" in form.format(logging.LogRecord("web", logging.ERROR, "", 0, "Élan", (), None))
    first, *rest = written.split("\n")
    assert "forged" in first
    assert all(line.startswith("  ") for line in rest)
    assert written.replace("\n", "").isprintable()
    if isinstance(form, logs.Json):
        assert json.loads(written)["message"] == f"{hostile} failed"


def test_nothing_is_logged_of_a_request_unless_that_is_wanted(
    run: Callable[..., Taken], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logs.REQUESTS)
    run(asked("/echo"))
    assert not caplog.records


def test_a_fault_of_ours_bears_the_id_of_its_request() -> None:
    app = Flask("faulty")
    with app.test_request_context("/", environ_overrides={"atlas.request_id": "abc"}):
        error = ZeroDivisionError("of a test")
        fault = (ZeroDivisionError, error, None)
        record = logging.LogRecord("web.errors", logging.ERROR, "", 0, "%s failed", ("GET /",), fault)
        line = json.loads(logs.Json().format(record))
    assert (line["message"], line["request_id"], line["level"]) == ("GET / failed", "abc", "error")
    assert "ZeroDivisionError" in line["exception"]


@pytest.mark.parametrize(("form", "written"), [("plain", "a warning\n"), ("json", '"message": "a warning"')])
def test_warnings_are_written_as_was_asked(
    form: str, written: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level = logs.requests_log.level
    logs.set_up(form)
    logging.getLogger("atlas.test").warning("a warning")
    logging.getLogger("atlas.test").info("no warning")
    assert logs.is_on() == (form == "json")
    logs.requests_log.setLevel(level)
    said = capsys.readouterr().err
    assert written in said
    assert said.count("\n") == 1
