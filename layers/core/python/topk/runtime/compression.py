"""Compressed responses (RFC 9110, section 8.4).

The edge compresses only what it may keep, and most responses are for one caller. They repeat no
secret and nothing that a request contains, so that their length tells nothing.
"""

import zlib
from collections.abc import Mapping

SMALLEST = 1024
"""Bytes. What is smaller fits one packet."""
_LEVEL = 6
_NEVER = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})
_GZIP = 16 + zlib.MAX_WBITS


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the value of a caller's Accept-Encoding allows gzip. `*` means it if it is not
    named.
    """
    allowed: dict[str, bool] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        allowed[coding.strip()] = parameters.replace(" ", "") not in _NEVER
    return allowed.get("gzip", allowed.get("*", False))


def gzipped(body: bytes) -> bytes:
    made = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return made.compress(body) + made.flush()


def encoded(headers: Mapping[str, str]) -> dict[str, str]:
    """`headers` of a compressed response. Its tag is weak: it is that of the text."""
    found = {**headers, "content-encoding": "gzip"}
    if (tag := found.get("etag", "")) and not tag.startswith("W/"):
        found["etag"] = f"W/{tag}"
    return found
