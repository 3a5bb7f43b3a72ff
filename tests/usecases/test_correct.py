"""Corrections by the owner: lists obey them at once, and undoing restores the list."""

from dataclasses import dataclass, field, replace

import pytest

from tests.fakes import (
    ANNA,
    BEN,
    DAY,
    NOON,
    FakeConnections,
    FakeEdges,
    FakePlays,
    FakeProfiles,
    FakeTopLists,
    FakeVisibleLists,
    track,
)
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.errors import InvalidRequestError, LimitReachedError, NotVisibleError
from topk.domain.limits import MOST_CORRECTIONS
from topk.domain.play import Play, Track, plays_of
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.identity import song_id
from topk.domain.toplist.announcement import announcement
from topk.domain.toplist.corrections import Kind
from topk.domain.toplist.ranking import RankedSong
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.lists.correct import (
    corrected_songs,
    disown,
    merge,
    read_corrections,
    spellings,
    split,
    undo,
)
from topk.usecases.lists.read_list import Refreshing, read_list
from topk.usecases.privacy.delete_plays import delete_song

ISRC = "GBAYE0601498"
RAIN = track("Rain", isrc=ISRC)
RAINN = track("Rainn", isrc=ISRC)
VIDEO = track("Rain (Official Video)")
DAWN, DUSK = track("Dawn"), track("Dusk")
HOUR = 3600
WEEK_BEFORE = 14 * DAY


