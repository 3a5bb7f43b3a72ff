"""Accounts without times whose plays another account reports too.

Apple Music gives no times, so that its plays cannot be paired with those of a scrobbler of it one
by one. If nearly all of many plays agree, the two accounts are of one listening.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from topk.domain.play import Precision, Started

LEAST_PLAYS = 30
"""Fewest plays that tell anything: chance makes some agree, as people have favourites."""
LEAST_AGREEING = 0.9
EARLY_SECONDS = 12 * 3600
"""How old a list without times may be when it is read."""
CRAWL_SECONDS = 27 * 3600
"""Maximum time between two crawls, and the length of a play."""

_Stamps = Mapping[int, Sequence[int]]
_INFERRED = Precision.INFERRED


def duplicate_accounts(songs: Sequence[Sequence[Started]]) -> frozenset[str]:
    """The providers without times whose plays another provider reports.

    `songs` are the reports of each song, in order.
    """
    if not any(play[3] is _INFERRED for reports in songs for _, play in reports):
        return frozenset()
    untimed: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    timed: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for song, reports in enumerate(songs):
        for start, play in reports:
            if play.precision is _INFERRED:
                untimed[play.provider][song].append(start)
            elif play.precision < _INFERRED:
                timed[play.provider][song].append(start)
    return frozenset(
        provider
        for provider, of_song in untimed.items()
        if any(_agree(of_song, others) for others in timed.values())
    )


def _agree(untimed: _Stamps, timed: _Stamps) -> bool:
    total = sum(map(len, untimed.values()))
    if total < LEAST_PLAYS:
        return False
    crawled = sorted({stamp for stamps in untimed.values() for stamp in stamps})
    next_crawl = dict(pairwise([*crawled, crawled[-1] + CRAWL_SECONDS]))
    agreeing = sum(
        _agreeing(stamps, timed.get(song, ()), next_crawl) for song, stamps in untimed.items()
    )
    return agreeing >= LEAST_AGREEING * total


def _agreeing(untimed: Iterable[int], timed: Sequence[int], next_crawl: Mapping[int, int]) -> int:
    """The number of plays between two crawls that the other account reports, one to one."""
    found = at = 0
    for crawled in untimed:
        until = min(next_crawl[crawled], crawled + CRAWL_SECONDS)
        while at < len(timed) and timed[at] < crawled - EARLY_SECONDS:
            at += 1
        if at < len(timed) and timed[at] <= until:
            found += 1
            at += 1
    return found
