"""A scenario in an address: its JSON, deflated, in letters that an address may carry."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Final

from atlas.errors import QueryError
from atlas.gaps.scenario.changes import Scenario

MOST_CHARACTERS: Final = 6_000
"""Longest scenario in an address; longer lines are cut by some servers and letters."""

MOST_BYTES: Final = 256 * 1024
"""Longest scenario that is read at all, and longest body that is taken."""


def packed(scenario: Scenario) -> str:
    """A scenario as an address carries it, whatever its length.

    Examples
    --------
    >>> from atlas.gaps.scenario.changes import CloseSite
    >>> one = Scenario(name="One fewer", changes=(CloseSite(site="site:a"),))
    >>> Scenario.model_validate_json(unpacked(packed(one))) == one
    True
    """
    text = json.dumps(scenario.document(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def unpacked(value: str) -> bytes:
    """The JSON that an address carries: as `packed` writes it, or as it is.

    Raises
    ------
    QueryError
        If it is longer than `MOST_CHARACTERS`, or cut, or longer than `MOST_BYTES` once inflated.

    Examples
    --------
    >>> unpacked('{"name": "x"}')
    b'{"name": "x"}'
    """
    if len(value) > MOST_CHARACTERS:
        raise QueryError(
            f"the scenario in the address has {len(value):,} characters, and an address carries {MOST_CHARACTERS:,}: "
            f"send it as a file"
        )
    if value.lstrip().startswith("{"):
        return value.encode()
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(base64.b64decode(value + "=" * (-len(value) % 4), b"-_", validate=True), MOST_BYTES)
    except (binascii.Error, zlib.error, ValueError):
        text = b""
    if not text or not (reader.eof or reader.unconsumed_tail):
        raise QueryError(
            f"the scenario in the address cannot be read ({value[:20]}…, {len(value):,} characters): the address may "
            f"have been cut; expected all of an address that Atlas gave, or the scenario's JSON"
        )
    if not reader.eof:
        raise QueryError(f"the scenario in the address is longer than {MOST_BYTES // 1024} kB")
    return text
