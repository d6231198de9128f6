"""Registers of land and property as they come: spreadsheets, text in any encoding, and geodata."""
