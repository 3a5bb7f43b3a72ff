"""The stamps and durations with which providers report plays."""

from collections.abc import Collection, Iterator, Sequence

from simulator.habits import Habits
from simulator.listeners.knowable import Report, Stamp
from simulator.listeners.plays import Play
from simulator.listeners.ring import entries_of
from simulator.listeners.visible import scrobbled_again

_WITHOUT_DURATION = ("youtube", "lastfm")


def reports_at(
    provider: str, plays: Sequence[Play], known: Collection[Play], habits: Habits, account: str
) -> Iterator[tuple[Play, Report]]:
    """Each report of the `known` plays that `provider` stamps, with its play.

    `plays` are all of the listener. Apple Music has no times, and thus no such reports.
    """
    if provider == "apple_music":
        return
    if provider == "spotify":
        for entry in entries_of(plays, habits, account):
            if entry.play in known and entry.kind.is_play:
                yield entry.play, _report(entry.play, provider, entry.stamp_ms // 1000, Stamp.END)
        return
    for play in known:
        yield play, _report(play, provider, play.started_at, Stamp.START)
        for again in scrobbled_again([play], provider, habits, account):
            yield play, _report(play, provider, again.started_at, Stamp.START)


def _report(play: Play, provider: str, at: int, stamp: Stamp) -> Report:
    duration = 0 if provider in _WITHOUT_DURATION else play.song_ms // 1000
    return Report(at, play.song, provider, stamp, duration)
