"""Rebuilding lists from the plays."""

from collections.abc import Mapping, Sequence

from cli.recovery.rebuild_lists import TOGETHER, Rebuild, rebuild_all, rebuilding
from tests import memory_stores as stores
from tests.fakes import ANNA, BEN, DAY, NOON, play
from topk.domain.chunk import Chunk
from topk.domain.errors import StoreError
from topk.domain.owner import Owner
from topk.domain.play import Brought
from topk.domain.toplist.top_list import TopList
from topk.usecases.lists.aggregate import ListPorts, aggregate


class World:
    def __init__(self) -> None:
        self.plays = stores.Plays()
        self.connections = stores.Connections()
        self.profiles = stores.Profiles()
        self.top_lists = stores.TopLists()
        for owner, title in ((ANNA, "Dawn"), (BEN, "Dusk")):
            heard = tuple(play(title, NOON - days * DAY) for days in (2, 3, 9))
            self.plays.append([Chunk(owner, "spotify", NOON, "a", heard)])

    def aggregate(self, owner: Owner) -> None:
        aggregate(
            owner,
            ListPorts(self.plays, self.connections, self.profiles, self.top_lists),
            now=NOON,
        )

    @property
    def rebuild(self) -> Rebuild:
        return rebuilding(
            ListPorts(self.plays, self.connections, self.profiles, self.top_lists),
            plays=self.plays,
            now=NOON,
        )


def test_lost_lists_are_rebuilt_identically_with_their_movement() -> None:
    world = World()
    for owner in (ANNA, BEN):
        world.aggregate(owner)
    before = {owner: world.top_lists.get(owner)[0] for owner in (ANNA, BEN)}
    world.top_lists.rows.clear()
    done = list(rebuild_all([ANNA, BEN], world.rebuild, at_once=2))
    assert all(one.changed for one in done)
    assert {owner: world.top_lists.get(owner)[0] for owner in (ANNA, BEN)} == before


def test_rebuilding_again_changes_nothing() -> None:
    world = World()
    assert [one.changed for one in world.rebuild([ANNA])] == [True]
    assert [one.changed for one in world.rebuild([ANNA])] == [False]


def test_a_failing_owner_is_reported_and_delays_no_other() -> None:
    world = World()

    class Failing(stores.Plays):
        def since(self, owner: Owner, moment: int, *, until: int | None = None) -> list[Brought]:
            if owner == ANNA:
                raise StoreError("read plays: away")
            return super().since(owner, moment, until=until)

    world.plays = Failing(world.plays.chunks)
    anna, ben = rebuild_all([ANNA, BEN], world.rebuild, at_once=2)
    assert (anna.changed, anna.failed) == (False, "read plays: away")
    assert (ben.changed, ben.failed) == (True, "")


def test_owners_are_read_one_by_one_if_a_batch_read_fails() -> None:
    world = World()

    class Failing(stores.TopLists):
        def get_many(self, owners: Sequence[Owner]) -> Mapping[Owner, tuple[TopList, int]]:
            raise StoreError("read top lists: away")

    world.top_lists = Failing()
    done = list(world.rebuild([ANNA, BEN]))
    assert [(one.owner, one.changed, one.failed) for one in done] == [
        (ANNA, True, ""),
        (BEN, True, ""),
    ]


def test_each_of_many_owners_is_rebuilt_once_in_order() -> None:
    world = World()
    owners = [Owner("harbor", f"user-{number:03}") for number in range(2 * TOGETHER + 1)]
    world.plays.append(
        [Chunk(owner, "spotify", NOON, "a", (play("Dawn", NOON - DAY),)) for owner in owners]
    )
    done = list(rebuild_all(owners, world.rebuild, at_once=3))
    assert [one.owner for one in done] == owners
    assert all(one.changed for one in done)
