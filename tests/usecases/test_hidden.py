"""Hidden songs leave no trace in responses to others and stay in the owner's own list."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.read.presentation import list_answer
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
    connection,
    track,
)
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.errors import LimitReachedError, StoreError
from topk.domain.limits import MOST_HIDDEN_SONGS
from topk.domain.owner import Owner
from topk.domain.play import Play, Precision
from topk.domain.privacy.hidden import NOTHING, Hidden
from topk.domain.privacy.visibility import Relation, Visibility
from topk.domain.song.identity import song_id
from topk.domain.toplist.window import Span
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.lists.read_list import Refreshing, Shown, read_list
from topk.usecases.lists.read_top import Asked, read_top
from topk.usecases.privacy.hide import Hiding, hide, unhide
from topk.usecases.privacy.read_hidden import read_hidden

ISRC = "GBUM71029604"
SONGS = (
    track("Dawn", isrc=ISRC),
    track("Dawn", "Lanterns of Light", isrc=ISRC),
    track("Dusk"),
    track("Rain"),
    track("Snow"),
)
PROVIDERS = ("apple_music", "spotify", "youtube")
_heard = st.lists(
    st.builds(
        Play,
        st.sampled_from(PROVIDERS),
        st.sampled_from(SONGS),
        st.integers(NOON - 20 * DAY, NOON),
        st.sampled_from([Precision.EXACT, Precision.INFERRED]),
    ),
    max_size=40,
)
DAWN = frozenset(map(song_id, SONGS[:2]))
"""One song with two ids, which a list joins if both were played."""
_names = st.frozensets(st.sampled_from([song_id(one) for one in SONGS]), max_size=2)
_hidden = st.builds(
    Hidden,
    _names.map(lambda names: names | DAWN if names & DAWN else names),
    st.frozensets(st.sampled_from(PROVIDERS), max_size=2),
)


@dataclass
class World:
    plays: FakePlays = field(default_factory=FakePlays)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    connections: FakeConnections = field(default_factory=FakeConnections)
    follows: FakeEdges = field(default_factory=FakeEdges)

    def __post_init__(self) -> None:
        self.profiles.put(ANNA, Profile())
        self.follows.add(BEN, ANNA)

    def hears(self, *plays: Play) -> None:
        chunks = [
            Chunk(ANNA, one.provider, one.listened_at, f"c{number}", (one,))
            for number, one in enumerate(plays)
        ]
        self.plays.append(chunks)

    def connects(self, *providers: str) -> None:
        for number, name in enumerate(providers):
            through = NOON - number * 2 * DAY
            self.connections.put(connection(provider=name, crawled_through=through))

    def aggregate(self) -> None:
        aggregate(
            ANNA,
            ListPorts(self.plays, self.connections, self.profiles, self.top_lists),
            now=NOON,
        )

    @property
    def refreshing(self) -> Refreshing:
        return Refreshing(self.plays, self.connections, self.top_lists)

    @property
    def visible_lists(self) -> FakeVisibleLists:
        return FakeVisibleLists(self.profiles, self.top_lists, self.follows, FakeEdges())

    def read(self, viewer: Owner | None = BEN) -> Shown:
        return read_list(
            viewer, ANNA, visible_lists=self.visible_lists, refreshing=self.refreshing, now=NOON
        )

    @property
    def hiding(self) -> Hiding:
        return Hiding(self.plays, self.profiles, self.top_lists, lambda: None)

    def hide(self, names: Hidden) -> None:
        hide(ANNA, names, using=self.hiding, now=NOON)

    def unhide(self, names: Hidden) -> None:
        unhide(ANNA, names, using=self.hiding)


@given(_heard, _hidden, st.booleans())
def test_others_see_the_list_as_if_hidden_songs_were_never_played(
    plays: list[Play], hidden: Hidden, before: bool
) -> None:
    """Whether the list was built before or after the song was hidden."""
    world, without = World(), World()
    world.connects(*PROVIDERS)
    without.connects(*PROVIDERS)
    world.hears(*plays)
    if before:
        world.aggregate()
    world.hide(hidden)
    for name in hidden.providers:
        without.connections.delete(ANNA, name)
    without.hears(
        *(
            one
            for one in plays
            if one.provider not in hidden.providers and song_id(one.track) not in hidden.songs
        )
    )
    for one in (world, without):
        chosen = one.profiles.rows[ANNA]
        one.profiles.rows[ANNA] = replace(chosen, visibility=Visibility.PUBLIC)
    for viewer in (BEN, None):
        assert list_answer(world.read(viewer), 50) == list_answer(without.read(viewer), 50)


@given(_heard, _hidden)
def test_the_owners_list_keeps_and_marks_hidden_songs(plays: list[Play], hidden: Hidden) -> None:
    world = World()
    world.hears(*plays)
    before = list_answer(world.read(ANNA), 50)
    world.hide(hidden)
    after = world.read(ANNA)
    response = list_answer(after, 50)
    marks = [song.pop("hidden") for song in response["songs"]]
    assert not any(song.pop("hidden") for song in before["songs"])
    assert response == before
    shown = {song.song_id for song in world.read(BEN).top_list.songs}
    for song, mark in zip(after.top_list.songs, marks, strict=True):
        assert not (mark and song.song_id in shown)


@given(_heard, _hidden)
def test_unhiding_restores_the_list(plays: list[Play], hidden: Hidden) -> None:
    world = World()
    world.hears(*plays)
    before = list_answer(world.read(), 50)
    world.hide(hidden)
    world.read()
    world.unhide(hidden)
    assert world.profiles.rows[ANNA].hidden == NOTHING
    assert list_answer(world.read(), 50) == before


@given(_heard, _hidden, _hidden)
def test_a_list_built_before_a_song_was_hidden_is_not_shown_to_others(
    plays: list[Play], first: Hidden, second: Hidden
) -> None:
    world = World()
    world.hears(*plays)
    world.hide(first)
    world.aggregate()
    world.hide(second)
    changed = world.profiles.rows[ANNA].hidden
    world.plays.fails = StoreError("throttled")
    stored, _ = world.top_lists.get(ANNA)
    assert stored is not None
    if stored.for_others(changed) is None:
        with pytest.raises(StoreError):
            world.read()
    else:
        world.read()
    assert world.read(ANNA).top_list.songs == stored.songs


def test_a_song_stays_hidden_when_its_id_changes() -> None:
    one, other = sorted(SONGS[:2], key=song_id)
    world = World()
    world.hears(Play("spotify", other, NOON - DAY))
    world.hide(Hidden(songs=frozenset({song_id(other)})))
    world.hears(Play("apple_music", one, NOON - 2 * DAY))
    world.aggregate()
    (song,) = world.read(ANNA).top_list.songs
    assert song.ids == (song_id(one), song_id(other))
    assert world.read().top_list.songs == ()


def test_hiding_a_song_hides_all_its_ids() -> None:
    one, other = SONGS[:2]
    world = World()
    world.hears(Play("spotify", one, NOON - DAY), Play("apple_music", other, NOON - 2 * DAY))
    world.aggregate()
    world.hide(Hidden(songs=frozenset({song_id(other)})))
    assert world.profiles.rows[ANNA].hidden.songs == {song_id(one), song_id(other)}


def test_at_most_a_hundred_songs_can_be_hidden() -> None:
    world = World()
    most = frozenset(f"{number:016}".translate(str.maketrans("01", "az")) for number in range(100))
    assert len(most) == MOST_HIDDEN_SONGS
    world.hide(Hidden(songs=most))
    world.hide(Hidden(songs=most))
    with pytest.raises(LimitReachedError):
        world.hide(Hidden(songs=frozenset({"onemoresongidabc"})))
    assert world.profiles.rows[ANNA].hidden.songs == most


def test_hidden_songs_have_titles_while_a_play_of_them_is_stored() -> None:
    world = World()
    world.hears(Play("spotify", SONGS[2], NOON - DAY), Play("spotify", SONGS[3], NOON - 30 * DAY))
    world.aggregate()
    unknown = "unknownsongidabc"
    ids = frozenset({song_id(SONGS[2]), song_id(SONGS[3]), unknown})
    world.hide(Hidden(ids, frozenset({"youtube"})))
    found = read_hidden(ANNA, profiles=world.profiles, top_lists=world.top_lists, plays=world.plays)
    assert found.songs == {
        song_id(SONGS[2]): ("Dusk", ("The Lanterns",)),
        song_id(SONGS[3]): ("Rain", ("The Lanterns",)),
        unknown: None,
    }
    assert found.providers == ("youtube",)


@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("follows", [True, False])
@given(_heard, _hidden)
def test_a_preview_equals_what_the_viewer_sees(
    visibility: Visibility, follows: bool, plays: list[Play], hidden: Hidden
) -> None:
    world = World()
    world.hears(*plays)
    world.hide(hidden)
    chosen = world.profiles.rows[ANNA]
    world.profiles.rows[ANNA] = replace(chosen, visibility=visibility)
    if not follows:
        world.follows.remove(BEN, ANNA)

    def seen() -> Any:
        relation = Relation(follows=follows)
        return read_top(
            ANNA,
            ANNA,
            Asked(k=50, span=Span.WEEK),
            visible_lists=world.visible_lists,
            refreshing=world.refreshing,
            now=NOON,
            seen_as=relation,
        )

    assert _outcome(seen) == _outcome(world.read)


def _outcome(read: Any) -> Any:
    try:
        return list_answer(read(), 50)
    except Exception as error:  # noqa: BLE001 - the refusal is what is compared
        return type(error), str(error)
