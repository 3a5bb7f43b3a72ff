"""What a provider shows of a listener's plays at a moment: the one subject of truth and answers.

All functions are pure and take all plays of the listener, ordered by start; moments are in epoch
seconds. The habits are those of the providers' documentation.
"""

from collections.abc import Sequence
from heapq import nlargest

from simulator.plays import Play

RING = 50
"""Spotify's recently-played history has never more than so many plays."""
DEPTH = 50
"""Apple's list of recently played tracks is about so long."""


def newest_fifty(plays: Sequence[Play], now: float) -> list[Play]:
    """Spotify's history, newest first: by the end of the play, skips left out."""
    known = (
        play
        for play in plays
        if play.provider == "spotify" and play.known_at <= now and play.counts
    )
    return nlargest(RING, known, key=lambda play: (play.ended_ms, play.song))


def recent_songs(plays: Sequence[Play], now: float, depth: int = DEPTH) -> list[int]:
    """Apple's list, newest first: each song once, where it was heard last."""
    known = (play for play in plays if play.provider == "apple_music" and play.known_at <= now)
    order = sorted(known, key=lambda play: (play.known_at, play.started_at), reverse=True)
    return list(dict.fromkeys(play.song for play in order))[:depth]


def watched(plays: Sequence[Play], start: float, end: float, now: float) -> list[Play]:
    """Google's activity records with start <= time < end, newest first, as known by `now`."""
    return [
        play
        for play in reversed(plays)
        if play.provider == "youtube" and start <= play.started_at < end and play.known_at <= now
    ]
