"""Routes on which a user may call only so often."""

from collections.abc import Callable

from topk.runtime.api import Answer, Request, Route
from topk.usecases.accounts.rate_limit import RateLimit


def rate_limited(route: Route, limit: Callable[[], RateLimit]) -> Route:
    """`route`, which is charged to the calling user first: 429 above the limit."""

    def charged(request: Request) -> Answer:
        limit().charge(request.user, now=request.now)
        return route(request)

    return charged
