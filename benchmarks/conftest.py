"""What every benchmark may ask for, and the table of peers and memory that pytest-benchmark does not print."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import shared

__all__ = ["shared"]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what each benchmark says besides its time."""
    session = getattr(config, "_benchmarksession", None)
    told = [(bench.name, bench.extra_info) for bench in session.benchmarks if bench.extra_info] if session else []
    if told:
        terminalreporter.section("peers and memory")
    for name, facts in told:
        words = ", ".join(
            f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in facts.items()
        )
        terminalreporter.write_line(f"{name}: {words}")
