"""How the order of a feed is written.

Byte 0 is the version; the stamp of the followed users (12 bytes) follows, and for each of them
three bytes: the seconds from their latest play to the end of the day, or the largest number without
one.
"""

from datetime import date

from topk.domain.errors import StoreError
from topk.domain.toplist.feed_order import NEVER, FeedOrder, end_of

VERSION = 1
_STAMP = 12
_EACH = 3
_NEVER = 2 ** (8 * _EACH) - 1
"""Beyond 194 days; lists are of a week."""


def encode(order: FeedOrder) -> bytes:
    end = end_of(order.day)
    before = (_NEVER if one == NEVER else min(max(end - one, 0), _NEVER) for one in order.latest)
    return bytes([VERSION]) + order.stamp + b"".join(one.to_bytes(_EACH, "big") for one in before)


def decode(body: bytes, *, day: date) -> FeedOrder:
    """Raises StoreError for a version that is not known."""
    if not body or body[0] != VERSION:
        raise StoreError(f"feed order: version {body[:1].hex()}")
    stamp, rest, end = body[1 : 1 + _STAMP], body[1 + _STAMP :], end_of(day)
    before = (int.from_bytes(rest[at : at + _EACH], "big") for at in range(0, len(rest), _EACH))
    return FeedOrder(day, stamp, tuple(NEVER if one == _NEVER else end - one for one in before))
