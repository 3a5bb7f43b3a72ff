"""Plays that a user's players push with a personal token."""
