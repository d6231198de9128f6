"""A first look at once, the whole when it is ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask

from atlas import pipeline
from atlas.parameters import FIRST_LOOK, Parameters
from atlas.pipeline import Counted, analyse
from atlas.settings import Settings
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import Release
from tests.toy import toy_atlas, toy_inputs
from web import create_app
from web.library import Library, Progress
from web.visit import visit

NARROW = Parameters(catchment_m=3000)
PATIENCE_S = 60


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(Settings(), toy_atlas(), (), partial(pipeline.finish, workspace=tmp_path))


def test_a_first_look_comes_before_the_whole() -> None:
    go = Event()

    def finish(inputs: Inputs, parameters: Parameters, counted: Counted) -> Iterator[Atlas]:
        counted(1, 2)
        go.wait(PATIENCE_S)
        yield analyse(inputs, parameters)

    library = Library(toy_atlas(), finish=finish)
    first = library.atlas(Release.ESTIMATE, NARROW)
    assert first.is_first_look
    assert first.parameters.draws == FIRST_LOOK
    assert not library.progress(Release.ESTIMATE, NARROW).is_over
    go.set()
    whole = library.wait(Release.ESTIMATE, NARROW, PATIENCE_S)
    assert whole.parameters == NARROW
    assert library.progress(Release.ESTIMATE, NARROW) == Progress(is_over=True)
    assert [version.revision for version in library.versions(Release.ESTIMATE, NARROW)] == [
        whole.revision,
        first.revision,
    ]


def test_work_that_fails_leaves_the_first_look(caplog: pytest.LogCaptureFixture) -> None:
    def finish(*_: object) -> Iterator[Atlas]:
        raise RuntimeError("the disk is gone")
        yield toy_atlas()

    library = Library(toy_atlas(), finish=finish)
    assert library.wait(Release.ESTIMATE, NARROW, PATIENCE_S).is_first_look
    assert "could not be finished" in caplog.text
    assert library.wait(Release.ESTIMATE, Parameters(catchment_m=2000), PATIENCE_S).is_first_look


def test_closing_ends_the_work_at_hand_and_takes_no_more(caplog: pytest.LogCaptureFixture) -> None:
    begun, go = Event(), Event()
    counted_after: list[int] = []

    def finish(inputs: Inputs, parameters: Parameters, counted: Counted) -> Iterator[Atlas]:
        begun.set()
        go.wait(PATIENCE_S)
        counted(1, 2)
        counted_after.append(1)
        yield analyse(inputs, parameters)

    library = Library(toy_atlas(), finish=finish)
    library.atlas(Release.ESTIMATE, NARROW)
    begun.wait(PATIENCE_S)
    library.atlas(Release.ESTIMATE, Parameters(catchment_m=2000))
    closing = Thread(target=library.close)
    closing.start()
    assert library.wait(Release.ESTIMATE, NARROW, PATIENCE_S).is_first_look
    go.set()
    closing.join(PATIENCE_S)
    assert not closing.is_alive()
    assert library.is_closed
    assert counted_after == []
    assert library.wait(Release.ESTIMATE, Parameters(catchment_m=1500), PATIENCE_S).is_first_look
    assert caplog.text == ""


def test_what_waits_too_long_in_line_is_forgotten() -> None:
    go = Event()
    made: list[float] = []

    def finish(_inputs: Inputs, parameters: Parameters, _: Counted) -> Iterator[Atlas]:
        go.wait(PATIENCE_S)
        made.append(parameters.catchment_m)
        yield replace(toy_atlas(), parameters=parameters)

    library = Library(toy_atlas(), derive=lambda _, p: replace(toy_atlas(), parameters=p), finish=finish)
    wanted = [Parameters(catchment_m=1000.0 + k) for k in range(14)]
    for parameters in wanted:
        library.atlas(Release.ESTIMATE, parameters)
    go.set()
    library.wait(Release.ESTIMATE, wanted[-1], PATIENCE_S)
    library.wait(Release.ESTIMATE, wanted[-8], PATIENCE_S)
    assert 1001.0 not in made
    assert made.index(1013.0) < made.index(1006.0)


def test_the_page_says_that_more_is_to_come_and_then_shows_it(app: Flask) -> None:
    client = app.test_client()
    library = app.extensions["atlas"].library
    page = client.get("/?catchment=3000")
    assert "progress" in page.text
    library.wait(Release.ESTIMATE, NARROW, PATIENCE_S)
    state = client.get("/api/v1/progress?catchment=3000").get_json()
    assert state["is_over"]
    assert state["is_assured"]
    whole = client.get("/?catchment=3000", headers={"If-None-Match": page.headers["ETag"]})
    assert whole.status_code == 200
    assert state["revision"] in whole.text
    assert 'data-assured="1"' in whole.text
    assert "Could it be chance?" in client.get("/gaps/quarter-3-east?catchment=3000").text


def test_values_of_the_first_look_are_there_after_it(app: Flask) -> None:
    client = app.test_client()
    library = app.extensions["atlas"].library
    library.wait(Release.ESTIMATE, NARROW, PATIENCE_S)
    for version in library.versions(Release.ESTIMATE, NARROW):
        answer = client.get(f"/map/{version.revision}/values.json?catchment=3000")
        assert answer.get_json()["revision"] == version.revision


def test_progress_is_never_kept_and_refuses_what_it_does_not_know(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/progress")
    assert answer.headers["Cache-Control"] == "no-store"
    assert app.test_client().get("/api/v1/progress?catchmnt=3000").status_code == 400


def test_without_a_background_nothing_is_to_come() -> None:
    client = create_app(Settings(), toy_atlas()).test_client()
    assert client.get("/api/v1/progress?catchment=3000").get_json()["is_over"]
    assert client.get("/?catchment=3000").text.count("First look") == 0


def test_the_whole_is_kept_in_the_workspace(tmp_path: Path) -> None:
    inputs = toy_inputs()
    told: list[tuple[int, int]] = []
    first, whole = pipeline.finish(inputs, NARROW, lambda *counts: told.append(counts), workspace=tmp_path)
    assert first.assurance is None
    assert whole.assurance is not None
    assert told
    told.clear()
    again = list(pipeline.finish(inputs, NARROW, lambda *counts: told.append(counts), workspace=tmp_path))
    assert told == []
    assert again[-1].gaps.areas.equals(whole.gaps.areas)
    assert again[-1].assurance.areas.equals(whole.assurance.areas)


def test_a_page_says_that_it_is_a_first_look_even_if_the_work_ends_meanwhile(app: Flask) -> None:
    library = app.extensions["atlas"].library
    first = library.atlas(Release.ESTIMATE, NARROW)
    library.wait(Release.ESTIMATE, NARROW, PATIENCE_S)
    with app.test_request_context("/?catchment=3000"):
        here = visit()
        here.__dict__["atlas"] = first
        assert here.is_working()


def test_every_page_of_verdicts_says_that_it_is_a_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "_want", lambda *_: None)
    client = create_app(Settings(), toy_atlas(), (), lambda *_: iter(())).test_client()
    for path in ("/", "/gaps", "/boroughs", "/boroughs/east", "/networks/west", "/siting"):
        assert "First look, from 64" in client.get(f"{path}?catchment=3000").text, path
    assert "First look" not in client.get("/method?catchment=3000").text


def test_programs_wait_for_all_draws(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/gaps?catchment=2900").get_json()
    assert answer["parameters"]["draws"] == Parameters().draws
    table = app.test_client().get("/api/v1/gaps?catchment=2900&format=csv").text
    assert ",draws\r\n" in table


def test_where_no_site_counts_siting_still_answers() -> None:
    client = create_app(Settings(), toy_atlas()).test_client()
    assert client.get("/api/v1/siting?sectors=faith").status_code == 200
    assert client.get("/siting?sectors=faith").status_code == 200


@pytest.mark.parametrize("path", ["/", "/gaps", "/boroughs", "/siting", "/siting?p=2"])
def test_a_page_kept_before_the_tests_were_made_gives_way_to_the_one_after(app: Flask, path: str) -> None:
    client, library = app.test_client(), app.extensions["atlas"].library
    default = (Release.ESTIMATE, Parameters())
    before = client.get(path)
    assert 'data-assured=""' in before.text
    library.wait(*default, PATIENCE_S)
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert 'data-assured="1"' in after.text
