"""Atlas to files."""
