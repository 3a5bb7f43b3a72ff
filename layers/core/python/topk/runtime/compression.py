"""Compressed responses (RFC 9110, section 8.4).

The edge compresses only what it may keep, and most responses are for one caller. They repeat no
secret and nothing that a request contains, so that their length tells nothing.
"""

import zlib
from collections.abc import Mapping

SMALLEST = 1024
"""Bytes. What is smaller fits one packet."""
_LEVEL = 6
_GZIP = 16 + zlib.MAX_WBITS


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the value of a caller's Accept-Encoding allows gzip."""
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def gzipped(body: bytes) -> bytes:
    made = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return made.compress(body) + made.flush()


def encoded(headers: Mapping[str, str]) -> dict[str, str]:
    """`headers` of a compressed response. Its tag is weak: it is that of the text."""
    found = {**headers, "content-encoding": "gzip"}
    if (tag := found.get("etag", "")) and not tag.startswith("W/"):
        found["etag"] = f"W/{tag}"
    return found
