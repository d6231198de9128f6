"""Whether the tables of the partnership data agree with each other, and what in them is to be looked at."""

from atlas.graph.consistency.doubts import doubts
from atlas.graph.consistency.rows import Rows
from atlas.graph.consistency.tables import check

__all__ = ["Rows", "check", "doubts"]
