"""What would change: sites, networks and ties added or taken away."""
