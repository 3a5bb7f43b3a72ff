"""What listeners play: believable, and never ambiguous."""

from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.listening import AT_MOST_A_DAY, DAY, DAYS_AFTER, DAYS_BEFORE, listen
from simulator.listeners.plays import SHORTEST_MS, Play
from simulator.listeners.population import Listener, build_population

START = 1_790_000_000
SONGS = build_catalogue(7, 2000)
Histories = list[tuple[Listener, list[Play]]]


@pytest.fixture(scope="module")
def histories() -> Histories:
    return [(one, listen(7, one, SONGS, START)) for one in build_population(7, 60)]


def test_history_reaches_from_before_the_start_to_long_after(histories: Histories) -> None:
    starts = [play.started_at for _, plays in histories for play in plays]
    assert START - (DAYS_BEFORE + 2) * DAY < min(starts) < START - (DAYS_BEFORE - 2) * DAY
    assert START + (DAYS_AFTER - 2) * DAY < max(starts) < START + (DAYS_AFTER + 2) * DAY


def test_a_world_that_ends_sooner_is_the_same_until_then(histories: Histories) -> None:
    for listener, plays in histories:
        sooner = listen(7, listener, SONGS, START, days=6)
        assert sooner == plays[: len(sooner)]
        assert all(play.started_at > START + 4 * DAY for play in plays[len(sooner) :])


def test_plays_of_a_listener_never_overlap(histories: Histories) -> None:
    for _, plays in histories:
        assert plays == sorted(plays)
        for one, other in pairwise(plays):
            assert one.ended_ms <= other.started_at * 1000


def test_listeners_play_at_their_own_accounts_only(histories: Histories) -> None:
    for listener, plays in histories:
        assert {play.provider for play in plays} <= set(listener.accounts)


def test_no_provider_sees_more_than_45_plays_in_any_24_hours(histories: Histories) -> None:
    for _, plays in histories:
        by_provider: dict[str, list[int]] = defaultdict(list)
        for play in plays:
            by_provider[play.provider].append(play.started_at)
        for starts in by_provider.values():
            for position in range(len(starts) - AT_MOST_A_DAY):
                assert starts[position + AT_MOST_A_DAY] - starts[position] >= DAY


def test_the_same_song_at_two_providers_is_further_apart_than_a_pause(histories: Histories) -> None:
    for _, plays in histories:
        by_song: dict[int, list[Play]] = defaultdict(list)
        for play in plays:
            by_song[play.song].append(play)
        for times in by_song.values():
            for one, other in pairwise(times):
                if one.provider != other.provider:
                    assert other.started_at - one.ended_ms / 1000 > 3600


def test_a_play_is_a_whole_song_or_a_skip_that_only_spotify_reports(
    histories: Histories,
) -> None:
    skips = 0
    for _, plays in histories:
        for play in plays:
            length = play.ended_ms - play.started_at * 1000
            if play.counts:
                assert length == SONGS[play.song].duration_ms >= SHORTEST_MS
            else:
                assert play.provider == "spotify"
                skips += 1
    assert skips


def test_offline_plays_become_known_hours_later_except_without_times(
    histories: Histories,
) -> None:
    late: dict[str, float] = defaultdict(float)
    for _, plays in histories:
        for play in plays:
            delay = play.known_at - play.started_at
            assert delay >= 0
            late[play.provider] = max(late[play.provider], delay)
    assert late["spotify"] > 3 * 3600
    assert late["youtube"] > 3 * 3600
    assert late["apple_music"] < 600


def test_no_play_starts_where_its_day_is_ambiguous(histories: Histories) -> None:
    for listener, plays in histories:
        zone = ZoneInfo(listener.time_zone)
        for play in plays:
            end = play.started_at + 2
            if play.provider == "apple_music":
                end = play.ended_ms // 1000
            days = {datetime.fromtimestamp(at, zone).date() for at in (play.started_at - 2, end)}
            assert len(days) == 1


def test_most_play_15_to_30_songs_a_day_and_a_few_hardly_any(histories: Histories) -> None:
    per_day = [len(plays) / (DAYS_BEFORE + DAYS_AFTER) for _, plays in histories]
    assert sum(12 <= mean <= 32 for mean in per_day) > len(per_day) / 2
    assert any(mean < 1 for mean in per_day)
    assert max(per_day) <= AT_MOST_A_DAY


def test_people_sleep_at_night(histories: Histories) -> None:
    hours = [
        datetime.fromtimestamp(play.started_at, UTC).astimezone(ZoneInfo(one.time_zone)).hour
        for one, plays in histories
        for play in plays
    ]
    night = sum(2 <= hour < 6 for hour in hours)
    evening = sum(17 <= hour < 21 for hour in hours)
    assert night * 5 < evening


def test_favourites_come_back(histories: Histories) -> None:
    for _, plays in histories:
        week = [play.song for play in plays if START <= play.started_at < START + 7 * DAY]
        if len(week) >= 50:
            assert len(set(week)) < 0.8 * len(week)
