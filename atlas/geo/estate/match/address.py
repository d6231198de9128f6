"""Names and addresses as words, street numbers and units, so that many can be compared at once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import cpu_count
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from atlas.geo.estate.match.lexicon import BESIDE, COMMON, LEFT_OUT, ORDINALS, SHORT, TYPES, UNITS
from atlas.geo.estate.match.pairs import Flags, Ints, distinct

NUMBERS: Final = 3
"""Street numbers that are told apart in one address; where there are more, the lowest to the highest stand for them."""

_NUMBER: Final = re.compile(r"(\d{1,6})([a-z]?)(?:-(\d{1,6})[a-z]?)?")
_ORDINAL: Final = re.compile(r"(\d{1,3})(?:st|nd|rd|th)")
_POSTCODE: Final = re.compile(r"[a-z]{1,2}\d[a-z\d]?(?:\d[a-z]{2})?|\d[a-z]{2}")
_CHUNK: Final = 25_000
_KEPT: Final = b"abcdefghijklmnopqrstuvwxyz0123456789&-'"
_PLAIN: Final = bytes(byte if byte in _KEPT else ord(" ") for byte in bytes(range(256)).lower())
"""Each byte as it is compared: small letters, numbers, hyphens, ampersands and apostrophes; a space for any other."""

_WORD, _TYPE, _UNIT, _NUM, _FLOOR, _LETTER, _OUT, _BESIDE, _DASH, _OUTWARD = range(10)
_FORMS: Final = {form: short for table in (SHORT, TYPES) for short, forms in table.items() for form in forms.split()}
_FLOORS: Final = 1_000_000
_NONE: Final = (-1, -1, 0)
_ANY: Final = 1_000_000
"""More than any street number."""

Token = tuple[int, str, tuple[int, int, int]]


@dataclass(frozen=True, eq=False)
class Addresses:
    """What the names and addresses of n assets say.

    Parameters
    ----------
    text : numpy.ndarray of int, shape (n,)
        Number of the words' text in `texts`.
    texts : numpy.ndarray of object
        Words in their short forms, sorted, each once: without numbers, types of street and words that tell nothing.
    told, tellings : numpy.ndarray of int, numpy.ndarray of object
        The same with the words in the order in which they stand.
    low, high, letter : numpy.ndarray of int, shape (n, NUMBERS)
        Street numbers, -1 where there are no more: from, to, and the letter (0 for none).
    units : numpy.ndarray of int, shape (n,)
        Sum of the hashed numbers of flats, units and floors; 0 for none.
    loose : numpy.ndarray of int, shape (n,)
        The same of units and street numbers together, for addresses that do not say which is which.
    types : numpy.ndarray of int, shape (n,)
        Bits of the types of street named.
    is_beside : numpy.ndarray of bool, shape (n,)
        Whether it is behind or beside what the address names.
    word_row, word : numpy.ndarray of int
        Row and code of every word of `texts` that tells places apart, for finding rows that share one.
    """

    text: Ints
    texts: NDArray[np.object_]
    told: Ints
    tellings: NDArray[np.object_]
    low: Ints
    high: Ints
    letter: Ints
    units: Ints
    loose: Ints
    types: Ints
    is_beside: Flags
    word_row: Ints
    word: Ints

    @cached_property
    def has_number(self) -> Flags:
        """Whether each has a street number."""
        return np.asarray(self.low[:, 0] >= 0)

    @cached_property
    def first(self) -> Ints:
        """The only street number of each with its range and letter in one; -1 for none, -2 for several."""
        packed = (self.low[:, 0] * 1_048_576 + self.high[:, 0]) * 32 + self.letter[:, 0]
        return np.where(self.low[:, 1] >= 0, -2, np.where(self.has_number, packed, -1))

    @cached_property
    def span(self) -> tuple[Ints, Ints]:
        """Lowest and highest street number of each; all numbers where it has none."""
        return np.where(self.has_number, self.low[:, 0], 0), np.where(self.has_number, self.high.max(axis=1), _ANY)

    @cached_property
    def words_in(self) -> Ints:
        """How many words each of `texts` has."""
        spaces = pc.count_substring(pa.array(self.texts, pa.string()), " ").to_numpy()
        return np.asarray(np.where(self.texts == "", 0, spaces + 1), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Vocabulary:
    """What each distinct token is."""

    kind: NDArray[np.int8]
    word: Ints
    words: pa.StringArray
    is_common: Flags
    low: Ints
    high: Ints
    letter: Ints
    bit: Ints


def read_addresses(assets: pd.DataFrame) -> Addresses:
    """Take names and addresses apart.

    Parameters
    ----------
    assets : pandas.DataFrame
        `name`, `number`, `street`.

    Returns
    -------
    Addresses

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Flat 2"], "number": ["12-14"], "street": ["High Street, SE6 4RU"]})
    >>> told = read_addresses(frame)
    >>> told.texts[told.text].tolist(), told.low[0, 0].tolist(), told.high[0, 0].tolist(), bool(told.units[0])
    (['high'], 12, 14, True)
    """
    n = len(assets)
    code, row, distinct_tokens = _tokens(assets)
    known = _vocabulary(distinct_tokens)
    kind, low, high = known.kind[code], known.low[code], known.high[code]
    # "9TH" is a floor, and the end of a postcode too
    kind[1:][(kind[:-1] == _OUTWARD) & (kind[1:] == _FLOOR) & (row[1:] == row[:-1])] = _OUT
    _join_ranges(row, kind, low, high)
    before = np.zeros(len(code), dtype=bool)
    before[1:] = (kind[:-1] == _UNIT) & (row[1:] == row[:-1])
    is_unit = ((kind == _NUM) | (kind == _LETTER)) & before | (kind == _FLOOR)
    is_number = (kind == _NUM) & ~is_unit
    names_unit = np.zeros(len(code), dtype=bool)
    names_unit[:-1] = is_unit[1:] & (kind[:-1] == _UNIT)
    names_unit[1:] |= (kind[1:] == _UNIT) & (kind[:-1] == _FLOOR)
    is_word = ((kind == _WORD) | (kind == _UNIT)) & ~names_unit | ((kind == _LETTER) & ~is_unit)
    either = np.flatnonzero(is_unit | is_number)
    number_row, number_low, number_high, letter = row[either], low[either], high[either], known.letter[code[either]]
    packed = (number_low * 32 + letter) * 1_048_576 + np.maximum(number_high, 0) % 1_048_576
    of_unit, plain = is_unit[either], is_number[either]
    told, *in_telling = _each_once(row[is_word], known.word[code[is_word]], n)
    telling, word = _distinct(*in_telling)
    tellings = _written(*in_telling, words=known.words, n=told.max(initial=-1) + 1)
    text, *in_text = _each_once(telling, word, len(tellings))
    tells = _telling(telling, known.is_common[word], len(tellings))
    word_row, word = _of_rows(told, telling[tells], word[tells])
    return Addresses(
        text[told],
        _written(*in_text, words=known.words, n=text.max(initial=-1) + 1),
        told,
        tellings,
        *_numbers(number_row[plain], number_low[plain], number_high[plain], letter[plain], n),
        units=_sums(number_row[of_unit], packed[of_unit], n),
        loose=_sums(number_row, packed, n),
        types=_bits(row[kind == _TYPE], known.bit[code[kind == _TYPE]], n),
        is_beside=np.bincount(row[kind == _BESIDE], minlength=n) > 0,
        word_row=word_row,
        word=word,
    )


def _join_ranges(row: Ints, kind: NDArray[np.int8], low: Ints, high: Ints) -> None:
    """Read "12 - 14" and "12 to 14" as "12-14" is read; the arrays are this module's own."""
    at = np.flatnonzero((kind[1:-1] == _DASH) & (kind[:-2] == _NUM) & (kind[2:] == _NUM)) + 1
    at = at[(row[at - 1] == row[at + 1]) & (low[at + 1] > low[at - 1])]
    high[at - 1] = high[at + 1]
    kind[at + 1] = _OUT


