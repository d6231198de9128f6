"""Words that stand in many places."""

from __future__ import annotations

import re
from pathlib import Path

from atlas.vocabulary import label
from atlas.vocabulary.estate import AVAILABLE, NOT_IN_USE


def test_what_is_not_in_use_is_said_in_the_words_of_its_statuses() -> None:
    assert NOT_IN_USE == "vacant, surplus or subject to disposal"
    assert [one.lower() for one in map(label, AVAILABLE)] == re.split(", | or ", NOT_IN_USE)


def test_no_page_spells_them_itself(checkout: Path) -> None:
    pages = [*(checkout / "web" / "templates").rglob("*.html"), *(checkout / "web" / "static" / "js").glob("*.js")]
    assert [page.name for page in pages if NOT_IN_USE in page.read_text(encoding="utf-8")] == []
