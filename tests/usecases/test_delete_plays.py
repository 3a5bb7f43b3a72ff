"""Deleting plays: what is stored of it, however often it is asked for."""

import pytest

from tests.fakes import (
    ANNA,
    DAY,
    NOON,
    FakeConnections,
    FakePlays,
    FakeProfiles,
    FakeTopLists,
    play,
)
from topk.domain.chunk import Chunk
from topk.domain.errors import LimitReachedError, NotVisibleError
from topk.domain.limits import MOST_DELETED_SONGS
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.identity import song_id
from topk.domain.song.marks import SongMark
from topk.usecases.lists.aggregate import ListPorts
from topk.usecases.privacy.delete_plays import delete_provider, delete_song


def _id(title: str) -> str:
    return song_id(play(title, NOON).track)


class World:
    def __init__(self) -> None:
        self.plays, self.profiles, self.top_lists = FakePlays(), FakeProfiles(), FakeTopLists()
        self.played("Dawn", "Dusk")

    def played(self, *titles: str, at: int = NOON - DAY) -> None:
        plays = tuple(play(title, at) for title in titles)
        self.plays.append([Chunk(ANNA, "spotify", at, f"c{at}", plays)])

    def delete(self, song: str, now: int = NOON) -> None:
        delete_song(ANNA, song, self._ports, now=now)

    def delete_provider(self, now: int) -> None:
        delete_provider(ANNA, "spotify", self._ports, now=now)

    @property
    def _ports(self) -> ListPorts:
        return ListPorts(self.plays, FakeConnections(), self.profiles, self.top_lists)

    @property
    def titles(self) -> list[str]:
        found, _ = self.top_lists.get(ANNA)
        return [song.title for song in found.songs] if found else []


def test_a_song_that_was_never_played_is_not_found_and_stores_nothing() -> None:
    world = World()
    with pytest.raises(NotVisibleError):
        world.delete(_id("Never played"))
    assert world.plays.marks == []
    assert world.profiles.rows == {}


def test_a_repeat_finishes_what_a_crash_left_and_stores_no_second_deletion() -> None:
    world = World()
    world.delete(_id("Dawn"))
    world.top_lists.rows.clear()
    world.delete(_id("Dawn"), NOON + 60)
    assert world.titles == ["Dusk"]
    assert len(world.plays.marks) == 1


def test_a_later_deletion_replaces_those_that_it_covers() -> None:
    world = World()
    world.delete(_id("Dawn"))
    world.played("Dawn", at=NOON + 60)
    world.delete(_id("Dawn"), NOON + 120)
    assert [one.until for _, one in world.plays.marks] == [NOON + 120]
    for now in (NOON + 200, NOON + 300):
        world.delete_provider(now)
    assert [(one.provider, one.until) for _, one in world.plays.marks] == [
        ("", NOON + 120),
        ("spotify", NOON + 300),
    ]


def test_no_more_songs_are_deleted_than_a_user_may_and_a_provider_always_is() -> None:
    world = World()
    for number in range(MOST_DELETED_SONGS):
        world.plays.mark(ANNA, Deletion(NOON, song=SongMark((f"{number:016}",))))
    with pytest.raises(LimitReachedError):
        world.delete(_id("Dawn"))
    assert len(world.plays.marks) == MOST_DELETED_SONGS
    world.delete_provider(NOON)
    assert world.titles == []
