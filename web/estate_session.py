"""Who may change the estate: whoever knows the import token, by a session on the page or as a bearer in a program."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Any, Final, ParamSpec, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests, Unauthorized
from werkzeug.wrappers import Response as Answer

from atlas.settings import Settings
from web.below import path_of
from web.visit import rendered

blueprint = Blueprint("estate_session", __name__)

GATE: Final = "atlas-estate-gate"
COOKIE: Final = "atlas_import"
WHO: Final = "import token"
"""Who it was, as the audit trail has it."""
HOURS: Final = 8
FAILURES: Final = 5
"""Wrong tokens from one address before it has to wait."""
WAIT_S: Final = 60.0
ADDRESSES: Final = 1_024
SMALL_BYTES: Final = 64 * 1024
HOW_TO: Final = (
    "Imports from the web are off: set ATLAS_IMPORT_TOKEN to a secret of at least 16 characters and start Atlas "
    "again, or use `atlas estate import` on the command line."
)

Given = ParamSpec("Given")


class ImportsOffError(Forbidden):
    """No token was set at start."""

    name = "Imports are off"
    description = HOW_TO


class NotHereError(Forbidden):
    """What was sent does not come from a page of this very session."""

    name = "That was not sent from here"


class WaitError(TooManyRequests):
    """Too many wrong tokens."""

    name = "Too many wrong tokens"


class TokenError(Unauthorized):
    """No token, or a wrong one."""

    name = "The import token is needed"


@dataclass(eq=False)
class Gate:
    """Compares tokens, and slows down whoever guesses.

    Parameters
    ----------
    token : str
        The right one; empty where imports are off.
    clock : callable
        Seconds that only grow.
    """

    token: str
    clock: Callable[[], float] = monotonic
    _lock: Lock = field(default_factory=Lock)
    _failures: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)

    def opens(self, given: str, address: str) -> bool:
        """Tell whether a token is right.

        Raises
        ------
        WaitError
            If the address has given too many wrong ones of late.
        """
        now = self.clock()
        with self._lock:
            count, last = self._failures.get(address, (0, now))
            if now - last >= WAIT_S:
                count = 0
            if count >= FAILURES:
                wait_s = round(WAIT_S - (now - last)) + 1
                raise WaitError(f"{count} wrong tokens came from your address; wait {wait_s} seconds.", None, wait_s)
            if self.token and hmac.compare_digest(given.encode(), self.token.encode()):
                self._failures.pop(address, None)
                return True
            self._failures[address] = count + 1, now
            self._failures.move_to_end(address)
            while len(self._failures) > ADDRESSES:
                self._failures.popitem(last=False)
            return False


class _Cookies(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 -- as Flask calls it
        # behind a proxy only the browser knows that the way is encrypted
        return request.is_secure or request.headers.get("Origin", "").startswith("https:")


def open_gate(app: Flask, settings: Settings | None) -> None:
    """Have an application let in whoever knows the token of its settings, and nobody where there is none."""
    token = settings.import_token.get_secret_value() if settings and settings.import_token else ""
    app.extensions[GATE] = Gate(token)
    app.session_interface = _Cookies()
    if token:
        app.config["SECRET_KEY"] = hmac.new(token.encode(), b"atlas: sessions", hashlib.sha256).digest()
    app.config |= {
        "SESSION_COOKIE_NAME": COOKIE,
        "SESSION_COOKIE_PATH": f"{path_of(settings.public_url if settings else None)}/estate",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=HOURS),
    }


def gate() -> Gate:
    """The gate of the application at work."""
    return cast("Gate", current_app.extensions[GATE])


def is_on() -> bool:
    """Whether anything can be changed from the web at all."""
    return bool(gate().token)


def has_session() -> bool:
    """Whether the reader has shown the token; a reader without a cookie is never asked for one."""
    return is_on() and COOKIE in request.cookies and bool(session.get("may_import"))


def csrf() -> str:
    """What every form of this session carries."""
    return str(session["csrf"])


def needs_token(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let only whoever has shown the token see a page, or send to it; others are led to where they can."""

    @wraps(view)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        if not is_on():
            raise ImportsOffError
        if not has_session():
            if request.method == "GET":
                return redirect(
                    url_for("estate_session.login", next=request.root_path + request.full_path.rstrip("?")), 303
                )
            _check_origin()
            return redirect(url_for("estate_session.login", next=_sent_from(), ended="yes"), 303)
        if request.method == "POST":
            _check_origin()
            _check_csrf()
        answer = view(*args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return guarded


def needs_bearer(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let only programs that bear the token in."""

    @wraps(view)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        if not is_on():
            raise ImportsOffError
        given = request.authorization
        token = given.token if given is not None and given.type == "bearer" else None
        if token is None or not gate().opens(token, request.remote_addr or ""):
            said = "Send the header `Authorization: Bearer TOKEN` with the token that Atlas was started with."
            raise TokenError(said, www_authenticate=WWWAuthenticate("bearer", {"realm": "atlas"}))
        answer = view(*args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return guarded


def _check_origin() -> None:
    """Refuse what another site's page sends."""
    sent_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if urlsplit(sent_from).netloc.casefold() != request.host.casefold():
        raise NotHereError("The form was not sent from a page of this Atlas.")


def _sent_from() -> str:
    """The page of ours that the form at hand stands on."""
    page = urlsplit(request.headers.get("Referer", ""))
    address = f"{page.path}?{page.query}" if page.query else page.path
    is_here = page.netloc.casefold() == request.host.casefold() and _is_ours(address)
    return address if is_here else url_for("estate_imports.index")


def _check_csrf() -> None:
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), csrf().encode()):
        raise NotHereError("The form is of an earlier session: go back, load the page again and send it anew.")