def _telling(row: Ints, is_common: Flags, n: int) -> Flags:
    """Words that many places share are left out where a row has others."""
    has_other = np.bincount(row[~is_common], minlength=n) > 0
    return ~(is_common & has_other[row])


def _tokens(assets: pd.DataFrame) -> tuple[Ints, Ints, list[str]]:
    """Code and row of every word of all rows, and the distinct words."""
    parts = [pa.array(assets[name].array, pa.large_string(), from_pandas=True) for name in ("name", "number", "street")]
    parts = [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in parts]

    def split(at: int) -> pa.ListArray:
        cells = [part.slice(at, _CHUNK) for part in parts]
        return _split(pc.binary_join_element_wise(*cells, pa.scalar(", ", pa.large_string()), null_handling="skip"))

    with ThreadPoolExecutor(cpu_count()) as pool:
        words = pa.chunked_array(pool.map(split, range(0, len(assets), _CHUNK)), pa.list_(pa.large_string()))
    words = words.combine_chunks()
    tokens = words.flatten().dictionary_encode()
    row = np.repeat(np.arange(len(assets)), np.diff(words.offsets.to_numpy()))
    # apostrophes are left out of the distinct words, which are few
    plain = [token.replace("'", "") for token in tokens.dictionary.to_pylist()]
    return tokens.indices.to_numpy().astype(np.int64), row, plain


