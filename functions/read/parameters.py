"""Query parameters."""

import base64

from topk.domain.errors import InvalidRequestError
from topk.domain.limits import MOST_SONGS
from topk.domain.owner import Owner
from topk.runtime.api import Request
from topk.usecases.lists.read_following import Place

DEFAULT_SONGS = 10


def how_many(request: Request) -> int:
    """The parameter `k`. Raises InvalidRequestError if it is out of range."""
    text = request.query.get("k", str(DEFAULT_SONGS))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= MOST_SONGS:
        raise InvalidRequestError("k", f"must be a whole number from 1 to {MOST_SONGS}")
    return int(text)


def cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place[0]} {place[1]}".encode()).decode()


def after(request: Request) -> Place | None:
    """The decoded cursor. Raises InvalidRequestError if it is not a cursor of this API."""
    given = request.query.get("cursor")
    if given is None:
        return None
    try:
        text = base64.b64decode(given, altchars=b"-_", validate=True).decode()
        latest, _, user = text.partition(" ")
        return int(latest[:12]), Owner.of(request.user.tenant, user).user
    except (ValueError, InvalidRequestError):
        raise InvalidRequestError("cursor", "is not a cursor of this API") from None
