"""The swap: new land is built beside what is served and takes its place whole; what was measured is taken over."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from threading import Event

import pytest
from flask import Flask

from atlas.geo.estate.model import Estate
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import Release
from tests.land import land
from web import build_of, create_app
from web.library import Library
from web.refresh import Refresher
from web.visit import EXTENSION, House, house

PATIENCE_S = 60.0
NARROW = Parameters(catchment_m=1_500.0)


@dataclass
class Land:
    """Land that a test moves."""

    estate: Estate = field(default_factory=Estate.empty)
    loads: int = 0
    failure: Exception | None = None
    is_closed: bool = False

    def revision(self) -> str:
        return self.estate.revision

    def load(self) -> Estate:
        self.loads += 1
        if self.failure:
            raise self.failure
        return self.estate

    def close(self) -> None:
        self.is_closed = True

    def move(self, name: str) -> None:
        self.estate = replace(land({"id": name, "at": (1_500, 500)}), revision=f"with {name}")


@pytest.fixture
def app(toy: Atlas) -> Flask:
    return create_app(Settings(), toy)


def refresher(app: Flask, source: Land, **given: object) -> Refresher:
    return Refresher(app, source, lambda held: build_of(held.library), **given)  # type: ignore[arg-type]


def held_by(app: Flask) -> House:
    held: House = app.extensions[EXTENSION]
    return held


def test_land_that_came_is_served_and_no_gap_is_measured_again(app: Flask, toy: Atlas) -> None:
    source = Land()
    source.move("depot")
    assert refresher(app, source).refresh()
    served = held_by(app).library.default
    assert [*served.inputs.estate.assets["name"]] == ["Depot"]
    assert served.gaps is toy.gaps
    assert served.revision != toy.revision
    assert served.inputs.measured == toy.inputs.measured
    assert app.test_client().get("/healthz").get_json()["revision"] == served.revision


def test_the_owner_of_land_that_came_holds_it_in_the_graph(app: Flask) -> None:
    source = Land()
    source.move("depot")
    refresher(app, source).refresh()
    graph = held_by(app).library.default.graph
    assert [target for _, target in graph.out_edges("institution:council") if target.startswith("asset:")]


def test_nothing_is_built_while_the_revision_stays(app: Flask) -> None:
    source = Land()
    before = held_by(app)
    assert not refresher(app, source).refresh()
    assert (source.loads, held_by(app)) == (0, before)


def test_a_request_keeps_the_whole_that_it_began_with(app: Flask) -> None:
    source = Land()
    with app.test_request_context("/"):
        before = house()
        source.move("depot")
        refresher(app, source).refresh()
        assert house() is before
    with app.test_request_context("/"):
        assert house() is held_by(app)
        assert house() is not before


def test_a_page_that_was_kept_is_asked_for_anew_after_a_swap(app: Flask) -> None:
    client, source = app.test_client(), Land()
    tag = client.get("/institutions").headers["ETag"]
    source.move("depot")
    refresher(app, source).refresh()
    answer = client.get("/institutions", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_what_a_page_read_before_the_swap_asks_for_is_still_there(app: Flask) -> None:
    client, source = app.test_client(), Land()
    address = re.search(r'"values":"([^"]+)"', client.get("/").text)
    assert address is not None
    source.move("depot")
    refresher(app, source).refresh()
    assert client.get(address[1]).status_code == 200
    source.move("yard")
    refresher(app, source).refresh()
    assert client.get(address[1]).status_code == 404


def test_other_choices_are_not_measured_again_over_new_land(toy: Atlas) -> None:
    measured = []

    def derive(inputs: Inputs, parameters: Parameters) -> Atlas:
        measured.append(parameters)
        return analyse(inputs, parameters)

    library = Library(toy, derive=derive)
    before = library.atlas(Release.ESTIMATE, NARROW)
    other = library.with_inputs(lambda inputs: replace(inputs, estate=land({"id": "depot", "at": (1_500, 500)})))
    after = other.atlas(Release.ESTIMATE, NARROW)
    assert measured == [NARROW]
    assert after.gaps is before.gaps
    assert (len(before.inputs.estate), len(after.inputs.estate)) == (0, 1)
    assert other.atlas(Release.ESTIMATE, NARROW) is after
    assert library.atlas(Release.ESTIMATE, NARROW) is before


def test_what_is_at_hand_goes_on_through_a_swap_and_serves_both(toy: Atlas) -> None:
    goes_on, calls = Event(), []

    def finish(inputs: Inputs, parameters: Parameters, _counted: object) -> object:
        calls.append(parameters)
        assert goes_on.wait(PATIENCE_S)
        yield analyse(inputs, parameters)

    library = Library(toy, finish=finish)  # type: ignore[arg-type]
    assert library.atlas(Release.ESTIMATE, NARROW).is_first_look
    other = library.with_inputs(lambda inputs: replace(inputs, estate=land({"id": "depot", "at": (1_500, 500)})))
    goes_on.set()
    whole = other.wait(Release.ESTIMATE, NARROW, PATIENCE_S)
    assert not whole.is_first_look
    assert len(whole.inputs.estate) == 1
    assert len(library.atlas(Release.ESTIMATE, NARROW).inputs.estate) == 0
    assert calls == [NARROW]
    other.close()
    assert library.is_closed


def test_the_background_swaps_by_itself_and_stops_when_told(app: Flask) -> None:
    source, swapped = Land(), Event()
    at_work = refresher(app, source, prepare=lambda _: swapped.set(), poll_s=0.01)
    at_work.start()
    source.move("depot")
    assert swapped.wait(PATIENCE_S)
    assert at_work.now(PATIENCE_S)
    assert at_work.revision == "with depot"
    at_work.stop()
    source.move("yard")
    assert at_work.revision == "with depot"


def test_who_changed_something_waits_until_it_is_served(app: Flask) -> None:
    source = Land()
    at_work = refresher(app, source, poll_s=3_600.0)
    at_work.start()
    source.move("depot")
    assert at_work.now(PATIENCE_S)
    assert at_work.revision == "with depot"
    at_work.stop()


def test_what_cannot_be_built_is_logged_and_what_was_served_stays(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    source = Land(failure=OSError("the disk is gone"))
    at_work = refresher(app, source, poll_s=3_600.0)
    at_work.start()
    source.move("depot")
    with caplog.at_level(logging.ERROR):
        assert at_work.now(PATIENCE_S)
    assert "what was served before stays" in caplog.text
    assert at_work.revision == ""
    source.failure = None
    assert at_work.now(PATIENCE_S)
    assert at_work.revision == "with depot"
    at_work.stop()


def test_two_who_ask_at_once_build_once(app: Flask) -> None:
    source = Land()
    source.move("depot")
    at_work = refresher(app, source)
    assert [at_work.now(1.0), at_work.now(1.0)] == [True, True]
    assert source.loads == 1
