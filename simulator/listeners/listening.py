"""Draws a listener's plays from their taste and habits."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from simulator.habit import Habit
from simulator.habits import USUALLY, Habits
from simulator.listeners.catalogue import Song
from simulator.listeners.dice import Dice, Weighted, zipf
from simulator.listeners.interruptions import Planned, interrupted
from simulator.listeners.plays import Play, known_from
from simulator.listeners.population import SCROBBLERS, Listener

DAYS_BEFORE, DAYS_AFTER = 20, 40
AT_MOST_A_DAY = 45
"""Most plays of one listener at one provider within any 24 hours."""
DAY = 86_400
_SKIPPED, _OFFLINE, _FAVOURITE = 0.04, 0.06, 0.7
_APART, _ROUNDING = 4200, 5
_IMPORTED = 200, 260
# Relative number of plays per local hour: a morning, an evening, a quiet night.
_RHYTHM = Weighted((2, 1, 1, 0, 0, 1, 3, 6, 7, 5, 4, 4, 5, 4, 4, 5, 6, 8, 9, 9, 8, 7, 5, 3))


def listen(
    seed: int,
    listener: Listener,
    songs: tuple[Song, ...],
    start: float,
    days: int = DAYS_AFTER,
    habits: Habits = USUALLY,
) -> list[Play]:
    """All plays of `listener` from 20 days before to `days` after the day of `start`.

    The plays of a day do not depend on `days`. `habits` are those of listeners.
    """
    dice = Dice(seed, "listening", listener.tenant, listener.user)
    zone = ZoneInfo(listener.time_zone)
    today = datetime.fromtimestamp(start, UTC).date()
    midnights = [
        datetime.combine(today + timedelta(days=day), datetime.min.time(), zone)
        for day in range(-DAYS_BEFORE, days)
    ]
    taste = _Taste(dice, songs)
    planned = [
        play for midnight in midnights for play in _day(dice, listener, taste, midnight.timestamp())
    ]
    played = _in_turn([*interrupted(planned, listener, habits)])
    plays = _plausible(
        played,
        zone,
        endless="spotify" if listener.heavy else "",
        apart=0 if habits.strikes(Habit.CHANGE, listener.tenant, listener.user) else _APART,
    )
    scrobbled = [with_scrobbles(play, listener, habits) for play in plays]
    return sorted([*scrobbled, *_imported(listener, songs, start, habits)])


class _Taste:
    """Recurring favourites among popular songs."""

    def __init__(self, dice: Dice, songs: tuple[Song, ...]) -> None:
        self._dice = dice
        self._songs = songs
        self._charts = zipf(len(songs), 0.9)
        self._favourites = [self._charts.draw(dice) for _ in range(dice.whole(15, 60))]
        self._liking = zipf(len(self._favourites), 0.8)

    def next(self) -> Song:
        if self._dice.chance(_FAVOURITE):
            return self._songs[self._favourites[self._liking.draw(self._dice)]]
        return self._songs[self._charts.draw(self._dice)]


def _day(dice: Dice, listener: Listener, taste: _Taste, midnight: float) -> Iterable[Planned]:
    """The day's plays in one to five sessions, each at one provider."""
    plays = int(listener.per_day * dice.between(0.7, 1.3) + dice.fraction())
    sittings = sorted(
        int(midnight + 3600 * (_RHYTHM.draw(dice) + dice.fraction()))
        for _ in range(min(plays, dice.whole(1, 5)))
    )
    for number, wanted_at in enumerate(sittings):
        provider = _provider(dice, listener)
        # A list without times cannot date an offline play, so Apple Music has none. Heavy listeners
        # are always online, otherwise whole sessions would be lost at any cadence.
        offline = provider != "apple_music" and dice.chance(_OFFLINE) and not listener.heavy
        until = wanted_at + dice.between(3, 14) * 3600 if offline else 0.0
        for _ in range(plays // len(sittings) + (number < plays % len(sittings))):
            song = taste.next()
            skipped = provider == "spotify" and dice.chance(_SKIPPED)
            listened_ms = dice.whole(3_000, 29_000) if skipped else song.duration_ms
            yield Planned(wanted_at, until, provider, song, listened_ms, dice.whole(1, 40))


def _provider(dice: Dice, listener: Listener) -> str:
    """A provider for a session, mostly that of the listener's first account."""
    accounts = tuple(listener.accounts)
    return accounts[0] if dice.chance(0.5) else dice.pick(accounts)


def _in_turn(planned: list[Planned]) -> Iterable[Play]:
    """Plays in sequence: each begins as planned, or when the previous one has ended."""
    lengths = [-(-play.listened_ms // 1000) + play.paused + play.silence for play in planned]
    before = [0, *accumulate(lengths)]
    earliest = accumulate(
        (play.wanted_at - sum_ for play, sum_ in zip(planned, before, strict=False)), max
    )
    for play, sum_, begun in zip(planned, before, earliest, strict=False):
        started_at = begun + sum_
        ended_ms = (started_at + play.paused) * 1000 + play.listened_ms
        known_at = max(known_from(play.provider, started_at, ended_ms), play.offline_until)
        yield Play(
            started_at,
            play.song.index,
            play.provider,
            ended_ms,
            known_at,
            paused=play.paused,
            song_ms=play.song.duration_ms,
        )


def with_scrobbles(play: Play, listener: Listener, habits: Habits) -> Play:
    """The play, with the providers that the listener scrobbles it to."""
    if play.provider == "spotify":
        return play._replace(scrobbled_to=listener.scrobbles)
    if play.provider == "apple_music" and scrobbles_apple(listener, habits):
        return play._replace(scrobbled_to=tuple(sorted({*SCROBBLERS} & {*listener.accounts})))
    return play


def scrobbles_apple(listener: Listener, habits: Habits) -> bool:
    """Whether the listener scrobbles what they play at Apple Music."""
    return habits.strikes(Habit.APPLE_SCROBBLED, listener.tenant, listener.user)


def _imported(
    listener: Listener, songs: tuple[Song, ...], start: float, habits: Habits
) -> Iterable[Play]:
    """Scrobbles that a tool imported into Last.fm, all at one second of the week."""
    subject = listener.tenant, listener.user
    if "lastfm" not in listener.accounts or not habits.strikes(Habit.IMPORT, *subject):
        return
    dice = habits.dice(Habit.IMPORT, *subject)
    noon = int(start) // DAY * DAY + DAY // 2
    moment = noon + dice.whole(0, 6) * DAY + dice.whole(0, 3000)
    for song in dice.shuffled(songs)[: dice.whole(*_IMPORTED)]:
        ended_ms = moment * 1000 + song.duration_ms
        known_at = moment + dice.whole(600, 700)
        yield Play(moment, song.index, "lastfm", ended_ms, known_at, song_ms=song.duration_ms)


def _plausible(plays: Iterable[Play], zone: ZoneInfo, *, endless: str, apart: int) -> list[Play]:
    """Removes plays that would make the truth ambiguous.

    These are: the same song at two providers less than `apart` seconds after its end (one play,
    paused, or two?), more plays in a day than a provider's history is sure to keep (except at the
    `endless` one), and plays too close to midnight.
    """
    kept: list[Play] = []
    heard: dict[int, Play] = {}
    starts: dict[str, list[int]] = {}
    for play in plays:
        recent = starts.setdefault(play.provider, [])
        full = len(recent) >= AT_MOST_A_DAY and play.started_at - recent[-AT_MOST_A_DAY] < DAY
        if (
            (full and play.provider != endless)
            or _doubtful(play, heard.get(play.song), apart)
            or _between_days(play, zone)
        ):
            continue
        kept.append(play)
        recent.append(play.started_at)
        heard[play.song] = play
    return kept


def _doubtful(play: Play, last: Play | None, apart: int) -> bool:
    if last is None or last.provider == play.provider:
        return False
    return play.started_at - last.ended_ms / 1000 < apart


def _between_days(play: Play, zone: ZoneInfo) -> bool:
    """Whether the day of the play is ambiguous.

    A start that is derived from an end is rounded, and wrong for a play that was paused or skipped.
    A list without times only places a play between two polls, which may be at the ends of the day.
    """
    first, last = play.started_at - _ROUNDING, play.started_at + _ROUNDING
    if play.provider == "apple_music" or (play.counts and not play.is_plain):
        first -= max(0, play.song_ms - play.played_ms) // 1000
        last = play.ended_ms // 1000 + _ROUNDING
    # All zones are multiples of 15 minutes from UTC, so most plays need no further check.
    if first // 900 == last // 900:
        return False
    return datetime.fromtimestamp(first, zone).date() != datetime.fromtimestamp(last, zone).date()
