"""How fast the map of England shows, beside the same areas by plain Folium.

Both are served from this machine by the same server and opened by headless Chromium with an empty cache, all assets
counted. Measured: first contentful paint; the mark `map-ready` (every tile in view drawn; for Folium, the first frame
after every polygon has been added); bytes over the wire; the heap; the time of a frame while the map is dragged; and
for ours another measure chosen: bytes, and seconds until it is shown. `--full` gives both twelve times the vertices,
as full detail would. Run: ``python benchmarks/bench_england.py --shared DIR [--runs 5] [--full] [--no-folium]``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import shapely
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from atlas import pipeline
from atlas.maps.england import DECILE_COLOURS
from atlas.settings import Settings
from atlas.sources.areas import read_shapes
from atlas.sources.catalogue import official_path, read_catalogue
from atlas.sources.download import pull
from atlas.sources.england import SHAPES, make_england, missing_for
from atlas.vocabulary import Release
from web import create_app
from web.england import EXTENSION, prepare

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.bench_page import FLAGS, SETTLE_MS, folium_fill, folium_html, folium_map, peer_app, serving

LIMITS = {"first paint, s": 0.25, "ready, s": 0.9, "kB": 2000, "heap, MB": 45, "frame, ms": 17}
FULL = {"first paint, s": 0.35, "ready, s": 1.6, "kB": 3000, "heap, MB": 110}
CHANGE = {"change, kB": 150, "change, s": 0.3}
ASKED = ("iod2025", "lsoa21_england", "lsoa21_london", "lsoa21_lookup", "icb22")
FINER = 12


def finer(areas: gpd.GeoSeries) -> gpd.GeoSeries:
    """The same areas with `FINER` times the vertices: each side bent, alike for both its neighbours."""
    shapes = np.asarray(areas)
    parts, at = shapely.get_rings(shapely.get_parts(shapes)), shapely.get_parts(shapes, return_index=True)[1]
    rings = []
    for ring in parts:
        ends = shapely.get_coordinates(ring)
        start, end = ends[:-1], ends[1:]
        # from whichever end comes first, so that it is the same line from both sides
        turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
        one, two = np.where(turned[:, None], end, start), np.where(turned[:, None], start, end)
        share = np.arange(FINER) / FINER
        across = np.column_stack([one[:, 1] - two[:, 1], two[:, 0] - one[:, 0]])
        wave = 0.04 * np.sin(np.pi * share) * np.sin(7 * np.pi * share)
        points = one[:, None] + share[None, :, None] * (two - one)[:, None] + wave[None, :, None] * across[:, None]
        back = two[:, None] + share[None, :, None] * (one - two)[:, None]
        back = (
            back
            + (0.04 * np.sin(np.pi * (1 - share)) * np.sin(7 * np.pi * (1 - share)))[None, :, None] * across[:, None]
        )
        rings.append(np.where(turned[:, None, None], back, points).reshape(-1, 2))
    made = [shapely.Polygon(ring) for ring in rings]
    grouped: dict[int, list[shapely.Polygon]] = {}
    for place, polygon in zip(
        np.repeat(at, shapely.get_num_interior_rings(shapely.get_parts(shapes)) + 1), made, strict=True
    ):
        grouped.setdefault(int(place), []).append(polygon)
    return gpd.GeoSeries(
        [shapely.MultiPolygon(grouped[place]) for place in range(len(shapes))], areas.index, crs=areas.crs
    )


def make_workspace(shared: Path, folder: Path, *, full: bool) -> Settings:
    """Official files of 2025, and the tiles; kept in `folder` for the next run."""
    settings = Settings(workspace=folder)
    if missing_for(folder, Release.IOD2025):
        pull([entry for entry in read_catalogue() if entry.name in ASKED], folder, from_folder=shared)
        if full:
            path = official_path(folder, SHAPES[2021])
            held = gpd.read_parquet(path)
            held.set_geometry(finer(held.geometry)).to_parquet(path)
            begun = time.perf_counter()
            make_england(folder, 2021)
            print(f"tiles made in {time.perf_counter() - begun:.0f} s")
    return settings


def plain_folium(settings: Settings, app: Flask) -> str:
    """The same areas and colours as plain Folium writes them, its assets from our own origin."""
    england = app.extensions[EXTENSION].under(Release.IOD2025)
    shapes = read_shapes(official_path(settings.workspace, SHAPES[2021]), "lsoa").frame
    deciles = england.need.deciles["overall"]
    areas = shapes[["geometry"]].assign(
        name=england.need.names["name"], decile=deciles, colour=[DECILE_COLOURS[decile - 1] for decile in deciles]
    )
    page = folium_map([52.8, -2.0], 6)
    tooltip = folium.GeoJsonTooltip(["name", "decile"])
    folium.GeoJson(areas.to_crs(4326).to_json(), style_function=folium_fill, tooltip=tooltip).add_to(page)
    return folium_html(page, f"globalThis.shown = {{ map: {page.get_name()} }};")


def frame_ms(page: Page) -> float:
    """The 95th hundredth of the times between frames while the map is dragged."""
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], 700) / 2
    page.evaluate(
        """() => {
          globalThis.frames_ = [];
          let last = performance.now();
          const next = (now) => { frames_.push(now - last); last = now; requestAnimationFrame(next); };
          requestAnimationFrame(next);
        }"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x + 4 * step, y + 2 * step)
        page.wait_for_timeout(12)
    page.mouse.up()
    page.wait_for_timeout(200)
    return float(np.percentile(page.evaluate("frames_"), 95))


