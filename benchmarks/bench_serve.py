"""How many requests `atlas serve` answers, beside plain Flask that writes the same areas with `to_json`.

Both are served from this machine, London loaded, to 32 connections of wrk, which shares the cores with the server.
Rounds are interleaved and the best of each is kept, since other work comes and goes. Measured: requests a second, the
time within which half and 99 of 100 are answered, and the memory of the process. With ``--shared DIR``, the folder of
the official files, England's vector tiles too, from a server that holds London and England under two releases. Run:
``python benchmarks/bench_serve.py [--rounds 3] [--seconds 3] [--shared DIR]``. Needs wrk (``apt install wrk``).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import brotli
from flask import Flask, Response
from granian.constants import Interfaces
from granian.server import Server

from atlas import pipeline
from atlas.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 32
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
CODING = {"Accept-Encoding": "gzip, deflate, br, zstd"}
OURS = "from atlas.cli import main; main()"
PEER = "import runpy, sys; sys.argv[1:] = ['--peer']; runpy.run_path({path!r}, run_name='__main__')"
ENGLAND = ("lsoa11_england", "lsoa21_england", "districts", "icb22")
MIDLANDS = (52.5, -1.9)
"""Latitude and longitude of what is measured: no tile of England has more areas than those around."""

MOST_MB = {"London": 350, "England": 900}
LATE_MS = 50
EACH_ANOTHER = 'local n = 0\nrequest = function() n = n + 1 return wrk.format("GET", "{path}" .. n) end\n'
"""Has every request ask for another address, so that none is kept in front of Flask."""


@dataclass(frozen=True)
class Route:
    """What is asked for, and how many requests a second are to be answered; `each` asks for another address each."""

    name: str
    path: str
    least: float = 0.0
    is_held: bool = False
    each: bool = False


def peer() -> None:
    """Serve what most would write: Flask, the areas in memory, `to_json` in the view."""
    atlas = pipeline.load(Settings.from_environment())
    areas = atlas.inputs.areaset.areas[["name", "geometry"]].join(atlas.gaps.areas[["need_percentile"]]).to_crs(4326)
    app = Flask("peer")

    @app.get("/areas")
    def all_areas() -> Response:
        return Response(areas.to_json(), mimetype="application/geo+json")

    @app.get("/areas/100")
    def first_areas() -> Response:
        return Response(areas.head(100).to_json(), mimetype="application/geo+json")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    server = Server("peer", port=int(os.environ["ATLAS_PORT"]), interface=Interfaces.WSGI, blocking_threads=4)
    server.serve(target_loader=lambda _: app)


@contextmanager
def running(code: str, port: int, workspace: Path, *arguments: str) -> Iterator[int]:
    """Run a server until the block ends; gives the process whose memory counts."""
    environment = {**os.environ, "ATLAS_WORKSPACE": str(workspace), "ATLAS_PORT": str(port), "ATLAS_RATE": "0"}
    process = subprocess.Popen(  # noqa: S603 -- our own code
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, env=environment, cwd=ROOT, text=True
    )
    try:
        if arguments:
            assert process.stdout is not None
            print(process.stdout.readline().strip())
        else:
            wait_for(f"http://127.0.0.1:{port}/healthz")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_for(address: str) -> None:
    """Ask until there is an answer, and no fault."""
    while True:
        try:
            get(address)
        except OSError:
            time.sleep(0.05)
        else:
            return


def get(address: str) -> tuple[Message, bytes]:
    """Ask once."""
    with urlopen(Request(address, headers=CODING), timeout=60) as answer:  # noqa: S310 -- our own address
        return answer.headers, answer.read()


def wrk(base: str, route: Route, seconds: int, folder: Path) -> dict[str, float]:
    """Ask for one address again and again; faults are counted and never hidden."""
    headers = dict(CODING)
    path = route.path
    if route.is_held:
        headers["If-None-Match"] = get(base + path)[0]["ETag"]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency"]
    if route.each:
        script = folder / "each.lua"
        script.write_text(EACH_ANOTHER.format(path=path))
        command += ["-s", str(script)]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    said = subprocess.run([*command, base + path], capture_output=True, text=True, check=True).stdout  # noqa: S603
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    times = {mark: re.search(rf"{mark}%\s+([\d.]+)(us|ms|s|m)\b", said) for mark in ("50", "99")}
    found = {"per s": float(rate[1]) if rate else 0.0}
    found |= {f"p{mark} ms": float(time[1]) * UNITS_MS[time[2]] if time else 0.0 for mark, time in times.items()}
    faults = re.search(r"Non-2xx or 3xx responses: (\d+)", said), re.search(r"Socket errors: (.*)", said)
    if any(faults):
        print(f"  {route.name}: {' '.join(fault[0] for fault in faults if fault)}")
    return found


def memory_mb(pid: int) -> float:
    """Memory that a process and those it started hold, megabytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{pid}/status").read_text()
    own = re.search(r"VmRSS:\s+(\d+) kB", status)
    return (int(own[1]) / 1000 if own else 0.0) + sum(memory_mb(int(child)) for child in children)


