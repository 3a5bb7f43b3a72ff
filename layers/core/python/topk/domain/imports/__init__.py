"""Imports of listening histories: what a file has, and what became of each of its records."""