def _split(texts: pa.LargeStringArray) -> pa.ListArray:
    """Words in small letters, without accents; hyphens and ampersands are kept, since they make ranges."""
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.replace_substring_regex(pc.utf8_normalize(pc.utf8_lower(texts), "NFKD"), r"\p{M}+|\x{2019}", "")
        texts = pc.replace_substring_regex(texts, r"[\x{2012}-\x{2015}]", "-")
    _, offsets, letters = texts.buffers()
    plain = letters.to_pybytes().translate(_PLAIN) if letters else b""
    return pc.ascii_split_whitespace(pa.LargeStringArray.from_buffers(len(texts), offsets, pa.py_buffer(plain)))


def _vocabulary(tokens: list[str]) -> _Vocabulary:
    beside = _near_beside(tokens)
    read = [(_BESIDE, "", _NONE) if token in beside else _read(token) for token in tokens]
    kinds, words, ranges = zip(*read, strict=True) if read else ((), (), ())
    distinct_words = sorted(set(words))
    code_of = {word: code for code, word in enumerate(distinct_words)}
    low, high, letter = np.array(ranges, dtype=np.int64).reshape(-1, 3).T
    bits = {short: 1 << at for at, short in enumerate(TYPES)}
    bit = np.array([bits.get(word, 0) for word in words], dtype=np.int64)
    code = np.array([code_of[word] for word in words], dtype=np.int64)
    is_common = np.array([word in COMMON for word in distinct_words], dtype=bool)
    kind = np.array(kinds, dtype=np.int8)
    return _Vocabulary(kind, code, pa.array(distinct_words, pa.string()), is_common, low, high, letter, bit)


def _near_beside(tokens: list[str]) -> set[str]:
    """Long words that are one of `BESIDE` with a letter or two wrong."""
    known = [word for word in BESIDE if len(word) > 5]
    long = [token for token in tokens if token[:1] in "abo" and 5 < len(token) < 11 and token.isalpha()]
    if not long:
        return set()
    alike = process.cdist(long, known, scorer=fuzz.ratio, score_cutoff=86, dtype=np.uint8)
    return {long[at] for at in np.flatnonzero(alike.max(axis=1))}


def _read(token: str) -> Token:
    """What one token is: its kind, its short form, and the number that it gives."""
    if closed := _CLOSED.get(token):
        return closed
    if token.isalpha():
        return _WORD, token, _NONE
    if token.isdecimal() and len(token) < 7:
        return _NUM, "", (int(token), int(token), 0)
    if number := _NUMBER.fullmatch(token):
        low, letter, high = number.groups()
        last = max(int(high or low), int(low))
        return _NUM, "", (int(low), last, ord(letter) - 96 if letter and not high else 0)
    if ordinal := _ORDINAL.fullmatch(token):
        return _FLOOR, "", (_FLOORS + int(ordinal[1]), -1, 0)
    bare = token.replace("-", "").replace("&", "")
    word = _read_word(bare) if bare.isalpha() else (_WORD, bare, _NONE)
    return (_OUTWARD, "", _NONE) if _POSTCODE.fullmatch(token) else word


def _read_word(token: str) -> Token:
    if token in UNITS:
        return _UNIT, _FORMS.get(token, token), _NONE
    if token in {"to", "and"}:
        return _DASH, "", _NONE
    if token in BESIDE or token in LEFT_OUT:
        return (_BESIDE if token in BESIDE else _OUT), "", _NONE
    if token in ORDINALS:
        return _FLOOR, "", (_FLOORS + ORDINALS[token], -1, 0)
    short = _FORMS.get(token, token)
    if short in TYPES:
        return _TYPE, short, _NONE
    return (_LETTER, short, (ord(token), -1, 27)) if len(token) == 1 else (_WORD, short, _NONE)


_LETTERS: Final = tuple("abcdefghijklmnopqrstuvwxyz")
_LISTED: Final = (*_FORMS, *TYPES, *UNITS, *BESIDE, *LEFT_OUT, *ORDINALS, *_LETTERS, "to", "and")
_CLOSED: Final = {token: _read_word(token) for token in _LISTED}
"""Every token of letters that is more than a word by itself, and those of signs alone."""
_CLOSED.update({"": (_OUT, "", _NONE), "-": (_DASH, "", _NONE), "&": (_DASH, "", _NONE)})


def _distinct(row: Ints, value: Ints) -> tuple[Ints, Ints]:
    """Each value of each row once, sorted."""
    if not len(row):
        return row, value
    width = np.int64(value.max()) + 1
    codes = distinct(row * width + value)
    return codes // width, codes % width


