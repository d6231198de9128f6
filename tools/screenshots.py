"""Pictures of the pages for the README and docs/design.md: `make screenshots` writes them to docs/images.

Each is under `MOST_BYTES`: colours are left out until it is.
"""

from __future__ import annotations

import base64
import shutil
import struct
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright
from scipy.spatial import cKDTree
from waitress.server import create_server

from atlas.estate import find_partner, load_estate, open_workspace_store
from atlas.estate_import import Request, import_register
from atlas.geo.estate.model import Viewer
from atlas.pipeline import load, load_inputs
from atlas.settings import Settings
from atlas.snapshot import Atlas
from web import create_app

ROOT: Final = Path(__file__).resolve().parents[1]
EXAMPLES: Final = ROOT / "data" / "examples"
REGISTERS: Final = {
    "lewisham-council": "lewisham_council_register.csv",
    "lewisham-and-greenwich": "lewisham_health_register.csv",
}
"""Partners of the README's tour, and their registers."""
FOLDER: Final = ROOT / "docs" / "images"
MOST_BYTES: Final = 150_000
COLOURS: Final = (256, 96, 48, 24)
"""Colours of a picture: the first number that makes it small enough."""
STEP: Final = 4
"""Colours nearer than this in each channel are one."""

PICTURES: Final = {
    "home-1280": ("/", 1280, 1240),
    "home-390": ("/", 390, 1100),
    "gap-area-1280": ("{gap}", 1280, 1100),
    "network-1280": ("/networks/lain", 1280, 900),
    "ics-1280": ("/icss/north-east-london", 1280, 900),
    "graph-1280": ("/graph?at=2022-07-01&node=network:lain", 1280, 1100),
    "what-if-1280": ("/scenarios", 1280, 760),
    "fault-1280": ("/graph/chains?from=nobody&to=Peabody", 1280, 520),
    "table-390": ("/networks", 390, 844),
    "journey-gaps-1280": ("/?in=E09000023", 1280, 900),
    "journey-gaps-390": ("/?in=E09000023", 390, 844),
    "journey-gap-390": ("{gap}", 390, 844),
    "journey-estate-1280": ("/estate?in=E09000023", 1280, 900),
    "journey-estate-390": ("/estate?in=E09000023", 390, 844),
    "journey-together-1280": ("/estate/opportunities", 1280, 900),
    "journey-export-1280": ("/graph/export", 1280, 900),
    "journey-export-390": ("/graph/export", 390, 844),
}
"""Name, address, width and height of each."""

READY: Final = (
    "html[data-map-ready]:not(:has(#graph-form)), html[data-graph-ready][data-map-ready], html:not(:has(#atlas_map))"
)
"""A page whose map is drawn, if it has one, and its graph likewise."""

PIXELS: Final = """async (source) => {
  const picture = await createImageBitmap(await (await fetch(source)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const bytes = context.getImageData(0, 0, picture.width, picture.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}"""
"""Reads a picture's pixels: the browser that took it can, and needs no library for it."""


def pixels(reader: Page, png: bytes) -> NDArray[np.uint8]:
    """Pixels of a picture, as an array of shape (height, width, 3)."""
    width, height = struct.unpack(">II", png[16:24])
    raw = base64.b64decode(reader.evaluate(PIXELS, "data:image/png;base64," + base64.b64encode(png).decode()))
    return np.frombuffer(raw, np.uint8).reshape(height, width, 4)[:, :, :3]


def quantise(picture: NDArray[np.uint8], colours: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Palette of the commonest colours, shape (n, 3), and each pixel's nearest one, shape (height, width)."""
    flat = picture.reshape(-1, 3) // STEP * STEP
    found, where, counts = np.unique(flat, axis=0, return_inverse=True, return_counts=True)
    palette = found[np.argsort(-counts, kind="stable")[:colours]]
    nearest = cKDTree(palette.astype(float)).query(found.astype(float))[1].astype(np.uint8)
    return np.minimum(palette + STEP // 2, 255).astype(np.uint8), nearest[where].reshape(picture.shape[:2])


def as_png(palette: NDArray[np.uint8], indices: NDArray[np.uint8]) -> bytes:
    """A picture with a palette as PNG."""
    height, width = indices.shape
    rows = b"".join(b"\0" + row.tobytes() for row in indices)
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": palette.tobytes(),
        b"IDAT": zlib.compress(rows, 9),
        b"IEND": b"",
    }
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts.items())
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def take(browser: Browser, address: str, width: int, height: int, path: Path) -> None:
    """Write a picture of the top of a page, once its map is drawn."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_selector(READY, state="attached")
    reader = browser.new_page()
    picture = pixels(reader, page.screenshot())
    for colours in COLOURS:
        path.write_bytes(as_png(*quantise(picture, colours)))
        if path.stat().st_size <= MOST_BYTES:
            break
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    page.close()
    reader.close()


def with_land(workspace: Path) -> Atlas:
    """The embedded atlas, with the two registers of the README's tour."""
    settings = Settings(workspace=workspace)
    inputs = load_inputs(settings)
    store = open_workspace_store(settings)
    try:
        for partner, file in REGISTERS.items():
            request = Request(EXAMPLES / file, find_partner(inputs.graph, partner))
            import_register(settings, store, request, inputs.areaset.boroughs)
        return load(settings, estate=load_estate(settings, Viewer.public(), store))
    finally:
        store.close()


def main() -> None:
    """Take every picture."""
    with TemporaryDirectory() as workspace:
        picture_all(with_land(Path(workspace)), Settings(workspace=Path(workspace)))


def picture_all(atlas: Atlas, settings: Settings) -> None:
    """Serve an atlas and take every picture of it."""
    server = create_server(create_app(settings, atlas), host="127.0.0.1", port=0)
    Thread(target=server.run, daemon=True).start()
    address = f"http://127.0.0.1:{server.effective_port}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (page, width, height) in PICTURES.items():
            path = page.format(gap=f"/gaps/{atlas.gap_areas[0].id}")
            take(browser, address + path, width, height, FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
