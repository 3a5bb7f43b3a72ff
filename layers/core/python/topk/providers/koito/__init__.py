"""Koito, a scrobbling server."""
