"""What a crawl saw, so small that it fits a checkpoint: the next crawl tells new from known by it.

Entries are remembered by 5 bytes of hash: 60 of them are 380 characters, and a new entry is taken
for one of 60 known ones once in 2e10.
"""

import base64
import hashlib
import struct
from dataclasses import dataclass
from typing import Self

MARK_BYTES = 5

_TIME = struct.Struct(">I")


def mark(*parts: str) -> bytes:
    """A short hash of what identifies an entry."""
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=MARK_BYTES).digest()


@dataclass(frozen=True, slots=True)
class PageCheckpoint:
    """The marks of the entries shown at `at` (epoch seconds), in the provider's order."""

    at: int
    marks: tuple[bytes, ...]

    def checkpoint(self) -> str:
        return base64.b85encode(_TIME.pack(self.at) + b"".join(self.marks)).decode()

    @classmethod
    def of(cls, checkpoint: str) -> Self | None:
        """What `checkpoint` remembers; None before the first crawl, or where it is unreadable."""
        try:
            packed = base64.b85decode(checkpoint)
            (at,) = _TIME.unpack(packed[: _TIME.size])
        except (ValueError, struct.error):
            return None
        return cls(at, _split(packed[_TIME.size :]))


def _split(packed: bytes) -> tuple[bytes, ...]:
    return tuple(packed[i : i + MARK_BYTES] for i in range(0, len(packed), MARK_BYTES))
