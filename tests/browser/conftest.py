"""London in a real browser: one server, one browser, a fresh page for each test that fails on any complaint."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from atlas.pipeline import finish, load, load_inputs
from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.sources.download import pull
from atlas.sources.releases import catalogue
from atlas.vocabulary import Release
from tests.toy_estate import toy_estate_atlas
from web import create_app

PATIENCE_MS = 60_000
"""Longer than a busy machine of two cores takes."""

OF_THE_MACHINE = (
    # a browser without a graphics card says of its own driver that it is slow
    "GL Driver Message (OpenGL, Performance",
    # said after some seconds, so by a slow machine only: test_preloads asks whether each is used
    "was preloaded using link preload but not used within a few seconds",
)
"""What the browser says of the machine and not of the page."""

READY = "html[data-map-ready]"
"""Stands once a page's map is drawn."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def london(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return load(Settings(workspace=tmp_path_factory.mktemp("workspace")), Release.ESTIMATE)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Run an application; gives its address."""
    listening = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = Thread(target=listening.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.effective_port}"
    listening.task_dispatcher.shutdown()
    listening.trigger.pull_trigger(lambda: wasyncore.close_all(listening._map))
    thread.join()


@pytest.fixture(scope="session")
def server(london: Atlas) -> Iterator[str]:
    """Address of the embedded default, every answer made while the reader waits."""
    with serving(create_app(Settings(), london)) as address:
        yield address


@pytest.fixture(scope="session")
def official_server(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the official index of 2025, a first look at once and the rest in the background."""
    settings = Settings(workspace=tmp_path_factory.mktemp("workspace"))
    pull(catalogue().needed(Release.IOD2025), settings.workspace, from_folder=shared)
    estimate = load_inputs(settings, Release.ESTIMATE)
    app = create_app(settings, load(settings), [estimate], partial(finish, workspace=settings.workspace))
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if "PYTEST_XDIST_WORKER" in os.environ:
        # two browsers and their servers at once would be too much for two cores: tests/conftest.py sees to it
        (tmp_path_factory.getbasetemp().parent / "browser").touch(exist_ok=False)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opening(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens pages; at the end there must have been no complaint and no request off the origin."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(words in message.text for words in OF_THE_MACHINE):
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc not in {"", urlsplit(server).netloc}:
            complaints.append(f"request to {request.url}")

    def open_page(path: str, width: int = 1280, height: int = 900, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", asked)
        page.goto(server + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens pages of the embedded default."""
    with opening(browser, server) as open_:
        yield open_


@pytest.fixture
def open_official(browser: Browser, official_server: str) -> Iterator[Callable[..., Page]]:
    """Opens pages of the official index of 2025."""
    with opening(browser, official_server) as open_:
        yield open_


@pytest.fixture(scope="module")
def estate_server() -> Iterator[str]:
    """Address of the toy world with its land."""
    with serving(create_app(Settings(), toy_estate_atlas())) as address:
        yield address


@pytest.fixture
def open_estate(browser: Browser, estate_server: str) -> Iterator[Callable[..., Page]]:
    with opening(browser, estate_server) as open_:
        yield open_


def back(page: Page) -> None:
    """Go back to other choices: the page is loaded anew, and two steps at once would be one."""
    with page.expect_event("load"):
        page.evaluate("history.back()")


def until(page: Page, said: str) -> None:
    """Wait until an expression holds."""
    # as a function: a bare expression is evaluated anew at each look, which the policy of the page forbids
    page.wait_for_function(f"() => {said}")


def overflow(page: Page) -> int:
    """How far a page stands out of the screen sideways, pixels; nothing or less where it fits."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
