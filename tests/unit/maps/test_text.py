"""Escaping: whatever a name holds, it is text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.errors import QueryError
from atlas.maps.text import as_block, as_html, as_json


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), st.lists))
def test_json_in_a_script_is_the_same_value_and_no_markup(value: object) -> None:
    written = as_json(value)
    assert json.loads(written) == value
    assert not set("<>&\u2028\u2029") & set(written)


@given(st.text())
def test_html_holds_no_markup(name: str) -> None:
    assert not set("<>\"'") & set(as_html(name))


def test_a_number_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"need": float("nan")})


@pytest.mark.parametrize("code", ["</script>", "x</SCRIPT >"])
def test_code_that_ends_its_own_tag_is_refused(code: str) -> None:
    with pytest.raises(QueryError):
        as_block(code, "script")
