"""What goes wrong, as the reader sees it: one table from our errors to a status and a title."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, render_template, request, url_for
from markupsafe import escape
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as Answer

from atlas.errors import AtlasError, DataError, NotFoundError, QueryError, UnavailableError
from atlas.graph.wording import listed
from web.choices import ChoiceError, Refusal
from web.estate_session import headers_of
from web.logs import printable
from web.names import Name, search
from web.search import page_of_name
from web.security import framed
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
FAULT: Final = "The fault is ours and has been written to the log."
TITLES: Final = {
    400: "That cannot be asked",
    401: "The token is needed",
    403: "That is not allowed",
    404: "There is no such page",
    405: "That cannot be done here",
    406: "There is no such form of this",
    408: "That came too slowly",
    411: "Its length is missing",
    413: "That is too large",
    414: "The address is too long",
    415: "That form cannot be read",
    429: "Too many requests",
    500: BROKEN[1],
}
"""What is said of a status, where an error has no name of its own."""
SENTENCES: Final = {
    400: "Atlas cannot read what was asked or sent.",
    404: "Nothing is at this address.",
    406: "Atlas does not give this in any of the forms that were asked for.",
    413: "More was sent than is taken here.",
    415: "What was sent is in a form that is not taken here.",
    429: "Too much was asked in a short time.",
}
FIELD_WORDS: Final = {
    "a": "First borough",
    "after": "Now",
    "at": "Day",
    "b": "Second borough",
    "before": "Then",
    "candidates": "To choose from",
    "capacity": "What a site counts for",
    "decay": "Reach fades with distance",
    "demand": "Who is counted",
    "do": "Change",
    "domain": "Measured by",
    "draws": "Ways of measuring",
    "in": "Where",
    "kind": "What is drawn",
    "lad": "Where",
    "leave_out": "Domain left out",
    "measure": "Access measured by",
    "minutes": "Catchment in minutes",
    "node": "Who",
    "objective": "In order to",
    "p": "More sites",
    "place": "Where",
    "radius": "Within reach is",
    "release": "Need from",
    "relation": "Tie",
    "remove": "Change to take away",
    "scale": "Reaches",
    "sort": "Order",
    "standing": "Stands",
    "top": "How many",
    "min_ha": "Size from",
    "max_ha": "Size to",
    "gap": "Gap area",
    "weights": "Weight of each domain of need",
    "without": "What if this one left",
    "works_on": "Works on",
}
"""What a field of an address is called beside its box, where its name would not do."""
PARTS: Final = {"weights": "weight"}
"""Fields that a form without JavaScript sends in parts."""
PROGRAMS: Final = ("/api/", "/map/", "/ogc")


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
        return Problem(status, title, str(error) if refusals else first_up(str(error)), refusals)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _http_problem(error, error.code)
    return Problem(*BROKEN, FAULT)


def _http_problem(error: HTTPException, status: int) -> Problem:
    """The words of whoever raised it; ours where those are the framework's."""
    own, is_nameless = error.description, error.name == HTTP_STATUS_CODES.get(status, error.name)
    is_stock = own in {vars(kind).get("description") for kind in type(error).__mro__ if "werkzeug" in kind.__module__}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        own = f"This address takes {listed(sorted(error.valid_methods))}."
    elif own is None or is_stock:
        own = SENTENCES.get(status, SENTENCES[400])
    return Problem(status, TITLES.get(status, TITLES[400]) if is_nameless else error.name, own)


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of the address that cannot be used, to be typed anew.

    Parameters
    ----------
    field, words, value : str
        Its name in the address, what it is called, and what was given.
    fault : str
        What it must be.
    offered : tuple of (str, str)
        Values to choose from, with their words; none where it is typed.
    """

    field: str
    words: str
    value: str
    fault: str
    offered: tuple[tuple[str, str], ...] = ()


def corrections(refusals: Sequence[Refusal]) -> tuple[list[Correction], list[tuple[str, str]]]:
    """What can be typed anew, and the rest of the address, which is kept; nothing where the fault is not there."""
    wrong = {refusal.field: refusal for refusal in refusals}
    if request.method != "GET" or not all(name in request.args or name in PARTS for name in wrong):
        return [], []
    found = [
        Correction(
            name,
            FIELD_WORDS.get(name, name.replace("_", " ").capitalize()),
            ",".join(request.args.getlist(name)) or refusal.value,
            f"must be {refusal.said}",
            refusal.offered,
        )
        for name, refusal in wrong.items()
    ]
    corrected = {*wrong, *(PARTS[name] for name in wrong if name in PARTS)}
    return found, [(name, value) for name, value in request.args.items(multi=True) if name not in corrected]


def is_for_programs(path: str) -> bool:
    """Whether programs ask there, whatever they say they accept.

    Examples
    --------
    >>> is_for_programs("/api/v1/areas"), is_for_programs("/gaps")
    (True, False)
    """
    return path.startswith(PROGRAMS)


def is_in_a_frame(path: str) -> bool:
    """Whether what is there stands in a frame of another page.

    Examples
    --------
    >>> is_in_a_frame("/embed/map"), is_in_a_frame("/embed")
    (True, False)
    """
    return path.startswith("/embed/")


def wants_json() -> bool:
    """Whether the reader is a program."""
    if is_for_programs(request.path):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def respond(error: Exception) -> Response:
    """Answer with an error's page, or with problem details."""
    told = problem(error)
    if told.status >= 500:
        _write_down(error)
    if wants_json():
        response = Response(json.dumps(told.document()), content_type="application/problem+json")
    else:
        response = Response(_page(told), content_type="text/html; charset=utf-8")
    response.status_code = told.status
    response.headers["Cache-Control"] = "no-store"
    response.headers.extend(headers_of(error))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    response.vary.add("Accept")
    return framed(response) if is_in_a_frame(request.path) else response


