"""Claim a connection's version before writing plays of a list without times.

Such a list dates a play only by the previous reading. If two crawls start from the same reading and
the slower one reads later, it finds songs that the other does not have yet. The next crawl would
find them again with another date, and they would count twice. A crawl therefore increments the
connection's version before it writes plays. A crawl that read the connection earlier writes
nothing; one that reads it later also reads a later list, which contains the plays of the former.
"""

from collections.abc import Iterable
from dataclasses import replace

from topk.domain.errors import ConflictError, StoreError
from topk.domain.play import Precision
from topk.usecases.crawling.fetch_plays import Crawled, Failed
from topk.usecases.ports import Connections


def claim_version(crawled: Iterable[Crawled], connections: Connections) -> list[Crawled | Failed]:
    """Each result as it may be written, or a ConflictError if another crawl was first."""
    return [_claimed(one, connections) for one in crawled]


def _claimed(one: Crawled, connections: Connections) -> Crawled | Failed:
    if one.capabilities.precision is not Precision.INFERRED or not one.fetched.plays:
        return one
    try:
        return replace(one, connection=connections.update(one.connection))
    except (ConflictError, StoreError) as error:
        return Failed(one.connection, error)
