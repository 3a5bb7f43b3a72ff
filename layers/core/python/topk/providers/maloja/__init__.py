"""Maloja, a scrobbling server."""
