"""From an owner's plays to their top list."""

from collections.abc import Iterable

from topk.domain.completeness import completeness
from topk.domain.connection import Connection
from topk.domain.owner import Owner
from topk.domain.ranking import ranking
from topk.domain.toplist import DEPTH, TopList
from topk.domain.window import Window
from topk.usecases.ports import Plays

BEFORE_SECONDS = 3600
"""How long before a window reports are read. A play that begins within it may be the same as one
that another provider reported as begun just before, and so outside."""


def make_list(
    owner: Owner, window: Window, *, plays: Plays, connected: Iterable[Connection]
) -> TopList:
    """The list of `window`, made from all that is known of the owner."""
    found = ranking(plays.since(owner, window.start - BEFORE_SECONDS), window, DEPTH)
    known = completeness(window, connected, counted=found.counted, inferred=found.inferred)
    return TopList(found.songs, window.as_of, window.time_zone, known)
