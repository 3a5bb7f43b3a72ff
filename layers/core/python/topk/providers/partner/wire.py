"""A listen as a partner writes it, in the pages that we ask for and in what it delivers itself.

The contract is public: docs/provider-contract.md.
"""

from typing import Annotated, TypeVar

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from topk.domain.errors import BadPayloadError
from topk.domain.limits import MOST_ARTISTS, MOST_LISTENS
from topk.domain.play import Play, Precision, Track
from topk.domain.play_rule import PlayReport
from topk.providers.http.answer import UNREADABLE
from topk.providers.http.units import (
    Address,
    Cursor,
    Epoch,
    Milliseconds,
    Name,
    Text,
    link,
    seconds,
)

T = TypeVar("T")
UserId = Annotated[str, Meta(min_length=1, max_length=128)]


class _Track(Struct):
    title: Name
    artists: Annotated[list[Name], Meta(min_length=1, max_length=MOST_ARTISTS)]
    id: Text = ""
    album: Text | None = None
    duration_ms: Milliseconds | None = None
    isrc: Text | None = None
    url: Address | None = None
    image: Address | None = None


class Listen(Struct):
    """`listened_at` is the start of the play, in epoch seconds, `played_ms` how long it lasted."""

    listened_at: Epoch
    track: _Track
    played_ms: Milliseconds | None = None

    def report(self, provider: str) -> PlayReport:
        """The play, and how long the user listened if the partner reports it."""
        track = Track(
            track_id=self.track.id,
            title=self.track.title,
            artists=tuple(self.track.artists),
            album=self.track.album or "",
            duration=seconds(self.track.duration_ms or 0),
            isrc=self.track.isrc or "",
            url=link(self.track.url),
            image=link(self.track.image),
        )
        play = Play(provider, track, self.listened_at, Precision.EXACT)
        return PlayReport(play, None if self.played_ms is None else self.played_ms / 1000)


class _Addressed(Struct):
    user_id: UserId


class Page(Struct):
    """The answer to a pull, oldest listen first."""

    listens: Annotated[list[Raw], Meta(max_length=MOST_LISTENS)]
    next_cursor: Cursor | None = None
    """Opaque; None or empty on the last page."""


class Delivery(Struct):
    """The body of a push, of at most MOST_LISTENS: whoever takes it counts them.

    Each listen names its user: `read_user` and `read_delivered` read it.
    """

    listens: Annotated[list[Raw], Meta(min_length=1)]


pages = Decoder(Page)
listens = Decoder(Listen)
_addressed = Decoder(_Addressed)


def read_delivered(raw: Raw, *, provider: str) -> PlayReport:
    """The play of `provider` in one listen of a delivery, at whatever time.

    Strict, since the partner gets each refusal back: raises BadPayloadError, whose message names
    the field and what is wrong with it, never its content.
    """
    return _read(raw, listens).report(provider)


def read_user(raw: Raw) -> str:
    """Whose a delivered listen is, by the partner's own id. Raises BadPayloadError as above."""
    return _read(raw, _addressed).user_id


def _read(raw: Raw, decoder: Decoder[T]) -> T:
    try:
        return decoder.decode(raw)
    except RecursionError:
        raise BadPayloadError("nested too deeply") from None
    except UNREADABLE as error:
        raise BadPayloadError(str(error)) from None
