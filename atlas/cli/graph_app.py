"""`atlas graph …`: the command that every query of the partnership graph is registered on."""

from __future__ import annotations

import typer

graph_app = typer.Typer(
    help="The partnership graph: who works with whom, where, since when, and how we know.", no_args_is_help=True
)
