"""Exports: how often, for which users, and lazily read plays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import memory_stores as stores
from tests.fakes import ANNA, BEN, DAY, NOON, connection, play
from topk.domain.account.edge import Edge
from topk.domain.account.following import FollowRequest
from topk.domain.account.handshake import Handshake
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.crawl.timetable import DAILY, Entry, Grid
from topk.domain.errors import ConflictError, NotVisibleError, TooSoonError
from topk.domain.owner import Owner
from topk.domain.play_log import Corrected
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.marks import SongMark
from topk.usecases.privacy.export import EVERY_SECONDS, ExportPorts, Held, export

GRID = Grid()


@dataclass
class _Plays:
    read: int = 0

    def chunks(self, owner: Owner) -> Iterator[Chunk]:
        for number in range(3):
            self.read += 1
            heard = (play("Dawn", NOON - number),)
            yield Chunk(owner, "spotify", NOON - number, f"{number}", heard)

    def deletions(self, _owner: Owner) -> list[Deletion]:
        return []

    def corrections(self, _owner: Owner) -> list[Corrected]:
        return []

    def hidden(self, _owner: Owner) -> list[SongMark]:
        return []


@dataclass
class _Edges:
    def all_of(self, _owner: Owner) -> Iterator[Owner]:
        return iter((BEN,))

    def pointing_at(self, _owner: Owner) -> Iterator[Owner]:
        return iter(())

    def agreements(self, owner: Owner) -> Iterator[tuple[Owner, int | None]]:
        return ((other, None) for other in self.all_of(owner))


class _Requests(_Edges):
    def sent(self, owner: Owner, *, now: int) -> list[FollowRequest]:
        return [FollowRequest(Edge(owner, BEN), now)]


class _Standing:
    def standing(self, entries: Any) -> list[Entry]:
        """Rows are found by their keys; what else they hold is theirs."""
        found = {(one.minute, one.shard) for one in entries if one.owner_key == ANNA.key}
        mine = GRID.entries(ANNA.key, "spotify", DAILY)
        return [one for one in mine if (one.minute, one.shard) in found]


class _Handshakes:
    def of_owner(self, _owner: Owner) -> list[Handshake]:
        return []


@dataclass
class World:
    profiles: stores.Profiles = field(default_factory=stores.Profiles)
    connections: stores.Connections = field(default_factory=stores.Connections)
    plays: _Plays = field(default_factory=_Plays)

    def __post_init__(self) -> None:
        self.profiles.create(ANNA)
        self.connections.put(connection(ANNA))
        self.connections.put(connection(BEN, "youtube"))

    def export(self, now: int = NOON) -> Held:
        return export(
            ANNA,
            ExportPorts(
                profiles=self.profiles,
                connections=self.connections,
                provider_users=stores.ProviderUsers(),
                timetable=_Standing(),
                grid=GRID,
                handshakes=_Handshakes(),
                tokens=stores.PersonalTokens(),
                imports=stores.Imports(),
                top_lists=stores.TopLists(),
                plays=self.plays,
                follows=_Edges(),
                requests=_Requests(),
                blocks=_Edges(),
            ),
            now=now,
        )


def test_an_export_collects_the_users_data_and_reads_plays_lazily() -> None:
    world = World()
    held = world.export()
    (connected,) = held.connected
    assert connected.connection.provider == "spotify"
    assert connected.crawls == list(GRID.entries(ANNA.key, "spotify", DAILY))
    assert world.plays.read == 0
    assert [chunk.crawl_id for chunk in held.chunks] == ["0", "1", "2"]


@given(st.lists(st.integers(0, 2 * EVERY_SECONDS), min_size=1, max_size=9).map(sorted))
def test_two_exports_are_at_least_the_interval_apart(moments: list[int]) -> None:
    world, again = World(), 0
    for moment in moments:
        if moment < again:
            with pytest.raises(TooSoonError) as refused:
                world.export(NOON + moment)
            assert moment + refused.value.retry_after == again
        else:
            world.export(NOON + moment)
            again = moment + EVERY_SECONDS


def test_one_of_two_concurrent_exports_is_refused() -> None:
    world = World()
    world.profiles.note_export(ANNA, now=NOON, not_since=NOON - EVERY_SECONDS)
    with pytest.raises(ConflictError):
        world.profiles.note_export(ANNA, now=NOON, not_since=NOON - EVERY_SECONDS)


def test_a_user_being_erased_gets_no_export_and_nothing_is_recorded() -> None:
    world = World()
    world.profiles.rows[ANNA] = Profile(erasing="r-1")
    with pytest.raises(NotVisibleError):
        world.export(NOON + DAY)
    assert world.profiles.rows[ANNA] == Profile(erasing="r-1")
