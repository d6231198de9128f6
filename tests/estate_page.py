"""The page of the single map, and what stands on it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

VIEW = "/estate/view.json?bbox=-0.2,51.4,0.1,51.6"


WEST_HALF = "area=-0.125,51.498,-0.071,51.498,-0.071,51.522,-0.125,51.522"


def heading(page: str) -> str:
    """The sentence at the head of a page."""
    found = re.search(r"<h1>(.*?)</h1>", page, flags=re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]*>", "", found[1])).strip()


def state_of(page: str) -> dict[str, Any]:
    """What the map of a page follows."""
    found = re.search(r'id="estate-state">(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    state: dict[str, Any] = json.loads(found[1])
    return state


def table_rows(page: str) -> list[str]:
    """Names in the table of a page."""
    table = page.partition('class="on-page estate-table"')[2].partition("</table>")[0]
    return [unescape(re.sub(r"<[^>]*>", "", row)) for row in re.findall(r'<th scope="row">(.*?)</th>', table)]
