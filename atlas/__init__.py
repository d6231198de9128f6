"""Atlas: where need is high and anchor institutions are few, how sure we are, and who could act."""

__version__ = "0.1.0"