def visit(browser: Browser, address: str, *, change: bool) -> dict[str, float]:
    """Open a page once, with nothing cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.wait_for_timeout(SETTLE_MS)
    page.goto(address, timeout=180_000)
    page.wait_for_timeout(SETTLE_MS)
    page.wait_for_selector('html[data-map-ready="1"]', state="attached", timeout=180_000)
    times = page.evaluate(
        """Object.fromEntries(["first-contentful-paint", "map-ready"].map(
             name => [name, performance.getEntriesByName(name)[0]?.startTime ?? NaN]))"""
    )
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    found = {
        "first paint, s": times["first-contentful-paint"] / 1000,
        "ready, s": times["map-ready"] / 1000,
        "kB": sum(received) / 1000,
        "main thread, s": metrics["ThreadTime"],
        "heap, MB": page.evaluate("performance.memory.usedJSHeapSize") / 1e6,
        "frame, ms": frame_ms(page),
    }
    if change:
        received.clear()
        took = page.evaluate(
            """async () => {
              const { domain } = document.getElementById("england-choices").elements;
              const begun = performance.now();
              domain.value = "crime";
              domain.dispatchEvent(new Event("change", { bubbles: true }));
              while (!performance.getEntriesByName("values-shown").length) await new Promise(requestAnimationFrame);
              await new Promise(requestAnimationFrame);
              return performance.now() - begun;
            }"""
        )
        page.wait_for_timeout(300)
        found |= {"change, s": took / 1000, "change, kB": sum(received) / 1000}
    context.close()
    return found


def measure(browser: Browser, address: str, runs: int, *, change: bool = False) -> dict[str, dict[str, float]]:
    """Median and best over several runs; a first one warms the server's own cache and is left out."""
    found = [visit(browser, address, change=change) for _ in range(runs + 1)][1:]
    return {
        "median": {name: round(statistics.median(run[name] for run in found), 3) for name in found[0]},
        "best": {name: round(min(run[name] for run in found), 3) for name in found[0]},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder of the official files")
    parser.add_argument("--workspace", type=Path, help="where to keep the tiles for the next run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--no-folium", action="store_true")
    arguments = parser.parse_args()
    with ExitStack() as ending:
        folder = arguments.workspace or Path(ending.enter_context(tempfile.TemporaryDirectory()))
        settings = make_workspace(arguments.shared, folder, full=arguments.full)
        ours = create_app(settings, pipeline.load(settings))
        prepare(ours, [Release.IOD2025])
        here = ending.enter_context(serving(ours))
        browser = ending.enter_context(sync_playwright()).chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        measured = {
            "load": os.getloadavg()[0],
            "atlas": measure(browser, f"{here}/england", arguments.runs, change=True),
        }
        print(json.dumps(measured, indent=1), flush=True)
        if not arguments.no_folium:
            there = ending.enter_context(serving(peer_app(plain_folium(settings, ours), ours)))
            measured["folium"] = measure(browser, there, min(arguments.runs, 2))
        browser.close()
    print(json.dumps(measured, indent=1))
    limits = (FULL if arguments.full else LIMITS) | CHANGE
    over = {name: limit for name, limit in limits.items() if measured["atlas"]["median"][name] > limit}
    print(f"over the limit: {over}" if over else "all within the limits")


if __name__ == "__main__":
    main()