def routes_of(base: str) -> list[Route]:
    """What is asked of ours; the map's addresses are those that its page names."""
    page = brotli.decompress(get(base + "/")[1]).decode()
    shapes, values = re.findall(r'<link rel="preload" as="fetch" href="([^"]+)"', page)
    return [
        Route("values, brotli", values.replace("&amp;", "&"), 8_000),
        Route("shapes, brotli", shapes),
        Route("304 of values", values.replace("&amp;", "&"), 10_000, is_held=True),
        Route("304 of a page", "/", 10_000, is_held=True),
        Route("home page", "/", 300),
        Route("list of gaps", "/api/v1/gaps?top=100", 1_500),
        Route("page, through Flask", "/gaps?n=", 300, each=True),
        Route("304, through Flask", "/gaps?n=", is_held=True, each=True),
    ]


def routes_of_england(base: str) -> list[Route]:
    """Tiles that a reader's map asks for, from all of England to a town."""
    for release in ("iod2019", "iod2025"):
        wait_for(f"{base}/england?release={release}")
    template = re.findall(r"/map/tiles/[0-9a-f]+/", brotli.decompress(get(f"{base}/england")[1]).decode())[0]
    latitude, longitude = MIDLANDS
    across = (longitude + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return [
        Route(
            f"tile of England, zoom {zoom}",
            f"{template}{zoom}/{int(across * 2**zoom)}/{int(down * 2**zoom)}.pbf",
            4_000,
        )
        for zoom in (6, 8, 10)
    ]


def prepared(workspace: Path, shared: Path | None) -> None:
    """Do what is done once for good, as `make run` does, and is no part of what is measured."""
    pulls = [] if shared is None else [["data", "pull", *names, "--from", str(shared)] for names in ((), ENGLAND)]
    environment = {**os.environ, "ATLAS_WORKSPACE": str(workspace)}
    for arguments in (*pulls, ["prepare"]):
        command = [sys.executable, "-c", OURS, *arguments]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 -- our own code


def measured(base: str, routes: list[Route], seconds: int, folder: Path, best: dict[str, dict[str, float]]) -> None:
    """Ask for every route once, and keep what is better than before."""
    for route in routes:
        found = wrk(base, route, seconds, folder)
        if found["per s"] > best.get(route.name, {"per s": 0.0})["per s"]:
            best[route.name] = found


def england(port: int, given: argparse.Namespace, best: dict[str, dict[str, float]]) -> tuple[list[Route], float]:
    """Measure England's tiles; gives what was asked, and the memory after it."""
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder, given.shared)
        with running(OURS, port, folder, "serve", "--no-pull") as process:
            routes = routes_of_england(base)
            for _ in range(given.rounds):
                measured(base, routes, given.seconds, folder, best)
            return routes, memory_mb(process)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--port", type=int, default=9_480, help="this port and the next two are used")
    parser.add_argument("--shared", type=Path, help="folder of the official files, to measure England too")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peer:
        peer()
        return
    if shutil.which("wrk") is None:
        raise SystemExit("needs wrk (Debian: apt install wrk)")
    ours, theirs = (f"http://127.0.0.1:{given.port + number}" for number in range(2))
    best: dict[str, Any] = {"atlas": {}, "Flask and to_json": {}}
    asked = [Route("all areas", "/areas"), Route("100 areas", "/areas/100")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder, None)
        with (
            running(OURS, given.port, folder, "serve", "--no-pull") as one,
            running(PEER.format(path=__file__), given.port + 1, folder) as other,
        ):
            routes = routes_of(ours)
            for _ in range(given.rounds):
                measured(ours, routes, given.seconds, folder, best["atlas"])
                measured(theirs, asked, given.seconds, folder, best["Flask and to_json"])
            memory = {"London": memory_mb(one), "Flask and to_json": memory_mb(other)}
    if given.shared is not None:
        tiles, memory["England"] = england(given.port + 2, given, best["atlas"])
        routes += tiles
    print(json.dumps({**best, "memory, MB": memory, "load": os.getloadavg()}, indent=1))
    broken = [route.name for route in routes if best["atlas"][route.name]["per s"] < route.least]
    late = [route.name for route in routes if best["atlas"][route.name]["p99 ms"] > LATE_MS]
    large = [name for name, most in MOST_MB.items() if memory.get(name, 0) > most]
    if broken or late or large:
        raise SystemExit(f"under the limit: {broken}; late: {late}; too large: {large}")


if __name__ == "__main__":
    main()
