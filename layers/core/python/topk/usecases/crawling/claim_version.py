"""Of two crawls of a list without times, one alone brings plays that no later one brings again.

Such a list says when a song was played only by the reading before it. Where two crawls start from
one reading and the slower one reads later, it finds songs that the other's list does not have yet;
the crawl after both would find them once more, as of another reading, and nothing would tell that
they are the same plays. So whoever brings plays first counts up the connection's version. A crawl
that read the connection before that writes nothing, and one that read it after it has read the list
later: what the former wrote is a part of what the latter brings.
"""

from collections.abc import Iterable
from dataclasses import replace

from topk.domain.errors import ConflictError, StoreError
from topk.domain.play import Precision
from topk.usecases.crawling.fetch_plays import Crawled, Failed
from topk.usecases.ports import Connections


def claim(crawled: Iterable[Crawled], connections: Connections) -> list[Crawled | Failed]:
    """Each as it may be written, or why not: a ConflictError where another was first."""
    return [_claimed(one, connections) for one in crawled]


def _claimed(one: Crawled, connections: Connections) -> Crawled | Failed:
    if one.capabilities.precision is not Precision.INFERRED or not one.fetched.plays:
        return one
    try:
        return replace(one, connection=connections.update(one.connection))
    except (ConflictError, StoreError) as error:
        return Failed(one.connection, error)
