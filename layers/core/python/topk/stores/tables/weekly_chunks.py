"""Weekly chunks: rows in an owner's partition of Plays that hold what several chunks held.

    !<through>#<provider>#<digest>   the plays of the provider's chunks of a week, each once
    ~k                               through when chunks are kept in weekly ones; expires

Weekly chunks sort before all others, so that reading a list's plays does not read them. They hold
plays as chunks do, and stay for a year. The digest is one of the plays: another set of plays of the
same days is another row, and nothing is lost to an overwrite.
"""

from topk.domain.owner import Owner
from topk.stores.dynamodb.models import PlaysModel

FIRST, LAST = "!", "!:"
"""They sort before the digits that other chunks' keys begin with."""
MARKER = "~k"
KEPT_SECONDS = 380 * 86_400
"""A year and the weeks around it: a week's plays are kept until the last of them is a year old."""
SILENT_SECONDS = 10 * 86_400
"""After so long without another week the marker expires, and its expiry tells the aggregate
function to keep what is left, while the chunks are still there.
"""


def is_kept(key: str) -> bool:
    """Whether this is the key of a weekly chunk or of the marker, which bring no new play."""
    return is_weekly(key) or key == MARKER


def is_weekly(key: str) -> bool:
    return key.startswith(FIRST)


def first_key(moment: int) -> str:
    """Sorts before every weekly chunk through `moment` or later."""
    return f"{FIRST}{moment:010}"


def marker_row(owner: Owner, through: int) -> PlaysModel:
    body = str(through).encode("ascii")
    return PlaysModel(owner.key, MARKER, body=body, expires_at=through + SILENT_SECONDS)


def read_marker(body: bytes) -> int:
    """Raises ValueError if it cannot be read."""
    return int(body)
