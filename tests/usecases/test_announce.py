"""Events to tenants: the state of a list, only if its visibility allows, and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, BEN, NOON, FakeProfiles, FakeTopLists
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.announcement import Announcement
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import Redacted, TopList
from topk.usecases.lists.announce import announce, announce_anew

DAY = date(2026, 11, 22)
HIDDEN = Hidden(songs=frozenset({"a" * 16}))


def song(name: str, count: int = 1) -> RankedSong:
    return RankedSong(name * 16, name, (), (), count, NOON, "", "", ("spotify",))


def listing(*songs: RankedSong, redacted: Redacted | None = None) -> TopList:
    return TopList(songs, DAY, "UTC", Completeness(), Past(), redacted)


@dataclass
class FakeAnnouncements:
    sent: list[Announcement] = field(default_factory=list)
    refuses: frozenset[Owner] = frozenset()

    def send(self, announcements: Sequence[Announcement]) -> Collection[Owner]:
        self.sent += [one for one in announcements if one.owner not in self.refuses]
        return {one.owner for one in announcements} & self.refuses


@dataclass
class World:
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    announcements: FakeAnnouncements = field(default_factory=FakeAnnouncements)

    def write(self, found: TopList, owner: Owner = ANNA) -> None:
        self.top_lists.put(owner, found, replacing=self.top_lists.get(owner)[1])

    def announce(self, *owners: Owner) -> Collection[Owner]:
        return announce(
            owners or (ANNA,),
            top_lists=self.top_lists,
            profiles=self.profiles,
            announcements=self.announcements,
        )


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.PUBLIC])
def test_an_event_contains_the_current_list(visibility: Visibility) -> None:
    world = World()
    world.profiles.put(ANNA, Profile(visibility))
    world.write(listing(song("a")))
    world.write(listing(song("b")))
    assert not world.announce()
    assert world.announcements.sent == [Announcement(ANNA, 2, listing(song("b")))]


def test_a_private_list_is_withdrawn() -> None:
    world = World()
    world.profiles.put(ANNA, Profile(Visibility.PRIVATE))
    world.write(listing(song("a")))
    world.announce()
    assert world.announcements.sent == [Announcement(ANNA, 1, None)]


def test_events_contain_no_hidden_songs() -> None:
    world = World()
    world.profiles.put(ANNA, Profile(hidden=HIDDEN))
    others = Redacted(HIDDEN.stamp, (song("b"),), Completeness(), Past())
    world.write(listing(song("a", 2), song("b"), redacted=others))
    world.announce()
    assert world.announcements.sent == [Announcement(ANNA, 1, listing(song("b")))]


def test_a_list_built_before_a_song_was_hidden_is_not_announced() -> None:
    world = World()
    world.profiles.put(ANNA, Profile(hidden=HIDDEN))
    world.write(listing(song("a")))
    world.announce()
    assert world.announcements.sent == []


@pytest.mark.parametrize("profile", [None, Profile(erasing="fake-receipt")])
def test_unknown_and_erased_users_are_not_announced(profile: Profile | None) -> None:
    world = World()
    if profile:
        world.profiles.rows[ANNA] = profile
    world.write(listing(song("a")))
    assert not world.announce(ANNA, BEN)
    assert world.announcements.sent == []


def test_owners_whose_event_failed_are_returned() -> None:
    world = World(announcements=FakeAnnouncements(refuses=frozenset({BEN})))
    for owner in (ANNA, BEN):
        world.profiles.put(owner, Profile())
        world.write(listing(song("a")), owner)
    assert world.announce(ANNA, BEN) == {BEN}
    assert [one.owner for one in world.announcements.sent] == [ANNA]


def test_a_list_is_announced_again_only_if_it_exists() -> None:
    world = World()
    announce_anew(ANNA, top_lists=world.top_lists)
    assert world.top_lists.get(ANNA) == (None, 0)
    world.write(listing(song("a")))
    announce_anew(ANNA, top_lists=world.top_lists)
    assert world.top_lists.get(ANNA) == (listing(song("a")), 2)


_steps = st.lists(
    st.sampled_from(["write", "private", "public", "hide", "unhide", "anew", "tell", "repeat"]),
    max_size=25,
)


@given(_steps, st.randoms())
def test_the_event_with_the_highest_version_has_the_current_list_in_any_order(
    steps: list[str], chance: Random
) -> None:
    """Records arrive late and repeatedly; settings are written before the next event."""
    world, records, writes = World(), 0, 0
    world.profiles.put(ANNA, Profile())
    owed = False
    for step in [*steps, "anew", "write", "tell"]:
        profile = world.profiles.rows[ANNA]
        before = world.top_lists.get(ANNA)[1]
        match step:
            case "write":
                writes += 1
                world.write(_made(writes, profile))
            case "private" | "public":
                owed = True
                world.profiles.put(ANNA, replace(profile, visibility=Visibility(step)))
            case "hide" | "unhide":
                kept = HIDDEN if step == "hide" else Hidden()
                world.profiles.rows[ANNA] = replace(profile, hidden=kept)
            case "anew" if owed:
                announce_anew(ANNA, top_lists=world.top_lists)
            case "tell" | "repeat" if records:
                world.announce()
                records -= step == "tell"
        records += world.top_lists.get(ANNA)[1] > before
    world.announce()
    sent = [*world.announcements.sent]
    chance.shuffle(sent)
    profile, (found, version) = world.profiles.rows[ANNA], world.top_lists.get(ANNA)
    assert found
    shown = None if profile.visibility is Visibility.PRIVATE else found.for_others(profile.hidden)
    assert max(sent, key=lambda one: one.version) == Announcement(ANNA, version, shown)


def _made(number: int, profile: Profile) -> TopList:
    others = Redacted(profile.hidden.stamp, (song("b", number),), Completeness(), Past())
    return listing(
        song("a", number), song("b", number), redacted=others if profile.hidden else None
    )
