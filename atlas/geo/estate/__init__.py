"""Registers of land and property: cleaned, placed, matched, selected, and what could be done with them together."""
