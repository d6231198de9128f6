"""One way of drawing examples: the same each run, never judged by time, and nothing kept in the checkout."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "atlas-hypothesis")
settings.register_profile("atlas", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("atlas")
