"""The partnership graph in the formats that other tools open; `formats` lists them, `fields` says what they hold."""

from atlas.exports.graph.nodelink import ENDS, node_link

__all__ = ["ENDS", "node_link"]
