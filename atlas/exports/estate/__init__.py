"""The estate as files: what may leave, in formats that others open."""