def _numbers(row: Ints, low: Ints, high: Ints, letter: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """Numbers of each row, sorted, each once."""
    told = np.full((3, n, NUMBERS), -1, dtype=np.int64)
    told[2] = 0
    several = np.bincount(row, minlength=n)[row] > 1
    for at, values in enumerate((low, high, letter)):
        told[at][row[~several], 0] = values[~several]
    row, low, high, letter = row[several], low[several], high[several], letter[several]
    order = np.lexsort((letter, high, low, row))
    row, low, high, letter = row[order], low[order], high[order], letter[order]
    new = np.ones(len(row), dtype=bool)
    new[1:] = (row[1:] != row[:-1]) | (low[1:] != low[:-1]) | (high[1:] != high[:-1]) | (letter[1:] != letter[:-1])
    row, low, high, letter = row[new], low[new], high[new], letter[new]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    many = (np.bincount(row, minlength=n) > NUMBERS)[row]
    for at, values in enumerate((low, high, letter)):
        told[at][row[~many], rank[~many]] = values[~many]
    first = many & (rank == 0)
    told[0][row[first], 0] = low[first]
    np.maximum.at(told[1][:, 0], row[many], high[many])
    return told[0], told[1], told[2]


def _sums(row: Ints, number: Ints, n: int) -> Ints:
    """Sum of each row's distinct hashed numbers, which is the same for the same numbers in any order."""
    # a number's hash in 40 bits leaves room for sixteen million rows
    each = distinct((row << 40) | (_mixed(number) >> np.uint64(24)).astype(np.int64))
    return _summed(each >> 40, _mixed(each & ((1 << 40) - 1)), n).view(np.int64)


def _summed(row: Ints, hashes: NDArray[np.uint64], n: int) -> NDArray[np.uint64]:
    """Sum of each row's hashes; the rows are sorted."""
    ends = np.append(0, np.cumsum(np.bincount(row, minlength=n)))
    return np.asarray(np.diff(np.append(np.uint64(0), np.cumsum(hashes))[ends]))


def _bits(row: Ints, bit: Ints, n: int) -> Ints:
    """All the bits of each row; the rows are sorted."""
    total = np.zeros(n, dtype=np.int64)
    if len(row):
        starts = np.flatnonzero(np.append(True, row[1:] != row[:-1]))
        total[row[starts]] = np.bitwise_or.reduceat(bit, starts)
    return total


def _each_once(row: Ints, word: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """Number the distinct lists of words of n rows as they first come; and the number and word of all their words."""
    place = np.arange(len(row)) - np.append(0, np.cumsum(np.bincount(row, minlength=n)))[row]
    # two lists of one sum would be taken for one: once in millions of estates
    number = pd.factorize(_summed(row, _mixed(word * 1_048_576 + place), n))[0].astype(np.int64)
    is_first = np.diff(np.maximum.accumulate(number), prepend=-1) > 0
    kept = is_first[row]
    return number, number[row[kept]], word[kept]


def _written(row: Ints, word: Ints, *, words: pa.StringArray, n: int) -> NDArray[np.object_]:
    """The words of n rows as texts."""
    offsets = np.searchsorted(row, np.arange(n + 1)).astype(np.int32)
    taken = words.take(pa.array(word))
    texts = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), taken), " ")
    return np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object)


def _of_rows(number: Ints, of: Ints, word: Ints) -> tuple[Ints, Ints]:
    """Row and word of all words of rows, from those of what each row has the number of."""
    size = np.bincount(of, minlength=number.max(initial=-1) + 1)
    many, begin = size[number], (np.cumsum(size) - size)[number]
    row = np.repeat(np.arange(len(number)), many)
    return row, word[np.arange(len(row)) + np.repeat(begin - (np.cumsum(many) - many), many)]


def _mixed(number: Ints) -> NDArray[np.uint64]:
    """Hash numbers from 0 up, none to 0, so that sums of them differ."""
    mixed = (number + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def folded(text: str) -> str:
    """Write a text in small letters, without accents and signs, and its words in their short forms.

    Examples
    --------
    >>> folded("The Children\N{RIGHT SINGLE QUOTATION MARK}s Centre, 12-14 High Street"), folded("CAFÉ")
    ('the childrens ctr 12 14 high st', 'cafe')
    """
    tokens = pc.list_flatten(_split(pa.array([text], pa.large_string()))).to_pylist()
    words = [word for token in tokens for word in re.split("[&-]+", token.replace("'", "")) if word]
    return " ".join(_FORMS.get(word, word) for word in words)
