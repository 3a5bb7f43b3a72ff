"""Aggregation recomputes lists from all plays, whatever the order or repetition of records."""

from dataclasses import dataclass, field, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import (
    ANNA,
    DAY,
    NOON,
    FakeConnections,
    FakePlays,
    FakeProfiles,
    FakeTopLists,
    connection,
    play,
)
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Brought, Play
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.top_list import TopList
from topk.usecases.lists.aggregate import ListPorts, aggregate


@dataclass
class World:
    plays: FakePlays = field(default_factory=FakePlays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    profiles: FakeProfiles = field(default_factory=lambda: FakeProfiles({ANNA: Profile()}))
    connections: FakeConnections = field(default_factory=FakeConnections)

    def aggregate(self, now: int = NOON) -> bool:
        return aggregate(
            ANNA,
            ListPorts(self.plays, self.connections, self.profiles, self.top_lists),
            now=now,
        )

    @property
    def list(self) -> TopList:
        found, _ = self.top_lists.get(ANNA)
        assert found is not None
        return found

    @property
    def counts(self) -> dict[str, int]:
        return {song.title: song.listen_count for song in self.list.songs}


def _chunk(*plays: Play, fetched_at: int = NOON) -> Chunk:
    return Chunk(ANNA, "spotify", fetched_at, "c", plays)


_plays = st.lists(
    st.builds(
        play,
        st.sampled_from(["Dawn", "Dusk", "Rain", "Snow"]),
        st.integers(NOON - 9 * DAY, NOON),
        provider=st.sampled_from(["spotify", "youtube"]),
    ),
    max_size=40,
)


@given(_plays, st.randoms(use_true_random=False), st.integers(1, 5))
def test_chunks_in_any_order_and_repetition_give_the_same_list(
    heard: list[Play], random: object, pieces: int
) -> None:
    whole, parts = World(), World()
    whole.plays.append([_chunk(*heard)])
    split = [_chunk(*heard[start::pieces]) for start in range(pieces)]
    repeated = split + split[:2]
    random.shuffle(repeated)  # type: ignore[attr-defined]
    for chunk in repeated:
        parts.plays.append([chunk])
        parts.aggregate()
    whole.aggregate()
    assert parts.list == whole.list


def test_counts_the_seven_complete_days_before_today() -> None:
    world = World()
    midnight = NOON - NOON % DAY
    inside = {"First": midnight - 7 * DAY, "Last": midnight - 1}
    outside = {"Too early": midnight - 7 * DAY - 1, "Too late": midnight}
    world.plays.append([_chunk(*(play(*heard) for heard in (inside | outside).items()))])
    assert world.aggregate()
    assert world.counts == {"First": 1, "Last": 1}


def test_writes_nothing_when_nothing_changed() -> None:
    world = World()
    world.plays.append([_chunk(play("Dawn", NOON - DAY))])
    assert world.aggregate()
    assert not world.aggregate()
    assert world.top_lists.writes == 1


def test_plays_that_arrive_after_their_day_join_the_list_of_the_later_day() -> None:
    world = World()
    world.plays.append([_chunk(play("Dawn", NOON - DAY), fetched_at=NOON + DAY)])
    world.aggregate(NOON + DAY)
    world.plays.append([_chunk(play("Dusk", NOON - DAY - 900), fetched_at=NOON)])
    assert world.aggregate(NOON)
    assert world.list.as_of == date(2026, 11, 23)
    assert world.counts == {"Dawn": 1, "Dusk": 1}


def test_a_list_built_from_fewer_plays_never_replaces_one_built_from_more() -> None:
    """The other writer runs between reading the plays and writing the list."""
    world = World()
    world.plays.append([_chunk(play("Dawn", NOON - DAY))])

    @dataclass
    class _Interrupted(FakePlays):
        interrupted: bool = False

        def since(self, owner: Owner, moment: int, *, until: int | None = None) -> list[Brought]:
            found = super().since(owner, moment, until=until)
            if not self.interrupted:
                self.interrupted = True
                self.append([_chunk(play("Dusk", NOON - DAY))])
                world.aggregate()
            return found

    world.plays = _Interrupted(world.plays.chunks)
    world.aggregate()
    assert world.counts == {"Dawn": 1, "Dusk": 1}


def test_the_window_follows_the_owners_time_zone() -> None:
    world = World(profiles=FakeProfiles({ANNA: Profile(time_zone="Pacific/Auckland")}))
    evening_utc = NOON - NOON % DAY - 6 * 3600
    world.plays.append([_chunk(play("Dawn", evening_utc))])
    world.aggregate(NOON - NOON % DAY - 3600)
    assert world.counts == {}, "it is still today in Auckland"
    world.aggregate(NOON)
    assert world.counts == {"Dawn": 1}


def test_a_day_is_complete_once_every_account_has_been_crawled_past_its_end() -> None:
    world = World()
    midnight = NOON - NOON % DAY
    spotify = connection(crawled_through=NOON)
    youtube = connection(provider="youtube", crawled_through=midnight - 2 * DAY)
    world.connections.put(spotify)
    world.connections.put(youtube)
    world.aggregate()
    assert world.list.completeness == Completeness(5)
    world.connections.put(replace(spotify, gaps=(midnight // DAY - 4,)))
    world.aggregate()
    assert world.list.completeness == Completeness(4, (date(2026, 11, 18),))
