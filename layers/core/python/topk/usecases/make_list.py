"""From an owner's plays to their top list."""

from topk.domain.completeness import completeness
from topk.domain.owner import Owner
from topk.domain.ranking import ranking
from topk.domain.toplist import DEPTH, TopList
from topk.domain.window import Window
from topk.usecases.ports import Connections, Plays

BEFORE_SECONDS = 3600
"""How long before a window reports are read. A play that begins within it may be the same as one
that another provider reported as begun just before, and so outside."""


def make_list(owner: Owner, window: Window, *, plays: Plays, connections: Connections) -> TopList:
    """The list of `window`, made from all that is known of the owner."""
    connected = connections.of_owner(owner)
    found = ranking(plays.since(owner, window.start - BEFORE_SECONDS), window, DEPTH)
    known = completeness(window, connected, counted=found.counted, inferred=found.inferred)
    return TopList(found.songs, window.as_of, window.time_zone, known)
