"""What counts as a play: one rule for pushed, imported and crawled plays.

A play counts once the user listened to half of the song or to four minutes of it, whichever is
less, and to at least 30 seconds. That is what Last.fm and ListenBrainz ask of their clients, and
Spotify's history has no shorter plays. The rule applies where a source reports how long the user
listened, or that they skipped the song; otherwise the source's own rule has decided.

Sources: www.last.fm/api/scrobbling, "When is a scrobble a scrobble", and
listenbrainz.readthedocs.io, "Core".
"""

from dataclasses import dataclass
from typing import NamedTuple

from topk.domain.play import Play

BOUNDS = {"percent": (10, 100), "enough_seconds": (30, 600), "least_seconds": (0, 60)}
"""The smallest and the largest value of each field that a tenant may choose."""


@dataclass(frozen=True, slots=True)
class PlayRule:
    """A song must be played for `percent` of its length or for `enough_seconds`, whichever is less,
    and for at least `least_seconds`.

    Raises ValueError outside BOUNDS.
    """

    percent: int = 50
    enough_seconds: int = 240
    least_seconds: int = 30

    def __post_init__(self) -> None:
        for field, (least, most) in BOUNDS.items():
            if not least <= getattr(self, field) <= most:
                raise ValueError(f"{field} must be between {least} and {most}")

    def needed_seconds(self, duration: float) -> float:
        """How long a song of `duration` seconds must be played; 0 is an unknown length."""
        share = duration * self.percent / 100 if duration > 0 else 0
        return max(min(share, self.enough_seconds), self.least_seconds)

    def counts(self, *, played: float | None, duration: float = 0, skipped: bool = False) -> bool:
        """Whether a play counts.

        `played` is how many seconds the user listened, None if the source does not report it.
        `duration` is the length of the song in seconds, 0 if unknown. `skipped` is the source's
        mark of a skipped song, which decides only where `played` is not reported: a song that is
        skipped near its end was played.
        """
        if played is None:
            return not skipped
        return played >= self.needed_seconds(duration)

    def accepts(self, report: "PlayReport") -> bool:
        """Whether the reported play counts."""
        return self.counts(
            played=report.played, duration=report.play.track.duration, skipped=report.skipped
        )


class PlayReport(NamedTuple):
    """A play with what its source reports of the listening, as in `PlayRule.counts`."""

    play: Play
    played: float | None = None
    skipped: bool = False


STANDARD = PlayRule()


def standard(_tenant: str) -> PlayRule:
    """The rule of tenants that choose none."""
    return STANDARD
