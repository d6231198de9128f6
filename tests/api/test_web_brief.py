"""A gap area's brief as a PDF: one page, titled, tagged, made once; nothing is fetched for it."""

from __future__ import annotations

import builtins
import logging
import re
import zlib
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.snapshot import Atlas
from tests.toy import HOSTILE
from web import brief
from web.brief import MAP, made_pdf
from web.brief_map import brief_svg, window_of

ADDRESS = "/gaps/quarter-3-east/brief.pdf"


def unpacked(pdf: bytes) -> bytes:
    """A PDF with what its streams hold."""
    parts = [pdf]
    for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page, millimetres."""
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", unpacked(pdf))
    return [(round(float(width) * 25.4 / 72), round(float(height) * 25.4 / 72)) for width, height in boxes]


@pytest.fixture(scope="module")
def pdf(app: Flask) -> bytes:
    answer = app.test_client().get(ADDRESS)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="atlas-quarter-3-east-')
    return bytes(answer.data)


def test_it_is_a_tagged_pdf_with_a_language(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-1.7")
    found = unpacked(pdf)
    assert b"/MarkInfo" in found
    assert b"/Lang (en-GB)" in found
    assert re.search(rb"pdfuaid:part\W+1\b", found)


def test_it_has_the_title_of_the_area(pdf: bytes) -> None:
    found = unpacked(pdf)
    assert b"Quarter 3, East: brief of a gap area" in found
    assert page_sizes(pdf) == [(210, 297)]


def test_every_gap_area_of_london_has_one_page(london_app: Flask, london: Atlas) -> None:
    client = london_app.test_client()
    sizes = {area.id: page_sizes(client.get(f"/gaps/{area.id}/brief.pdf").data) for area in london.gap_areas}
    assert len(sizes) > 40
    assert {area: found for area, found in sizes.items() if found != [(210, 297)]} == {}


@pytest.mark.parametrize("answers", [2, 12, 60])
def test_a_brief_with_very_much_to_say_is_still_one_page(
    london_app: Flask, london: Atlas, monkeypatch: pytest.MonkeyPatch, answers: int
) -> None:
    whole = brief.pdf_context

    def more(*args: Any) -> dict[str, Any]:
        context = whole(*args)
        reason = context["reasons"][0]
        rows = [row | {"name": "Far and Away upon the Water " * 3} for row in context["neighbourhoods"]]
        return context | {"reasons": [reason] * answers, "neighbourhoods": rows * 3}

    monkeypatch.setattr(brief, "pdf_context", more)
    area = max(london.gap_areas, key=lambda area: len(area.lsoas))
    # another address, so that none that is kept is answered with
    answer = london_app.test_client().get(f"/gaps/{area.id}/brief.pdf", base_url=f"http://says-{answers}.test")
    assert page_sizes(answer.data) == [(210, 297)]


def test_it_is_made_once(client: FlaskClient, pdf: bytes) -> None:
    again = client.get(ADDRESS)
    assert again.data == pdf
    held = client.get(ADDRESS, headers={"If-None-Match": again.headers["ETag"]})
    assert held.status_code == 304
    other = client.get(ADDRESS + "?catchment=5000")
    assert other.status_code in {200, 404}
    assert other.data != pdf


def test_an_area_that_is_none_is_not_there(client: FlaskClient) -> None:
    answer = client.get("/gaps/quarter-3-eats/brief.pdf", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.get_json()["suggestions"] == ["quarter-3-east"]


def test_the_page_links_to_it(client: FlaskClient) -> None:
    assert f'href="{ADDRESS}"' in client.get("/gaps/quarter-3-east").text


def test_without_pango_the_way_out_is_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refusing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refusing)
    answer = app.test_client().get(ADDRESS + "?catchment=4500")
    assert answer.status_code == 503
    assert "libpango-1.0-0" in answer.text
    assert "Save as PDF" in answer.text


def test_nothing_is_fetched_whatever_the_page_says(caplog: pytest.LogCaptureFixture) -> None:
    page = (
        '<html lang="en"><head><title>t</title><link rel="stylesheet" href="http://example.org/a.css"></head><body>'
        f'<img src="{MAP}" alt="m"><img src="http://example.org/a.png" alt="a"><img src="file:///etc/hostname" alt="b">'
        "</body></html>"
    )
    with caplog.at_level(logging.ERROR, "weasyprint"):
        made = made_pdf(lambda _: page, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    assert made.startswith(b"%PDF")
    refused = [record.getMessage() for record in caplog.records if "is not fetched" in record.getMessage()]
    assert len(refused) == 3


def test_hostile_names_are_text_in_it(hostile_app: Flask) -> None:
    with hostile_app.app_context():
        answer = hostile_app.test_client().get(ADDRESS)
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert b"/JavaScript" not in answer.data


def test_the_drawing_shows_the_area_in_its_window(toy: Atlas) -> None:
    area = toy.gap_area("quarter-3-east")
    west, south, east, north = window_of(area)
    assert west < area.bounds[0] < area.bounds[2] < east
    assert south < area.bounds[1] < area.bounds[3] < north
    drawing = brief_svg(toy, area)
    assert drawing.startswith("<svg ")
    assert "<script" not in drawing
    assert " km</text>" in drawing
    assert drawing == brief_svg(toy, area)


def test_names_in_the_drawing_are_text(hostile_app: Flask) -> None:
    atlas = hostile_app.extensions["atlas"].library.default
    assert HOSTILE not in brief_svg(atlas, atlas.gap_areas[0])
