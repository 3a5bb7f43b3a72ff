"""Erasing leaves no trace of a user, whatever else runs at the same time."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import memory_stores as stores
from tests.fakes import ANNA, BEN, DAY, NOON, FakeProvider, FakeQueues, connection, play, track
from tests.interleaving import Interleaving, Stepping
from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.account.following import Follows
from topk.domain.chunk import Chunk
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.provider import Capabilities
from topk.domain.crawl.timetable import DAILY, Grid
from topk.domain.errors import NotVisibleError, TransientError
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision, plays_of
from topk.domain.play_rule import PlayReport
from topk.domain.privacy.erasure import ErasureJob, Progress
from topk.domain.privacy.visibility import Visibility
from topk.domain.song.identity import song_id
from topk.domain.toplist.announcement import Announcement
from topk.usecases.accounts.begin_connection import begin_connection
from topk.usecases.accounts.confirm_connection import ConfirmPorts, confirm_connection
from topk.usecases.accounts.disconnect import DisconnectPorts
from topk.usecases.accounts.follows import Following, accept, follow
from topk.usecases.accounts.receive_grant import receive_grant
from topk.usecases.accounts.update_profile import read_profile, update_profile
from topk.usecases.crawling.crawl import CrawlPorts, crawl
from topk.usecases.crawling.ingest import IngestPorts, ingest
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.lists.read_list import Refreshing, read_list
from topk.usecases.privacy.delete_plays import delete_song
from topk.usecases.privacy.erase import ErasePorts, ask_for_erasure, erase

GRID = Grid(slot_minutes=10)
SWEEP_AFTER = 5400
CARLA = Owner("harbor", "carla")
HOME = "https://harbor.example/accounts"
HEARD = (play("Rain", NOON - DAY), play("Dawn", NOON - 2 * DAY))
NAMES = ("spotify", "youtube")


@dataclass
class _ErasureQueue:
    jobs: list[tuple[ErasureJob, int]] = field(default_factory=list)

    def send(self, job: ErasureJob, *, delay: int = 0) -> None:
        self.jobs.append((job, delay))


class _Nothing:
    """A place that holds nothing of anybody."""

    def erase(self, owner: Owner) -> Iterator[int]:
        yield 0

    mark = erase

    def send(self, told: Sequence[Announcement]) -> Collection[Owner]:
        return ()


class _Both:
    """Handshakes and pending connections, which are rows of one table."""

    def __init__(self, *tables: Any) -> None:
        self._tables = tables

    def erase(self, owner: Owner) -> Iterator[int]:
        for table in self._tables:
            yield from table.erase(owner)


class World:
    """Anna has connected Spotify and has a list. She follows Ben, who follows and blocks her. She
    and Carla have asked each other.
    """

    def __init__(self) -> None:
        self.interleaving = Interleaving()
        self.tables: dict[str, Any] = {
            "connections": stores.Connections(),
            "timetable": stores.Timetable(),
            "plays": stores.Plays(),
            "top_lists": stores.TopLists(),
            "profiles": stores.Profiles(),
            "provider_users": stores.ProviderUsers(),
            "handshakes": stores.Handshakes(),
            "pending": stores.PendingConnections(),
            "follows": stores.Edges(),
            "requests": stores.FollowRequests(),
            "blocks": stores.Edges(),
        }
        graph = stores.Graph(self.tables["follows"], self.tables["profiles"])
        self.tables["graph"] = graph
        self.tables["pairs"] = stores.Pairs(graph, self.tables["requests"], self.tables["blocks"])
        self.erasures = stores.Erasures()
        self.erasure_queue = _ErasureQueue()
        self.crawl_queue = FakeQueues()
        self.stepping: dict[str, Any] = {
            name: Stepping(table, self.interleaving) for name, table in self.tables.items()
        }
        able = Capabilities(None, Precision.EXACT, pushes=True)
        self.providers = {
            name: FakeProvider(name=name, plays=HEARD, account="anna-1", capabilities=able)
            for name in NAMES
        }
        self._receipts = (f"r-{n}" for n in range(1, 100))
        self._settle_in()

    def _settle_in(self) -> None:
        for owner in (ANNA, BEN, CARLA):
            self.tables["profiles"].create(owner)
        self.tables["connections"].put(connection(ANNA))
        self.tables["timetable"].add(GRID.entries(ANNA.key, "spotify", DAILY))
        self.tables["provider_users"].add("spotify", "anna-1", ANNA)
        self.tables["plays"].append([Chunk(ANNA, "spotify", NOON - 60, "c", HEARD)])
        self.aggregate()
        edges = (Edge(ANNA, BEN), Edge(BEN, ANNA))
        self.tables["graph"].apply([EdgeChange(edge, follows=True) for edge in edges])
        for edge in (Edge(ANNA, CARLA), Edge(CARLA, ANNA)):
            self.tables["requests"].ask(edge, now=NOON)
        self.tables["blocks"].add(BEN, ANNA)
        self.begin("fake-state-1")

    @property
    def follows(self) -> Any:
        return self.tables["follows"]

    def provider(self, _tenant: str, name: str) -> FakeProvider:
        return self.providers[name]

    def of(self, *names: str) -> dict[str, Any]:
        return {name: self.stepping[name] for name in names}

    @property
    def lists(self) -> ListPorts:
        return ListPorts(**self.of("plays", "connections", "profiles", "top_lists"))

    def begin(self, state: str) -> None:
        read_profile(ANNA, profiles=self.stepping["profiles"])
        secrets = iter((state, "fake-verifier-1"))
        begin_connection(
            ANNA,
            self.providers["youtube"],
            return_to=None,
            allowed_returns=(HOME,),
            redirect_uri="https://api.example/callback",
            connections=self.stepping["connections"],
            most_connections=9,
            handshakes=self.stepping["handshakes"],
            new_secret=lambda: next(secrets),
            now=NOON,
        )

    def come_back(self) -> None:
        asyncio.run(
            receive_grant(
                "youtube",
                {"state": "fake-state-1", "code": "fake-code"},
                tenant="harbor",
                provider=self.provider,
                **self.of("handshakes", "pending"),
                vault=stores.Vault(),
                new_secret=lambda: "fake-confirmation-1",
                now=NOON,
            )
        )

    def confirm(self) -> None:
        self.come_back()
        asyncio.run(
            confirm_connection(
                ANNA,
                self.providers["youtube"],
                "fake-confirmation-1",
                ConfirmPorts(
                    **self.of("pending", "connections", "profiles", "provider_users", "timetable"),
                    queues=self.crawl_queue,
                    vault=stores.Vault(),
                    grid=GRID,
                ),
                cadence=DAILY,
                most_connections=9,
                correlation="c",
                now=NOON,
            )
        )

    def crawl(self, name: str = "spotify") -> None:
        ids = (f"crawl-{n}" for n in range(9))
        asyncio.run(
            crawl(
                [CrawlJob(ANNA, name, NOON, "view", "c")],
                CrawlPorts(
                    **self.of("connections", "timetable", "plays"),
                    vault=stores.Vault(),
                    provider=self.provider,
                    bounds=lambda _: Bounds(),
                    grid=GRID,
                    new_id=lambda: next(ids),
                    at_once=9,
                    seconds_each=9,
                ),
                now=NOON,
            )
        )

    def push(self) -> None:
        ingest(
            [HEARD[0]],
            IngestPorts(**self.of("provider_users", "connections", "plays"), retention_days=35),
            provider="spotify",
            read_user=lambda _: "anna-1",
            read_play=PlayReport,
            now=NOON,
        )

    def aggregate(self) -> None:
        aggregate(ANNA, self.lists, now=NOON, oldest=0)

    def look(self) -> None:
        visible_lists = stores.VisibleLists(
            *(self.tables[name] for name in ("profiles", "top_lists", "follows", "blocks"))
        )
        parts = self.of("plays", "connections", "top_lists")
        read_list(
            ANNA, ANNA, visible_lists=visible_lists, refreshing=Refreshing(**parts), now=NOON + DAY
        )

    def delete_song(self) -> None:
        delete_song(ANNA, song_id(track("Rain")), self.lists, now=NOON)

    def choose(self) -> None:
        profiles = self.stepping["profiles"]
        update_profile(ANNA, visibility=Visibility.PUBLIC, time_zone=None, profiles=profiles)

    def follow(self) -> None:
        read_profile(ANNA, profiles=self.stepping["profiles"])
        follow(ANNA, CARLA, self.following)

    def accept(self) -> None:
        read_profile(ANNA, profiles=self.stepping["profiles"])
        accept(ANNA, CARLA, self.following)

    def be_accepted(self) -> None:
        accept(CARLA, ANNA, self.following)

    @property
    def following(self) -> Following:
        parts = self.of("follows", "requests", "pairs", "graph")
        return Following(Follows.REQUEST, **parts, now=NOON)

    def leave(self) -> str:
        receipt = ask_for_erasure(
            ANNA,
            profiles=self.stepping["profiles"],
            erasures=self.erasures,
            queue=self.erasure_queue,
            new_receipt=lambda: next(self._receipts),
            now=NOON,
        )
        self.work(NOON)
        return receipt

    def work(self, now: int, *, time_left: Callable[[], bool] = lambda: True) -> None:
        """Runs the queued erasure jobs that are due at `now`."""
        while due := [one for one in self.erasure_queue.jobs if one[0].sweep_at <= now]:
            self.erasure_queue.jobs.remove(due[0])
            asyncio.run(self._erase(due[0][0], now, time_left))

    async def _erase(self, job: ErasureJob, now: int, time_left: Callable[[], bool]) -> None:
        await erase(job, self._ports, time_left=time_left, now=now)

    @property
    def _ports(self) -> ErasePorts:
        at, nothing = self.stepping, _Nothing()
        return ErasePorts(
            disconnecting=DisconnectPorts(
                provider=self.provider,
                **self.of("connections", "provider_users", "timetable"),
                vault=stores.Vault(),
                grid=GRID,
            ),
            providers=NAMES,
            handshakes=_Both(at["handshakes"], at["pending"]),
            personal_tokens=nothing,
            imports=nothing,
            uploads=nothing,
            **self.of("plays", "top_lists", "follows", "graph", "blocks", "profiles"),
            follow_requests=self.stepping["requests"],
            announcements=nothing,
            archive=nothing,
            exports=nothing,
            dead_letters=nothing,
            erasures=self.erasures,
            queue=self.erasure_queue,
            sweep_after=SWEEP_AFTER,
            clock=lambda: NOON,
        )

    def settle(self) -> None:
        """Delivers what was queued and streamed in between."""
        for job, _ in self.crawl_queue.sent:
            self.crawl(job.provider)
        self.crawl_queue.sent.clear()
        self.aggregate()

    @property
    def traces(self) -> list[str]:
        """The tables that mention Anna."""
        found = []
        for name, table in self.tables.items():
            held = getattr(table, "rows", None) or getattr(table, "chunks", None) or {}
            rows = held.items() if isinstance(held, dict) else held
            if any("anna" in repr(row) for row in rows if not _is_empty(row)):
                found.append(name)
        if self.tables["plays"].marks.get(ANNA):
            found.append("deletions")
        return found


def _is_empty(row: Any) -> bool:
    """An empty row of an in-memory dictionary counts as absent."""
    return isinstance(row, tuple) and len(row) == 2 and row[1] in ({}, [])


ERRANDS: dict[str, Callable[[World], None]] = {
    "crawl": World.crawl,
    "come back from the provider": World.come_back,
    "confirm": World.confirm,
    "push": World.push,
    "aggregate": World.aggregate,
    "look": World.look,
    "delete a song": World.delete_song,
    "choose": World.choose,
    "follow": World.follow,
    "accept": World.accept,
    "be accepted": World.be_accepted,
    "begin to connect": lambda world: world.begin("fake-state-2"),
}
_errands = st.lists(st.sampled_from(sorted(ERRANDS)), min_size=1, max_size=4)
_spells = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 12)), max_size=14)


def _schedule(spells: list[tuple[int, int]]) -> Iterator[int]:
    return chain((who for who, steps in spells for _ in range(steps)), cycle(range(5)))


def _allowed(result: object) -> bool:
    return not isinstance(result, BaseException) or isinstance(result, NotVisibleError)


@given(_errands, _spells)
def test_nothing_is_left_whatever_ran_concurrently(
    errands: list[str], spells: list[tuple[int, int]]
) -> None:
    world = World()
    calls: list[Callable[[], Any]] = [world.leave]
    calls += [partial(ERRANDS[name], world) for name in errands]
    results = world.interleaving.run(calls, _schedule(spells))
    world.settle()
    assert [one for one in results[:1] if not isinstance(one, str)] == []
    world.work(NOON + SWEEP_AFTER)
    assert world.traces == []
    world.settle()
    assert world.traces == [], "what arrives late makes nothing again"
    assert world.erasures.rows["harbor", "r-1"].progress is Progress.DONE


@given(_errands, _spells, st.integers(0, 60))
def test_nothing_is_left_wherever_the_first_pass_was_interrupted(
    errands: list[str], spells: list[tuple[int, int]], steps: int
) -> None:
    world = World()
    calls: list[Callable[[], Any]] = [world.leave]
    calls += [partial(ERRANDS[name], world) for name in errands]
    world.interleaving.run(calls, _schedule(spells), crash_at=steps)
    receipt = world.leave()
    world.settle()
    world.work(NOON + SWEEP_AFTER)
    assert world.traces == []
    assert world.erasures.rows["harbor", receipt].progress is Progress.DONE


def test_the_operations_leave_traces_without_an_erasure() -> None:
    for errand in ERRANDS.values():
        world = World()
        errand(world)
        world.settle()
        assert "connections" in world.traces


def test_a_user_is_hidden_before_anything_is_erased() -> None:
    world = World()
    world.tables["profiles"].mark_erasing(ANNA, "r-0")
    for errand in ("look", "choose", "follow", "accept", "begin to connect", "delete a song"):
        with pytest.raises(NotVisibleError):
            ERRANDS[errand](world)
    world.aggregate()
    assert not world.tables["plays"].chunks.get(ANNA)


def test_a_confirmation_after_the_tombstone_revokes_the_grant() -> None:
    world = World()
    world.tables["profiles"].mark_erasing(ANNA, "r-0")
    with pytest.raises(NotVisibleError):
        world.confirm()
    assert len(world.providers["youtube"].revoked) == 1
    assert [one.provider for one in world.tables["connections"].of_owner(ANNA)] == ["spotify"]


def test_grants_are_revoked_even_if_one_provider_fails() -> None:
    class _Down(FakeProvider):
        async def revoke(self, grant: object) -> None:
            raise TransientError("time-out")

    world = World()
    world.confirm()
    world.providers["youtube"] = _Down(name="youtube")
    world.leave()
    world.work(NOON + SWEEP_AFTER)
    assert len(world.providers["spotify"].revoked) == 1
    assert world.traces == []


def test_follower_counts_of_followed_users_decrease() -> None:
    world = World()
    assert world.tables["profiles"].get(BEN).followers == 1
    world.leave()
    assert world.tables["profiles"].get(BEN).followers == 0


def test_a_pass_that_ran_out_of_time_resumes_where_it_stopped() -> None:
    world = World()
    world.leave()
    left = iter([False, False, True])
    world.work(NOON + SWEEP_AFTER, time_left=lambda: next(left, True))
    assert world.traces == []


def test_old_messages_do_not_affect_a_user_who_returned() -> None:
    world = World()
    world.leave()
    stale = [job for job, _ in world.erasure_queue.jobs]
    world.work(NOON + SWEEP_AFTER)
    world.begin("fake-state-1")
    world.confirm()
    for job in stale:
        world.erasure_queue.send(job)
    world.work(NOON + SWEEP_AFTER)
    assert [one.provider for one in world.tables["connections"].of_owner(ANNA)] == ["youtube"]


_times = st.integers(NOON - 3 * DAY, NOON + 3 * DAY)


@given(st.lists(_times, max_size=9), st.booleans())
def test_deleted_plays_never_return_and_later_plays_count(times: list[int], pushed: bool) -> None:
    world = World()
    world.delete_song()
    heard: tuple[Play, ...] = tuple(play("Rain", at) for at in times)
    world.providers["spotify"].plays = (*HEARD, *heard)
    if pushed:
        world.push()
    world.crawl()
    world.aggregate()
    kept = {
        one.listened_at for one in plays_of(world.tables["plays"].since(ANNA, 0)) if _is_rain(one)
    }
    assert kept == {at for at in times if at > NOON}
    held = [one for chunk in world.tables["plays"].chunks[ANNA] for one in chunk.plays]
    assert all(one.listened_at > NOON for one in held if _is_rain(one))
    found, _ = world.tables["top_lists"].get(ANNA)
    assert [song.title for song in found.songs] == ["Dawn"]


def _is_rain(one: Play) -> bool:
    return one.track.title == "Rain"
