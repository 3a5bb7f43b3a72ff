"""Pushes: accepted listen by listen, in any split and repetition."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import (
    ANNA,
    BEN,
    DAY,
    NOON,
    FakeConnections,
    FakePlays,
    FakeProfiles,
    FakeProviderUsers,
    FakeTopLists,
    connection,
    play,
)
from topk.domain.account.connection import Connection, Status
from topk.domain.chunk import Chunk
from topk.domain.errors import BadPayloadError, StoreError
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.domain.play_rule import PlayReport
from topk.domain.toplist.top_list import TopList
from topk.usecases.crawling.ingest import AHEAD_SECONDS, IngestPorts, Received, Refusal, ingest
from topk.usecases.lists.aggregate import ListPorts, aggregate

RETENTION_DAYS = 35
Listen = tuple[str, Play | None]
"""A user of the provider and their listen; None if it cannot be read."""


def heard(title: str, at: int, *, user: str = "u-anna", provider: str = "partner") -> Listen:
    return user, play(title, at, provider=provider)


def _user(listen: Listen) -> str:
    return listen[0]


def _play(listen: Listen) -> Play:
    if listen[1] is None:
        raise BadPayloadError("Expected `str` - at `$.track.title`")
    return listen[1]


@dataclass
class World:
    """Anna's account is connected and not shared."""

    provider_users: FakeProviderUsers = field(default_factory=FakeProviderUsers)
    connections: FakeConnections = field(default_factory=FakeConnections)
    plays: FakePlays = field(default_factory=FakePlays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)

    def __post_init__(self) -> None:
        self.connect("u-anna", ANNA)

    def connect(self, user: str, owner: Owner, status: Status = Status.ACTIVE) -> None:
        self.provider_users.add("partner", user, owner)
        self.connections.put(connection(owner, "partner", status=status))

    def push(self, *listens: Listen, now: int = NOON, provider: str = "partner") -> Received:
        return ingest(
            listens,
            IngestPorts(self.provider_users, self.connections, self.plays, RETENTION_DAYS),
            provider=provider,
            read_user=_user,
            read_play=lambda listen: PlayReport(_play(listen)),
            now=now,
        )

    def pull(self, *plays: Play) -> None:
        self.plays.append([Chunk(ANNA, "partner", NOON, "pulled", plays)])

    def list(self, owner: Owner = ANNA, now: int = NOON) -> TopList:
        aggregate(
            owner,
            ListPorts(self.plays, self.connections, FakeProfiles(), self.top_lists),
            now=now,
            oldest=min((chunk.fetched_at for chunk in self.plays.chunks), default=now),
        )
        found, _ = self.top_lists.get(owner)
        assert found is not None
        return found

    def counts(self, owner: Owner = ANNA) -> dict[str, int]:
        return {song.title: song.listen_count for song in self.list(owner).songs}


@pytest.fixture
def world() -> World:
    return World()


YESTERDAY = NOON - DAY


def _refusals(received: Received) -> dict[int, Refusal]:
    return {one.index: one.code for one in received.rejected}


_listens = st.lists(
    st.builds(
        heard,
        st.sampled_from(["Dawn", "Dusk", "Rain"]),
        st.integers(NOON - 9 * DAY, NOON),
        user=st.sampled_from(["u-anna", "u-ben", "u-both", "nobody"]),
    ),
    max_size=30,
)


