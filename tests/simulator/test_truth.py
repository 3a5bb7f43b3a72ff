"""The truth, checked against definitions that are slower and plainer than its own."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.listeners.learned import (
    exports,
    learned_from_apple,
    learned_from_spotify,
    learned_from_youtube,
    moved_up,
)
from simulator.listeners.listening import DAY
from simulator.listeners.plays import Play, known_from
from simulator.listeners.ring import RING
from simulator.listeners.truth import expected_list, obtainable, window
from simulator.listeners.visible import DEPTH, recent_songs, watched
from tests.simulator.history import newest_fifty

START = 1_790_000_000


@st.composite
def histories(
    draw: st.DrawFn, provider: str, *, most: int = 30, songs: int = 6, days: int = 4
) -> list[Play]:
    """Plays of three minutes, some of them skips, some known to the provider only hours later."""
    minutes = st.integers(0, days * 24 * 60 // 4).map(lambda slot: START + slot * 240)
    plays = []
    for started_at in sorted(draw(st.sets(minutes, max_size=most))):
        seconds = draw(st.sampled_from((180, 180, 180, 12))) if provider == "spotify" else 180
        late = draw(st.sampled_from((0, 0, 0, 7 * 3600))) if provider != "apple_music" else 0
        ended_ms = (started_at + seconds) * 1000
        known_at = known_from(provider, started_at, ended_ms) + late
        plays.append(Play(started_at, draw(st.integers(1, songs)), provider, ended_ms, known_at))
    return plays


moments = st.lists(st.integers(START, START + 5 * DAY), max_size=6, unique=True)


def crowded(count: int) -> list[Play]:
    """Back-to-back plays of songs 0, 1, 2, ..."""
    return [
        Play(start, song, "spotify", (start + 180) * 1000, start + 180)
        for song, start in enumerate(range(START, START + count * 200, 200))
    ]


@given(plays=histories("spotify", most=90), polls=moments)
@settings(max_examples=60, deadline=None)
def test_spotify_shows_a_play_until_fifty_ended_after_it(
    plays: list[Play], polls: list[int]
) -> None:
    def told(play: Play, poll: int) -> bool:
        known = [one for one in plays if one.counts and one.known_at <= poll]
        return play in known and sum(one.ended_ms > play.ended_ms for one in known) < RING

    learned = {play for play in plays if any(told(play, poll) for poll in polls)}
    assert learned_from_spotify(plays, polls) == learned


def test_plays_that_leave_spotifys_history_between_polls_are_lost() -> None:
    plays = crowded(130)
    end = plays[-1].known_at
    assert len(newest_fifty(plays, end)) == RING
    assert learned_from_spotify(plays, [end]) == set(plays[-50:])
    assert learned_from_spotify(plays, [plays[59].known_at, end]) == {*plays[10:60], *plays[80:]}


def test_spotifys_history_is_ordered_by_the_ends_of_plays() -> None:
    long, short = crowded(2)
    long = long._replace(ended_ms=short.ended_ms + 1, known_at=short.known_at + 1)
    assert newest_fifty([long, short], long.known_at) == [long, short]


def test_skips_and_the_current_play_are_not_in_spotifys_history() -> None:
    whole, skip, under_way = crowded(3)
    skip = skip._replace(ended_ms=skip.started_at * 1000 + 29_999)
    assert newest_fifty([whole, skip, under_way], under_way.started_at + 60) == [whole]


@given(
    polls=st.lists(st.integers(0, 400).map(lambda hour: START + hour * 3600), unique=True),
)
def test_an_export_starts_at_the_first_poll_and_then_as_soon_as_allowed(
    polls: list[int],
) -> None:
    permitted = exports(polls)
    assert permitted[:1] == sorted(polls)[:1]
    assert all(later - earlier >= DAY for earlier, later in pairwise(permitted))
    for poll in set(polls) - set(permitted):
        assert any(0 < poll - export < DAY for export in permitted)


@given(plays=histories("youtube", days=14), polls=moments)
@settings(max_examples=60, deadline=None)
def test_youtube_reports_the_last_exports_plays_from_eight_days_before_the_first(
    plays: list[Play], polls: list[int]
) -> None:
    learned = set()
    for export in exports(polls):
        for play in plays:
            since = min(polls) - 8 * DAY
            if since <= play.started_at < export and play.known_at <= export:
                learned.add(play)
    assert learned_from_youtube(plays, polls) == learned


def test_an_export_omits_plays_not_uploaded_yet() -> None:
    late = Play(START, 1, "youtube", (START + 180) * 1000, START + 7200)
    assert watched([late], START, START + DAY, now=START + 3600) == []
    assert watched([late], START, START + DAY, now=START + 7200) == [late]
    assert learned_from_youtube([late], [START + 3600, START + DAY]) == set()
    assert learned_from_youtube([late], [START + 3600, START + 2 * DAY]) == {late}


def bumped(listed: tuple[int, ...], songs: tuple[int, ...], depth: int) -> tuple[int, ...]:
    """The list after the songs were played one by one."""
    for song in songs:
        listed = (song, *(other for other in listed if other != song))[:depth]
    return listed


@given(
    before=st.permutations(range(5)).map(tuple),
    depth=st.integers(1, 5),
    size=st.integers(0, 5),
    played=st.lists(st.integers(0, 6), max_size=7).map(tuple),
)
@settings(max_examples=300, deadline=None)
def test_the_minimum_of_songs_played_equals_a_brute_force_search(
    before: tuple[int, ...], depth: int, size: int, played: tuple[int, ...]
) -> None:
    before = before[: min(size, depth)]
    after = bumped(before, played, depth)
    least = next(
        count
        for count in range(8)
        if any(bumped(before, some, depth) == after for some in permutations(range(7), count))
    )
    assert moved_up(before, after, depth) == least


@given(plays=histories("apple_music", most=40), polls=moments)
@settings(max_examples=100, deadline=None)
def test_apple_reports_only_played_songs_each_once_between_polls(
    plays: list[Play], polls: list[int]
) -> None:
    learned = learned_from_apple(plays, polls)
    assert learned <= set(plays)
    for since, until in pairwise(sorted(polls)):
        between = [play for play in plays if since < play.known_at <= until]
        found = Counter(play.song for play in between if play in learned)
        assert set(found.values()) <= {1}
        assert set(found) <= {play.song for play in between}
        new = {play.song for play in between} - set(recent_songs(plays, since))
        assert new <= set(found)


def apple(*songs: int) -> list[Play]:
    """One play an hour."""
    return [
        Play(start, song, "apple_music", (start + 180) * 1000, start + 180)
        for song, start in zip(songs, range(START, START + DAY, 3600), strict=False)
    ]


def after(count: int) -> int:
    """A moment when so many hourly plays have ended."""
    return START + count * 3600 - 60


def test_apples_list_is_in_order_of_upload() -> None:
    one, other = apple(1, 2)
    late = one._replace(known_at=other.known_at + 600)
    assert recent_songs([late, other], other.known_at) == [2]
    assert recent_songs([late, other], late.known_at) == [1, 2]


def test_the_first_apple_list_counts_nothing() -> None:
    assert learned_from_apple(apple(1, 2, 3), [after(3)]) == set()


def test_a_repeat_of_apples_top_song_is_invisible() -> None:
    assert learned_from_apple(apple(1, 2, 2), [after(2), after(3)]) == set()


def test_a_replay_of_an_older_song_moves_it_up_and_counts_once() -> None:
    plays = apple(1, 2, 3, 1, 4, 1)
    assert learned_from_apple(plays, [after(3), after(6)]) == {plays[4], plays[5]}


def test_songs_that_fall_off_apples_list_are_lost() -> None:
    plays = [
        Play(start, song, "apple_music", (start + 180) * 1000, start + 180)
        for song, start in enumerate(range(START, START + 70 * 200, 200))
    ]
    learned = learned_from_apple(plays, [START, plays[-1].known_at])
    assert learned == set(plays[-DEPTH:])


# Other songs at each provider: other tests are about which reports of one song are one play.
mixed = st.tuples(histories("spotify"), histories("youtube")).map(
    lambda both: sorted((*both[0], *(one._replace(song=one.song + 6) for one in both[1])))
)


@given(
    plays=mixed,
    polls=moments,
    zone=st.sampled_from(("UTC", "Asia/Kolkata", "America/New_York")),
    days=st.integers(-2, 12),
)
@settings(max_examples=80, deadline=None)
def test_the_list_counts_the_obtainable_plays_of_seven_local_days_by_their_start(
    plays: list[Play], polls: list[int], zone: str, days: int
) -> None:
    as_of = datetime.fromtimestamp(START, UTC).date() + timedelta(days=days)
    both = {"spotify": polls, "youtube": polls}
    counts: Counter[int] = Counter()
    for play in obtainable(plays, both):
        day = datetime.fromtimestamp(play.started_at, ZoneInfo(zone)).date()
        counts[play.song] += as_of - timedelta(days=7) <= day < as_of
    ranked = expected_list(plays, both, as_of, zone)
    assert {found.song: found.count for found in ranked} == dict(+counts)
    assert ranked == sorted(ranked, key=lambda found: (-found.count, -found.last, found.song))


@pytest.mark.parametrize(("from_midnight", "days"), [(-60, 0), (0, 1)])
def test_a_play_belongs_to_the_day_on_which_it_starts(from_midnight: int, days: int) -> None:
    midnight = START - START % DAY + DAY
    at = midnight + from_midnight
    plays = [Play(at, 1, "spotify", (at + 180) * 1000, at + 180)]
    polls = {"spotify": [midnight + DAY]}
    first = datetime.fromtimestamp(midnight, UTC).date() + timedelta(days=days)
    assert expected_list(plays, polls, first - timedelta(days=1), "UTC") == []
    for later in range(7):
        assert len(expected_list(plays, polls, first + timedelta(days=later), "UTC")) == 1
    assert expected_list(plays, polls, first + timedelta(days=7), "UTC") == []


def test_a_song_with_an_apple_play_has_no_exact_time() -> None:
    heard_twice = Play(START + 10 * 3600, 2, "spotify", (START + 36180) * 1000, START + 36180)
    plays = [*apple(1, 2, 3), heard_twice]
    polls = {"apple_music": [after(1), after(3)], "spotify": [START + 11 * 3600]}
    as_of = datetime.fromtimestamp(START, UTC).date() + timedelta(days=2)
    ranked = expected_list(plays, polls, as_of, "UTC")
    assert [(one.song, one.count, one.exact_time) for one in ranked] == [
        (2, 2, False),
        (3, 1, False),
    ]
    assert ranked[0].last == heard_twice.started_at


@pytest.mark.parametrize(
    ("as_of", "hours"),
    [(date(2026, 10, 28), 169), (date(2026, 4, 1), 167), (date(2026, 7, 1), 168)],
)
def test_the_window_is_seven_days_by_the_clock_on_the_wall(as_of: date, hours: int) -> None:
    start, end = window(as_of, "Europe/Berlin")
    assert end - start == hours * 3600
