"""Reading songs, artists and albums of any window: access, the day so far, and hidden plays."""

from dataclasses import dataclass, field

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
    FakeQueues,
    FakeTopLists,
    FakeVisibleLists,
    connection,
    play,
)
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.errors import NotVisibleError, StoreError
from topk.domain.limits import MOST_KEPT_SONGS, MOST_SONGS
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Visibility
from topk.domain.song.identity import song_id
from topk.domain.toplist.tops import Of
from topk.domain.toplist.window import Span
from topk.usecases.crawling.crawl_on_view import CrawlOnView
from topk.usecases.lists.read_list import Refreshing, Shown
from topk.usecases.lists.read_top import Asked, ShownTops, read_top

EVERY = [Asked(10, of, span) for of in Of for span in [None, *Span]]


@dataclass
class World:
    plays: FakePlays = field(default_factory=FakePlays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    follows: FakeEdges = field(default_factory=FakeEdges)
    blocks: FakeEdges = field(default_factory=FakeEdges)
    connections: FakeConnections = field(default_factory=FakeConnections)
    queues: FakeQueues = field(default_factory=FakeQueues)

    def read(
        self, asked: Asked, *, viewer: Owner | None = ANNA, owner: Owner = ANNA
    ) -> Shown | ShownTops:
        ask = CrawlOnView(self.connections, lambda: self.queues, lambda: "c-1", 20 * 3600)
        return read_top(
            viewer,
            owner,
            asked,
            visible_lists=FakeVisibleLists(
                self.profiles, self.top_lists, self.follows, self.blocks
            ),
            refreshing=Refreshing(self.plays, self.connections, self.top_lists, ask),
            now=NOON,
        )

    def tops(self, asked: Asked, viewer: Owner = ANNA) -> ShownTops:
        shown = self.read(asked, viewer=viewer)
        assert isinstance(shown, ShownTops)
        return shown

    def songs(self, asked: Asked, viewer: Owner = ANNA) -> list[str]:
        shown = self.read(asked, viewer=viewer)
        songs = shown.top_list.songs if isinstance(shown, Shown) else shown.tops.songs
        return [song.title for song in songs]

    def heard(self, title: str, at: int) -> None:
        self.profiles.create(ANNA)
        self.plays.append([Chunk(ANNA, "spotify", at, f"c-{at}", (play(title, at),))])


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("asked", EVERY, ids=str)
@pytest.mark.parametrize("visibility", list(Visibility))
def test_every_list_is_visible_to_the_same_viewers(
    world: World, visibility: Visibility, asked: Asked
) -> None:
    world.heard("Dawn", NOON - DAY)
    world.profiles.put(ANNA, Profile(visibility))
    seen_by: dict[Visibility, tuple[Owner | None, ...]] = {
        Visibility.PUBLIC: (None, BEN),
        Visibility.FOLLOWERS: (BEN,),
        Visibility.PRIVATE: (),
    }
    world.follows.add(BEN, ANNA)
    for viewer in (None, BEN):
        if viewer in seen_by[visibility]:
            world.read(asked, viewer=viewer)
        else:
            with pytest.raises(NotVisibleError):
                world.read(asked, viewer=viewer)
    world.blocks.add(ANNA, BEN)
    with pytest.raises(NotVisibleError):
        world.read(asked, viewer=BEN)
    with pytest.raises(NotVisibleError):
        world.read(asked, viewer=BEN, owner=Owner("harbor", "nobody"))


@pytest.mark.parametrize("asked", EVERY, ids=str)
def test_nothing_is_read_for_a_viewer_who_may_not_see_it(world: World, asked: Asked) -> None:
    world.heard("Dawn", NOON - DAY)
    world.plays.fails = StoreError("plays")
    with pytest.raises(NotVisibleError):
        world.read(asked, viewer=BEN)


def test_without_a_window_a_list_without_a_complete_day_is_todays(world: World) -> None:
    world.heard("Dawn", NOON - 3600)
    shown = world.tops(Asked(10))
    assert (shown.tops.span, [one.title for one in shown.tops.songs]) == (Span.TODAY, ["Dawn"])
    assert world.songs(Asked(10, span=Span.WEEK)) == [], "seven days were asked for"
    world.heard("Dusk", NOON - DAY)
    world.top_lists.erase(ANNA).__next__()
    assert world.songs(Asked(10)) == ["Dusk"]


def test_without_a_window_an_empty_list_with_a_complete_day_stays(world: World) -> None:
    world.heard("Dawn", NOON - 3600)
    world.connections.put(
        connection(known_since=NOON - 9 * DAY, crawled_through=NOON, heard_at=NOON)
    )
    assert isinstance(world.read(Asked(10)), Shown)


def test_todays_list_follows_every_play_at_once(world: World) -> None:
    world.heard("Dawn", NOON - 3600)
    assert world.songs(Asked(10, span=Span.TODAY)) == ["Dawn"]
    world.heard("Dusk", NOON - 60)
    assert world.songs(Asked(10, span=Span.TODAY)) == ["Dusk", "Dawn"]


def test_looking_at_todays_list_asks_for_a_crawl(world: World) -> None:
    world.heard("Dawn", NOON - 3600)
    world.connections.put(connection(crawled_through=NOON - 21 * 3600))
    world.read(Asked(10, span=Span.TODAY))
    assert len(world.queues.sent) == 1


def test_the_first_songs_are_the_same_however_many_are_asked_for(world: World) -> None:
    for n in range(MOST_SONGS + 5):
        world.heard(f"Song {n}", NOON - DAY - n * 600)
    kept = world.songs(Asked(MOST_KEPT_SONGS, span=Span.WEEK))
    found = world.songs(Asked(MOST_SONGS, span=Span.WEEK))
    assert (len(kept), len(found)) == (MOST_KEPT_SONGS, MOST_SONGS)
    assert found[:MOST_KEPT_SONGS] == kept


@pytest.mark.parametrize("span", [Span.TODAY, Span.WEEK, Span.FOUR_WEEKS])
def test_others_see_no_hidden_song_in_any_ranking(world: World, span: Span) -> None:
    world.follows.add(BEN, ANNA)
    at = NOON - 3600 if span is Span.TODAY else NOON - DAY
    world.heard("Dawn", at)
    world.profiles.hide(ANNA, Hidden(frozenset({song_id(play("Dawn", at).track)})))
    for of in Of:
        mine, others = (world.read(Asked(10, of, span), viewer=one) for one in (ANNA, BEN))
        if isinstance(mine, ShownTops) and isinstance(others, ShownTops):
            assert (len(mine.tops.songs), len(mine.tops.artists)) == (1, 1)
            assert (others.tops.songs, others.tops.artists) == ((), ())
            assert mine.hidden
            assert others.hidden is None
