"""What goes wrong, as the reader sees it: one table from our errors to a status and a title."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Response, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from atlas.errors import AtlasError, DataError, NotFoundError, QueryError, UnavailableError
from web.choices import ChoiceError, Refusal
from web.estate_session import headers_of
from web.names import Name, search
from web.search import page_of_name
from web.text import first_up
from web.visit import names

log = logging.getLogger(__name__)

STATUSES: Final[dict[type[AtlasError], tuple[int, str]]] = {
    NotFoundError: (404, "There is no such page"),
    QueryError: (400, "That cannot be asked"),
    UnavailableError: (503, "Something Atlas needs is not here"),
    DataError: (500, "The data behind this page cannot be used"),
    AtlasError: (500, "Atlas could not do that"),
}
"""The nearest class of an error decides."""

BROKEN: Final = (500, "Something is wrong in Atlas")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as told to the reader; RFC 9457 where JSON is wanted.

    Parameters
    ----------
    status : int
        HTTP status.
    title, detail : str
        What went wrong, in a few words and in a sentence.
    refusals : tuple of Refusal
        Choices that cannot be granted.
    suggestions : tuple of str
        Near names that do exist.
    kind : str
        What was looked for and not found.
    """

    status: int
    title: str
    detail: str
    refusals: tuple[Refusal, ...] = ()
    suggestions: tuple[str, ...] = ()
    kind: str = ""

    def document(self) -> dict[str, Any]:
        """The problem as JSON values."""
        document: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status}
        document["detail"] = self.detail
        if self.refusals:
            document["errors"] = [
                {"field": refusal.field, "value": refusal.value, "allowed": refusal.allowed}
                for refusal in self.refusals
            ]
        if self.suggestions:
            document["suggestions"] = list(self.suggestions)
        return document


def problem(error: Exception) -> Problem:
    """Say what an error means to the reader.

    Examples
    --------
    >>> problem(NotFoundError("network", "lian", ["lain"])).status
    404
    >>> problem(ZeroDivisionError()).title
    'Something is wrong in Atlas'
    """
    if isinstance(error, AtlasError):
        status, title = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
        if isinstance(error, NotFoundError):
            said = f"No {error.kind} called {error.wanted!r}."
            return Problem(status, title, said, suggestions=error.suggestions, kind=error.kind)
        refusals = error.refusals if isinstance(error, ChoiceError) else ()
        return Problem(status, title, first_up(str(error)), refusals)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return Problem(error.code, error.name, error.description or error.name)
    return Problem(*BROKEN, "The fault is ours and has been written to the log.")


def wants_json() -> bool:
    """Whether the reader is a program."""
    if request.path.startswith(("/api/", "/map/", "/ogc")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def respond(error: Exception) -> Response:
    """Answer with an error's page, or with problem details."""
    told = problem(error)
    if told.status >= 500:
        log.error("%s %s failed", request.method, request.full_path, exc_info=error)
    if wants_json():
        response = Response(json.dumps(told.document()), content_type="application/problem+json")
    else:
        response = Response(_page(told), content_type="text/html; charset=utf-8")
    response.status_code = told.status
    response.headers["Cache-Control"] = "no-store"
    response.headers.extend(headers_of(error))
    response.vary.add("Accept")
    return response


def _page(told: Problem) -> str:
    try:
        return render_template("error.html", problem=told, near=near_pages(told.kind) if told.status == 404 else [])
    except Exception:
        log.exception("the error page itself failed")
        return f"<!doctype html><title>{escape(told.title)}</title><p>{escape(told.detail)}</p>"


def near_pages(kind: str) -> list[tuple[Name, str]]:
    """What the last part of the address may have meant, with addresses; only things of a kind, where one is named."""
    try:
        among = [name for name in names() if kind in {name.kind, ""}]
        return [(name, page_of_name(name)) for name in search(among, request.path.rpartition("/")[2], limit=6)]
    except AtlasError:
        return []


def register(app: Flask) -> None:
    """Answer every error from the table."""
    app.register_error_handler(Exception, respond)
