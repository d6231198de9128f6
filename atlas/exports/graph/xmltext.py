"""Text inside XML, so that a parser gives back the same characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_QUOTED: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_CHUNK: Final = 1 << 20


def text(value: str) -> str:
    r"""Escape what stands between tags; a parser would make a bare carriage return a line feed.

    Examples
    --------
    >>> text("Bart's & <b>\r")
    "Bart's &amp; &lt;b&gt;&#13;"
    """
    return value.translate(_TEXT)


def quoted(value: str) -> str:
    r"""Escape what stands in an attribute, and quote it; a parser would make bare line ends and tabs spaces.

    Examples
    --------
    >>> print(quoted('"a"\nb'))
    "&quot;a&quot;&#10;b"
    """
    return f'"{value.translate(_QUOTED)}"'


def chunks(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as UTF-8, about a mebibyte at a time."""
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > _CHUNK:
            yield "".join(held).encode()
            held.clear()
            size = 0
    yield "".join(held).encode()
