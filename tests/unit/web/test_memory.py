"""Freed memory goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

WORK = """
import re
from pathlib import Path
import pyarrow as pa
from web.memory import give_back, keep_little

def held_mb():
    return int(re.search(r"RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

assert keep_little()
assert pa.default_memory_pool().backend_name == "system"
before = held_mb()
pieces = [bytes(600) for _ in range(200_000)]
stays = pieces[-1]  # at the end of the heap, which so cannot shrink by itself
grown = held_mb()
del pieces
give_back()
assert grown - before > 100, (before, grown)
assert held_mb() - before < 20, (before, held_mb())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told")
def test_what_is_free_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", WORK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
