"""What counts as a play: half of the song or four minutes, and at least 30 seconds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON, play
from topk.domain.play_rule import BOUNDS, STANDARD, PlayReport, PlayRule

_rules = st.builds(
    PlayRule, **{field: st.integers(*least_most) for field, least_most in BOUNDS.items()}
)
_durations = st.integers(0, 7200)
_seconds = st.integers(0, 7200)


@pytest.mark.parametrize(
    ("duration", "needed"),
    [(0, 30), (20, 30), (59, 30), (60, 30), (61, 30.5), (200, 100), (480, 240), (3600, 240)],
)
def test_the_standard_rule_is_that_of_the_scrobbling_protocols(
    duration: int, needed: float
) -> None:
    assert STANDARD.needed_seconds(duration) == needed
    assert STANDARD.counts(played=needed, duration=duration)
    assert not STANDARD.counts(played=needed - 0.001, duration=duration)


@given(_rules, _durations, _seconds, _seconds)
def test_listening_longer_never_stops_a_play_from_counting(
    rule: PlayRule, duration: int, played: int, more: int
) -> None:
    if rule.counts(played=played, duration=duration):
        assert rule.counts(played=played + more, duration=duration)


@given(_rules, _durations, _seconds)
def test_a_play_counts_exactly_if_it_was_long_enough(
    rule: PlayRule, duration: int, played: int
) -> None:
    share = Fraction(duration * rule.percent, 100)
    enough = played >= share or played >= rule.enough_seconds
    assert rule.counts(played=played, duration=duration) == (
        enough and played >= rule.least_seconds
    )


@given(_rules, _durations, st.booleans(), _seconds)
def test_a_reported_duration_decides_before_a_mark_of_a_skip(
    rule: PlayRule, duration: int, skipped: bool, played: int
) -> None:
    by_duration = rule.counts(played=played, duration=duration)
    assert rule.counts(played=played, duration=duration, skipped=skipped) == by_duration
    assert rule.counts(played=None, duration=duration, skipped=skipped) == (not skipped)


@given(_rules, st.integers(60, 7200))
def test_a_song_of_a_minute_that_was_played_to_its_end_counts(
    rule: PlayRule, duration: int
) -> None:
    assert rule.counts(played=duration, duration=duration)


def test_a_report_is_judged_by_the_length_of_its_song() -> None:
    song = play("Dawn", NOON)
    length = song.track.duration
    assert STANDARD.accepts(PlayReport(song))
    assert STANDARD.accepts(PlayReport(song, length))
    assert not STANDARD.accepts(PlayReport(song, 29))
    assert not STANDARD.accepts(PlayReport(song, skipped=True))


@pytest.mark.parametrize("field", BOUNDS)
def test_a_rule_outside_the_bounds_is_refused(field: str) -> None:
    least, most = BOUNDS[field]
    for value in (least - 1, most + 1):
        with pytest.raises(ValueError, match=field):
            PlayRule(**{field: value})
