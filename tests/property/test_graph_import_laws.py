"""What is written by Atlas and read by it again is what it was, whatever its texts are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import Faults
from atlas.exports.graph.formats import FORMATS
from atlas.graph.build import build
from atlas.records import (
    TABLES,
    Commitment,
    Institution,
    Measurement,
    Network,
    Partnerships,
    Place,
    Profile,
    Record,
    Source,
    Tie,
)
from atlas.sources.graph_files import read_graph
from atlas.sources.graph_native import draft_of_ours
from atlas.vocabulary import Confidence, Domain, Maturity, Origin, Relation, Scale, Sector, Status

OURS = ("graphml", "gexf", "node-link", "jgf", "csv")

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip())
nasty = st.one_of(
    texts, st.sampled_from(['["a"]', "=1+1", "'", '"', "]]>", "&amp;", "<b>", "a\tb", "x\r\ny", "null", "1", "true"])
)
dates = st.one_of(st.none(), st.sampled_from(["2019", "2020-02", "2021-03-04"]))
numbers = st.floats(allow_nan=False, allow_infinity=False)
evidence = st.fixed_dictionaries({"source": st.just("s"), "evidence": nasty, "checked_on": st.dates()})


def row(record: type[Record], **fields: Any) -> st.SearchStrategy[Any]:
    """Rows of a class, with evidence where it has any; what it strips is stripped."""
    known = evidence if "evidence" in record.model_fields else st.just({})
    return st.builds(lambda said, more: record.model_validate(said | more), st.fixed_dictionaries(fields), known)


@st.composite
def worlds(draw: st.DrawFn) -> Partnerships:
    """Small tables: two institutions, two networks, a place, ties between them, and what hangs on them."""

    def body(record: type[Record], name: str, **fields: Any) -> Any:
        return draw(row(record, id=st.just(name), name=nasty, **fields))

    institutions = tuple(
        body(
            Institution,
            f"institution:{letter}",
            sector=st.sampled_from(Sector),
            kind=nasty,
            is_anchor=st.booleans(),
            website=nasty,
            start=dates,
            status=st.sampled_from(Status),
        )
        for letter in "ab"
    )
    networks = tuple(
        body(
            Network,
            f"network:{letter}",
            kind=nasty,
            origin=st.sampled_from(Origin),
            scale=st.sampled_from(Scale),
            description=nasty,
            domains=st.lists(st.sampled_from(Domain), max_size=3).map(tuple),
            end=dates,
        )
        for letter in "cd"
    )
    ids = st.sampled_from([one.id for one in (*institutions, *networks)])
    tie = row(
        Tie,
        subject=ids,
        relation=st.sampled_from([Relation.MEMBER_OF, Relation.FUNDS, Relation.PARTNERS_WITH]),
        object=ids,
        confidence=st.sampled_from(Confidence),
        note=nasty,
        start=dates,
        status=st.sampled_from(Status),
    )
    commitment = row(
        Commitment, node=ids, metric=nasty, baseline=st.none() | numbers, target=numbers, unit=nasty, due=dates
    )
    measurement = row(Measurement, node=ids, metric=nasty, value=numbers, unit=nasty, period_end=dates)
    profile = row(Profile, node=ids, aspect=nasty, position=st.sampled_from(Maturity), note=nasty)
    return Partnerships(
        sources=(draw(row(Source, id=st.just("s"), title=nasty, publisher=nasty, url=nasty, licence=nasty)),),
        institutions=institutions,
        networks=networks,
        places=(body(Place, "place:E09000007", kind=nasty),),
        ties=tuple(draw(st.lists(tie, max_size=5))),
        commitments=tuple(draw(st.lists(commitment, max_size=2))),
        measurements=tuple(draw(st.lists(measurement, max_size=2))),
        profiles=tuple(draw(st.lists(profile, max_size=2))),
    )


@pytest.mark.parametrize("name", OURS)
@settings(max_examples=30)
@given(before=worlds())
def test_tables_come_back_from_every_format(name: str, before: Partnerships) -> None:
    one = next(one for one in FORMATS if one.name == name)
    data = b"".join(one.pieces(build(before), None))  # type: ignore[arg-type]
    faults = Faults()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"graph.{one.ending}"
        path.write_bytes(data)
        draft = draft_of_ours(read_graph([path], faults), {"E09000007": "Camden"})
    assert [str(fault) for fault in [*faults, *draft.faults]] == []
    for table in TABLES:
        after = sorted(repr(row.record) for row in draft.rows[table])
        assert after == sorted(map(repr, getattr(before, table))), table
