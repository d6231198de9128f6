"""The only code that opens files or sockets."""
