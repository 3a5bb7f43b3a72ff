"""Spotify's history with the usual habits, as plays."""

from collections.abc import Sequence

from simulator.listeners.plays import Play
from simulator.listeners.ring import entries_of, newest


def newest_fifty(plays: Sequence[Play], now: float) -> list[Play]:
    return [entry.play for entry in newest(entries_of(plays), now)]
