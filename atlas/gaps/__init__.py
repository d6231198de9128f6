"""Where need is high and anchors are few: access, need, gaps, how sure, and the areas they make."""
