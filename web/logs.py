"""What is written to stderr: warnings in short lines, or every request and warning as a line of JSON."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from secrets import token_hex
from typing import Any, Final

from flask import has_request_context, request

from web.wsgi import REQUEST_ID

REQUESTS: Final = "atlas.requests"
_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

requests_log: Final = logging.getLogger(REQUESTS)


def printable(text: str) -> str:
    r"""A text in one line that does nothing to a terminal: what cannot be printed is written as in Python.

    Examples
    --------
    >>> printable("Élan\n\x1b[31m")
    'Élan\\n\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


class Plain(logging.Formatter):
    """One line for each record, and indented below it where something fell over: no client's text begins a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines of one record."""
        lines = [printable(record.getMessage())]
        if record.exc_info:
            lines += [f"  {printable(line)}" for line in self.formatException(record.exc_info).split("\n")]
        return "\n".join(lines)


class Json(logging.Formatter):
    """One line of JSON for each record; what is a mapping already gives its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": when, "level": record.levelname.lower(), "logger": record.name}
        if isinstance(record.msg, dict):
            line |= record.msg
        else:
            line["message"] = record.getMessage()
            if has_request_context() and REQUEST_ID in request.environ:
                line["request_id"] = request.environ[REQUEST_ID]
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        text = json.dumps(line, ensure_ascii=False)
        if text.isprintable():
            return text
        return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def set_up(form: str) -> None:
    """Have what is logged written to stderr.

    Parameters
    ----------
    form : str
        `plain` for warnings as lines, `json` for every request and warning.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if form == "json" else Plain())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    requests_log.setLevel(logging.INFO if form == "json" else logging.WARNING)


def is_on() -> bool:
    """Whether requests are written at all."""
    return requests_log.isEnabledFor(logging.INFO)


def write(method: str, path: str, status: int, seconds: float, size: int, request_id: str) -> None:
    """Write one request: what was asked and how it went, never by whom, nor what was searched for."""
    line = {"event": "request", "method": method, "path": path, "status": status}
    line |= {"ms": round(seconds * 1000, 2), "bytes": size, "request_id": request_id}
    requests_log.info(line)


def make_ids() -> Callable[[str | None], str]:
    """What gives each request an id: the one it came with, if that is plain, else a new one.

    Examples
    --------
    >>> name = make_ids()
    >>> name("abc-1"), name("<script>") == name(None)
    ('abc-1', False)
    """
    start, numbers = token_hex(6), count(1)

    def name(given: str | None) -> str:
        return given if given and _PLAIN.fullmatch(given) else f"{start}-{next(numbers):x}"

    return name
