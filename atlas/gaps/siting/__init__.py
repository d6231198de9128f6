"""Where another site would do most, and how good that answer is."""
