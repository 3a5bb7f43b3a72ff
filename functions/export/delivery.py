"""Delivery of an export: inline or as a link."""

from collections.abc import Callable, Iterator
from itertools import chain

from topk.domain.owner import Owner
from topk.runtime.api import Answer
from topk.stores.s3.exports import LINK_SECONDS
from topk.usecases.ports import Exports

INLINE_BYTES = 1_000_000
"""Maximum size of an inline export. Lambda allows 6 MB, where escaping can triple the size."""


def deliver(
    user: Owner, pieces: Iterator[bytes], *, exports: Callable[[], Exports], now: int
) -> Answer:
    """The document of `pieces`, or a link to it if it exceeds INLINE_BYTES.

    `exports` is called only for a link.
    """
    begun = bytearray()
    for piece in pieces:
        begun += piece
        if len(begun) > INLINE_BYTES:
            link = exports().write(user, chain((bytes(begun),), pieces), now=now)
            return Answer(body={"url": link, "expires_at": now + LINK_SECONDS})
    return Answer(body=begun.decode())
