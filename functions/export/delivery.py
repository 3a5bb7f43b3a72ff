"""How an export reaches its user."""

from collections.abc import Callable, Iterator
from itertools import chain

from topk.domain.owner import Owner
from topk.runtime.api import Answer
from topk.stores.s3.exports import LINK_SECONDS
from topk.usecases.ports import Exports

INLINE_BYTES = 1_000_000
"""The most that is answered at once. Lambda gives an answer of 6 MB, in which every character
outside of ASCII may take three times its bytes and every quote two."""


def deliver(
    user: Owner, pieces: Iterator[bytes], *, exports: Callable[[], Exports], now: int
) -> Answer:
    """The document of `pieces`, or a link to it where it is larger than INLINE_BYTES.

    `exports` is asked for only then.
    """
    begun = bytearray()
    for piece in pieces:
        begun += piece
        if len(begun) > INLINE_BYTES:
            link = exports().write(user, chain((bytes(begun),), pieces), now=now)
            return Answer(body={"url": link, "expires_at": now + LINK_SECONDS})
    return Answer(body=begun.decode())
