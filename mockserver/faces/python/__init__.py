"""The mock from Python: a server in a thread or one elsewhere, with the same methods for both."""
