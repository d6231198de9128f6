"""What each measure is, what a high value means here, and what missing data does to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a node, in words.

    Parameters
    ----------
    key : str
        Its column in `measures_of`.
    name, unit : str
        As a heading has them.
    what : str
        What is counted, in a sentence.
    formula, source : str
        How, and whose.
    high : str
        What a high value means among anchor institutions and their networks.
    missing : str
        What missing ties do to it.
    first : {"highest", "lowest"}
        Which end of it is listed first.
    """

    key: str
    name: str
    unit: str
    what: str
    formula: str
    source: str
    high: str
    missing: str
    first: Literal["highest", "lowest"] = "highest"


MEASURES: Final[dict[str, Measure]] = {
    measure.key: measure
    for measure in (
        Measure(
            key="degree",
            name="Ties",
            unit="others",
            what="Degree: to how many other institutions, networks and programmes it is tied.",
            formula="deg(v) = number of neighbours",
            source="Freeman (1979)",
            high="Takes part in much, or has many members. For a network it is mostly its size.",
            missing="Falls by one for each tie not on record: networks that publish their members look larger than "
            "those that do not.",
        ),
        Measure(
            key="affiliations",
            name="Takes part",
            unit="networks, or institutions",
            what="For an institution, in how many networks and programmes it takes part; for these, how many "
            "institutions take part in them.",
            formula="row or column sum of the affiliation matrix",
            source="Breiger (1974)",
            high="An institution that sits at many tables; a table at which many sit.",
            missing="Falls by one for each seat not on record.",
        ),
        Measure(
            key="betweenness",
            name="Betweenness",
            unit="pairs",
            what="Between how many pairs of others it stands: the share of their shortest chains of ties that pass "
            "through it, summed.",
            formula="b(v) = Σ_{s<t} n_st(v) / n_st",
            source="Freeman (1977)",
            high="A broker: introductions between others go through it. If it is overloaded or leaves, they must "
            "find another way, or have none.",
            missing="The least steady of these: one tie not on record may open a way around a broker. Read its rank "
            "with its interval.",
        ),
        Measure(
            key="closeness",
            name="Closeness",
            unit="0 to 1",
            what="How few ties away the others are, on average, times the share of all that can be reached.",
            formula="c(v) = (r - 1)/(n - 1) · (r - 1)/Σ d(v, t)",
            source="Wasserman and Faust (1994)",
            high="Word from it is soon everywhere: a good place to start something that is for all.",
            missing="Chains look longer than they are, for all alike; a part joined to the rest only by ties not on "
            "record looks far from everybody.",
        ),
        Measure(
            key="eigenvector",
            name="Eigenvector",
            unit="0 to 1",
            what="Tied to those who are well tied themselves; 1 is the highest, 0 all outside the largest part.",
            formula="λ·x(v) = Σ x(u) over neighbours u, λ largest",
            source="Bonacich (1972)",
            high="Belongs to the thick of it, around the largest network; less a broker than an insider.",
            missing="Follows whichever part is best recorded: one long list of members draws the high "
            "values to itself.",
        ),
        Measure(
            key="constraint",
            name="Constraint",
            unit="about 1 is most bound",
            what="How far its ties lead to others who are tied to each other; none without a tie.",
            formula="C(i) = Σ_j (p_ij + Σ_q p_iq·p_qj)²",
            source="Burt (1992)",
            high="Bound to one circle, or to one tie only. A low value is what a broker has: ties to others who do "
            "not know each other.",
            missing="Too high for a node whose other ties are not on record, too low where ties among its neighbours "
            "are not.",
            first="lowest",
        ),
        Measure(
            key="core",
            name="Core",
            unit="k",
            what="The largest k such that it belongs to a part in which everybody has at least k ties inside it.",
            formula="k-core, by taking away nodes of fewer than k ties",
            source="Seidman (1983)",
            high="In the middle, where losing any one partner matters little. Networks do not tie their members to "
            "each other, so that 2 is already the middle of several networks.",
            missing="Only ever too low.",
        ),
        Measure(
            key="pairs_cut",
            name="Cuts",
            unit="pairs",
            what="How many pairs of others have no chain of ties left if it leaves; above 0 it is an articulation "
            "point.",
            formula="(s - 1)(s - 2)/2 - Σ s_k(s_k - 1)/2",
            source="Hopcroft and Tarjan (1973)",
            high="Nobody else holds these parts together: worth a second tie across before it is needed.",
            missing="Too high: a tie not on record may already lead around it.",
        ),
        Measure(
            key="community",
            name="Community",
            unit="number",
            what="Which group of more than chance ties it belongs to, 1 being the largest; 0 without a tie.",
            formula="Leiden, maximising modularity",
            source="Traag, Waltman and van Eck (2019)",
            high="Only a name: the number says nothing but how large the group is.",
            missing="Small groups join or part with a few ties; see how far the trials agree.",
            first="lowest",
        ),
    )
}
"""Measures by their column in `measures_of`, in its order."""
