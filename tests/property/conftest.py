"""One way of drawing examples: the same each run, and never judged by time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("atlas", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("atlas")
