"""What is done with a command's answer: written, shown, drawn while it is made; and with what is wrong in the data."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from atlas.errors import Fault

MOST_ALIKE: Final = 20
"""Faults of one kind in one column that are said one by one."""


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


OutOption = Annotated[Path | None, typer.Option(help="File to write; default: the terminal.")]
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="How to write it.", show_default="by the ending of --out, else table")
]
InsideOption = Annotated[str | None, typer.Option("--in", help="Borough, by name or GSS code.")]


def settings() -> Any:
    """The settings of the environment."""
    from atlas.settings import Settings

    return Settings.from_environment()


class drawn:  # noqa: N801 -- stands in a with statement as a function would
    """Draw a bar while something counts, where there is a terminal to draw it on.

    Parameters
    ----------
    words : str
        What is done meanwhile.
    """

    def __init__(self, words: str) -> None:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self._bars = Progress(transient=True, console=console, disable=not console.is_terminal)
        self._task = self._bars.add_task(words, total=None)

    def __enter__(self) -> Callable[[int, int], None]:
        self._bars.start()
        return lambda done, total: self._bars.update(self._task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self._bars.stop()


def format_of(fmt: Format | None, out: Path | None) -> Format:
    """The format asked for, else that of the file's ending, else a table."""
    ending = out.suffix.lower().removeprefix(".") if out else ""
    return fmt or (Format(ending) if ending in set(Format) else Format.TABLE)


def write(text: str, out: Path | None) -> None:
    """Write an answer to a file, whole or not at all, or to the terminal."""
    if out is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # An answer sent to a file is the same file on every machine: UTF-8, its line ends as they are.
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from atlas.exports.files import write_whole

    write_whole(out, text.encode())


def show(*parts: Any, out: Path | None = None) -> None:
    """Print what rich can draw, to the terminal or into a file."""
    from rich.console import Console

    page = io.StringIO() if out else None
    console = Console(file=page, width=120 if out else None)
    for part in parts:
        console.print(part)
    if page:
        write(page.getvalue(), out)


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]], left: int = 1) -> Any:
    """A small table for the terminal: the first columns are words, the others numbers."""
    from rich.markup import escape
    from rich.table import Table

    found = Table(box=None, pad_edge=False, title=title, title_justify="left", title_style="bold")
    for place, column in enumerate(columns):
        found.add_column(column, justify="left" if place < left else "right", overflow="fold")
    for row in rows:
        found.add_row(*map(escape, row))
    return found


def complain(faults: Iterable[Fault]) -> None:
    """Say every fault; where a column has the same fault in very many rows, the first of them and how many more."""
    alike: Counter[tuple[str, str | None, str]] = Counter()
    for fault in faults:
        kind = (fault.file, fault.column, fault.problem)
        alike[kind] += 1
        if alike[kind] <= MOST_ALIKE:
            typer.echo(f"{fault.severity}: {fault}", err=True)
    for (file, column, problem), count in alike.items():
        if count > MOST_ALIKE:
            place = f"{file}, column {column}" if column else file
            typer.echo(f"{place}: {problem} in {count - MOST_ALIKE:,} more rows", err=True)
