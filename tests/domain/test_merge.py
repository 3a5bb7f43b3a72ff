"""A play counts once, however often and through however many providers it is reported."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON, play
from topk.domain.play import Play, Precision
from topk.domain.toplist.merge import RE_REPORT_SECONDS, SAME_START_SECONDS, merge

EXACT, END, INFERRED = Precision.EXACT, Precision.END, Precision.INFERRED
_reports = st.lists(
    st.builds(
        play,
        st.just("Dawn"),
        st.integers(NOON, NOON + 2000),
        provider=st.sampled_from(["lastfm", "spotify", "youtube"]),
        precision=st.sampled_from([EXACT, END, INFERRED]),
    ),
    max_size=25,
)


def _starts(plays: list[Play]) -> list[int]:
    return [one.started_at - NOON for one in plays]


@given(_reports, st.randoms(use_true_random=False), st.integers(1, 3))
def test_neither_order_nor_repetition_matters(
    reports: list[Play], random: object, times: int
) -> None:
    shuffled = reports * times
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled) == merge(reports)


@given(_reports)
def test_every_merged_play_was_reported_and_one_provider_alone_loses_none(
    reports: list[Play],
) -> None:
    merged = merge(reports)
    assert set(merged) <= set(reports)
    for provider in {report.provider for report in reports}:
        alone = merge([report for report in reports if report.provider == provider])
        assert len(merged) >= len(alone)


@given(_reports)
def test_timed_plays_of_a_provider_are_at_least_a_repeat_report_apart(reports: list[Play]) -> None:
    of_one = [r for r in reports if r.provider == "spotify" and r.precision is not INFERRED]
    for first, second in pairwise(merge(of_one)):
        assert second.started_at - first.started_at >= RE_REPORT_SECONDS


@given(st.integers(1, 30), st.integers(RE_REPORT_SECONDS, 400), st.integers(-10, 10))
def test_a_song_on_repeat_counts_each_time_even_if_two_providers_report_it(
    times: int, duration: int, drift: int
) -> None:
    ends = [NOON + turn * duration for turn in range(1, times + 1)]
    heard = [play("Dawn", end, precision=END, duration=duration) for end in ends]
    scrobbled = [
        play("Dawn", end - duration + drift, provider="lastfm", duration=duration) for end in ends
    ]
    assert len(merge([*heard, *scrobbled])) == times


@pytest.mark.parametrize(
    ("apart", "duration", "plays"),
    [(29, 200, 1), (30, 200, 2), (19, 20, 1), (20, 20, 2), (29, 0, 1), (30, 0, 2)],
)
def test_a_repeat_report_comes_sooner_than_the_song_could_be_replayed(
    apart: int, duration: int, plays: int
) -> None:
    reports = [play("Dawn", NOON + at, duration=duration) for at in (0, apart)]
    assert len(merge(reports)) == plays


@pytest.mark.parametrize(("apart", "plays"), [(0, 1), (SAME_START_SECONDS, 1), (11, 2), (-11, 2)])
def test_reports_of_two_providers_with_the_same_start_are_one_play(apart: int, plays: int) -> None:
    reports = [play("Dawn", NOON), play("Dawn", NOON + apart, provider="lastfm")]
    assert len(merge(reports)) == plays


def test_an_end_stamp_is_compared_by_its_derived_start() -> None:
    ended = play("Dawn", NOON + 200, precision=END)
    started = play("Dawn", NOON, provider="lastfm")
    assert _starts(merge([ended, started])) == [0]


def test_an_end_stamp_that_may_be_a_start_is_matched_as_a_start() -> None:
    offline = play("Dawn", NOON, precision=END)
    scrobbled = play("Dawn", NOON + 4, provider="lastfm")
    assert len(merge([offline, scrobbled])) == 1


def test_reports_of_three_providers_can_be_one_play() -> None:
    names = ("lastfm", "spotify", "youtube")
    assert len(merge([play("Dawn", NOON, provider=name) for name in names])) == 1


def test_an_inferred_time_matches_only_itself() -> None:
    guessed = play("Dawn", NOON, provider="apple_music", precision=INFERRED)
    assert merge([guessed, guessed]) == [guessed]
    assert len(merge([guessed, play("Dawn", NOON)])) == 2
    later = play("Dawn", NOON + 5, provider="apple_music", precision=INFERRED)
    assert len(merge([guessed, later])) == 2
