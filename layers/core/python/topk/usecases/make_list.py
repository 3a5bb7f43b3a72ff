"""From an owner's plays to their top list."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf
from zlib import crc32

from topk.domain.completeness import Completeness, completeness
from topk.domain.connection import Connection
from topk.domain.hidden import Hidden
from topk.domain.owner import Owner
from topk.domain.past import WEEKS, Past, Place, leads, place
from topk.domain.play import Started, between, in_order
from topk.domain.ranking import AROUND_SECONDS, RankedSong, leaders, ranking, same_songs
from topk.domain.toplist import DEPTH, Redacted, TopList
from topk.domain.window import Window
from topk.usecases.ports import Plays

_NONE_LATE = 0
"""The checksum of no reports."""


def make_list(
    owner: Owner,
    window: Window,
    *,
    plays: Plays,
    connected: Iterable[Connection],
    hidden: Hidden,
    stored: TopList | None,
) -> TopList:
    """The list of `window`, made from all that is known of the owner.

    What it tells of the weeks before is taken from `stored`, the list as it stands, where that is
    of the same weeks and no play arrived that changes them; else from the plays.
    """
    heard = _Heard(owner, window, plays)
    known = stored if stored and stored.follows(window) else None
    connections = list(connected)
    own = _Edition(heard, Hidden())
    songs, told = own.ranked(connections)
    past = own.past(songs, known.past if known else None)
    redacted = None
    if hidden:
        before = known.redacted if known else None
        redacted = _redacted(_Edition(heard, hidden), connections, before)
    return TopList(songs, window.as_of, window.time_zone, told, past, redacted)


def _redacted(
    edition: "_Edition", connected: list[Connection], before: Redacted | None
) -> Redacted:
    stamp = edition.hidden.stamp
    songs, told = edition.ranked(connected)
    known = before.past if before and before.without == stamp else None
    return Redacted(stamp, songs, told, edition.past(songs, known))


class _Heard:
    """An owner's plays, read as far back as a list needs them and no further."""

    def __init__(self, owner: Owner, window: Window, plays: Plays) -> None:
        self.window = window
        self._owner, self._plays = owner, plays
        self._since = window.start - AROUND_SECONDS
        self.recent: Sequence[Started] = in_order(plays.since(owner, self._since))
        self._all = self.recent

    def back_to(self, window: Window) -> Sequence[Started]:
        """All that may belong to `window` and those after it."""
        since = window.start - AROUND_SECONDS
        if since < self._since:
            before = in_order(self._plays.since(self._owner, since, until=self._since))
            self._all = sorted([*before, *self._all])
            self._since = since
        return self._all


class _Edition:
    """A list as one audience sees it: made as if what is `hidden` had never been heard."""

    def __init__(self, heard: _Heard, hidden: Hidden) -> None:
        self.hidden = hidden
        self._heard = heard

    def ranked(self, connected: list[Connection]) -> tuple[tuple[RankedSong, ...], Completeness]:
        window = self._heard.window
        found = ranking(
            self._visible(self._heard.recent),
            window,
            DEPTH,
            hidden=same_songs(self._heard.recent, self.hidden.songs),
        )
        watched = [one for one in connected if one.provider not in self.hidden.providers]
        told = completeness(window, watched, counted=found.counted, inferred=found.inferred)
        return found.songs, told

    def past(self, songs: tuple[RankedSong, ...], known: Past | None) -> Past:
        """How the weeks before were ranked: as `known`, where that still holds."""
        first = place(songs[0].ids) if songs else ()
        checksum = self._checksum()
        # Where nothing is late, what was late before is known, and read no more.
        if known is None or checksum not in {_NONE_LATE, known.made_of}:
            known = Past(self._places(1, DEPTH), None, checksum)
        if not leads(known.places, first):
            return replace(known, firsts=None)
        return known if known.firsts is not None else replace(known, firsts=self._firsts(first))

    def _firsts(self, first: Place) -> tuple[Place, ...]:
        """What was first in the weeks before that, as long as it is the same song."""
        found: list[Place] = []
        for weeks in range(2, WEEKS):
            places = self._places(weeks, 1)
            if not leads(places, first):
                break
            found += places
        return tuple(found)

    def _places(self, weeks: int, depth: int) -> tuple[Place, ...]:
        """The ranking of the calendar week `weeks` before."""
        window = self._heard.window.calendar_week(weeks)
        reports = self._before(self._heard.back_to(window))
        hidden = same_songs(reports, self.hidden.songs)
        return tuple(map(place, leaders(self._visible(reports), window, depth, hidden=hidden)))

    def _checksum(self) -> int:
        """Of the recent reports that belong to the weeks before: it changes when one comes late."""
        told = {
            f"{one.provider}\n{one.track.track_id}\n{one.listened_at}"
            for _, one in self._visible(self._before(self._heard.recent))
        }
        return crc32("\n\n".join(sorted(told)).encode("utf-8", "surrogatepass"))

    def _before(self, reports: Sequence[Started]) -> Sequence[Started]:
        """Those that the weeks before may count."""
        return between(reports, -inf, self._heard.window.calendar_week(1).end + AROUND_SECONDS)

    def _visible(self, reports: Sequence[Started]) -> Sequence[Started]:
        hidden = self.hidden.providers
        return [one for one in reports if one[1].provider not in hidden] if hidden else reports
