"""Who may keep an answer, and how one is asked for again (RFC 9110, RFC 9111)."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b

from topk.domain.toplist.window import Window
from topk.runtime.api import Answer, Request

EDGE_SECONDS = 60
"""For so long at most an edge cache hands on what its owner has just hidden. The API itself
answers by what holds at the moment."""
PER_VIEWER = "private, no-cache"


def at_edge(now: int, time_zone: str, *, stale: bool) -> str:
    """Cache-Control for what anybody may see, until the day in `time_zone` ends and the list with
    it. What is stale is good for no time at all."""
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
    """`body`, a function of `source` alone, which is called only where the caller lacks it."""
    tag = f'"{blake2b(source.encode(), digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": control, "content-type": kind}
    return Answer(304, headers=headers) if _known(request, tag) else Answer(200, body(), headers)


def _known(request: Request, tag: str) -> bool:
    """Whether the caller has it already (RFC 9110, section 13.1.2: compared weakly)."""
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    return "*" in given or tag in {one.removeprefix("W/") for one in given}
