"""Read the lists of many users at once, each as if it was asked for alone."""

from collections.abc import Sequence

from topk.domain.owner import Owner
from topk.usecases.lists.read_list import Refreshing, Shown, show
from topk.usecases.ports import VisibleLists


def read_many(
    viewer: Owner,
    owners: Sequence[Owner],
    *,
    visible_lists: VisibleLists,
    refreshing: Refreshing,
    now: int,
) -> list[Shown]:
    """The lists of seven days that `viewer` may see, in the order of `owners`.

    The viewer's own is shown as others see it who follow them. Raises StoreError if a table fails.
    """
    views = visible_lists.crowd(viewer, owners, now=now)
    return [show(view, refreshing, now) for view in views if view.allowed]
