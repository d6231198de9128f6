"""What partners could do together with the land they hold: the question, its answer, and the answer in words."""

from __future__ import annotations

from atlas.opportunities.find import opportunities

__all__ = ["opportunities"]
