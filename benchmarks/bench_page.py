"""How fast the first page shows, beside the same map by plain Folium.

Both are served from this machine by the same server, with the same compression, and opened by headless Chromium with an
empty cache. Measured: first contentful paint; the map's own mark `map-ready` (for Folium, the first frame after every
polygon has been added); bytes over the wire. A page of one line says what of that is the browser's own.
Run: ``python benchmarks/bench_page.py [--runs 5]``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any

import folium
import geopandas as gpd
from flask import Flask, Response, request
from playwright.sync_api import Browser, sync_playwright

from atlas import pipeline
from atlas.maps.style import PALETTE
from atlas.settings import Settings
from atlas.snapshot import Atlas
from web import create_app, serve, server
from web.payloads import Body, Payloads

LIMITS = {"FCP, s": 0.2, "map ready, s": 0.4, "kB": 450.0, "heap, MB": 20.0}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ONE_LINE = """<!doctype html><html lang="en"><title>One line</title><p>One line.</p>
<script>performance.mark("map-ready"); document.documentElement.dataset.mapReady = "1"</script></html>"""
SETTLE_MS = 1_500
ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application as `atlas serve` does, in a process of its own; gives its address."""
    with serve.listen("127.0.0.1", 0) as listener:
        child = get_context("fork").Process(target=answer, args=(app, listener), daemon=True)
        child.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            child.terminate()
            child.join()


def answer(app: Flask, listener: socket.socket) -> None:
    """Answer until the process is ended."""
    with server.serving(listener, serve.bounds_of(Settings())) as at_work:
        at_work.open(app)
        Event().wait()


def folium_map(location: list[float], zoom: int) -> folium.Map:
    """An empty map of plain Folium, its assets from our own origin."""
    page = folium.Map(location, zoom_start=zoom, tiles=None, prefer_canvas=True)
    page.default_js = [("leaflet", "/static/vendor/leaflet/leaflet.js")]
    page.default_css = [("leaflet_css", "/static/vendor/leaflet/leaflet.css")]
    return page


def folium_fill(feature: dict[str, Any]) -> dict[str, Any]:
    """How it fills an area that has a colour."""
    return {"fillColor": feature["properties"]["colour"], "fillOpacity": 1, "color": "white", "weight": 0.3}


def folium_html(page: folium.Map, before: str = "") -> str:
    """Its page, which marks the first frame after everything has been added; `before` is a script that runs first."""
    html = str(page.get_root().render())
    ready = 'requestAnimationFrame(() => setTimeout(() => {performance.mark("map-ready");'
    ready += 'document.documentElement.dataset.mapReady = "1"}))'
    return html.replace("</html>", f"<script>{before}{ready}</script></html>")


def plain_folium(atlas: Atlas) -> str:
    """The same areas, classes and outlines as plain Folium writes them, its assets from our own origin."""
    areas = atlas.inputs.areaset.areas[["name", "geometry"]].assign(
        colour=[PALETTE[number] for number in atlas.gaps.areas["bivariate_class"]],
        need=atlas.gaps.areas["need_percentile"].round(),
    )
    gaps = gpd.GeoDataFrame(geometry=atlas.inputs.areaset.areas.geometry[atlas.gaps.areas["cluster"] > 0])
    page = folium_map([51.49, -0.09], 10)
    tooltip = folium.GeoJsonTooltip(["name", "need"])
    folium.GeoJson(areas.to_crs(4326).to_json(), style_function=folium_fill, tooltip=tooltip).add_to(page)
    folium.GeoJson(gaps.to_crs(4326).to_json(), style_function=lambda _: {"color": "black", "fill": False}).add_to(page)
    return folium_html(page)


def peer_app(html: str, ours: Flask) -> Flask:
    """A page and our vendored Leaflet, compressed as ours are."""
    app, payloads, body = Flask("peer", static_folder=None), Payloads(), Body(html.encode(), "text/html")

    @app.get("/")
    def page() -> Response:
        return payloads.respond(request, "page", lambda: body, tag="page")

    app.add_url_rule("/static/<path:path>", "static_files", ours.view_functions["static"])
    app.extensions.update(ours.extensions)
    return app


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Open a page once, with nothing cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    # A new window's own parts (address bar, popups) are scripts in processes of their own: they are let come to rest.
    page.wait_for_timeout(SETTLE_MS)
    page.goto(address)
    # To look takes time of the page's own thread: not while it draws.
    page.wait_for_timeout(SETTLE_MS)
    page.wait_for_selector('html[data-map-ready="1"]', state="attached", timeout=60_000)
    times = page.evaluate(
        """Object.fromEntries(["first-contentful-paint", "map-ready"].map(
             name => [name, performance.getEntriesByName(name)[0]?.startTime ?? NaN]))"""
    )
    heap = page.evaluate("performance.memory.usedJSHeapSize")
    context.close()
    return {
        "FCP, s": times["first-contentful-paint"] / 1000,
        "map ready, s": times["map-ready"] / 1000,
        "kB": sum(received) / 1000,
        "requests": len(received),
        "heap, MB": heap / 1e6,
    }


def measure(browser: Browser, address: str, runs: int) -> dict[str, float]:
    """Medians over several runs; a first one warms the server's own cache and is left out."""
    found = [visit(browser, address) for _ in range(runs + 1)][1:]
    return {name: round(statistics.median(run[name] for run in found), 3) for name in found[0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--partnerships", type=Path, help="folder of partnership tables")
    arguments = parser.parse_args()
    settings = Settings(partnerships=arguments.partnerships) if arguments.partnerships else Settings()
    atlas = pipeline.load(settings)
    ours = create_app(settings, atlas)
    with (
        serving(ours) as here,
        serving(peer_app(plain_folium(atlas), ours)) as there,
        serving(peer_app(ONE_LINE, ours)) as nothing,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        addresses = {"atlas": here, "folium": there, "one line": nothing}
        measured = {name: measure(browser, address, arguments.runs) for name, address in addresses.items()}
        browser.close()
    ratio = {name: round(measured["folium"][name] / value, 2) for name, value in measured["atlas"].items()}
    print(json.dumps({**measured, "folium / atlas": ratio}, indent=1))
    broken = {name: limit for name, limit in LIMITS.items() if measured["atlas"][name] > limit}
    if broken:
        raise SystemExit(f"over the limit: {broken}")


if __name__ == "__main__":
    main()
