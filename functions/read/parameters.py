"""Query parameters."""

import base64
from enum import StrEnum
from typing import TypeVar

from topk.domain.account.person import SERVICES
from topk.domain.errors import InvalidRequestError
from topk.domain.limits import MOST_KEPT_SONGS, MOST_SONGS
from topk.domain.owner import Owner
from topk.domain.toplist.tops import Of
from topk.domain.toplist.window import Span
from topk.runtime.api import Request
from topk.usecases.lists.read_following import Place
from topk.usecases.lists.read_top import Asked

DEFAULT_SONGS = 10
_Choice = TypeVar("_Choice", bound=StrEnum)


def asked(request: Request) -> Asked:
    """The parameters `k`, `of` and `window`. Raises InvalidRequestError if one is not allowed."""
    of = _choice(request, "of", Of) or Of.SONGS
    return Asked(_number(request, MOST_SONGS), of, _choice(request, "window", Span))


def how_many(request: Request) -> int:
    """The parameter `k` of several users' songs. Raises InvalidRequestError if out of range."""
    return _number(request, MOST_KEPT_SONGS)


def service_of(request: Request) -> str:
    """The parameter `service`: where links of songs lead; empty where nobody named one."""
    return known_service(request.query.get("service", ""))


def known_service(given: str) -> str:
    """Raises InvalidRequestError for a service that is not known."""
    if given and given not in SERVICES:
        raise InvalidRequestError("service", f"must be one of {', '.join(SERVICES)}")
    return given


def _number(request: Request, most: int) -> int:
    text = request.query.get("k", str(DEFAULT_SONGS))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= most:
        raise InvalidRequestError("k", f"must be a whole number from 1 to {most}")
    return int(text)


def _choice(request: Request, name: str, choices: type[_Choice]) -> _Choice | None:
    given = request.query.get(name)
    if given is None:
        return None
    if given not in {*choices}:
        raise InvalidRequestError(name, f"must be one of {', '.join(choices)}")
    return choices(given)


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
