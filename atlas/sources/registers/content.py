"""What a file is, told by what is in it and never by its name."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from atlas.sources.registers.limits import refused

HEAD_BYTES: Final = 1 << 16
"""How much of a file's beginning says what it is."""


class Kind(StrEnum):
    """What a file is, in the words that people are told."""

    TEXT = "a text table"
    GEOJSON = "GeoJSON"
    GEOPACKAGE = "a GeoPackage"
    SHAPEFILE = "a Shapefile"
    GZIP = "a compressed file"
    ZIP = "a zip archive"
    OLE = "an old Excel workbook"


ENDINGS: Final = {
    Kind.TEXT: (".csv", ".tsv", ".tab", ".txt", ".psv"),
    Kind.GEOJSON: (".geojson", ".json"),
    Kind.GEOPACKAGE: (".gpkg",),
    Kind.SHAPEFILE: (".shp",),
    Kind.GZIP: (".gz", ".gzip"),
    Kind.ZIP: (".zip",),
    Kind.OLE: (".xls",),
}
"""Endings that a file of each kind usually bears, the first the commonest."""

WHAT_IS_READ: Final = (
    "CSV or another text table, an Excel or OpenDocument spreadsheet, GeoPackage, GeoJSON or a zipped Shapefile"
)

_MAGIC: Final = (
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\x1f\x8b", Kind.GZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLE),
    (b"\x00\x00\x27\x0a", Kind.SHAPEFILE),
)
_SQLITE: Final = b"SQLite format 3\x00"
_NOT_READ: Final = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"BM", "a picture"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"#!", "a program"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a file compressed by bzip2"),
    (b"\xfd7zXZ", "a file compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "a file compressed by zstd"),
    (b"PAR1", "a Parquet file"),
    (b"fgb", "a FlatGeobuf file"),
    (b"\x00\x01\x00\x00Standard", "an Access database"),
)
_SHORT: Final = (b"BM", b"MZ", b"fgb", b"#!", b"BZh")
_JSON: Final = re.compile(r'\s*(\{\s*("|\})|\[\s*(\{|\]|\[|"|-?\d))')
_GEOJSON: Final = re.compile(
    rb'"type"\s*:\s*"(FeatureCollection|Feature|GeometryCollection|(Multi)?(Point|LineString|Polygon))"'
)
_MARKUP: Final = re.compile(r"\s*<(!doctype|\?xml|!--|[a-z]+[:\s>])", re.IGNORECASE)
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKED: Final = dict(zip(_MARKS, ("utf-8", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"), strict=True))
_MOSTLY: Final = 0.4


def byte_order(head: bytes) -> tuple[str, int] | None:
    r"""Encoding that a byte-order mark or the pattern of NULs gives away, and the length of the mark.

    Examples
    --------
    >>> byte_order(b"\xff\xfea\x00"), byte_order("name,area".encode("utf-16-be")), byte_order(b"name")
    (('utf-16-le', 2), ('utf-16-be', 0), None)
    """
    for mark in _MARKS:
        if head.startswith(mark):
            return _MARKED[mark], len(mark)
    sample = head[: min(4096, len(head) - len(head) % 4)]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    nulls = [sample[place::4].count(0) / len(sample[place::4]) for place in range(4)]
    even, odd = (nulls[0] + nulls[2]) / 2, (nulls[1] + nulls[3]) / 2
    shapes = {
        "utf-32-le": min(nulls[1:]) > 2 * _MOSTLY and nulls[0] < _MOSTLY,
        "utf-32-be": min(nulls[:3]) > 2 * _MOSTLY and nulls[3] < _MOSTLY,
        "utf-16-le": odd > _MOSTLY and even < odd / 10,
        "utf-16-be": even > _MOSTLY and odd < even / 10,
    }
    return next(((encoding, 0) for encoding, fits in shapes.items() if fits), None)


def kind_of(head: bytes, tail: bytes, file: str) -> Kind:
    r"""Tell what a file is.

    Parameters
    ----------
    head, tail : bytes
        Its first and its last `HEAD_BYTES`.
    file : str
        Its name, for faults.

    Returns
    -------
    Kind

    Raises
    ------
    DataError
        If it is nothing that Atlas reads; says what it is.

    Examples
    --------
    >>> kind_of(b"Name,UPRN\nTown Hall,100021\n", b"", "register.xlsx")
    <Kind.TEXT: 'a text table'>
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_SQLITE):
        if b"gpkg_contents" in head or head[68:72] in {b"GPKG", b"GP10", b"GP11"}:
            return Kind.GEOPACKAGE
        raise refused(file, "an SQLite database that is no GeoPackage", WHAT_IS_READ)
    order = byte_order(head)
    for magic, what in _NOT_READ:
        if head.startswith(magic) and (magic not in _SHORT or (order is None and _is_binary(head))):
            raise refused(file, what, WHAT_IS_READ)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        raise refused(file, "a picture", WHAT_IS_READ)
    if order is None and b"\0" in head:
        raise refused(file, "a binary file, or text with NUL characters in it", WHAT_IS_READ)
    return _kind_of_text(head, tail, order, file)


def _is_binary(head: bytes) -> bool:
    controls = sum(head[:1024].count(bytes([code])) for code in range(32) if code not in {9, 10, 12, 13})
    return controls > 0 or head.startswith(b"#!")


def _kind_of_text(head: bytes, tail: bytes, order: tuple[str, int] | None, file: str) -> Kind:
    encoding, mark = order or ("latin-1", 0)
    text = head[mark:].decode(encoding, "replace")
    if _MARKUP.match(text):
        is_page = re.search(r"<(html|!doctype html|body)", text[:4096], re.IGNORECASE) is not None
        what = "a web page" if is_page else "an XML or HTML file"
        raise refused(file, what, f"{WHAT_IS_READ}; open it in a spreadsheet and save it as .xlsx or CSV")
    if _JSON.match(text):
        narrow = (head + tail).replace(b"\0", b"")
        if _GEOJSON.search(narrow):
            return Kind.GEOJSON
        raise refused(file, "a JSON file that is no GeoJSON", WHAT_IS_READ)
    return Kind.TEXT


def lie(file: str, kind: Kind | str, endings: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence where a file's ending is another kind's.

    Examples
    --------
    >>> lie("register.xlsx", Kind.TEXT, (".csv",))
    ('The file is called .xlsx, but is a text table: it was read as what it is.',)
    >>> lie("register.csv", Kind.TEXT, (".csv",))
    ()
    """
    ending = PurePath(file).suffix.lower()
    known = {known for group in ENDINGS.values() for known in group} | _OTHER_ENDINGS
    if ending in endings or ending not in known:
        return ()
    return (f"The file is called {ending}, but is {kind}: it was read as what it is.",)


_OTHER_ENDINGS: Final = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods", ".pdf", ".html", ".htm", ".xml", ".doc", ".docx"})
