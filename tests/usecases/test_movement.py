"""Movement is computed from the plays of previous weeks, whenever they arrive."""

from collections.abc import Sequence
from itertools import groupby

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests import memory_stores as stores
from tests.fakes import ANNA, DAY, NOON, FakePlays, play, track
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.play import Play
from topk.domain.privacy.hidden import NOTHING, Hidden
from topk.domain.song.identity import song_id
from topk.domain.toplist.previous_weeks import Direction, Past, place
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.lists.build_list import build_list
from topk.usecases.privacy.delete_plays import delete_provider, delete_song

MONDAY = NOON + DAY
ISRC = "GBUM71029604"
TITLES = ("Dawn", "Dusk", "Rain", "Snow")
"""NOON is on a Sunday, so that the window of MONDAY is a whole calendar week."""


def _chunk(*plays: Play, fetched_at: int) -> Chunk:
    return Chunk(ANNA, "spotify", fetched_at, "c", plays)


def _listed(
    plays: FakePlays, now: int, stored: TopList | None = None, hidden: Hidden = NOTHING
) -> TopList:
    window = Window.current(now)
    return build_list(ANNA, window, plays=plays, connected=[], hidden=hidden, stored=stored)


def _past(found: TopList) -> Past:
    assert found.past is not None
    return found.past


def _moved(found: TopList) -> dict[str, tuple[Direction, int]]:
    moves = {
        song.title: _past(found).movement(song, rank)
        for rank, song in enumerate(found.songs, start=1)
    }
    return {title: (one.direction, one.places) for title, one in moves.items()}


def _week(weeks_before: int, *titles: str) -> Chunk:
    """A play of each, in the calendar week that ends `weeks_before` weeks before MONDAY."""
    end = MONDAY - weeks_before * 7 * DAY
    heard = [play(title, end - DAY - at * 1000) for at, title in enumerate(titles)]
    return _chunk(*heard, fetched_at=end)


def test_movement_compares_with_the_previous_calendar_week() -> None:
    plays = FakePlays([_week(1, "Dawn", "Dusk", "Rain"), _week(0, "Dusk", "Dawn", "Rain", "Snow")])
    assert _moved(_listed(plays, MONDAY)) == {
        "Dusk": (Direction.UP, 1),
        "Dawn": (Direction.DOWN, 1),
        "Rain": (Direction.SAME, 0),
        "Snow": (Direction.NEW, 0),
    }


@pytest.mark.parametrize(("others", "weeks"), [([], 1), (["Dawn"], 2), (["Dawn", "Dawn"], 3)])
def test_weeks_at_the_top_count_previous_weeks(others: list[str], weeks: int) -> None:
    before = [_week(at, title) for at, title in enumerate(others, start=1)]
    found = _listed(FakePlays([*before, _week(0, "Dawn")]), MONDAY)
    assert _past(found).weeks_at_top(found.songs[0], 1) == weeks


def test_previous_weeks_are_read_once_a_week() -> None:
    plays = FakePlays([_week(1, "Dawn"), _week(0, "Dusk")])
    found = _listed(plays, MONDAY)
    reads = len(plays.read)
    for day in range(1, 7):
        plays.append(
            [_chunk(play("Dusk", MONDAY + day * DAY - 600), fetched_at=MONDAY + day * DAY)]
        )
        found = _listed(plays, MONDAY + day * DAY, found)
    _listed(plays, MONDAY + 7 * DAY, found)
    assert len(plays.read) == reads + 7


@pytest.mark.parametrize(("late", "read"), [(False, 1), (True, 2)])
def test_a_week_is_ranked_on_monday_and_again_after_late_plays(late: bool, read: int) -> None:
    plays = FakePlays([_week(0, "Dawn", "Dusk")])
    found = _listed(plays, MONDAY)
    if late:
        plays.append([_chunk(play("Dusk", MONDAY - 2 * DAY), fetched_at=MONDAY + 2 * DAY)])
    before = len(plays.read)
    found = _listed(plays, MONDAY + 7 * DAY, found)
    assert len(plays.read) == before + read
    first = "Dusk" if late else "Dawn"
    assert _past(found).places[0] == place([song_id(track(first))])


