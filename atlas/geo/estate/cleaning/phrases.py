"""Phrases of a lexicon, found among the words of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

Member = TypeVar("Member", bound=StrEnum)
Words = tuple[str, ...]
Part = tuple[int, int, Member]

_WORD: Final = re.compile(r"[a-z0-9]+")
_APOSTROPHES: Final = str.maketrans({"'": " ", "\N{RIGHT SINGLE QUOTATION MARK}": " ", "&": " and ", "é": "e"})


class Lexicon(dict[Words, Member]):
    """Phrases by their words, with how many words the longest that begins with a word has.

    Parameters
    ----------
    table : mapping of member to phrases
        As in `atlas.geo.estate.cleaning.lexicon`.
    """

    def __init__(self, table: Mapping[Member, Iterable[str]]) -> None:
        super().__init__()
        self.longest: dict[str, int] = {}
        for member, phrases in table.items():
            for phrase in phrases:
                for form in (phrase, f"{phrase}s"):
                    words = words_of(form)
                    self.setdefault(words, member)
                    self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))

    def whole(self, words: Words) -> Member | None:
        """What all the words together mean."""
        return self.get(words)

    def parts(self, words: Words) -> list[Part[Member]]:
        """Phrases found from left to right, none within another: first word, how many, and what it means."""
        found = []
        at = 0
        while at < len(words):
            size = min(self.longest.get(words[at], 0), len(words) - at)
            while size and words[at : at + size] not in self:
                size -= 1
            if size:
                found.append((at, size, self[words[at : at + size]]))
            at += size or 1
        return found


def words_of(text: str) -> Words:
    """Words of a text, in lower case.

    Examples
    --------
    >>> words_of("Land & buildings "), words_of("Women's Refuge")
    (('land', 'and', 'buildings'), ('women', 's', 'refuge'))
    """
    return tuple(_WORD.findall(text.lower().translate(_APOSTROPHES)))
