"""Names by what people type: an index of pairs of letters finds what is near, its likeness puts it in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from atlas.graph.lookup import LETTERS, NEAR, likeness

CANDIDATES: Final = 120
"""Keys that are compared letter by letter; the index leaves no more."""

_CODES: Final = 64
_PAIRS: Final = _CODES * _CODES
_LENGTH: Final = 0.2
"""What the rest of a long key counts against it."""

_WHOLE, _BEGINS, _BEGUN, _WORDS, _SPELT = 100.0, 92.0, 88.0, 84.0, 88.0
"""Likeness of what is called so, of what begins with these words or with a part of one, of what has words that begin
so, and of what has all of the words, spelt otherwise, as far as they are alike."""

_SHARE, _SHARE_OF_WORDS = 6.0, 8.0
"""What more the whole of a key counts than a small part."""

_MOST_WORDS: Final = 8
_WORD_NEAR: Final = 70.0
_WORD_BEGUN: Final = 0.95


@dataclass(frozen=True, slots=True)
class Hit:
    """A key that is near to what was typed.

    Parameters
    ----------
    key : int
        Its position.
    score : float
        0 to 100; 100 is called so.
    """

    key: int
    score: float


@dataclass(frozen=True, eq=False)
class TextIndex:
    """Keys by their pairs of letters; made by `make_index`.

    Parameters
    ----------
    keys : sequence of str
        What things are found by, as `web.names.plain` writes it.
    postings : numpy.ndarray of int
        Positions of the keys that have each pair of letters, one pair after the other.
    starts : numpy.ndarray of int, shape (4097,)
        Where those of each pair begin.
    weights : numpy.ndarray of float, shape (4096,)
        How much each pair tells: the rarer, the more.
    totals : numpy.ndarray of float, shape (n,)
        Weights of each key's pairs together.
    """

    keys: Sequence[str]
    postings: NDArray[np.int32]
    starts: NDArray[np.intp]
    weights: NDArray[np.float32]
    totals: NDArray[np.float32]

    def search(self, typed: str, limit: int, cutoff: float = NEAR) -> list[Hit]:
        """The keys nearest to what was typed, the nearest first.

        Parameters
        ----------
        typed : str
            As `web.names.plain` writes it.
        limit : int
            Most hits.
        cutoff : float
            Least likeness, 0 to 100.
        """
        typed = typed[:LETTERS]
        if not typed:
            return []
        hits = [Hit(key, found) for key in self._near(typed) if (found := score(typed, self.keys[key])) >= cutoff]
        return sorted(hits, key=lambda hit: (-hit.score, len(self.keys[hit.key]), hit.key))[:limit]

    def _near(self, typed: str) -> list[int]:
        pairs = _pairs_of(typed)
        shared = np.zeros(len(self.keys), dtype=np.float32)
        for pair in pairs:
            # no key stands twice in the list of one pair
            shared[self.postings[self.starts[pair] : self.starts[pair + 1]]] += self.weights[pair]
        among = np.flatnonzero(shared)
        near = shared[among] / (self.weights[list(pairs)].sum() + _LENGTH * self.totals[among])
        if len(among) > CANDIDATES:
            kept = np.argpartition(-near, CANDIDATES)[:CANDIDATES]
            among = among[kept]
        return [int(key) for key in among]


def score(typed: str, key: str) -> float:
    """Likeness of a key to what was typed so far, 0 to 100.

    Examples
    --------
    >>> score("lain", "lain"), score("lew", "lewisham") > score("lew", "newham"), score("zebra", "lewisham") < 60
    (100.0, True, True)
    """
    if typed == key:
        return _WHOLE
    share = min(len(typed) / max(len(key), 1), 1.0)
    if len(typed) > 1 and key.startswith(typed):
        return (_BEGINS if key[len(typed)] == " " else _BEGUN) + _SHARE * share
    words = tuple(dict.fromkeys(typed.split()))
    if len(typed) > 1 and _has_words(words, key):
        return _WORDS + _SHARE_OF_WORDS * share
    # a misspelt beginning, perhaps short of a letter, while the rest is still to be typed
    begun = 0.86 * max(fuzz.ratio(typed, key[: len(typed) + more]) for more in (0, 1)) if len(typed) > 3 else 0.0
    spelt = _words_alike(words, key) if key and 1 < len(words) <= _MOST_WORDS else 0.0
    return max(likeness(typed, key), begun, spelt and _SPELT * spelt + _SHARE * share)


def _has_words(words: Sequence[str], key: str) -> bool:
    spaced = f" {key}"
    return all(f" {word}" in spaced for word in words)


def _words_alike(words: Sequence[str], key: str) -> float:
    """How alike the nearest words of a key are to those typed, 0 to 1: 0 where one of them is like none."""
    among, alike, letters = key.split(), 0.0, 0
    for word in words:
        best = max(max(fuzz.ratio(word, one), _WORD_BEGUN * fuzz.ratio(word, one[: len(word)])) for one in among)
        if best < _WORD_NEAR:
            return 0.0
        alike, letters = alike + best * len(word), letters + len(word)
    return alike / (100 * letters)


def make_index(keys: Sequence[str]) -> TextIndex:
    """Index keys.

    Examples
    --------
    >>> index = make_index(["lewisham", "hammersmith and fulham", "newham"])
    >>> [index.keys[hit.key] for hit in index.search("lewsham", 1)]
    ['lewisham']
    """
    joined = "".join(f" {key} \n" for key in keys)
    letters = _coded(np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32))
    ends = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32) == ord("\n")
    owner = np.cumsum(ends) - ends
    is_pair = ~(ends[:-1] | ends[1:])
    pair = letters[:-1][is_pair] * _CODES + letters[1:][is_pair]
    both = np.unique(pair * len(keys) + owner[:-1][is_pair]) if len(keys) else np.empty(0, dtype=np.int64)
    pairs, postings = np.divmod(both, max(len(keys), 1))
    counts = np.bincount(pairs, minlength=_PAIRS)
    weights = np.log1p(max(len(keys), 1) / (1.0 + counts)).astype(np.float32)
    totals = np.bincount(postings, weights=weights[pairs], minlength=len(keys)).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    return TextIndex(tuple(keys), postings.astype(np.int32), starts, weights, totals)


def _coded(letters: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Letters as numbers below 64: of those that are neither a to z nor a figure several share one."""
    wide = letters.astype(np.int64)
    return np.select(
        [wide == ord(" "), (wide >= ord("a")) & (wide <= ord("z")), (wide >= ord("0")) & (wide <= ord("9"))],
        [0, wide - ord("a") + 1, wide - ord("0") + 27],
        37 + wide % 27,
    )


@lru_cache(maxsize=256)
def _pairs_of(typed: str) -> tuple[int, ...]:
    letters = _coded(np.frombuffer(f" {typed} ".encode("utf-32-le"), dtype=np.uint32))
    return tuple(sorted({*(letters[:-1] * _CODES + letters[1:]).tolist()}))