@blueprint.route("/estate/login", methods=["GET", "POST"])
def login() -> Answer:
    """Answer with the form that asks for the token; start a session where it is right."""
    request.max_content_length = SMALL_BYTES
    if not is_on():
        raise ImportsOffError
    asked = request.values.get("next", "")
    onward = asked if _is_ours(asked) else url_for("estate_imports.index")
    if request.method == "GET":
        return redirect(onward, 303) if has_session() else _form(onward)
    _check_origin()
    if not gate().opens(request.form.get("token", "").strip(), request.remote_addr or ""):
        return _form(onward, status=403, is_wrong=True)
    session.clear()
    session.permanent = True
    session["may_import"] = True
    session["csrf"] = secrets.token_urlsafe(24)
    answer = redirect(onward, 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/estate/logout")
@needs_token
def logout() -> Answer:
    """End the session."""
    session.clear()
    return redirect(url_for("estate_imports.index"), 303)


def _is_ours(address: str) -> bool:
    return address.startswith(f"{request.root_path}/estate") and "\\" not in address and not urlsplit(address).netloc


def _form(onward: str, status: int = 200, *, is_wrong: bool = False) -> Response:
    has_ended = request.values.get("ended") == "yes"
    return private("estate_import_login.html", {"onward": onward, "is_wrong": is_wrong, "has_ended": has_ended}, status)


def private(template: str, context: Mapping[str, Any], status: int = 200) -> Response:
    """A page for this reader alone, which nobody keeps."""
    body = rendered(template, {**context, "csrf": csrf() if has_session() else ""})
    response = Response(body.data, status, headers=dict(body.headers), content_type=body.mimetype)
    response.headers["Cache-Control"] = "no-store"
    return response


def headers_of(error: Exception) -> Mapping[str, str]:
    """Headers that tell a program how to go on after an error."""
    if not isinstance(error, HTTPException):
        return {}
    return {name: value for name, value in error.get_headers() if name in {"Retry-After", "WWW-Authenticate"}}


def waiting_files() -> dict[str, str]:
    """Names by hash of the files that this session has sent and not imported yet."""
    return dict(session.get("files", {}))


def remember_file(sha256: str, name: str, most: int = 4) -> None:
    """Let this session, and no other, go on with a file that it has sent."""
    files = {**waiting_files(), sha256: name[:80]}
    session["files"] = dict(list(files.items())[-most:])


def forget_file(sha256: str) -> None:
    """Take a file off the session."""
    session["files"] = {other: name for other, name in waiting_files().items() if other != sha256}


def keep_troubles(import_id: int, troubles: Sequence[str]) -> None:
    """Have this session's page of an import say what failed after the register was in."""
    session.pop("troubles", None)
    if troubles:
        session["troubles"] = [import_id, [one[:300] for one in troubles]]


def troubles_of(import_id: int) -> list[str]:
    """What failed after the register of an import was in, if this session brought it and no other since."""
    told, sentences = session.get("troubles", (None, []))
    return list(sentences) if told == import_id else []
