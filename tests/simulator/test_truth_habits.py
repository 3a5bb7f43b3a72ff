"""What habits cost, by definitions that are slower and plainer than the truth's own."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.habit import LISTENING, Habit
from simulator.habits import USUALLY, Habits
from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.learned import learned_from_apple, learned_from_spotify, placed_by_apple
from simulator.listeners.listening import DAY, listen
from simulator.listeners.plays import Play
from simulator.listeners.population import build_population
from simulator.listeners.ring import RING, Kind, entries_of, newest, stamped_with_start
from simulator.listeners.truth import expected_list, lost, numbers, obtainable, placed, window
from simulator.listeners.visible import list_as_of, recent_songs
from tests.simulator.poller import is_older, least_played
from tests.simulator.test_truth import START, apple, crowded, histories, moments

ANYTHING = Habits(dict.fromkeys(Habit, 0.3) | {Habit.RING: 1.0})
ACCOUNTS = {"spotify": "s", "apple_music": "a", "lastfm": "l"}
mixed = st.tuples(histories("spotify", most=90), histories("apple_music"), histories("lastfm")).map(
    lambda three: sorted((*three[0], *three[1], *three[2]))
)
seeds = st.integers(0, 10**6)


def scrobbling(plays: Sequence[Play]) -> list[Play]:
    return [
        play._replace(scrobbled_to=("lastfm",)) if play.provider == "spotify" else play
        for play in plays
    ]


@given(plays=mixed, polls=moments, seed=seeds)
@settings(max_examples=60, deadline=None)
def test_a_spotify_play_is_obtainable_if_some_poll_shows_it(
    plays: list[Play], polls: list[int], seed: int
) -> None:
    habits = ANYTHING.seeded(seed)
    entries = entries_of(plays, habits, "s")
    found = set()
    for poll in polls:
        there = [one for one in entries if one.known_at <= poll < one.until]
        for entry in there:
            newer = sum(
                (one.stamp_ms, one.play.song) > (entry.stamp_ms, entry.play.song) for one in there
            )
            if newer < RING and entry.kind in {Kind.PLAY, Kind.AGAIN, Kind.LOCAL}:
                found.add(entry.play)
    unregistered = habits.strikes(Habit.UNREGISTERED, "s")
    assert learned_from_spotify(plays, polls, habits, "s") == (set() if unregistered else found)


@given(plays=histories("spotify", most=90), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_every_play_has_one_entry_of_its_own_unless_it_is_omitted(
    plays: list[Play], seed: int
) -> None:
    habits = ANYTHING.seeded(seed)
    own = [
        one.play for one in entries_of(plays, habits, "s") if one.kind in {Kind.PLAY, Kind.LOCAL}
    ]
    told = [
        play
        for play in plays
        if play.counts and not habits.strikes(Habit.OMISSION, "s", play.started_at)
    ]
    assert own == told


@given(plays=histories("spotify", most=90), polls=moments, seed=seeds)
@settings(max_examples=60, deadline=None)
def test_without_the_limit_and_omissions_every_arrived_play_is_obtainable(
    plays: list[Play], polls: list[int], seed: int
) -> None:
    spared = {Habit.RING, Habit.OMISSION, Habit.LATE, Habit.UNREGISTERED}
    habits = Habits({habit: 0.4 for habit in Habit if habit not in spared}).seeded(seed)
    known = {play for play in plays if play.counts and polls and play.known_at <= max(polls)}
    assert learned_from_spotify(plays, polls, habits, "s") == known


@given(
    plays=histories("apple_music", most=60, songs=8, days=6),
    polls=st.lists(st.integers(START, START + 7 * DAY), max_size=12, unique=True),
    seed=seeds,
)
@settings(max_examples=150, deadline=None)
def test_comparing_apples_lists_finds_the_plays_of_the_truth(
    plays: list[Play], polls: list[int], seed: int
) -> None:
    habits = ANYTHING.seeded(seed)
    told: Counter[tuple[int, float]] = Counter()
    known: tuple[list[int], int] | None = None
    for poll in sorted(polls):
        listed = recent_songs(plays, list_as_of(plays, poll, habits, "a"), habits, "a")
        if known is not None:
            before, read_at = known
            if is_older(listed, before):
                continue
            moved = listed[: least_played(before, listed)]
            told.update((song, read_at) for song in moved if song >= 0)
        known = listed, poll
    found = placed_by_apple(plays, polls, habits, "a")
    assert told == Counter((play.song, moment) for play, moment in found.items())
    assert all(moment < play.known_at + 13 * 3600 for play, moment in found.items())


def test_a_stale_list_lacks_a_song_played_for_the_first_time() -> None:
    plays = apple(1, 2, 1, 3, 2)
    stale = Habits({Habit.STALE: 1.0, Habit.BUMP: 1.0})
    now = plays[-1].known_at + 9.5 * 3600
    as_of = list_as_of(plays, now, stale, "a")
    assert as_of < plays[3].known_at < now
    assert recent_songs(plays, as_of, stale, "a") == [1, 2]
    assert list_as_of(plays, now + DAY, stale, "a") == now + DAY


def test_an_older_list_shows_no_plays_and_is_no_baseline() -> None:
    plays = apple(1, 2, 1, 3, 2, 1)
    first, fresh = plays[1].known_at + 60, plays[4].known_at + 60
    older, last = plays[4].known_at + 1200, plays[5].known_at + 60
    stale = next(
        habits
        for habits in (Habits({Habit.STALE: 0.5, Habit.BUMP: 1.0}, seed) for seed in range(999))
        if [list_as_of(plays, poll, habits, "a") < poll for poll in (first, fresh, older, last)]
        == [False, False, True, False]
    )
    found = placed_by_apple(plays, [first, fresh, older, last], stale, "a")
    assert found == {plays[3]: first, plays[4]: first, plays[5]: fresh}


def test_an_apple_play_belongs_to_the_day_of_the_reading_before_it() -> None:
    midnight = START - START % DAY + DAY
    play = Play(midnight + 600, 1, "apple_music", (midnight + 800) * 1000, midnight + 800)
    polls = {"apple_music": [midnight - 3600, midnight + 3600]}
    today = datetime.fromtimestamp(midnight, UTC).date()
    assert placed([play], polls) == {play: midnight - 3600}
    assert [one.last for one in expected_list([play], polls, today, "UTC")] == [midnight - 3600]
    assert expected_list([play], polls, today + timedelta(days=7), "UTC") == []
    assert numbers([play], polls, today, "UTC").plays_true == 0


def test_a_replay_that_does_not_move_the_song_is_invisible() -> None:
    plays = apple(1, 2, 3, 1)
    polls = [plays[2].known_at + 60, plays[3].known_at + 60]
    assert learned_from_apple(plays, polls) == {plays[3]}
    assert learned_from_apple(plays, polls, Habits.none()) == set()


@given(plays=mixed, polls=moments, seed=seeds, by=st.sampled_from(["UTC", "Asia/Kolkata"]))
@settings(max_examples=60, deadline=None)
def test_a_scrobbled_play_counts_once_and_survives_what_spotify_loses(
    plays: list[Play], polls: list[int], seed: int, by: str
) -> None:
    plays, habits = scrobbling(plays), ANYTHING.without(*LISTENING).seeded(seed)
    both = dict.fromkeys(("spotify", "lastfm"), polls)
    alone = obtainable(plays, {"lastfm": polls}, habits, ACCOUNTS)
    found = obtainable(plays, both, habits, ACCOUNTS)
    assert found == alone | obtainable(plays, {"spotify": polls}, habits, ACCOUNTS)
    assert {play.provider for play in alone} <= {"spotify", "lastfm"}
    as_of = date(2026, 9, 25)
    start, end = window(as_of, by)
    ranked = expected_list(plays, both, as_of, by, habits, ACCOUNTS)
    counts = {one.song: one.count for one in ranked}
    known = Counter(one.song for one in found if start <= one.started_at < end)
    # Plays of one song that overlap at two accounts are taken for one.
    assert counts.keys() == known.keys()
    assert all(counts[song] <= known[song] for song in known)
    told = numbers(plays, both, as_of, by, habits, ACCOUNTS)
    assert (told.plays_obtainable, told.doubled) == (known.total(), 0)
    assert told.merged == known.total() - sum(counts.values())


@given(plays=mixed, polls=moments, more=moments, seed=seeds)
@settings(max_examples=60, deadline=None)
def test_more_polls_never_return_fewer_plays(
    plays: list[Play], polls: list[int], more: list[int], seed: int
) -> None:
    plays, habits = scrobbling(plays), ANYTHING.seeded(seed)
    few = {"spotify": polls, "lastfm": polls}
    many = {"spotify": [*polls, *more], "lastfm": [*polls, *more]}
    assert obtainable(plays, few, habits, ACCOUNTS) <= obtainable(plays, many, habits, ACCOUNTS)


@given(plays=mixed, polls=moments, seed=seeds)
@settings(max_examples=60, deadline=None)
def test_what_is_lost_was_played_between_polls_and_is_not_obtainable(
    plays: list[Play], polls: list[int], seed: int
) -> None:
    habits, asked = ANYTHING.seeded(seed), {"spotify": polls, "apple_music": polls}
    gone = lost(plays, asked, habits, ACCOUNTS)
    assert not gone & obtainable(plays, asked, habits, ACCOUNTS)
    assert all(play.counts and play.provider in asked for play in gone)
    on_time = Habits({Habit.OMISSION: 0.3, Habit.RING: 1.0, Habit.BUMP: 1.0}).seeded(seed)
    known = {
        play
        for play in plays
        if play.counts and play.provider in asked and polls
        if min(polls) < play.known_at <= max(polls)
    }
    rest = known - obtainable(plays, asked, on_time, ACCOUNTS)
    assert lost(plays, asked, on_time, ACCOUNTS) == rest


def test_a_late_play_is_not_lost_while_it_is_on_its_way() -> None:
    plays, late = crowded(3), Habits({Habit.LATE: 1.0, Habit.RING: 1.0})
    polls = {"spotify": [START, plays[-1].known_at]}
    assert obtainable(plays, polls, late) == lost(plays, polls, late) == set()
    polls["spotify"].append(START + 2 * DAY)
    assert obtainable(plays, polls, late) == set(plays)


def test_a_late_play_behind_fifty_newer_ones_is_lost() -> None:
    late = Habits({Habit.LATE: 0.02, Habit.RING: 1.0}, seed=4)
    plays = crowded(500)
    delayed = [
        entry.play
        for entry in entries_of(plays, late, "s")
        if entry.known_at > entry.play.known_at + 7200
    ]
    polls = {"spotify": list(range(START, START + 5 * DAY, 3600))}
    assert delayed
    assert set(delayed) & lost(plays, polls, late, {"spotify": "s"})


def test_an_unregistered_account_loses_all_plays_but_not_its_scrobbles() -> None:
    plays, refused = scrobbling(crowded(5)), Habits({Habit.UNREGISTERED: 1.0})
    polls: dict[str, list[float]] = {"spotify": [START, START + DAY]}
    assert lost(plays, polls, refused) == set(plays)
    polls["lastfm"] = [START + DAY]
    assert obtainable(plays, polls, refused) == set(plays)
    assert lost(plays, polls, refused) == set()


@given(plays=histories("spotify", most=90), poll=st.integers(START, START + 5 * DAY), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_the_history_shows_the_latest_stamps_latest_first(
    plays: list[Play], poll: int, seed: int
) -> None:
    entries = entries_of(plays, ANYTHING.seeded(seed), "s")
    there = sorted(one.stamp_ms for one in entries if one.known_at <= poll < one.until)
    shown = newest(entries, poll, ANYTHING)
    assert [one.stamp_ms for one in shown] == there[::-1][:RING]


@given(plays=histories("spotify", most=90), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_a_start_timestamp_determines_the_day(plays: list[Play], seed: int) -> None:
    """No midnight of any zone, all at quarters of an hour, lies between the two readings."""
    habits = Habits({Habit.START_STAMP: 1.0}, seed)
    for play in stamped_with_start(plays, habits, "s"):
        read_as_end = play.started_at - (play.ended_ms // 1000 - play.started_at)
        assert read_as_end // 900 == play.started_at // 900
        near = [one for one in plays if abs(one.started_at - play.started_at) < 3600]
        assert [one.song for one in near].count(play.song) == 1


def test_a_mistaken_entry_does_not_report_the_play_it_resembles() -> None:
    plays = crowded(80)
    habits = Habits({Habit.FUTURE: 1.0, Habit.RING: 1.0})
    assert learned_from_spotify(plays, [plays[-1].known_at], habits) == set()


def test_re_reports_and_null_tracks_waste_the_ring() -> None:
    plays = crowded(50)
    end = plays[-1].known_at + 60
    for habit in (Habit.AGAIN, Habit.NO_TRACK, Habit.FUTURE):
        crowd = Habits({habit: 0.5, Habit.RING: 1.0})
        assert 0 < len(learned_from_spotify(plays, [end], crowd)) < 50
        assert len(newest(entries_of(plays, crowd), end, crowd)) == 50
        assert learned_from_spotify(plays, [end], Habits({habit: 0.5})) == set(plays)


@pytest.mark.parametrize(("polls_a_day", "least", "most"), [(1, 0.7, 0.8), (12, 0.0, 0.01)])
def test_daily_polls_of_a_heavy_listener_lose_most_plays_and_twelve_a_day_almost_none(
    polls_a_day: int, least: float, most: float
) -> None:
    songs = build_catalogue(7, 500)
    heavy = [one for one in build_population(7, 20, heavy=0.5) if one.heavy]
    midnight = START - START % DAY
    polls = {
        "spotify": [midnight + turn * DAY / polls_a_day for turn in range(9 * polls_a_day + 1)]
    }
    as_of = datetime.fromtimestamp(midnight, UTC).date() + timedelta(days=9)
    found = [numbers(listen(7, one, songs, START), polls, as_of, "UTC", USUALLY) for one in heavy]
    per_day = sum(one.plays_true for one in found) / len(found) / 7
    assert 170 < per_day < 230
    share = sum(one.lost for one in found) / sum(one.plays_true for one in found)
    assert least <= share <= most
