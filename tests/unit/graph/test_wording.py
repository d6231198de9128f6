from __future__ import annotations

import pytest

from atlas.graph.wording import period_words


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ((None, "2022-03", "ended"), "until March 2022"),
        (("2021", "2021", "ended"), "in 2021"),
        (("2021", None, "ended"), "from 2021, ended since"),
        (("2027", None, "planned"), "planned, from 2027"),
        ((None, None, "planned"), "planned"),
        ((None, None, "unknown"), "dates not known, nor whether still"),
        ((None, None, "active"), "start not known"),
    ],
    ids=str,
)
def test_periods_in_words(dates: tuple[str | None, str | None, str], words: str) -> None:
    assert period_words(*dates) == words