@dataclass
class World:
    plays: FakePlays = field(default_factory=FakePlays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    connections: FakeConnections = field(default_factory=FakeConnections)
    now: int = NOON

    def __post_init__(self) -> None:
        self.profiles.put(ANNA, Profile())
        heard = [(RAIN, 4), (RAINN, 3), (VIDEO, 2), (DAWN, 2), (DUSK, 1)]
        reports = [
            Play("spotify" if turn % 2 else "lastfm", one, NOON - DAY - (turn * 10 + at) * HOUR)
            for at, (one, times) in enumerate(heard)
            for turn in range(times)
        ]
        self.hears(*reports, *(replace_time(one, WEEK_BEFORE) for one in reports))
        self.rebuild()

    def hears(self, *plays: Play) -> None:
        self.plays.append(
            Chunk(ANNA, one.provider, one.listened_at + HOUR, f"c{one.listened_at}", (one,))
            for one in plays
        )

    def rebuild(self) -> None:
        aggregate(ANNA, self.ports, now=NOON)

    @property
    def ports(self) -> ListPorts:
        return ListPorts(self.plays, self.connections, self.profiles, self.top_lists)

    @property
    def songs(self) -> tuple[RankedSong, ...]:
        found, _ = self.top_lists.get(ANNA)
        assert found
        return found.songs

    @property
    def counts(self) -> dict[str, int]:
        return {song.title: song.listen_count for song in self.songs}

    def split(self, song: Track, *apart: Track) -> str:
        known = spellings(ANNA, song_id(song), ports=self.ports)
        titles = {one.title for one in apart}
        chosen = {one.spelling_id for one in known if one.title in titles}
        made = split(ANNA, song_id(song), chosen, ports=self.ports, now=self.tick())
        return made.correction_id

    def merge(self, one: Track, other: Track) -> str:
        ids = song_id(one), song_id(other)
        return merge(ANNA, *ids, ports=self.ports, now=self.tick()).correction_id

    def undo(self, correction_id: str) -> None:
        undo(ANNA, correction_id, ports=self.ports, now=self.tick())

    def tick(self) -> int:
        self.now += 1
        return self.now


def replace_time(play: Play, by: int) -> Play:
    return play._replace(listened_at=play.listened_at - by)


@pytest.fixture
def world() -> World:
    return World()


def test_the_list_before_any_correction(world: World) -> None:
    assert world.counts == {"Rain": 9, "Dawn": 2, "Dusk": 1}


def test_songs_are_split_by_id_and_by_spelling_and_undone(world: World) -> None:
    before, plays = world.top_lists.get(ANNA)[0], world.plays.since(ANNA, 0)
    by_id = world.split(RAIN, RAINN)
    assert world.counts == {"Rain": 6, "Rainn": 3, "Dawn": 2, "Dusk": 1}
    by_spelling = world.split(RAIN, VIDEO)
    assert sorted(song.listen_count for song in world.songs) == [1, 2, 2, 3, 4]
    for one in (by_id, by_spelling):
        world.undo(one)
    assert world.top_lists.get(ANNA)[0] == before
    assert world.plays.since(ANNA, 0) == plays


def test_songs_are_merged_and_the_merge_is_undone(world: World) -> None:
    before = world.top_lists.get(ANNA)[0]
    made = world.merge(DAWN, DUSK)
    assert [song.listen_count for song in world.songs] == [9, 3]
    world.undo(made)
    assert world.top_lists.get(ANNA)[0] == before


def test_the_rank_of_the_week_before_follows(world: World) -> None:
    """Apart, Dawn and Dusk were second and third."""
    found, _ = world.top_lists.get(ANNA)
    assert found
    assert found.past
    assert len(found.past.places) == 3
    world.merge(DAWN, DUSK)
    found, _ = world.top_lists.get(ANNA)
    assert found
    assert found.past
    assert len(found.past.places) == 2


def test_others_and_events_see_the_corrected_list(world: World) -> None:
    world.merge(DAWN, DUSK)
    follows = FakeEdges()
    follows.add(BEN, ANNA)
    shown = read_list(
        BEN,
        ANNA,
        visible_lists=FakeVisibleLists(world.profiles, world.top_lists, follows, FakeEdges()),
        refreshing=Refreshing(world.plays, world.connections, world.top_lists),
        now=NOON,
    )
    assert [song.listen_count for song in shown.top_list.songs] == [9, 3]
    event = announcement(ANNA, *world.top_lists.rows[ANNA], world.profiles.get(ANNA))
    assert event
    assert shown.top_list.songs == event.top_list.songs  # type: ignore[union-attr]


def test_a_list_rebuilt_for_another_day_is_corrected_too(world: World) -> None:
    world.split(RAIN, RAINN)
    world.top_lists.rows.clear()
    world.rebuild()
    assert world.counts == {"Rain": 6, "Rainn": 3, "Dawn": 2, "Dusk": 1}


def test_one_accounts_plays_of_a_song_are_disowned(world: World) -> None:
    made = disown(
        ANNA,
        since=NOON - 8 * DAY,
        until=NOON,
        provider="lastfm",
        song=song_id(RAIN),
        ports=world.ports,
        now=NOON,
    )
    assert world.counts == {"Rain": 4, "Dawn": 2, "Dusk": 1}
    late = Play("lastfm", track("Rainn"), NOON - 2 * DAY - 60)
    world.hears(late)
    world.rebuild()
    assert world.counts["Rain"] == 4, "a play that is reported later is covered too"
    world.undo(made.correction_id)
    assert world.counts["Rain"] == 10


def test_a_single_play_and_a_range_are_disowned(world: World) -> None:
    plays = plays_of(world.plays.since(ANNA, NOON - 8 * DAY))
    (at,) = (one.started_at for one in plays if one.track == DUSK)
    disown(ANNA, since=at, until=at + 1, ports=world.ports, now=NOON)
    assert world.counts == {"Rain": 9, "Dawn": 2}
    disown(ANNA, since=NOON - 8 * DAY, until=NOON, ports=world.ports, now=NOON)
    assert world.counts == {}


def test_a_deleted_song_is_the_corrected_one(world: World) -> None:
    world.split(RAIN, VIDEO)
    (apart,) = (
        song
        for song in world.songs
        if song.ids[0] not in {song_id(one) for one in (RAIN, RAINN, DAWN, DUSK)}
    )
    for _ in range(2):
        delete_song(
            ANNA,
            apart.song_id,
            world.ports,
            now=NOON,
        )
    assert world.counts == {"Rain": 7, "Dawn": 2, "Dusk": 1}
    world.hears(Play("lastfm", VIDEO, NOON - 2 * DAY - 60))
    world.rebuild()
    assert world.counts["Rain"] == 7


def test_what_was_hidden_stays_hidden_when_it_is_split_and_when_that_is_undone(
    world: World,
) -> None:
    world.profiles.hide(ANNA, Hidden(frozenset({song_id(RAIN)})))
    made = world.split(RAIN, VIDEO)
    found, _ = world.top_lists.get(ANNA)
    assert found
    assert found.redacted
    assert {song.title for song in found.redacted.songs} == {"Dawn", "Dusk"}
    world.profiles.unhide(ANNA, Hidden(frozenset({song_id(RAIN), song_id(RAINN)})))
    world.undo(made)
    found, _ = world.top_lists.get(ANNA)
    assert found
    assert found.redacted
    assert {song.title for song in found.redacted.songs} == {"Dawn", "Dusk"}


def test_spellings_are_listed_with_their_reports(world: World) -> None:
    found = spellings(ANNA, song_id(RAIN), ports=world.ports)
    by_title = {one.title: (one.reports, one.providers) for one in found}
    assert by_title["Rain"] == (8, ("lastfm", "spotify"))
    assert [one.reports for one in found] == [8, 6, 4]


def test_corrections_are_listed_with_titles_in_order(world: World) -> None:
    world.split(RAIN, RAINN)
    world.merge(DAWN, DUSK)
    kinds = [one.kind for one in read_corrections(ANNA, ports=world.ports)]
    assert kinds == [Kind.SPLIT, Kind.MERGE]
    titles = [
        [song.title for song in corrected_songs(one)]
        for one in read_corrections(ANNA, ports=world.ports)
    ]
    assert titles == [["Rainn"], ["Dawn", "Dusk"]]


def test_a_repeat_is_one_correction_and_comes_last(world: World) -> None:
    made = world.split(RAIN, RAINN)
    world.merge(RAIN, RAINN)
    assert world.counts["Rain"] == 9
    assert world.split(RAIN, RAINN) == made
    assert world.counts["Rainn"] == 3
    assert len(read_corrections(ANNA, ports=world.ports)) == 2


def test_undoing_twice_or_something_unknown_changes_nothing(world: World) -> None:
    made = world.merge(DAWN, DUSK)
    world.undo(made)
    before, writes = world.plays.corrections(ANNA), world.top_lists.writes
    world.undo(made)
    world.undo("a" * 16)
    assert (world.plays.corrections(ANNA), world.top_lists.writes) == (before, writes)


@pytest.mark.parametrize("chosen", [set(), {"a" * 16}, None])
def test_a_split_names_some_of_the_spellings(world: World, chosen: set[str] | None) -> None:
    known = {one.spelling_id for one in spellings(ANNA, song_id(RAIN), ports=world.ports)}
    with pytest.raises(InvalidRequestError) as caught:
        split(ANNA, song_id(RAIN), known if chosen is None else chosen, ports=world.ports, now=NOON)
    assert caught.value.field == "spellings"
    assert world.plays.corrections(ANNA) == []


@pytest.mark.parametrize(
    ("since", "until"), [(NOON, NOON), (NOON, NOON - 1), (NOON - 1, NOON + 1), (-1, NOON)]
)
def test_a_range_lies_in_the_past(world: World, since: int, until: int) -> None:
    with pytest.raises(InvalidRequestError):
        disown(ANNA, since=since, until=until, ports=world.ports, now=NOON)


def test_one_song_cannot_be_merged_with_itself(world: World) -> None:
    with pytest.raises(InvalidRequestError):
        world.merge(RAIN, RAINN)


def test_a_song_that_was_never_played_is_not_found(world: World) -> None:
    with pytest.raises(NotVisibleError):
        world.merge(DAWN, track("Snow"))
    with pytest.raises(NotVisibleError):
        spellings(ANNA, song_id(track("Snow")), ports=world.ports)


def test_the_number_of_corrections_is_limited_and_undoing_stays_possible(world: World) -> None:
    made = [
        disown(ANNA, since=at, until=at + 1, provider="nobody", ports=world.ports, now=NOON)
        for at in range(MOST_CORRECTIONS)
    ]
    with pytest.raises(LimitReachedError):
        world.merge(DAWN, DUSK)
    world.undo(made[0].correction_id)
    assert len(read_corrections(ANNA, ports=world.ports)) == MOST_CORRECTIONS - 1


def test_an_owner_being_erased_corrects_nothing(world: World) -> None:
    world.profiles.rows[ANNA] = replace(world.profiles.rows[ANNA], erasing="fake-receipt")
    with pytest.raises(NotVisibleError):
        world.merge(DAWN, DUSK)
    with pytest.raises(NotVisibleError):
        world.undo("a" * 16)
    assert world.plays.corrections(ANNA) == []
