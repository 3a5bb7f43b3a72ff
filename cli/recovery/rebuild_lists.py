"""Rebuild every list from plays, as after a loss of TopLists."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from topk.domain.errors import TopkError
from topk.domain.owner import Owner
from topk.usecases.lists.aggregate import ListPorts, Standing, aggregate, standings
from topk.usecases.ports import HidingPlays
from topk.usecases.privacy.hide import migrate_hidden

TOGETHER = 25
"""Owners whose profile and connections are read in one batch."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The result for an owner's list. `failed` is the reason of a failure, otherwise empty."""

    owner: Owner
    changed: bool
    failed: str = ""


Rebuild = Callable[[Sequence[Owner]], Iterator[Rebuilt]]


def rebuilding(ports: ListPorts, *, plays: HidingPlays, now: int) -> Rebuild:
    """Builds lists of owners as of `now`, including previous weeks. Idempotent.

    Hidden songs in `plays` get the ids of today's rule of identity first.
    """

    def rebuild(owner: Owner, standing: Standing | None) -> Rebuilt:
        try:
            if migrate_hidden(owner, plays=plays, profiles=ports.profiles):
                standing = None
            changed = aggregate(owner, ports, now=now, oldest=0, standing=standing)
        except TopkError as error:
            return Rebuilt(owner, changed=False, failed=str(error))
        return Rebuilt(owner, changed=changed)

    def rebuild_some(owners: Sequence[Owner]) -> Iterator[Rebuilt]:
        known = standings(owners, ports)
        for owner in owners:
            yield rebuild(owner, known.get(owner))

    return rebuild_some


def rebuild_all(owners: Iterable[Owner], rebuild: Rebuild, *, at_once: int) -> Iterator[Rebuilt]:
    """Rebuilds the lists of `owners`, `at_once` at a time, since most of the time is I/O."""
    remaining = iter(owners)
    batches = iter(lambda: list(islice(remaining, TOGETHER)), [])
    with ThreadPoolExecutor(at_once) as pool:
        for done in pool.map(lambda batch: list(rebuild(batch)), batches):
            yield from done
