"""Rows of registers as assets: columns matched to fields, words to closed lists, nothing lost."""
