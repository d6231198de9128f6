"""How far an answer holds when it is measured otherwise."""
