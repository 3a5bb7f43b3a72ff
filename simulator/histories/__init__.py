"""Listening histories as services write them into files, with what every record should become."""
