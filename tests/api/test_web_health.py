"""Whether readers may be sent here, and why not."""

from __future__ import annotations

from threading import Event

import pytest
from flask import Flask

from atlas.settings import Settings
from atlas.snapshot import Atlas
from web import create_app
from web.health import PROBE, Probe


@pytest.fixture
def app(toy: Atlas) -> Flask:
    return create_app(Settings(), toy)


def refuse() -> None:
    raise OSError("no route to postgresql://atlas:secret@db")


def test_without_a_database_it_is_ready_once_it_answers(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ready", "reasons": []})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_database_that_answers_is_no_reason(app: Flask) -> None:
    app.extensions[PROBE] = Probe(lambda: "revision")
    assert app.test_client().get("/readyz").status_code == 200


def test_a_database_that_does_not_answer_is_said_without_its_address(app: Flask) -> None:
    app.extensions[PROBE] = Probe(refuse)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json() == {"status": "not ready", "reasons": ["the database does not answer"]}
    assert app.test_client().get("/healthz").status_code == 200


def test_a_database_that_hangs_is_asked_once_and_noticed_when_it_is_back() -> None:
    goes_on, asked = Event(), []

    def ask() -> None:
        asked.append(1)
        assert goes_on.wait(60)

    probe = Probe(ask, patience_s=0.01)
    for _ in range(3):
        assert probe.reasons() == ["the database has not answered in 0.01 s"]
    assert len(asked) == 1
    goes_on.set()
    probe.patience_s = 60.0
    assert probe.reasons() == []
