from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import openpyxl
import pytest

from atlas.errors import DataError
from atlas.sources.registers.read import open_register

CSV = b"Name,UPRN\nTown Hall,100021234567\n"
POINT = {"type": "Point", "coordinates": [-0.02, 51.44]}
GEOJSON = json.dumps(
    {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"Name": "Hall"}, "geometry": POINT}]}
).encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Name", "UPRN"])
    book.active.append(["Town Hall", 100021234567])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.csv", CSV)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "form", "note"),
    [
        ("a.xlsx", CSV, "CSV", "The file is called .xlsx, but is a text table: it was read as what it is."),
        ("a.csv", workbook(), "Excel workbook", "The file is called .csv, but is an Excel workbook"),
        ("a.csv", archive(), "CSV", "The file is called .csv, but is a zip archive"),
        ("a.xls", gzip.compress(CSV, mtime=0), "CSV", "The file is called .xls, but is a compressed file"),
        ("a.csv", GEOJSON, "GeoJSON", "The file is called .csv, but is GeoJSON"),
    ],
)
def test_a_file_that_lies_about_its_type_is_read_as_what_it_is(
    tmp_path: Path, name: str, data: bytes, form: str, note: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    register = open_register(path)
    assert register.form.startswith(form)
    assert register.notes[0].startswith(note)
    assert register.sample.iloc[0, 0] in {"Town Hall", "Hall"}


@pytest.mark.parametrize("name", ["a.csv", "a", "a.2021", "a.data"])
def test_a_name_that_says_nothing_is_no_lie(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CSV)
    assert open_register(path).notes == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a picture"),
        (b"BM\x36\0\0\0\0\0", "a picture"),
        (b"MZ\x90\0\x03\0\0\0", "a program"),
        (b"\x7fELF\x02\x01\x01\0", "a program"),
        (b"#!/bin/sh\necho a,b\n", "a program"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
        (b"BZh91AY&SY\0\0", "a file compressed by bzip2"),
        (b"PAR1\x15\x04\x15", "a Parquet file"),
        (b"\0\x01\0\0Standard Jet DB\0", "an Access database"),
        (b"{\\rtf1\\ansi Name}", "a Rich Text document"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "a web page"),
        (b"\n <html><table><tr><td>Name</td></tr></table></html>", "a web page"),
        (b"<?xml version='1.0'?><kml/>", "an XML or HTML file"),
        (b'{"fields": [{"name": "UPRN"}]}', "a JSON file that is no GeoJSON"),
        (b'[{"Name": "Hall"}]', "a JSON file that is no GeoJSON"),
        ('{"fields": []}'.encode("utf-16"), "a JSON file that is no GeoJSON"),
        (bytes(range(256)) * 4, "a binary file"),
    ],
)
def test_what_is_nothing_that_is_read_is_refused_as_what_it_is(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        open_register(path)
    assert f"register.csv: {words}" in str(caught.value)


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    base = sqlite3.connect(path)
    base.execute("create table assets (name text)")
    base.commit()
    base.close()
    with pytest.raises(DataError, match="an SQLite database that is no GeoPackage"):
        open_register(path)


@pytest.mark.parametrize("first", ["BM Reference", "MZ code", "fgb", "BZh Name"])
def test_words_that_begin_as_a_picture_does_are_a_header_all_the_same(tmp_path: Path, first: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{first},UPRN\nA,100021234567\n", encoding="utf-8")
    assert open_register(path).columns == (first, "UPRN")
