"""What an owner brings costs nothing to the others of a batch of the stream."""

from collections import Counter
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from cli.commands.run.replay import Context
from cli.studies.attacks.growth import counted
from functions.aggregate import handler
from tests.fakes import NOON, FakeConnections, FakePlays, FakeProfiles, FakeTopLists
from tests.functions.conftest import inserted
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Play, Track
from topk.usecases.lists.aggregate import ListPorts
from topk.usecases.lists.interleave import Task

HOSTILE = Owner("harbor", "hostile")
OTHERS = [Owner("harbor", f"listener-{number}") for number in range(99)]
LISTENS = 17_000
"""More titles than are remembered in memory."""


def _odd(number: int) -> Play:
    track = Track(f"fake{number}", f"Dawn {number} (Remix)", ("The Lanterns",), isrc="GBAYE0601498")
    return Play("listenbrainz", track, NOON - 86_400 - number * 24)


def _ordinary(listener: int) -> list[Play]:
    titles = [f"Song {(listener + number) % 30}" for number in range(20)]
    return [
        Play("listenbrainz", Track(title, title, ("The Harbour",)), NOON - 90_000 - number * 3000)
        for number, title in enumerate(titles)
    ]


def _stored() -> ListPorts:
    plays = FakePlays()
    for number, owner in enumerate(OTHERS):
        plays.append([_chunk(owner, _ordinary(number))])
    plays.append([_chunk(HOSTILE, [_odd(number) for number in range(LISTENS)])])
    return ListPorts(plays, FakeConnections(), FakeProfiles({}), FakeTopLists())


def _chunk(owner: Owner, plays: Sequence[Play]) -> Chunk:
    return Chunk(owner, "listenbrainz", NOON - 60, "fakecrawl", tuple(plays))


def _counting(calls: Counter[Owner], real: Callable[..., Task[bool]]) -> Callable[..., Task[bool]]:
    """`real`, with the calls of each owner's steps counted."""

    def list_of(owner: Owner, *given: Any) -> Task[bool]:
        steps = real(owner, *given)
        changed: list[bool] = []

        def step() -> None:
            try:
                next(steps)
            except StopIteration as done:
                changed.append(bool(done.value))

        while True:
            calls[owner] += counted(step)
            if changed:
                return changed[0]
            yield

    return list_of


def _calls(owners: Sequence[Owner], monkeypatch: pytest.MonkeyPatch) -> Counter[Owner]:
    """The calls for each owner's list in one invocation, which makes them all."""
    calls: Counter[Owner] = Counter()
    ports = _stored()
    with monkeypatch.context() as patched:
        patched.setattr(handler, "aggregating", lambda: SimpleNamespace(ports=ports))
        # Counting takes longer than what is counted.
        patched.setattr(handler, "_SECONDS_EACH", 600.0)
        patched.setattr(handler, "_list_of", _counting(calls, handler._list_of))
        answer = handler.lambda_handler(
            inserted(*(owner.key for owner in owners)), Context("aggregate")
        )
    assert answer == {"batchItemFailures": []}
    assert all(ports.top_lists.get(owner)[0] for owner in owners)
    return calls


@pytest.mark.usefixtures("stage")
def test_the_others_of_a_batch_of_a_hundred_pay_nothing_for_a_hostile_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _calls(OTHERS, monkeypatch)
    alone = _calls(OTHERS, monkeypatch)
    beside = _calls([HOSTILE, *OTHERS], monkeypatch)
    assert beside[HOSTILE] > 20 * max(alone.values())
    of_others = sum(beside[owner] for owner in OTHERS)
    assert of_others <= 1.1 * sum(alone.values())
