"""Geography: pure functions over geometries, areas and points."""
