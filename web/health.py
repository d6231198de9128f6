"""Whether the application can be sent readers."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, cast

from flask import Blueprint, Flask, Response, current_app

from web.payloads import JSON

if TYPE_CHECKING:
    from atlas.store import Store

log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)

PROBE: Final = "atlas-probe"

PATIENCE_S: Final = 2.0
"""How long a database may take to say which revision it holds."""
RETRY_S: Final = 5


@dataclass(eq=False)
class Probe:
    """Asks a database now and then whether it is there; never twice at a time, however long it is silent.

    Parameters
    ----------
    ask : callable
        Raises where it is not.
    patience_s : float
        How long it may take.
    """

    ask: Callable[[], object]
    patience_s: float = PATIENCE_S
    _lock: Lock = field(default_factory=Lock)
    _asked: Future[object] | None = None

    def reasons(self) -> list[str]:
        """Why no reader should be sent here now; empty where all is well."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                # one that hangs must not keep the process from ending
                Thread(target=self._run, args=(self._asked,), name="atlas-probe", daemon=True).start()
            asked = self._asked
        try:
            asked.result(self.patience_s)
        except Late:
            return [f"the database has not answered in {self.patience_s:g} s"]
        except Exception:
            log.exception("the database does not answer")
            return ["the database does not answer"]
        return []

    def _run(self, asked: Future[object]) -> None:
        try:
            asked.set_result(self.ask())
        except Exception as error:  # noqa: BLE001 -- told to whoever waits
            asked.set_exception(error)


def watch(app: Flask, store: Store | None) -> None:
    """Have an application say that it is not ready while its database does not answer."""
    app.extensions[PROBE] = Probe(store.revision) if store is not None else None


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer whether readers may be sent here, and if not, why."""
    probe = cast("Probe | None", current_app.extensions.get(PROBE))
    reasons = probe.reasons() if probe else []
    state = {"status": "not ready" if reasons else "ready", "reasons": reasons}
    response = Response(json.dumps(state), 503 if reasons else 200, content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    if reasons:
        response.headers["Retry-After"] = str(RETRY_S)
    return response