def test_earlier_weeks_are_reused_from_the_previous_list() -> None:
    chunks = [_week(weeks, "Dawn") for weeks in (3, 2, 1)]
    plays = FakePlays(chunks)
    before = _listed(plays, MONDAY - DAY)
    plays.append([_week(0, "Dawn")])
    reads = len(plays.read)
    found = _listed(plays, MONDAY, before)
    assert _past(found).weeks_at_top(found.songs[0], 1) == 4
    assert len(plays.read) == reads + 2


def test_a_hidden_songs_later_id_does_not_reveal_an_earlier_rank() -> None:
    one, other = track("Dawn", isrc=ISRC), track("Dawn", "Lanterns of Light", isrc=ISRC)
    hidden = Hidden(frozenset([song_id(one)]))
    plays = FakePlays([_chunk(Play("spotify", other, MONDAY - 2 * DAY), fetched_at=MONDAY - DAY)])
    plays.append([_chunk(Play("spotify", one, MONDAY - 3600), fetched_at=MONDAY)])
    kept = _listed(plays, MONDAY + 7 * DAY, _listed(plays, MONDAY, hidden=hidden), hidden)
    assert kept == _listed(plays, MONDAY + 7 * DAY, hidden=hidden)
    assert kept.redacted
    assert kept.redacted.past.places == (place([song_id(other)]),)


@pytest.mark.parametrize("by", ["song", "provider"])
def test_deleted_plays_leave_previous_weeks_too(by: str) -> None:
    plays, top_lists = stores.Plays(), stores.TopLists()
    plays.append([_week(1, "Dawn", "Dusk"), _week(0, "Dusk", "Dawn")])
    profiles = stores.Profiles({ANNA: Profile()})
    ports = ListPorts(plays, stores.Connections(), profiles, top_lists)
    assert aggregate(ANNA, ports, now=MONDAY)
    if by == "song":
        delete_song(ANNA, song_id(track("Dawn")), ports, now=MONDAY)
    else:
        delete_provider(ANNA, "spotify", ports, now=MONDAY)
    found, _ = top_lists.get(ANNA)
    kept = [song_id(track("Dusk"))] if by == "song" else []
    assert found
    assert [song.song_id for song in found.songs] == kept
    assert _past(found).places == tuple(place([one]) for one in kept)


_heard = st.lists(
    st.tuples(
        st.sampled_from(TITLES),
        st.integers(NOON - 27 * DAY, NOON + 6 * DAY),
        # Most plays are fetched within a day, some more than a week late.
        st.sampled_from([3600, 3600, 20 * 3600, 3 * DAY, 8 * DAY, 12 * DAY]),
    ),
    max_size=30,
)


_hidden = st.sampled_from([NOTHING, Hidden(frozenset([song_id(track("Dawn"))]))])


@given(_heard, _hidden)
@example([("Dawn", NOON - 8 * DAY, 3600), ("Dusk", NOON - 9 * DAY, 12 * DAY)], NOTHING)
@example(
    [
        *(("Dawn", NOON - days * DAY, 3600) for days in (19, 10, 3)),
        *(("Dusk", NOON - days * DAY, (days + 1) * DAY) for days in (18, 17)),
    ],
    NOTHING,
)
@example(
    [
        ("Dawn", NOON - 15 * DAY, 3 * DAY),
        ("Dawn", NOON - 13 * DAY - 12 * 3600, 3600),
        ("Dawn", NOON - 13 * DAY - 11 * 3600, 12 * DAY),
    ],
    NOTHING,
)
def test_a_list_updated_daily_equals_one_built_from_all_plays(
    heard: Sequence[tuple[str, int, int]], hidden: Hidden
) -> None:
    plays, found = FakePlays(), None
    arriving = sorted((at + delay, title, at) for title, at, delay in heard)
    for day, of_day in groupby(arriving, key=lambda one: one[0] // DAY):
        for fetched_at, title, at in of_day:
            plays.append([_chunk(play(title, at), fetched_at=fetched_at)])
        found = _listed(plays, (day + 1) * DAY - 1, found, hidden)
        assert found == _listed(plays, (day + 1) * DAY - 1, hidden=hidden)
