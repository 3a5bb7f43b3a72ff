"""Plays stay countable for a year in compacted chunks, whatever arrives when."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, FakeConnections, FakeProfiles, FakeTopLists
from tests.memory_stores import Plays
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk, pushed
from topk.domain.owner import Owner
from topk.domain.play import Play, Track
from topk.domain.privacy.deletion import Deletion
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import song_id
from topk.domain.song.marks import SongMark
from topk.domain.toplist.corrections import Correction, Kind
from topk.domain.toplist.tops import Tops
from topk.domain.toplist.window import Span, Window
from topk.stores.codecs.compacted_chunks import SILENT_SECONDS
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.lists.build_tops import build_tops
from topk.usecases.lists.compact_plays import EVERY_DAYS, Arrival, due

OWNERS = [Owner("harbor", name) for name in "abcdefghij"]
RETENTION = 35 * DAY
LATE_EXPIRY = 4 * DAY
"""DynamoDB deletes expired rows "within a few days"."""
SONGS = [
    Track(f"id-{title}", title, (artist,), album, 200)
    for title, artist, album in (
        ("Dawn", "The Lanterns", "Harbour Lights"),
        ("Dusk", "The Lanterns", "Other Shores"),
        ("Rain", "Paper Boats", ""),
    )
]


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """`tracks` are played from `hour` (of a year) on and arrive `after` further hours."""

    hour: int
    tracks: tuple[Track, ...]
    after: int
    is_pushed: bool

    @property
    def plays(self) -> tuple[Play, ...]:
        first = BEGIN + self.hour * 3600
        return tuple(Play("spotify", one, first + n * 600) for n, one in enumerate(self.tracks))

    @property
    def arrives(self) -> int:
        return self.plays[-1].listened_at + 60 + self.after * 3600


HOURS = 300 * 24
BEGIN = NOON - HOURS * 3600
events = st.lists(
    st.builds(
        Event,
        st.integers(0, HOURS - 2),
        st.lists(st.sampled_from(SONGS), min_size=1, max_size=5).map(tuple),
        st.just(0) | st.integers(0, 24 * 20),
        st.booleans(),
    ),
    max_size=40,
    unique_by=lambda one: one.hour,
)


@dataclass
class World:
    owner: Owner
    time_zone: str = "UTC"
    plays: Plays = field(default_factory=Plays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    reported: list[Play] = field(default_factory=list)

    def __post_init__(self) -> None:
        profiles = FakeProfiles({self.owner: Profile(time_zone=self.time_zone)})
        self.ports = ListPorts(self.plays, FakeConnections(), profiles, self.top_lists)

    def live(self, happened: Iterable[Event], *, until: int = NOON) -> None:
        """Everything that happens by `until`, with what expires in between."""
        for one in sorted(happened, key=lambda one: one.arrives):
            if one.arrives > until:
                break
            self.wait(one.arrives)
            self.receive(one)
        self.wait(until)

    def wait(self, until: int) -> None:
        """Lets the marker expire, as late as DynamoDB may notice, and chunks as early."""
        while (through := self.plays.kept.get(self.owner)) is not None:
            expires = through + SILENT_SECONDS + LATE_EXPIRY
            if expires > until:
                break
            self.expire(expires)
            del self.plays.kept[self.owner]
            self.aggregate(expires, Arrival(silence=True))
        self.expire(until)

    def receive(self, one: Event) -> None:
        if one.is_pushed:
            chunk = pushed(self.owner, "spotify", one.plays)
        else:
            chunk = Chunk(self.owner, "spotify", one.arrives, f"c{one.hour}", one.plays)
        self.reported += one.plays
        self.plays.append([chunk])
        self.aggregate(chunk.fetched_at, Arrival([chunk.fetched_at]))

    def aggregate(self, now: int, arrival: Arrival) -> None:
        oldest = min(arrival.moments, default=now)
        aggregate(self.owner, self.ports, now=now, oldest=oldest, arrival=arrival)

    def expire(self, now: int) -> None:
        kept = self.plays.chunks[self.owner]
        self.plays.chunks[self.owner] = [
            one for one in kept if one.compacted or one.fetched_at > now - RETENTION
        ]

    def tops(self, span: Span = Span.YEAR, hidden: Hidden = Hidden()) -> Tops:  # noqa: B008
        window = Window.of(span, NOON, self.time_zone)
        since, recent = window.start - 3600, window.end - 15 * DAY
        history = self.plays.begin_long_history(self.owner, since, recent=recent)()
        return build_tops(span, window, history=history, connected=[], hidden=hidden)

    def expected(self, span: Span = Span.YEAR, hidden: Hidden = Hidden()) -> Tops:  # noqa: B008
        """The same from every reported play."""
        window = Window.of(span, NOON, self.time_zone)
        everything = Plays()
        everything.append([Chunk(self.owner, "spotify", BEGIN, "c", tuple(self.reported))])
        everything.marks[self.owner] = self.plays.marks[self.owner]
        everything.corrected[self.owner] = self.plays.corrected[self.owner]
        history = everything.begin_history(self.owner, 0)()
        return build_tops(span, window, history=history, connected=[], hidden=hidden)


@pytest.mark.parametrize("span", [Span.FOUR_WEEKS, Span.SIX_MONTHS, Span.YEAR])
@settings(max_examples=60)
@given(events, st.sampled_from(OWNERS), st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia"]))
def test_long_lists_equal_those_from_every_reported_play(
    span: Span, happened: list[Event], owner: Owner, zone: str
) -> None:
    world = World(owner, zone)
    world.live(happened)
    assert world.tops(span) == world.expected(span)


@given(events, st.sampled_from(SONGS))
def test_deletions_hiding_and_corrections_reach_plays_that_expired(
    happened: list[Event], song: Track
) -> None:
    world = World(OWNERS[0])
    world.live(happened)
    hidden = Hidden(frozenset({song_id(song)}))
    assert world.tops(hidden=hidden) == world.expected(hidden=hidden)
    marks = [SongMark((song_id(one),)) for one in SONGS[:2]]
    world.plays.correct(world.owner, Correction(1, Kind.MERGE, tuple(marks)))
    assert world.tops() == world.expected()
    world.plays.correct(world.owner, Correction(2, Kind.NOT_ME, (), BEGIN, BEGIN + 90 * DAY))
    assert world.tops() == world.expected()
    world.plays.mark(world.owner, Deletion(NOON, song=SongMark((song_id(song),))))
    assert world.tops() == world.expected()
    world.plays.purge(world.owner)
    assert world.tops() == world.expected()
    left = {play.track for chunk in world.plays.chunks[world.owner] for play in chunk.plays}
    assert song not in left, "a deletion takes plays out of compacted chunks too"


def test_two_weeks_are_compacted_once_for_an_owner_who_listens_every_day() -> None:
    world = World(OWNERS[1])
    daily = [Event(24 * day, (SONGS[0],), 0, is_pushed=False) for day in range(70)]
    world.live(daily, until=BEGIN + 70 * DAY)
    found = [one for one in world.plays.chunks[world.owner] if one.compacted]
    assert 4 <= len(found) <= 6
    assert world.plays.kept[world.owner] == found[-1].fetched_at


def test_owners_have_all_days_of_two_weeks() -> None:
    window = Window.current(NOON)
    days = {due(Owner("harbor", f"user-{n}"), window) for n in range(300)}
    assert days == {window.end - DAY * back for back in range(EVERY_DAYS)}
    assert all(datetime.fromtimestamp(day, UTC).hour == 0 for day in days)


def test_a_repeated_record_compacts_nothing_twice() -> None:
    world = World(OWNERS[2])
    world.live([Event(24 * day, (SONGS[0],), 0, is_pushed=True) for day in range(40)])
    before = [*world.plays.chunks[world.owner]]
    for chunk in [one for one in before if not one.compacted]:
        world.aggregate(chunk.fetched_at, Arrival([chunk.fetched_at]))
    late = [one for one in world.plays.chunks[world.owner] if one.compacted]
    for chunk in [one for one in before if not one.compacted]:
        world.aggregate(chunk.fetched_at, Arrival([chunk.fetched_at]))
    assert [one for one in world.plays.chunks[world.owner] if one.compacted] == late
    assert world.tops() == world.expected()


def test_a_change_of_time_zone_loses_and_repeats_no_play() -> None:
    world = World(OWNERS[3])
    days = [Event(24 * day + 5, (SONGS[day % 3],), 0, is_pushed=False) for day in range(120)]
    world.live(days[:60], until=BEGIN + 60 * DAY)
    profiles = world.ports.profiles
    for zone in ("Pacific/Apia", "America/New_York"):
        profiles.put(world.owner, replace(profiles.get(world.owner) or Profile(), time_zone=zone))
        world.live(days[60:90] if zone == "Pacific/Apia" else days[90:])
    assert world.tops() == world.expected()
