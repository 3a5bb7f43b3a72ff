"""How much of a window is known for certain."""

from collections.abc import Iterable

from topk.domain.connection import Connection, Status
from topk.domain.window import Window


def complete_days(window: Window, connections: Iterable[Connection]) -> int:
    """The number of days of `window` up to whose end every connected account has been crawled,
    and on which no plays are suspected lost. Without an account no day is complete.
    """
    watched = [one for one in connections if one.status is not Status.REVOKED]
    if not watched:
        return 0
    through = min(one.crawled_through for one in watched)
    gaps = {gap for one in watched for gap in one.gaps}
    return sum(
        end <= through and not gaps.intersection(range(start // 86_400, (end - 1) // 86_400 + 1))
        for start, end in zip(window.bounds, window.bounds[1:], strict=False)
    )
