"""Many edges at once: the last change wins, repeats have no effect, counts match the edges."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeEdges, FakeGraph, FakeProfiles
from topk.domain.account.edge import EdgeChange
from topk.domain.errors import ConflictError, StoreError
from topk.domain.owner import Owner
from topk.usecases.accounts.change_edges import BATCH, Refusal, Told, change_edges

USERS = ("anna", "ben", "carla", "dora")
users = st.sampled_from([*USERS, "", "no user"])
changes = st.lists(st.builds(Told, users, users, st.booleans()), max_size=30)


def _graph() -> FakeGraph:
    profiles = FakeProfiles()
    for user in USERS:
        profiles.create(Owner("harbor", user))
    return FakeGraph(FakeEdges(), profiles)


@given(first=changes, second=changes)
def test_the_last_change_of_each_edge_wins_and_counts_match(
    first: list[Told], second: list[Told]
) -> None:
    graph, wanted = _graph(), dict[tuple[str, str], bool]()
    for call in (first, second):
        changed = change_edges("harbor", call, graph=graph)
        parts = changed.followed + changed.unfollowed + changed.unchanged
        assert parts + len(changed.refused) == len(call)
        good = {(one.follower, one.followed) for one in call} & _possible()
        wanted |= {
            (one.follower, one.followed): one.follows
            for one in call
            if (one.follower, one.followed) in good
        }
        _assert_holds(graph, {edge for edge, follows in wanted.items() if follows})


@given(changes=changes)
def test_repeating_the_changes_has_no_effect(changes: list[Told]) -> None:
    graph = _graph()
    first = change_edges("harbor", changes, graph=graph)
    edges = set(graph.follows.rows)
    again = change_edges("harbor", changes, graph=graph)
    assert (again.followed, again.unfollowed, again.refused) == (0, 0, first.refused)
    assert graph.follows.rows == edges


def test_a_refusal_gives_the_change_and_the_reason() -> None:
    changes = [Told("", "ben", True), Told("anna", "ü", False), Told("anna", "anna", True)]
    refused = change_edges("harbor", changes, graph=_graph()).refused
    assert [(one.index, one.code) for one in refused] == [
        (0, Refusal.BAD_FOLLOWER),
        (1, Refusal.BAD_FOLLOWED),
        (2, Refusal.SAME_USER),
    ]


@dataclass
class _Contended(FakeGraph):
    """Another writer wins `times` times, each time with the first change of the request."""

    times: int = 1
    sizes: list[int] = field(default_factory=list)

    def apply(self, changes: Sequence[EdgeChange]) -> None:
        self.sizes.append(len(changes))
        if self.times:
            self.times -= 1
            super().apply(changes[:1])
            raise ConflictError("edges")
        super().apply(changes)


def test_an_edge_written_concurrently_is_counted_once() -> None:
    plain = _graph()
    graph = _Contended(plain.follows, plain.profiles)
    changes = [Told("anna", "carla", True), Told("ben", "carla", True)]
    assert change_edges("harbor", changes, graph=graph).followed == 1
    _assert_holds(graph, {("anna", "carla"), ("ben", "carla")})


def test_losing_every_retry_raises_a_conflict() -> None:
    plain = _graph()
    graph = _Contended(plain.follows, plain.profiles, times=9)
    changes = [Told(f"user-{number}", "carla", True) for number in range(9)]
    with pytest.raises(StoreError):
        change_edges("harbor", changes, graph=graph)


def test_a_write_has_as_many_changes_as_a_transaction_allows() -> None:
    plain = _graph()
    graph = _Contended(plain.follows, plain.profiles, times=0)
    change_edges("harbor", [Told(f"u{n}", f"v{n}", True) for n in range(120)], graph=graph)
    assert graph.sizes == [BATCH, BATCH, 20]
    assert 2 * BATCH <= 100, "an edge and a count each"


def _possible() -> set[tuple[str, str]]:
    return {(one, other) for one in USERS for other in USERS if one != other}


def _assert_holds(graph: FakeGraph, edges: set[tuple[str, str]]) -> None:
    assert {(one.user, other.user) for one, other in graph.follows.rows} == edges
    counts = Counter(followed for _, followed in edges)
    assert {owner.user: row.followers for owner, row in graph.profiles.rows.items()} == {
        user: counts[user] for user in USERS
    }
