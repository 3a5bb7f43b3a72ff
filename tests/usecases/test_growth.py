"""Ten times the plays cost at most n log n as much, in operations that are counted."""

from collections.abc import Callable
from math import log2

import pytest

from tests.fakes import ANNA, DAY, NOON, FakePlays, play, track
from topk.domain.errors import OverBudgetError
from topk.domain.limits import MOST_REPORTS
from topk.domain.play import Play
from topk.domain.play_log import History
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import song_id
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.usecases.lists.build_list import build_list

WEEK = 7 * DAY


class _Moment(int):
    """A time that counts how often it is compared, hashed or subtracted."""

    operations = 0

    def __lt__(self, other: float) -> bool:
        _Moment.operations += 1
        return super().__lt__(other) if isinstance(other, int) else float(self) < other

    def __le__(self, other: float) -> bool:
        _Moment.operations += 1
        return super().__le__(other) if isinstance(other, int) else float(self) <= other

    def __eq__(self, other: object) -> bool:
        _Moment.operations += 1
        return super().__eq__(other)

    def __hash__(self) -> int:
        _Moment.operations += 1
        return super().__hash__()

    def __sub__(self, other: int) -> "_Moment":
        _Moment.operations += 1
        return _Moment(int(self) - int(other))


def _at(number: int, of: int) -> _Moment:
    return _Moment(NOON - DAY - number * (WEEK - 2 * DAY) // of)


def _many_songs(of: int) -> list[Play]:
    return [Play("spotify", track(f"Song {n}"), _at(n, of)) for n in range(of)]


def _one_song_everywhere(of: int) -> list[Play]:
    names = ("spotify", "lastfm", "youtube", "listenbrainz", "apple_music")
    return [Play(names[n % 5], track("Dawn"), _at(n - n % 5, of)) for n in range(of)]


def _one_song_on_many_albums(of: int) -> list[Play]:
    return [Play("spotify", track("Dawn", album=f"Album {n}"), _at(n, of)) for n in range(of)]


def _one_moment(of: int) -> list[Play]:
    return [Play("spotify", track(f"Song {n}"), _Moment(NOON - 2 * DAY)) for n in range(of)]


def _build(plays: list[Play], hidden: Hidden) -> TopList:
    brought = [(NOON - 60, tuple(plays))]
    return build_list(
        ANNA,
        Window.current(NOON),
        plays=FakePlays(),
        connected=(),
        hidden=hidden,
        stored=None,
        history=History(brought),
    )


@pytest.mark.parametrize(
    "made", [_many_songs, _one_song_everywhere, _one_song_on_many_albums, _one_moment]
)
@pytest.mark.parametrize("hidden", [Hidden(), Hidden(frozenset({song_id(track("Song 1"))}))])
def test_a_list_of_ten_times_the_plays_costs_n_log_n(
    made: Callable[[int], list[Play]], hidden: Hidden
) -> None:
    costs = []
    for size in (150, 1500):
        _Moment.operations = 0
        _build(made(size), hidden)
        costs.append(_Moment.operations)
    assert costs[0] > 0
    assert costs[1] <= costs[0] * 10 * log2(1500) / log2(150) * 1.2


def test_a_list_is_not_begun_with_more_plays_than_it_may_be_made_of() -> None:
    one = play("Dawn", NOON - DAY)
    with pytest.raises(OverBudgetError):
        _build([one] * (MOST_REPORTS + 1), Hidden())
