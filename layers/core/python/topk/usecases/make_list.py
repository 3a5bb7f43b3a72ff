"""From an owner's plays to their top list."""

from topk.domain.completeness import complete_days
from topk.domain.owner import Owner
from topk.domain.ranking import rank
from topk.domain.toplist import DEPTH, TopList
from topk.domain.window import Window
from topk.usecases.ports import Connections, Plays

BEFORE_SECONDS = 3600
"""How long before a window reports are read. A play that begins within it may be the same as one
that another provider reported as begun just before, and so outside."""


def make_list(owner: Owner, window: Window, *, plays: Plays, connections: Connections) -> TopList:
    """The list of `window`, made from all that is known of the owner."""
    return TopList(
        songs=rank(plays.since(owner, window.start - BEFORE_SECONDS), window, DEPTH),
        as_of=window.as_of,
        time_zone=window.time_zone,
        complete_days=complete_days(window, connections.of_owner(owner)),
    )
