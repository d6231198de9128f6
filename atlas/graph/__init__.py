"""The partnership graph: pure functions over networkx graphs."""