def _write_down(error: Exception) -> None:
    """Log a failure: never what was searched for, and no trace of what was to be expected."""
    asked = f"{printable(request.method)} {printable(request.path)}"
    if isinstance(error, UnavailableError):
        log.warning("%s cannot be answered: %s", asked, printable(str(error)))
    else:
        log.error("%s failed", asked, exc_info=error)


def _page(told: Problem) -> str:
    try:
        wrong, rest = corrections(told.refusals)
        if is_in_a_frame(request.path):
            return _small_page(told, wrong)
        near = near_pages(told.kind) if told.status == 404 else []
        return render_template("error.html", problem=told, near=near, wrong=wrong, rest=rest)
    except Exception:
        log.exception("the error page itself failed")
        return f"<!doctype html><title>{escape(told.title)}</title><p>{escape(told.detail)}</p>"


def _small_page(told: Problem, wrong: Sequence[Correction]) -> str:
    """What stands in a frame of another page in place of a map, with a link to the whole."""
    here = g.get("visit")
    release = here.choices.release if here and told.kind == "gap area" else ""
    whole_page = here.link("home.index") if here else url_for("home.index")
    return render_template("embed_error.html", problem=told, wrong=wrong, release=release, whole_page=whole_page)


def near_pages(kind: str) -> list[tuple[Name, str]]:
    """What the last part of the address may have meant, with addresses; only things of a kind, where one is named."""
    if request.endpoint == "static":
        return []
    try:
        among = [name for name in names() if kind in {name.kind, ""}]
        return [(name, page_of_name(name)) for name in search(among, request.path.rpartition("/")[2], limit=6)]
    except AtlasError:
        return []


def lead_on() -> Answer | None:
    """Answer who asks for an address in another spelling; whatever host they name, they stay on theirs."""
    led = request.routing_exception
    if not isinstance(led, RequestRedirect):
        return None
    parts = urlsplit(led.new_url)
    onward = f"/{parts.path.lstrip('/')}"
    return redirect(f"{onward}?{parts.query}" if parts.query else onward, led.code)


def register(app: Flask) -> None:
    """Answer every error from the table."""
    app.register_error_handler(Exception, respond)
    app.before_request(lead_on)
