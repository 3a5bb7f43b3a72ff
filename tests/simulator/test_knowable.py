"""The oracle of what can be known of plays, checked with listening whose truth is known."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.listeners.knowable import Report, Stamp, knowable

START, END = Stamp.START, Stamp.END
DURATIONS = {1: 129, 2: 200, 3: 244, 4: 61}


class Listening(NamedTuple):
    """A song that began at `begun` (seconds) and was paused for `paused` of them."""

    begun: int
    song: int
    played: int
    paused: int

    @property
    def duration(self) -> int:
        return DURATIONS[self.song]


@st.composite
def listenings(draw: st.DrawFn, most: int = 7) -> list[Listening]:
    """One after another, some skipped after 30 seconds or half of the song, some paused."""
    found: list[Listening] = []
    now = 0
    for _ in range(draw(st.integers(0, most))):
        song = draw(st.sampled_from([*DURATIONS]))
        whole = DURATIONS[song]
        played = draw(st.sampled_from([whole, whole, whole, whole // 2 + 1, 35]))
        paused = draw(st.sampled_from([0, 0, 60, 1500, 3600]))
        found.append(Listening(now, song, played, paused))
        now += played + paused + draw(st.sampled_from([0, 1, 40, 5000]))
    return found


def streamed(heard: Sequence[Listening], source: str = "spotify") -> list[Report]:
    """Reports by ends of all that was played for 30 seconds."""
    return [
        Report(one.begun + one.played + one.paused, one.song, source, END, one.duration)
        for one in heard
    ]


def scrobbled(
    heard: Sequence[Listening], source: str = "lastfm", *, late: int = 0, timed: bool = False
) -> list[Report]:
    """Reports by starts of all that was played to half."""
    return [
        Report(one.begun + late, one.song, source, START, one.duration * timed)
        for one in heard
        if one.played >= min(one.duration / 2, 240)
    ]


def played(heard: Sequence[Listening]) -> Counter[int]:
    return Counter(one.song for one in heard)


@given(listenings())
@settings(max_examples=200, deadline=None)
def test_plays_that_were_paused_or_skipped_are_known_from_two_accounts(
    heard: list[Listening],
) -> None:
    assert knowable([*streamed(heard), *scrobbled(heard)]) == played(heard)


@given(listenings(most=5), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_two_scrobblers_of_one_account_hide_no_play_of_another_account(
    heard: list[Listening], late: int
) -> None:
    twice = [*scrobbled(heard), *scrobbled(heard, late=late)]
    found = knowable([*streamed(heard), *twice])
    assert all(found[song] >= times for song, times in played(heard).items())


@given(listenings(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_neither_order_nor_repetition_of_reports_matters(
    heard: list[Listening], random: object
) -> None:
    reports = [*streamed(heard), *scrobbled(heard)]
    shuffled = reports * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert knowable(shuffled) == knowable(reports)


@given(listenings())
@settings(max_examples=100, deadline=None)
def test_an_account_that_is_read_alone_shows_each_play_that_it_has(heard: list[Listening]) -> None:
    assert knowable(streamed(heard)) == played(heard)


def test_a_third_of_twenty_plays_may_be_paused() -> None:
    pauses = [60 * (turn % 3 == 0) for turn in range(20)]
    begun = [0, *accumulate(200 + pause + 5 for pause in pauses)]
    heard = [Listening(at, 2, 200, pause) for at, pause in zip(begun, pauses, strict=False)]
    assert knowable([*streamed(heard), *scrobbled(heard)]) == {2: 20}


def report(at: int, source: str, stamp: Stamp, duration: int = 0, song: int = 1) -> Report:
    return Report(at, song, source, stamp, duration)


@pytest.mark.parametrize(
    ("reports", "plays"),
    [
        ([("spotify", END, 223, 244), ("listenbrainz", START, 0, 0)], 1),
        ([("spotify", END, 300, 240), ("lastfm", START, 0, 0)], 1),
        (
            [
                ("spotify", END, 240, 240),
                ("spotify", END, 480, 240),
                ("lastfm", START, 0, 0),
                ("lastfm", START, 240, 0),
            ],
            2,
        ),
        ([("listenbrainz", START, 0, 129), ("listenbrainz", START, 60, 129)], 1),
        ([("lastfm", START, 0, 0), ("lastfm", START, 40, 0)], 1),
        ([("lastfm", START, 0, 40), ("lastfm", START, 40, 40)], 2),
    ],
    ids=["in part", "paused", "twice in a row", "resumed", "two scrobblers", "interlude"],
)
def test_what_users_reported(reports: list[tuple[str, Stamp, int, int]], plays: int) -> None:
    given_ = [report(at, source, stamp, lasts) for source, stamp, at, lasts in reports]
    assert knowable(given_) == {1: plays}


@pytest.mark.parametrize(
    ("between", "plays"), [(None, 1), ("lastfm", 2), ("spotify", 2), ("youtube", 1)]
)
def test_another_song_of_either_source_separates_two_reports(
    between: str | None, plays: int
) -> None:
    reports = [report(0, "lastfm", START), report(3000, "spotify", END, 200)]
    if between:
        reports.append(report(1500, between, START, 200, song=2))
    assert knowable(reports)[1] == plays


@pytest.mark.parametrize(
    ("apart", "duration", "plays"),
    [(89, 0, 1), (90, 0, 2), (187, 200, 1), (188, 200, 2), (35, 40, 1), (36, 40, 2)],
)
def test_a_start_while_the_song_lasts_is_the_same_play(
    apart: int, duration: int, plays: int
) -> None:
    of_one = [report(at, "lastfm", START, duration) for at in (0, apart)]
    assert knowable(of_one) == {1: plays}
    of_two = [report(0, "lastfm", START, duration), report(apart, "youtube", START, duration)]
    assert knowable(of_two) == {1: plays}


@pytest.mark.parametrize(("apart", "plays"), [(29, 1), (30, 2)])
def test_an_end_less_than_a_play_later_is_the_same_play(apart: int, plays: int) -> None:
    assert knowable([report(at, "spotify", END, 200) for at in (0, apart)]) == {1: plays}


@pytest.mark.parametrize(("pause", "plays"), [(3600, 1), (3601, 2)])
def test_a_pause_lasts_an_hour_at_most(pause: int, plays: int) -> None:
    reports = [report(0, "lastfm", START), report(200 + pause, "spotify", END, 200)]
    assert knowable(reports) == {1: plays}


@pytest.mark.parametrize(("stamp", "plays"), [(-11, 2), (-10, 1), (0, 1)])
def test_an_end_may_be_stamped_at_the_start(stamp: int, plays: int) -> None:
    reports = [report(100, "lastfm", START), report(100 + stamp, "spotify", END, 200)]
    assert knowable(reports) == {1: plays}