@given(_listens, st.integers(1, 5), st.randoms(use_true_random=False))
def test_any_split_and_repetition_of_calls_gives_the_same_lists(
    listens: list[Listen], pieces: int, random: Random
) -> None:
    whole, parts = World(), World()
    for world in (whole, parts):
        world.connect("u-ben", BEN)
        world.connect("u-both", ANNA)
        world.connect("u-both", BEN)
    whole.push(*listens)
    calls = [listens[start::pieces] for start in range(pieces)]
    calls += random.sample(calls, pieces // 2)
    random.shuffle(calls)
    for off, call in enumerate(calls):
        parts.push(*call, now=NOON + off)
        parts.list()
    for owner in (ANNA, BEN):
        assert parts.list(owner) == whole.list(owner)


@given(_listens, st.randoms(use_true_random=False), st.integers(0, DAY))
def test_a_repeated_call_overwrites_its_own_rows(
    listens: list[Listen], random: Random, later: int
) -> None:
    world = World()
    world.connect("u-ben", BEN)
    world.push(*listens)
    rows = {_row(chunk): chunk.plays for chunk in world.plays.chunks}
    shuffled = [*listens, *listens[:3]]
    random.shuffle(shuffled)
    world.push(*shuffled, now=NOON + later)
    assert {_row(chunk): chunk.plays for chunk in world.plays.chunks} == rows


def _row(chunk: Chunk) -> tuple[Owner, int, str]:
    return chunk.owner, chunk.fetched_at, chunk.crawl_id


def test_a_call_with_more_listens_than_the_last_writes_a_new_row(world: World) -> None:
    """The stream ignores changed rows, so the plays would reach no list."""
    later = heard("Dusk", NOON + AHEAD_SECONDS + 60)
    first = world.push(heard("Dawn", NOON), later)
    second = world.push(heard("Dawn", NOON), later, now=NOON + 120)
    assert (first.accepted, second.accepted) == (1, 2)
    assert len({_row(chunk) for chunk in world.plays.chunks}) == 2


def test_a_pushed_play_is_found_by_its_fetch_time(world: World) -> None:
    world.push(*(heard("Dawn", NOON - off) for off in (0, 400, 8 * DAY)))
    (chunk,) = world.plays.chunks
    assert all(one.listened_at <= chunk.fetched_at <= NOON for one in chunk.plays)


def test_a_play_pushed_and_pulled_counts_once_and_a_replay_counts_again(world: World) -> None:
    listens = [heard("Dawn", YESTERDAY), heard("Dawn", YESTERDAY + 200)]
    world.push(*listens)
    world.pull(*(_play(listen) for listen in listens))
    assert world.counts() == {"Dawn": 2}


def test_a_pulled_play_with_more_details_is_still_the_same_play(world: World) -> None:
    listen = heard("Dawn", YESTERDAY)
    world.push(listen)
    better = _play(listen).track._replace(album="Harbour Lights", isrc="GBAAA2600001")
    world.pull(_play(listen)._replace(track=better))
    assert world.counts() == {"Dawn": 1}


def test_a_play_pushed_just_before_the_window_excludes_its_duplicate(
    world: World,
) -> None:
    window = NOON - NOON % DAY - 7 * DAY
    world.push(heard("Dawn", window - 4), heard("Dusk", window - 400))
    others = [
        play("Dawn", window + 4, provider="walkman"),
        play("Dusk", window, provider="walkman"),
    ]
    world.plays.append([Chunk(ANNA, "walkman", NOON, "pulled", tuple(others))])
    assert world.counts() == {"Dusk": 1}


def test_each_listen_is_accepted_or_refused_separately(world: World) -> None:
    received = world.push(
        ("u-anna", None),
        heard("Dawn", YESTERDAY),
        heard("Dusk", NOON + AHEAD_SECONDS + 1),
        heard("Rain", NOON - RETENTION_DAYS * DAY - 1),
        heard("Snow", YESTERDAY, user="stranger"),
        heard("Hail", YESTERDAY),
    )
    assert received.accepted == 2
    assert [(one.index, one.code, one.reason) for one in received.rejected] == [
        (0, Refusal.UNREADABLE, "Expected `str` - at `$.track.title`"),
        (2, Refusal.FUTURE, "listened_at: in the future"),
        (3, Refusal.TOO_OLD, "listened_at: before the 35 days that are kept"),
        (4, Refusal.UNKNOWN_USER, "user_id: unknown user"),
    ]
    assert world.counts() == {"Dawn": 1, "Hail": 1}


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (NOON + AHEAD_SECONDS, None),
        (NOON + AHEAD_SECONDS + 1, Refusal.FUTURE),
        (4_070_908_800, Refusal.FUTURE),
        (NOON - RETENTION_DAYS * DAY, None),
        (NOON - RETENTION_DAYS * DAY - 1, Refusal.TOO_OLD),
        (0, Refusal.TOO_OLD),
        (-(10**30), Refusal.TOO_OLD),
    ],
)
def test_times_from_the_retention_limit_to_slightly_ahead_are_accepted(
    world: World, at: int, refusal: Refusal | None
) -> None:
    received = world.push(heard("Dawn", at))
    assert _refusals(received) == ({} if refusal is None else {0: refusal})
    assert len(world.plays.chunks) == (refusal is None)


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.ACTIVE])
def test_an_inactive_account_is_an_unknown_user(world: World, status: Status) -> None:
    world.connect("u-ben", BEN, status)
    paused = world.push(heard("Dawn", YESTERDAY, user="u-ben"))
    assert paused == world.push(heard("Dawn", YESTERDAY, user="stranger"))
    assert _refusals(paused) == {0: Refusal.UNKNOWN_USER}
    assert world.plays.chunks == []


def test_a_disconnected_account_is_an_unknown_user_even_if_its_id_is_stored(
    world: World,
) -> None:
    world.connections.delete(ANNA, "partner")
    assert _refusals(world.push(heard("Dawn", YESTERDAY))) == {0: Refusal.UNKNOWN_USER}
    assert world.plays.chunks == []


def test_a_user_of_one_provider_is_unknown_to_another(world: World) -> None:
    world.connections.put(connection(ANNA, "another"))
    received = world.push(heard("Dawn", YESTERDAY), provider="another")
    assert _refusals(received) == {0: Refusal.UNKNOWN_USER}


def test_an_account_connected_only_elsewhere_is_an_unknown_user(world: World) -> None:
    world.provider_users.add("another", "u-anna", ANNA)
    received = world.push(heard("Dawn", YESTERDAY), provider="another")
    assert _refusals(received) == {0: Refusal.UNKNOWN_USER}


def test_a_shared_account_adds_plays_to_every_connected_owner(world: World) -> None:
    world.connect("u-anna", BEN, Status.PAUSED)
    world.connect("u-anna", Owner("meadow", "anna"))
    assert world.push(heard("Dawn", YESTERDAY)).accepted == 1
    assert {chunk.owner for chunk in world.plays.chunks} == {ANNA, Owner("meadow", "anna")}


def test_two_users_of_one_call_get_only_their_own_plays(world: World) -> None:
    world.connect("u-ben", BEN)
    world.push(heard("Dawn", YESTERDAY), heard("Dusk", YESTERDAY, user="u-ben"))
    assert (world.counts(ANNA), world.counts(BEN)) == ({"Dawn": 1}, {"Dusk": 1})


def test_a_push_changes_no_crawl_state(world: World) -> None:
    before: dict[tuple[Owner, str], Connection] = dict(world.connections.rows)
    world.push(heard("Dawn", YESTERDAY))
    assert world.connections.rows == before


def test_a_storage_failure_fails_the_call(world: World) -> None:
    world.plays.fails = StoreError("write plays")
    with pytest.raises(StoreError):
        world.push(heard("Dawn", YESTERDAY))


def test_a_call_without_acceptable_listens_writes_nothing(world: World) -> None:
    listens: Sequence[Listen] = [("u-anna", None)] * 3
    assert world.push(*listens).accepted == 0
    assert world.plays.chunks == []
