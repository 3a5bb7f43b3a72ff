"""Rankings of any window equal a count by hand, whatever arrives when and however often."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import connection
from topk.domain.limits import MOST_SONGS
from topk.domain.play import Play, Track
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import song_id
from topk.domain.toplist.tops import Tops
from topk.domain.toplist.window import Span, Window
from topk.usecases.lists.build_tops import build_tops

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
BEFORE = {
    Span.TODAY: relativedelta(),
    Span.WEEK: relativedelta(days=7),
    Span.FOUR_WEEKS: relativedelta(weeks=4),
    Span.SIX_MONTHS: relativedelta(months=6),
    Span.YEAR: relativedelta(years=1),
}
SPACING = 3 * 3600
"""Seconds between two plays, so that no two reports can be of one."""
NOW = int(datetime(2026, 11, 2, 15, tzinfo=UTC).timestamp())
"""The day after the clocks change in New York, and eight days after Berlin."""

SONGS = [
    Track(f"id-{title}", title, (artist,), album, 200)
    for title, artist, album in (
        ("Dawn", "The Lanterns", "Harbour Lights"),
        ("Dusk", "The Lanterns", "Harbour Lights"),
        ("Noon", "The Lanterns", "Other Shores"),
        ("Dawn", "Paper Boats", "Harbour Lights"),
        ("Rain", "Paper Boats", ""),
    )
]


class Heard(NamedTuple):
    """A play `ago` spacings before now, fetched with `late` further days of delay."""

    track: Track
    ago: int
    late: int

    @property
    def at(self) -> int:
        return NOW - self.ago * SPACING

    @property
    def play(self) -> Play:
        return Play("spotify", self.track, self.at)


heard = st.builds(Heard, st.sampled_from(SONGS), st.integers(0, 370 * 8), st.integers(0, 40))
listening = st.lists(heard, max_size=40, unique_by=lambda one: one.ago)


def brought(plays: Iterable[Heard]) -> History:
    return History([(one.at + one.late * 86_400, (one.play,)) for one in plays])


def counted(plays: Iterable[Heard], span: Span, zone: str) -> list[Track]:
    """The tracks whose plays are on a day of the window, by the calendar of `zone`."""

    def local_day(moment: int) -> date:
        return datetime.fromtimestamp(moment, ZoneInfo(zone)).date()

    today = local_day(NOW)
    first = today - BEFORE[span]
    last = today if span is Span.TODAY else today - timedelta(days=1)
    return [one.track for one in plays if first <= local_day(one.at) <= last]


def counts(tracks: Iterable[Track], key: Callable[[Track], object]) -> list[int]:
    return sorted(Counter(map(key, tracks)).values(), reverse=True)


def built(history: History, span: Span, zone: str, hidden: Hidden = Hidden()) -> Tops:  # noqa: B008
    window = Window.of(span, NOW, zone)
    return build_tops(span, window, history=history, connected=[], hidden=hidden)


@pytest.mark.parametrize("span", list(Span))
@given(listening, st.sampled_from(ZONES))
def test_counts_equal_those_of_the_calendar(span: Span, plays: list[Heard], zone: str) -> None:
    tops, tracks = built(brought(plays), span, zone), counted(plays, span, zone)
    assert [song.listen_count for song in tops.songs] == counts(tracks, song_id)
    assert {song.song_id for song in tops.songs} == {*map(song_id, tracks)}
    assert [one.listen_count for one in tops.artists] == counts(tracks, lambda one: one.artists)
    told = [one for one in tracks if one.album]
    assert [one.listen_count for one in tops.albums] == counts(
        told, lambda one: (one.album, one.artists)
    )
    assert tops.without_album == len(tracks) - len(told)
    assert tops.without_artist == 0


@given(listening, st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(plays: list[Heard], random: object) -> None:
    history = brought(plays)
    again = [*history.brought, *history.brought[::2]]
    random.shuffle(again)  # type: ignore[attr-defined]
    shuffled = History(again)
    assert built(shuffled, Span.YEAR, "UTC") == built(history, Span.YEAR, "UTC")


@given(listening, st.sampled_from(SONGS))
def test_hidden_plays_count_as_if_they_did_not_exist(plays: list[Heard], song: Track) -> None:
    left = [one for one in plays if song_id(one.track) != song_id(song)]
    hidden = Hidden(frozenset({song_id(song)}))
    assert built(brought(plays), Span.YEAR, "UTC", hidden) == built(brought(left), Span.YEAR, "UTC")
    nothing = built(brought(plays), Span.YEAR, "UTC", Hidden(providers=frozenset({"spotify"})))
    assert (nothing.songs, nothing.artists, nothing.albums) == ((), (), ())


def test_a_list_ends_at_the_largest_number_that_can_be_asked_for() -> None:
    many = [
        Heard(Track(f"id-{n}", f"Song {n}", (f"Artist {n}",), f"Album {n}", 200), n, 0)
        for n in range(6, MOST_SONGS + 10)
    ]
    tops = built(brought(many), Span.YEAR, "UTC")
    assert len(tops.songs) == len(tops.artists) == len(tops.albums) == MOST_SONGS
    assert [one.name for one in tops.artists][:2] == ["Artist 6", "Artist 7"], "latest first"


def test_of_too_many_plays_the_latest_count_and_earlier_days_are_not_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plays = [Heard(SONGS[n % 5], n * 4, 0) for n in range(1, 60)]
    account = connection(known_since=0, crawled_through=NOW, heard_at=NOW)
    window = Window.of(Span.FOUR_WEEKS, NOW)

    def tops() -> Tops:
        return build_tops(
            Span.FOUR_WEEKS, window, history=brought(plays), connected=[account], hidden=Hidden()
        )

    assert tops().completeness.complete_days == 28
    monkeypatch.setattr("topk.usecases.lists.build_tops.MOST_LONG_REPORTS", 21)
    found = tops()
    assert sum(song.listen_count for song in found.songs) == 20, "one of the 21 is of today"
    assert found.completeness.complete_days == 10
