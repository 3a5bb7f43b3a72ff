"""Plays stay countable for a year in weekly chunks, whatever arrives when."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise

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
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.lists.build_tops import build_tops
from topk.usecases.lists.keep_plays import Arrival, due

OWNERS = [Owner("harbor", name) for name in "abcdefghij"]
RETENTION = 35 * DAY
SILENCE = 11 * DAY
"""When the marker of an owner without a further play has expired."""
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
    told: list[Play] = field(default_factory=list)

    def __post_init__(self) -> None:
        profiles = FakeProfiles({self.owner: Profile(time_zone=self.time_zone)})
        self.ports = ListPorts(self.plays, FakeConnections(), profiles, self.top_lists)

    def live(self, happened: Iterable[Event], *, until: int = NOON) -> None:
        """Everything that happens by `until`, with expiries and the silences in between."""
        ordered = sorted(happened, key=lambda one: one.arrives)
        for one, after in pairwise([*ordered, None]):
            if one is None or one.arrives > until:
                break
            self.receive(one)
            follows = min(after.arrives if after else until, until)
            if follows - one.arrives > SILENCE:
                self.aggregate(one.arrives + SILENCE, Arrival(silence=True))
                self.plays.kept.pop(self.owner, None)
        self.expire(until)

    def receive(self, one: Event) -> None:
        self.expire(one.arrives)
        if one.is_pushed:
            chunk = pushed(self.owner, "spotify", one.plays)
        else:
            chunk = Chunk(self.owner, "spotify", one.arrives, f"c{one.hour}", one.plays)
        self.told += one.plays
        self.plays.append([chunk])
        self.aggregate(chunk.fetched_at, Arrival([chunk.fetched_at]))

    def aggregate(self, now: int, arrival: Arrival) -> None:
        oldest = min(arrival.moments, default=now)
        aggregate(self.owner, self.ports, now=now, oldest=oldest, arrival=arrival)

    def expire(self, now: int) -> None:
        kept = self.plays.chunks[self.owner]
        self.plays.chunks[self.owner] = [
            one for one in kept if one.weekly or one.fetched_at > now - RETENTION
        ]

    def tops(self, span: Span = Span.YEAR, hidden: Hidden = Hidden()) -> Tops:  # noqa: B008
        window = Window.of(span, NOON, self.time_zone)
        since, recent = window.start - 3600, window.end - 9 * DAY
        history = self.plays.begin_long_history(self.owner, since, recent=recent)()
        return build_tops(span, window, history=history, connected=[], hidden=hidden)

    def expected(self, span: Span = Span.YEAR, hidden: Hidden = Hidden()) -> Tops:  # noqa: B008
        """The same from every play that was ever told."""
        window = Window.of(span, NOON, self.time_zone)
        everything = Plays()
        everything.append([Chunk(self.owner, "spotify", BEGIN, "c", tuple(self.told))])
        everything.marks[self.owner] = self.plays.marks[self.owner]
        everything.corrected[self.owner] = self.plays.corrected[self.owner]
        history = everything.begin_history(self.owner, 0)()
        return build_tops(span, window, history=history, connected=[], hidden=hidden)


@pytest.mark.parametrize("span", [Span.FOUR_WEEKS, Span.SIX_MONTHS, Span.YEAR])
@settings(max_examples=60)
@given(events, st.sampled_from(OWNERS), st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia"]))
def test_long_lists_equal_those_from_every_play_ever_told(
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
    assert song not in left, "a deletion takes plays out of weekly chunks too"


def test_a_week_is_kept_once_for_an_owner_who_listens_every_day() -> None:
    world = World(OWNERS[1])
    daily = [Event(24 * day, (SONGS[0],), 0, is_pushed=False) for day in range(70)]
    world.live(daily, until=BEGIN + 70 * DAY)
    weekly = [one for one in world.plays.chunks[world.owner] if one.weekly]
    assert 9 <= len(weekly) <= 11
    assert world.plays.kept[world.owner] == weekly[-1].fetched_at


def test_owners_are_kept_on_all_days_of_the_week() -> None:
    window = Window.current(NOON)
    days = {due(Owner("harbor", f"user-{n}"), window) for n in range(200)}
    assert days == set(window.bounds[1:])
    assert all(datetime.fromtimestamp(day, UTC).hour == 0 for day in days)


def test_a_repeated_record_keeps_nothing_twice() -> None:
    world = World(OWNERS[2])
    world.live([Event(24 * day, (SONGS[0],), 0, is_pushed=True) for day in range(40)])
    before = [*world.plays.chunks[world.owner]]
    for chunk in [one for one in before if not one.weekly]:
        world.aggregate(chunk.fetched_at, Arrival([chunk.fetched_at]))
    late = [one for one in world.plays.chunks[world.owner] if one.weekly]
    for chunk in [one for one in before if not one.weekly]:
        world.aggregate(chunk.fetched_at, Arrival([chunk.fetched_at]))
    assert [one for one in world.plays.chunks[world.owner] if one.weekly] == late
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
