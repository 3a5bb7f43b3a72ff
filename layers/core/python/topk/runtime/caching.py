"""Cache-Control and conditional requests (RFC 9110, RFC 9111)."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b

from topk.domain.toplist.window import Window
from topk.runtime.api import Answer, Request

EDGE_SECONDS = 60
"""Maximum time that a shared cache may serve a list after its owner hid it."""
PER_VIEWER = "private, no-cache"


def at_edge(now: int, time_zone: str, *, stale: bool) -> str:
    """Cache-Control of a public list, valid until the day in `time_zone` ends. Stale lists are not
    cached.
    """
    tomorrow = Window.current(now, time_zone).as_of + timedelta(days=1)
    left = Window.ending(tomorrow, time_zone).end - now
    seconds = 0 if stale else min(EDGE_SECONDS, left)
    return f"public, max-age=0, s-maxage={seconds}, must-revalidate"


def tagged(
    request: Request,
    control: str,
    source: str,
    body: Callable[[], str | bytes],
    *,
    kind: str = "application/json",
) -> Answer:
    """A response with `body`, a function of `source` only, or 304 if the caller has it."""
    tag = f'"{blake2b(source.encode(), digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": control, "content-type": kind}
    return Answer(304, headers=headers) if _known(request, tag) else Answer(200, body(), headers)


def _known(request: Request, tag: str) -> bool:
    """Whether If-None-Match contains the tag (RFC 9110, section 13.1.2: weak comparison)."""
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    return "*" in given or tag in {one.removeprefix("W/") for one in given}
