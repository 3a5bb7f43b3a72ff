"""Imports of generated histories, compared with the truth."""
