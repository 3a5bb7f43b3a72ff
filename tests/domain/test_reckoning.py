"""The play audit explains each reported play by the rules of the ranking."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cli.recovery.play_audit import Verdict, reckon
from tests.fakes import DAY, NOON, play
from topk.domain.play import Play, Precision
from topk.domain.toplist.ranking import rank
from topk.domain.toplist.window import Window

WINDOW = Window.current(NOON)

plays = st.builds(
    play,
    st.sampled_from(["Dawn", "Dusk"]),
    st.integers(WINDOW.start - DAY, WINDOW.end + DAY)
    | st.integers(NOON - 2 * DAY, NOON - 2 * DAY + 90),
    provider=st.sampled_from(["spotify", "lastfm"]),
    precision=st.sampled_from(Precision),
)


def _verdicts(*reports: Play) -> list[Verdict]:
    return [one.verdict for one in reckon(reports, WINDOW)]


def test_a_second_report_by_another_provider_is_merged() -> None:
    at = NOON - 2 * DAY
    found = _verdicts(play("Dawn", at), play("Dawn", at + 3, provider="lastfm"))
    assert sorted(found) == [Verdict.COUNTED, Verdict.MERGED]


def test_plays_before_the_window_or_of_today_are_outside() -> None:
    long_ago, just_before = play("Dawn", NOON - 20 * DAY), play("Dawn", WINDOW.start - 1)
    assert set(_verdicts(long_ago, just_before, play("Dawn", WINDOW.end))) == {Verdict.OUTSIDE}


@given(st.lists(plays, max_size=40))
def test_counted_reports_sum_to_the_listen_count_and_every_report_has_a_verdict(
    reports: list[Play],
) -> None:
    found = reckon(reports, WINDOW)
    assert {one.play for one in found} == set(reports)
    counted = Counter(one.song_id for one in found if one.verdict is Verdict.COUNTED)
    assert counted == {song.song_id: song.listen_count for song in rank(reports, WINDOW, 50)}
