"""Validate values from providers and convert them to the product's units."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta

from topk.domain.limits import LONGEST_ADDRESS, LONGEST_NAME

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]
"""A name that is shown, such as a title: not blank."""
Key = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
"""An id or a secret."""
Text = Annotated[str, Meta(max_length=LONGEST_NAME)]
Address = Annotated[str, Meta(max_length=LONGEST_ADDRESS)]
Milliseconds = Annotated[int, Meta(ge=0, le=604_800_000)]
Moment = Annotated[datetime, Meta(tz=True)]
Epoch = Annotated[int, Meta(title="epoch seconds")]
Cursor = Annotated[str, Meta(max_length=4000, title="cursor")]
"""Where the next page begins."""

DAY_SECONDS = 86_400
EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
AHEAD_SECONDS = DAY_SECONDS
"""How far a provider's clock may be ahead of ours before its stamp is taken for a mistake."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Epoch milliseconds of an aware `moment`."""
    return (moment - _EPOCH) // _MILLISECOND


def seconds(milliseconds: int) -> int:
    """Whole seconds, halves up.

    Durations and stamps are rounded alike: a play that began on a whole second then begins on that
    second again when its rounded duration is taken from its rounded end.
    """
    return (milliseconds + 500) // 1000


def is_plausible(moment: int, *, now: int) -> bool:
    """Whether a play can have been stamped at `moment` (both epoch seconds)."""
    return EARLIEST <= moment <= now + AHEAD_SECONDS


def link(address: str | None) -> str:
    """`address` where a page may lead to it, else empty: nothing that is run instead of opened."""
    return address if address and address.startswith(("https://", "http://")) else ""
