"""Graphs from files: each format into nodes and edges with their attributes, and where they stood."""

from atlas.sources.graph_files.model import Edge, GraphFile, Node, Value, Where
from atlas.sources.graph_files.read import ENDINGS, read_graph

__all__ = ["ENDINGS", "Edge", "GraphFile", "Node", "Value", "Where", "read_graph"]
