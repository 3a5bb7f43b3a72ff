"""Read the lists of many users at once, each as if it was asked for alone."""

from collections.abc import Sequence
from dataclasses import replace

from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Relation
from topk.usecases.lists.read_list import Refreshing, Shown, show_beside_others
from topk.usecases.ports import VisibleLists

_FOLLOWER = Relation(follows=True)


def read_many(
    viewer: Owner,
    owners: Sequence[Owner],
    *,
    visible_lists: VisibleLists,
    refreshing: Refreshing,
    now: int,
) -> list[Shown]:
    """The lists of seven days that `viewer` may see, in the order of `owners`.

    The viewer's own is shown as their followers see it. A list is left out if its owner has too
    many plays to build it. Raises StoreError if a table fails.
    """
    seen = (
        replace(view, relation=_FOLLOWER) if view.relation.is_self else view
        for view in visible_lists.crowd(viewer, owners, now=now)
    )
    found = (show_beside_others(view, refreshing, now) for view in seen if view.allowed)
    return [shown for shown in found if shown]
