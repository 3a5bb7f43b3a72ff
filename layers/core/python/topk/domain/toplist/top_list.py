"""An owner's top list: the ranking of one window and its completeness."""

from dataclasses import dataclass, replace
from datetime import date

from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import RULE
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.window import DAYS, Window, last_week_before


@dataclass(frozen=True, slots=True)
class Redacted:
    """A list as others see it, built as if the hidden plays did not exist.

    `without` is the stamp of what was hidden.
    """

    without: bytes
    songs: tuple[RankedSong, ...]
    completeness: Completeness
    past: Past


@dataclass(frozen=True, slots=True)
class TopList:
    """An owner's most played songs of the seven days before `as_of`.

    `past` is None in lists of older formats; `redacted` is None if the owner hid nothing.
    """

    songs: tuple[RankedSong, ...]
    as_of: date
    time_zone: str
    completeness: Completeness
    past: Past | None = None
    redacted: Redacted | None = None
    rule: int = RULE
    """The rule of identity that made the ids of its songs."""

    @property
    def latest(self) -> int | None:
        """Time (epoch seconds) of the latest play that others see; None if there is none."""
        songs = self.redacted.songs if self.redacted else self.songs
        return max((song.last_listened_at for song in songs), default=None)

    def covers(self, window: Window) -> bool:
        return (self.as_of, self.time_zone) == (window.as_of, window.time_zone)

    def weeks_before(self, window: Window) -> int | None:
        """How many weeks earlier the week is that it is compared with than that of `window`.

        None where it is of days of another time zone.
        """
        if self.time_zone != window.time_zone:
            return None
        apart = last_week_before(window.as_of) - last_week_before(self.as_of)
        return apart.days // DAYS

    def for_others(self, hidden: Hidden) -> "TopList | None":
        """The list that others see under `hidden`; None if it was built under other settings."""
        if not hidden:
            return replace(self, redacted=None)
        shown = self.redacted
        if shown is None or shown.without != hidden.stamp:
            return None
        return TopList(shown.songs, self.as_of, self.time_zone, shown.completeness, shown.past)
