"""The play audit explains each reported play by the rules of the ranking."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from cli.recovery.play_audit import AuditedPlay, Verdict, audit
from tests.fakes import DAY, NOON, play
from topk.domain.play import Play, Precision, in_order
from topk.domain.play_log import History
from topk.domain.song.marks import mark_of
from topk.domain.toplist.corrections import Correction, Corrections, Kind
from topk.domain.toplist.ranking import rank, ranking
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


def _audited(
    reports: Iterable[Play],
    *,
    deleted: Collection[Play] = (),
    corrections: Sequence[Correction] = (),
    separate: Collection[str] = (),
) -> list[AuditedPlay]:
    present = tuple(one for one in reports if one not in deleted)
    history = History([(NOON, present)], corrections, separate=frozenset(separate))
    return audit(reports, WINDOW, history=history, connected=["spotify", "lastfm"])


def _verdicts(*reports: Play) -> list[Verdict]:
    return [one.verdict for one in _audited(reports)]


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
    found = _audited(reports)
    assert {one.play for one in found} == set(reports)
    counted = Counter(one.song_id for one in found if one.verdict is Verdict.COUNTED)
    assert counted == {song.song_id: song.listen_count for song in rank(reports, WINDOW, 50)}


DAWN, DUSK = play("Dawn", NOON - 2 * DAY), play("Dusk", NOON - 3 * DAY)


def _not_me(*reports: Play) -> Correction:
    return Correction(NOON, Kind.NOT_ME, (mark_of({one.track for one in reports}, []),), 0, NOON)


def test_a_play_left_out_says_why() -> None:
    scrobbled = play("Rain", NOON - DAY, provider="lastfm")
    found = _audited(
        [DAWN, DUSK, scrobbled],
        deleted=[DAWN],
        corrections=[_not_me(DUSK)],
        separate=["lastfm"],
    )
    assert {one.play: one.verdict for one in found} == {
        DAWN: Verdict.DELETED,
        DUSK: Verdict.DISOWNED,
        scrobbled: Verdict.SEPARATE,
    }


def test_songs_that_their_owner_joined_are_counted_as_one() -> None:
    marks = (mark_of([DAWN.track], []), mark_of([DUSK.track], []))
    found = _audited([DAWN, DUSK], corrections=[Correction(NOON, Kind.MERGE, marks)])
    assert len({one.song_id for one in found}) == 1
    assert {one.verdict for one in found} == {Verdict.COUNTED}


@given(st.lists(plays, max_size=20, unique=True), st.data())
def test_counts_are_those_of_the_list_whatever_was_deleted_or_corrected(
    reports: list[Play], data: st.DataObject
) -> None:
    several = st.lists(st.sampled_from(reports or [DAWN]), max_size=3, unique=True)
    deleted, disowned = data.draw(several), data.draw(several)
    made = [_not_me(*disowned)] if disowned else []
    separate = data.draw(st.sampled_from([(), ("lastfm",)]))

    found = _audited(reports, deleted=deleted, corrections=made, separate=separate)

    corrections = Corrections(made)
    present = [one for one in reports if one not in deleted and one.provider not in separate]
    [(_, kept)] = corrections.kept([(NOON, tuple(present))])
    expected = ranking(in_order(kept), WINDOW, 50, grouped=corrections.songs).songs
    counted = Counter(one.song_id for one in found if one.verdict is Verdict.COUNTED)
    assert counted == {song.song_id: song.listen_count for song in expected}
    assert {one.play for one in found} == set(reports)
