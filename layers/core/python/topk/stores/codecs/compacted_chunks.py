"""Keys of compacted chunks: rows in an owner's partition of Plays that hold what many chunks held.

    !<through>#<provider>#<digest>   the plays of a provider's chunks of two weeks, each once
    ~k                               through when chunks are compacted; expires

They sort before all other chunks, so that reading a list's plays does not read them. They hold
plays as chunks do, and stay for a year. The digest is one of the plays: another set of plays of the
same days is another row, and nothing is lost to an overwrite.
"""

FIRST, LAST = "!", "!:"
"""They sort before the digits that other chunks' keys begin with."""
MARKER = "~k"
COMPACTED_SECONDS = 385 * 86_400
"""A year and the weeks around it: until the last play of a chunk is in no window of a year."""
SILENT_SECONDS = 17 * 86_400
"""After so long without another compaction the marker expires, and its expiry makes the aggregate
function compact what is left, while the chunks are still there.
"""


def is_derived(key: str) -> bool:
    """Whether this is the key of a compacted chunk or of the marker, which bring no new play."""
    return is_compacted(key) or key == MARKER


def is_compacted(key: str) -> bool:
    return key.startswith(FIRST)


def first_key(moment: int) -> str:
    """Sorts before every compacted chunk through `moment` or later."""
    return f"{FIRST}{moment:010}"


def marker_body(through: int) -> bytes:
    return str(through).encode("ascii")


def read_marker(body: bytes) -> int:
    """Raises ValueError if it cannot be read."""
    return int(body)
