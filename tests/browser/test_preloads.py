"""What a page tells the browser to fetch early, its own scripts then ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import READY

OpenPage = Callable[..., Page]

PRELOADED = "[...document.querySelectorAll('link[rel=preload]')].map((link) => link.href)"


@pytest.mark.parametrize("path", ["/", "/graph", "/embed/map"])
def test_every_preload_is_used(open_page: OpenPage, path: str) -> None:
    page = open_page("/about")
    page.add_init_script(
        "globalThis.fetched = []; const { fetch } = globalThis;"
        "globalThis.fetch = (what, ...rest) => {"
        " fetched.push(new URL(what.url ?? what, location.href).href); return fetch(what, ...rest); };"
    )
    page.goto(page.url.removesuffix("/about") + path)
    page.wait_for_selector(READY, state="attached")
    preloaded = page.evaluate(PRELOADED)
    assert preloaded
    assert set(preloaded) <= set(page.evaluate("fetched"))
