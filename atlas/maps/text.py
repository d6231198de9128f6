"""The one place that escapes: names are data, whatever they hold."""

from __future__ import annotations

import json
from html import escape
from typing import Any, Final

from atlas.errors import QueryError

_IN_SCRIPT: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def as_html(text: object) -> str:
    """Text to stand in HTML, between tags or inside a quoted attribute.

    Examples
    --------
    >>> as_html('<img src=x onerror="alert(1)">')
    '&lt;img src=x onerror=&quot;alert(1)&quot;&gt;'
    """
    return escape(str(text), quote=True)


def as_json(value: Any) -> str:
    r"""A value as JSON to stand inside a script: the same value to every reader, and no tag to HTML's.

    Raises
    ------
    ValueError
        If a number is not finite, which JSON cannot hold.

    Examples
    --------
    >>> as_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_IN_SCRIPT)


def as_block(code: str, tag: str) -> str:
    """Our own code or style sheet, to stand inside its tag.

    Raises
    ------
    QueryError
        If it would end the tag.

    Examples
    --------
    >>> as_block("let one = 1;", "script")
    'let one = 1;'
    """
    if f"</{tag}" in code.lower():
        raise QueryError(f"this text cannot stand inside <{tag}>: it ends the tag")
    return code
