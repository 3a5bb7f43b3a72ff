"""Bring along a listening history from a file."""
