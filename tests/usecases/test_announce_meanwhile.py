"""Announcing lists while owners change settings and writers update lists, step by step."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, cycle, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, FakeProfiles, FakeTopLists
from tests.interleaving import Interleaving, Stepping
from topk.domain.account.profile import Profile
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.announcement import Announcement, announcement
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.top_list import Redacted, TopList
from topk.usecases.lists.announce import announce, announce_anew

HIDDEN = Hidden(songs=frozenset({"a" * 16}))
_spells = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=20)


def made(number: int, hidden: Hidden) -> TopList:
    """The list built from the plays known as `number`, without the hidden songs."""
    redacted = Redacted(hidden.stamp, (), Completeness(number), Past()) if hidden else None
    return TopList((), date(2026, 11, 22), "UTC", Completeness(number), Past(), redacted)


@dataclass
class World:
    interleaving: Interleaving = field(default_factory=Interleaving)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    top_lists: FakeTopLists = field(default_factory=FakeTopLists)
    told: list[Announcement] = field(default_factory=list)

    def send(self, told: Sequence[Announcement]) -> Collection[Owner]:
        self.interleaving.step()
        self.told += told
        return ()

    def stepping(self, store: Any) -> Any:
        return Stepping(store, self.interleaving)

    def tell(self) -> None:
        announce(
            [ANNA],
            top_lists=self.stepping(self.top_lists),
            profiles=self.stepping(self.profiles),
            announcements=self,
        )

    def write(self, number: int) -> None:
        """As aggregation does: a write on the version read first, retried on a conflict."""
        for _ in range(9):
            _, version = self.stepping(self.top_lists).get(ANNA)
            hidden = self.stepping(self.profiles).get(ANNA).hidden
            try:
                self.stepping(self.top_lists).put(ANNA, made(number, hidden), replacing=version)
            except ConflictError:
                continue
            return

    def choose(self, visibility: Visibility) -> None:
        chosen = replace(self.profiles.rows[ANNA], visibility=visibility)
        self.stepping(self.profiles).put(ANNA, chosen)
        announce_anew(ANNA, top_lists=self.stepping(self.top_lists))

    def hide(self, number: int) -> None:
        self.interleaving.step()
        self.profiles.rows[ANNA] = replace(self.profiles.rows[ANNA], hidden=HIDDEN)
        self.write(number)


@given(_spells, st.sampled_from([*Visibility]), st.sampled_from([*Visibility]))
def test_the_event_with_the_highest_version_always_shows_the_final_state(
    spells: list[tuple[int, int]], first: Visibility, last: Visibility
) -> None:
    world = World()
    world.profiles.rows[ANNA] = Profile()
    world.write(1)

    def announce_repeatedly() -> None:
        for _ in range(3):
            world.tell()

    def change_settings() -> None:
        world.choose(first)
        world.choose(last)

    calls = [announce_repeatedly, change_settings, lambda: world.write(2), lambda: world.hide(2)]
    results = world.interleaving.run(calls, _schedule(spells))
    assert results == [None] * len(calls)
    world.tell()
    found, version = world.top_lists.get(ANNA)
    assert found
    stands = announcement(ANNA, found, version, world.profiles.rows[ANNA])
    assert stands
    assert stands.top_list is None or last is not Visibility.PRIVATE
    highest = max(one.version for one in world.told)
    assert [one for one in world.told if one.version == highest and one != stands] == []
    assert highest == version


@pytest.mark.parametrize("schedule", [*product(range(2), repeat=6)])
def test_a_list_that_becomes_private_is_withdrawn_in_its_own_version_in_any_order(
    schedule: tuple[int, ...],
) -> None:
    world = World()
    world.profiles.rows[ANNA] = Profile()
    world.write(1)
    calls = [world.tell, lambda: world.choose(Visibility.PRIVATE)]
    assert world.interleaving.run(calls, chain(schedule, cycle(range(2)))) == [None, None]
    world.tell()
    assert [one.top_list for one in world.told if one.version == 2] in ([None], [None, None])


def _schedule(spells: list[tuple[int, int]]) -> Iterator[int]:
    return chain((who for who, steps in spells for _ in range(steps)), cycle(range(4)))
