"""A play counts once, however often and through however many providers it is reported."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from types import FrameType
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.listeners.knowable import Report, Stamp, knowable
from tests.fakes import NOON, play
from topk.domain.play import Play, Precision, in_order
from topk.domain.toplist.merge import (
    LEAST_PLAY_SECONDS,
    LONGEST_PAUSE_SECONDS,
    SKEW_SECONDS,
    UNKNOWN_DURATION_SECONDS,
    are_apart,
    merge,
)
from topk.domain.toplist.ranking import by_song, merged

EXACT, END, INFERRED = Precision.EXACT, Precision.END, Precision.INFERRED
PRECISIONS = {
    "lastfm": EXACT,
    "listenbrainz": EXACT,
    "spotify": END,
    "tidal": END,
    "youtube": EXACT,
    "apple_music": INFERRED,
}
DURATIONS = {"Dawn": 129, "Dusk": 200, "Hail": 244, "Rain": 61}


def reports_of(
    *providers: str, titles: Sequence[str] = ("Dawn",), durations: Sequence[int] = (0, 200)
) -> st.SearchStrategy[list[Play]]:
    def build(provider: str, title: str, at: int, duration: int) -> Play:
        precision = PRECISIONS[provider]
        return play(title, NOON + at, provider=provider, precision=precision, duration=duration)

    reports = st.builds(
        build,
        st.sampled_from(providers),
        st.sampled_from(titles),
        st.integers(0, 700) | st.integers(0, 9000),
        st.sampled_from(durations),
    )
    return st.lists(reports, max_size=14)


def counts(reports: Iterable[Play]) -> Counter[str]:
    """The number of plays by title, each song among the reports of the others."""
    songs = by_song(in_order(reports))
    return Counter({song.tracks[0].title: len(plays) for plays, song in merged(songs)})


def known(reports: Iterable[Play]) -> Counter[str]:
    """The number of plays by title that can be known."""
    titles = [*DURATIONS]
    found = knowable(
        Report(
            one.listened_at,
            titles.index(one.track.title),
            one.provider,
            Stamp.END if one.precision is END else Stamp.START,
            one.track.duration,
        )
        for one in reports
    )
    return Counter({titles[song]: times for song, times in found.items()})


class Listening(NamedTuple):
    """A song that began at `begun` (seconds) and was paused for `paused` of them."""

    begun: int
    title: str
    heard: int
    paused: int


@st.composite
def listenings(draw: st.DrawFn) -> list[Listening]:
    """One after another, some skipped after 30 seconds or half of the song, some paused."""
    found: list[Listening] = []
    now = NOON
    for _ in range(draw(st.integers(0, 25))):
        title = draw(st.sampled_from([*DURATIONS]))
        whole = DURATIONS[title]
        heard = draw(st.sampled_from([whole, whole, whole, whole // 2 + 1, 35]))
        paused = draw(st.sampled_from([0, 0, 60, 1500, LONGEST_PAUSE_SECONDS]))
        found.append(Listening(now, title, heard, paused))
        now += heard + paused + draw(st.sampled_from([0, 1, 40, 5000]))
    return found


def streamed(done: Sequence[Listening]) -> list[Play]:
    return [
        play(one.title, ended, precision=END, duration=DURATIONS[one.title])
        for one in done
        for ended in [one.begun + one.heard + one.paused]
    ]


def scrobbled(done: Sequence[Listening], provider: str, late: int = 0) -> list[Play]:
    """What was played to half, without durations."""
    return [
        play(one.title, one.begun + late, provider=provider, duration=0)
        for one in done
        if one.heard >= DURATIONS[one.title] / 2
    ]


@given(reports_of(*PRECISIONS), st.randoms(use_true_random=False), st.integers(1, 3))
def test_neither_order_nor_repetition_matters(
    reports: list[Play], random: object, times: int
) -> None:
    shuffled = reports * times
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled) == merge(reports)


@given(reports_of(*PRECISIONS))
def test_every_merged_play_was_reported_and_one_provider_alone_loses_none(
    reports: list[Play],
) -> None:
    found = merge(reports)
    assert set(found) <= set(reports)
    for provider in {report.provider for report in reports}:
        alone = merge([report for report in reports if report.provider == provider])
        assert len(found) >= len(alone)


@given(reports_of("lastfm", "spotify", titles=["Dawn", "Dusk"]) | reports_of("lastfm", "youtube"))
def test_it_does_not_matter_which_provider_is_which(reports: list[Play]) -> None:
    names = {"lastfm": "zvuk", "spotify": "anghami", "youtube": "amazon"}
    renamed = [one._replace(provider=names[one.provider]) for one in reports]
    assert counts(renamed) == counts(reports)


@given(
    reports_of("lastfm", "spotify", titles=[*DURATIONS])
    | reports_of("lastfm", "youtube", titles=["Dawn", "Dusk"], durations=(0, 40, 200))
    | reports_of("spotify", "tidal", titles=["Dawn", "Dusk"])
    | reports_of("spotify", durations=(0, 20, 200))
)
@settings(max_examples=400, deadline=None)
def test_counts_what_can_be_known(reports: list[Play]) -> None:
    assert counts(reports) == known(reports)


@given(listenings(), st.sampled_from([0, 7, 25]))
@settings(max_examples=200, deadline=None)
def test_counts_the_truth_of_plays_that_were_paused_skipped_and_repeated(
    done: list[Listening], late: int
) -> None:
    truth = Counter(one.title for one in done)
    own, other = scrobbled(done, "lastfm"), scrobbled(done, "listenbrainz", late)
    assert counts(streamed(done)) == truth
    assert counts([*streamed(done), *own]) == truth
    assert counts([*streamed(done), *own, *other]) == truth


@given(listenings(), st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_two_scrobblers_of_one_account_are_no_second_listener(
    done: list[Listening], late: int
) -> None:
    once = [one for one in done if one.heard == DURATIONS[one.title]]
    reports = [*streamed(once), *scrobbled(once, "lastfm"), *scrobbled(once, "lastfm", late)]
    assert counts(reports) == Counter(one.title for one in once)


@given(st.lists(st.integers(0, 300), max_size=20), st.sampled_from([EXACT, END]))
def test_reports_of_one_provider_whose_spans_are_disjoint_are_plays(
    gaps: list[int], precision: Precision
) -> None:
    stamps = accumulate(200 + gap for gap in gaps)
    reports = [play("Dawn", NOON + at, precision=precision, duration=200) for at in stamps]
    assert merge(reports) == sorted(reports, key=lambda one: one.listened_at)


@given(reports_of("spotify", "lastfm"))
def test_plays_of_a_provider_are_further_apart_than_a_repeated_report(
    reports: list[Play],
) -> None:
    of_one = [report for report in reports if report.provider == "spotify"]
    for first, second in pairwise(sorted(one.listened_at for one in merge(of_one))):
        assert second - first >= LEAST_PLAY_SECONDS


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PRECISIONS]),
            st.sampled_from([0, 20, 200, 3000]),
            st.integers(0, 500) | st.integers(3600, 12_000),
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=500, deadline=None)
def test_reports_that_are_apart_are_all_plays(
    told: list[tuple[str, int, int]],
) -> None:
    stamps = accumulate(gap for *_, gap in told)
    reports = [
        play("Dawn", NOON + at, provider=name, precision=PRECISIONS[name], duration=duration)
        for (name, duration, _), at in zip(told, stamps, strict=True)
    ]
    ordered = in_order(reports)
    if are_apart(ordered, [one.track for one in reports]):
        assert merge(reports) == [one for _, one in ordered]


def test_reports_are_apart_only_where_nothing_can_pair_them() -> None:
    first = play("Dawn", NOON, precision=EXACT, duration=200)
    track = first.track

    def apart(gap: int) -> bool:
        return are_apart(in_order([first, first._replace(listened_at=NOON + gap)]), [track])

    assert not apart(200 + LONGEST_PAUSE_SECONDS)
    assert apart(2 * (200 + LONGEST_PAUSE_SECONDS))


def test_a_third_of_twenty_plays_may_be_paused() -> None:
    pauses = [60 * (turn % 3 == 0) for turn in range(20)]
    starts = [NOON, *accumulate((200 + pause + 5 for pause in pauses), initial=NOON)][1:]
    done = [Listening(at, "Dusk", 200, pause) for at, pause in zip(starts, pauses, strict=False)]
    assert counts([*streamed(done), *scrobbled(done, "lastfm")]) == {"Dusk": 20}


@pytest.mark.parametrize(
    ("reports", "plays"),
    [
        ([("spotify", 223, 244), ("listenbrainz", 0, 0)], 1),
        ([("spotify", 300, 240), ("lastfm", 0, 0)], 1),
        ([("spotify", 240, 240), ("spotify", 480, 240), ("lastfm", 0, 0), ("lastfm", 240, 0)], 2),
        ([("listenbrainz", 0, 129), ("listenbrainz", 60, 129)], 1),
        ([("lastfm", 0, 0), ("lastfm", 40, 0)], 1),
        ([("lastfm", 0, 40), ("lastfm", 40, 40)], 2),
        ([("lastfm", 0, 0), ("lastfm", 120, 0), ("spotify", 200, 200)], 1),
    ],
    ids=[
        "played in part",
        "paused",
        "twice in a row",
        "reported again after a pause",
        "two scrobblers of one account",
        "an interlude twice in a row",
        "a duration that another report tells",
    ],
)
def test_what_users_reported(reports: list[tuple[str, int, int]], plays: int) -> None:
    found = [
        play("Dawn", NOON + at, provider=name, precision=PRECISIONS[name], duration=duration)
        for name, at, duration in reports
    ]
    assert len(merge(found)) == plays


@pytest.mark.parametrize(
    ("apart", "duration", "plays"),
    [
        (UNKNOWN_DURATION_SECONDS - 1, 0, 1),
        (UNKNOWN_DURATION_SECONDS, 0, 2),
        (187, 200, 1),
        (188, 200, 2),
        (35, 40, 1),
        (36, 40, 2),
    ],
)
@pytest.mark.parametrize("other", ["lastfm", "youtube"])
def test_a_song_that_starts_again_while_it_lasts_is_one_play(
    apart: int, duration: int, plays: int, other: str
) -> None:
    reports = [
        play("Dawn", NOON, provider="lastfm", duration=duration),
        play("Dawn", NOON + apart, provider=other, duration=duration),
    ]
    assert len(merge(reports)) == plays


@pytest.mark.parametrize("precision", [EXACT, END])
@pytest.mark.parametrize(("apart", "plays"), [(19, 1), (20, 2)])
def test_a_song_shorter_than_the_least_play_counts_when_it_is_over(
    apart: int, plays: int, precision: Precision
) -> None:
    reports = [play("Dawn", NOON + at, precision=precision, duration=20) for at in (0, apart)]
    assert len(merge(reports)) == plays


def test_another_song_in_between_makes_it_two_plays() -> None:
    twice = [play("Dawn", NOON + at, provider="lastfm") for at in (0, 100)]
    assert counts(twice) == {"Dawn": 1}
    assert counts([*twice, play("Dusk", NOON + 50, provider="lastfm")])["Dawn"] == 2


@pytest.mark.parametrize(("apart", "plays"), [(29, 1), (30, 2)])
def test_ends_further_apart_than_the_least_that_counts_are_two_plays(
    apart: int, plays: int
) -> None:
    assert len(merge([play("Dawn", NOON + at, precision=END) for at in (0, apart)])) == plays


@pytest.mark.parametrize(("pause", "plays"), [(3600, 1), (3601, 2)])
def test_a_pause_lasts_an_hour_at_most(pause: int, plays: int) -> None:
    started = play("Dawn", NOON, provider="lastfm", duration=0)
    assert len(merge([started, play("Dawn", NOON + 200 + pause, precision=END)])) == plays


@pytest.mark.parametrize(
    ("between", "plays"), [("lastfm", 2), ("spotify", 2), ("youtube", 1), (None, 1)]
)
def test_another_song_of_either_provider_ends_a_pause(between: str | None, plays: int) -> None:
    reports = [play("Dawn", NOON, provider="lastfm"), play("Dawn", NOON + 3000, precision=END)]
    if between:
        precision = PRECISIONS[between]
        reports.append(play("Dusk", NOON + 1500, provider=between, precision=precision))
    assert counts(reports)["Dawn"] == plays


@pytest.mark.parametrize(("apart", "plays"), [(0, 1), (SKEW_SECONDS, 1), (-10, 1), (-11, 2)])
def test_an_end_stamp_may_be_a_start(apart: int, plays: int) -> None:
    offline = play("Dawn", NOON + apart, precision=END)
    scrobbled_ = play("Dawn", NOON, provider="lastfm")
    assert len(merge([offline, scrobbled_])) == plays


def test_a_reported_start_is_the_time_of_the_play() -> None:
    ended = play("Dawn", NOON + 900, precision=END)
    started = play("Dawn", NOON, provider="scrobbler")
    assert merge([ended, started]) == [started]


def test_reports_of_three_providers_can_be_one_play() -> None:
    names = ("lastfm", "listenbrainz", "youtube")
    ended = play("Dawn", NOON + 230, precision=END)
    assert len(merge([ended, *(play("Dawn", NOON, provider=name) for name in names)])) == 1


def test_an_inferred_time_matches_only_itself() -> None:
    guessed = play("Dawn", NOON, provider="apple_music", precision=INFERRED)
    assert merge([guessed, guessed]) == [guessed]
    assert len(merge([guessed, play("Dawn", NOON)])) == 2
    later = play("Dawn", NOON + 5, provider="apple_music", precision=INFERRED)
    assert len(merge([guessed, later])) == 2


def operations(reports: Iterable[Play]) -> int:
    """Number of function calls to merge the reports."""
    songs = by_song(in_order(reports))
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for _ in merged(songs):
            pass
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("step", [0, 1, 95, 400, 3000])
def test_the_work_grows_with_the_number_of_reports(step: int) -> None:
    """All at one moment, every second, while a song lasts, and paused."""

    def reports(count: int) -> Iterable[Play]:
        for turn in range(count):
            for title, name in (("Dawn", "lastfm"), ("Dawn", "spotify"), ("Dusk", "lastfm")):
                at, duration = NOON + turn * step, turn % 7 * 40
                precision = PRECISIONS[name]
                yield play(title, at, provider=name, precision=precision, duration=duration)

    assert operations(reports(400)) <= 2.1 * operations(reports(200))
