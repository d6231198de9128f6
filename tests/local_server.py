"""A web server on this machine that answers as publishers of official data do, faults included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class PlainFile:
    """A file that may be asked for in part; the first `broken` answers break off after `break_at` bytes."""

    body: bytes
    etag: str | None = '"one"'
    broken: int = 0
    break_at: int = 0
    statuses: list[int] = field(default_factory=list)


@dataclass
class Layer:
    """A layer of an ArcGIS FeatureServer.

    `failures` are answered first, each once: a status, a JSON object, or bytes that are sent as if they were more.
    """

    rows: list[dict[str, Any]]
    limit: int = 2
    flag: str = "properties"
    key: str = "OBJECTID"
    claims: int | None = None
    ignores_offset: bool = False
    failures: list[int | dict[str, Any] | bytes] = field(default_factory=list)


@dataclass
class Request:
    """What was asked."""

    path: str
    headers: dict[str, str]
    question: dict[str, str]


@dataclass
class LocalServer:
    """What the server holds, and what it was asked."""

    address: str = ""
    files: dict[str, PlainFile] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def layer(self, name: str, layer: Layer) -> str:
        """Serve a layer; return its query address."""
        path = f"/rest/services/{name}/FeatureServer/0"
        self.layers[path] = layer
        return f"{self.address}{path}/query"

    def file(self, name: str, file: PlainFile) -> str:
        """Serve a file; return its address."""
        self.files[f"/media/{name}"] = file
        return f"{self.address}/media/{name}"


@contextmanager
def serving() -> Iterator[LocalServer]:
    """Serve on a free port until the end of the block."""
    world = LocalServer()

    class Handler(_Handler):
        holds = world

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    world.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    holds: LocalServer

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def _answer(self, question: dict[str, str]) -> None:
        path = urlsplit(self.path).path
        self.holds.requests.append(Request(path, dict(self.headers), question))
        layer = self.holds.layers.get(path.removesuffix("/query"))
        if path in self.holds.files:
            self._send_file(self.holds.files[path])
        elif layer is None:
            self.send_error(404)
        elif layer.failures:
            self._fail(layer.failures.pop(0))
        elif not path.endswith("/query"):
            self._send_json({"objectIdField": layer.key, "maxRecordCount": layer.limit})
        elif question.get("returnCountOnly") == "true":
            self._send_json({"count": len(layer.rows) if layer.claims is None else layer.claims})
        else:
            self._send_json(_page(layer, question))

    def _fail(self, failure: int | dict[str, Any] | bytes) -> None:
        if isinstance(failure, int):
            self.send_error(failure)
        elif isinstance(failure, dict):
            self._send_json(failure)
        else:
            self._send(200, failure, len(failure) + 100)
            self.close_connection = True

    def _send_file(self, file: PlainFile) -> None:
        if file.statuses:
            self.send_error(file.statuses.pop(0))
            return
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and self.headers.get("If-Range") == file.etag else 0
        if start > len(file.body):
            self.send_error(416)
            return
        body, headers = file.body[start:], {"ETag": file.etag} if file.etag else {}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(file.body) - 1}/{len(file.body)}"
        whole = len(body)
        if file.broken:
            file.broken -= 1
            body = body[: file.break_at]
        self._send(206 if start else 200, body, whole, headers)

    def _send_json(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self._send(200, body, len(body))

    def _send(self, status: int, body: bytes, length: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _page(layer: Layer, question: dict[str, str]) -> dict[str, Any]:
    start = 0 if layer.ignores_offset else int(question["resultOffset"])
    end = start + min(layer.limit, int(question["resultRecordCount"]))
    fields = question["outFields"].split(",")
    ordered = sorted(enumerate(layer.rows, 1), key=lambda row: row[0])
    features = []
    for number, row in ordered[start:end]:
        held = {layer.key: number, **{name: value for name, value in row.items() if name != "geometry"}}
        chosen = held if "*" in fields else {name: held[name] for name in fields}
        shape = row.get("geometry") if question["returnGeometry"] == "true" else None
        features.append({"type": "Feature", "id": number, "properties": chosen, "geometry": shape})
    page: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if end < len(layer.rows):
        page |= (
            {"exceededTransferLimit": True} if layer.flag == "top" else {"properties": {"exceededTransferLimit": True}}
        )
    return page


def square(x: float, y: float, side: float = 0.01) -> dict[str, Any]:
    """A GeoJSON square, in degrees."""
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}
