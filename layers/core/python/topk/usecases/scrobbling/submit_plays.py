"""Store plays that a player pushes; each is accepted or ignored by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from topk.domain.chunk import pushed
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.domain.play_rule import STANDARD, PlayReport, PlayRule
from topk.usecases.ports import Plays

SCROBBLER = "scrobbler"
"""The provider of plays that players push, whichever protocol they speak: a player that is changed
from one to the other, and one that speaks both, is one source.
"""
AHEAD_SECONDS = 3600
"""How far a player's clock may be ahead, as at ListenBrainz."""


class Ignored(Enum):
    """Why a play was not stored."""

    TOO_OLD = auto()
    FUTURE = auto()
    SKIPPED = auto()
    """Played too briefly to count."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """For each play, in order, why it was ignored, or None."""

    ignored: tuple[Ignored | None, ...]

    @property
    def accepted(self) -> int:
        return self.ignored.count(None)


def submit_plays(
    owner: Owner,
    submitted: Sequence[PlayReport],
    *,
    plays: Plays,
    retention_days: int,
    now: int,
    rule: PlayRule = STANDARD,
) -> Submitted:
    """Store all acceptable plays at `now` that count by `rule`, known ones included. Idempotent:
    equal plays are one, in whatever calls they arrive.

    Raises StoreError if the whole call has to be repeated.
    """
    ignored = tuple(_ignored(report, rule, retention_days, now) for report in submitted)
    accepted = {one.play for one, why in zip(submitted, ignored, strict=True) if why is None}
    if accepted:
        plays.append([pushed(owner, SCROBBLER, accepted)])
    return Submitted(ignored)


def history(owner: Owner, *, plays: Plays, since: int) -> list[Play]:
    """The owner's pushed plays that began at or after `since` (epoch seconds), latest first.

    A play that was reported with other details is one: players tell it by time, title and artists.
    """
    found = plays.since(owner, since)
    recent = (play for _, of_chunk in found for play in of_chunk if play.listened_at >= since)
    return sorted(_known(recent), key=_latest_first)


def _known(plays: Iterable[Play]) -> Iterable[Play]:
    kept: dict[tuple[int, str, tuple[str, ...]], Play] = {}
    for play in plays:
        if play.provider == SCROBBLER:
            reported = (play.listened_at, play.track.title, play.track.artists)
            kept[reported] = max(play, kept.get(reported, play))
    return kept.values()


def _latest_first(play: Play) -> tuple[int, str, tuple[str, ...]]:
    return -play.listened_at, play.track.title, play.track.artists


def _ignored(report: PlayReport, rule: PlayRule, retention_days: int, now: int) -> Ignored | None:
    play = report.play
    if play.listened_at >= now + AHEAD_SECONDS:
        return Ignored.FUTURE
    if play.listened_at < now - retention_days * 86_400:
        return Ignored.TOO_OLD
    return None if rule.accepts(report) else Ignored.SKIPPED
