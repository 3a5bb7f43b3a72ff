"""Every list is made anew from the plays, as after a loss of TopLists."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from topk.domain.errors import TopkError
from topk.domain.owner import Owner
from topk.usecases.aggregate import aggregate
from topk.usecases.ports import Connections, DeletablePlays, Profiles, TopLists


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of an owner's list. `failed` is why it was not made; empty where it was."""

    owner: Owner
    changed: bool
    failed: str = ""


Rebuild = Callable[[Owner], Rebuilt]


def rebuilding(
    *,
    plays: DeletablePlays,
    connections: Connections,
    profiles: Profiles,
    top_lists: TopLists,
    now: int,
) -> Rebuild:
    """Makes one owner's list as of `now`, the weeks before it included. Can be repeated."""

    def rebuild(owner: Owner) -> Rebuilt:
        try:
            changed = aggregate(
                owner,
                plays=plays,
                connections=connections,
                profiles=profiles,
                top_lists=top_lists,
                now=now,
                oldest=0,
            )
        except TopkError as error:
            return Rebuilt(owner, changed=False, failed=str(error))
        return Rebuilt(owner, changed=changed)

    return rebuild


def rebuild_all(owners: Iterable[Owner], rebuild: Rebuild, *, at_once: int) -> Iterator[Rebuilt]:
    """The lists of `owners`, some at once: what takes time is the way to the tables."""
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(rebuild, owners)
