"""Our own static files: held in memory, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, request

from web.payloads import IMMUTABLE, REVALIDATE, Body, Payloads

_AT_ONCE: Final = b"//# allFunctionsCalledOnLoad\n"
"""Chromium compiles off the main thread then, not each function where it is first called; to others a comment."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file.

    Parameters
    ----------
    body : Body
        What is sent.
    tag : str
        Hash of its content.
    """

    body: Body
    tag: str


def make_asset(path: str, data: bytes) -> Asset:
    """What a file below /static holds, under its path there."""
    mimetype = mimetypes.guess_type(path)[0] or "application/octet-stream"
    textual = mimetype.startswith("text/") or mimetype in {"application/json", "application/javascript"}
    body = Body(data, f"{mimetype}; charset=utf-8" if textual else mimetype, is_lasting=True)
    return Asset(body, hashlib.sha256(data).hexdigest()[:12])


def read_assets(folder: Path) -> dict[str, Asset]:
    """Every file below a folder, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): make_asset(path.name, path.read_bytes()) for path in files}


def join_files(assets: Mapping[str, Asset], path: str, paths: Iterable[str]) -> bytes:
    """Scripts, or style sheets, one after the other; who reads a script is told to compile all of it at once."""
    joined = b"\n".join(assets[part].body.data for part in paths if part in assets)
    return _AT_ONCE + joined if path.endswith(".js") else joined


class Assets:
    """The static files of one application.

    Parameters
    ----------
    folder : Path
        Where they are.
    payloads : Payloads
        Where their bodies are kept.
    joined : mapping of str to sequence of str, optional
        Paths of files that are made by joining others, in order.
    below : str, optional
        Path of the public address that everything lies below.
    """

    def __init__(
        self, folder: Path, payloads: Payloads, joined: Mapping[str, Sequence[str]] | None = None, below: str = ""
    ) -> None:
        self._root = f"{below}/static"
        self._assets = read_assets(folder)
        for path, parts in (joined or {}).items():
            self._assets[path] = make_asset(path, join_files(self._assets, path, parts))
        self._payloads = payloads

    def url(self, path: str) -> str:
        """Address of a file, with its hash; without one where there is no such file.

        Examples
        --------
        >>> Assets(Path("no such folder"), Payloads()).url("css/atlas.css")
        '/static/css/atlas.css'
        """
        asset = self._assets.get(path)
        return f"{self._root}/{path}?v={asset.tag}" if asset else f"{self._root}/{path}"

    def respond(self, path: str) -> Response:
        """Answer with a file."""
        asset = self._assets.get(path)
        if asset is None:
            abort(404, f"There is no file {path!r} here.")
        cache = IMMUTABLE if request.args.get("v") == asset.tag else REVALIDATE
        return self._payloads.respond(request, ("static", path), lambda: asset.body, tag=asset.tag, cache=cache)

    def register(self, app: Flask) -> None:
        """Answer below /static."""
        app.add_url_rule("/static/<path:path>", "static", self.respond)
