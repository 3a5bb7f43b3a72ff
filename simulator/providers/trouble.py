"""Faults of a provider that we switch on: request limits and failures."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from starlette.responses import PlainTextResponse, Response

from simulator.providers.mishaps import Mishaps, Refusal, TooMany

LIMIT_WINDOW_SECONDS = 30
GENEROUS = 100_000
SLOW_SECONDS = 30.0
RETRY_SECONDS = 5
Sleep = Callable[[float], Awaitable[None]]
_HALF_A_PAGE = "<html><head><title>Temporarily unavai"


class Mode(Enum):
    """How a response fails."""

    GARBAGE = "garbage"
    TIMEOUT = "timeout"
    SERVER_ERROR = "500"
    TOO_MANY = "429"


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure for `accounts`, or for all if None."""

    mode: Mode
    retry_after: int = RETRY_SECONDS
    accounts: frozenset[str] | None = None

    def strikes(self, account: str) -> bool:
        return self.accounts is None or account in self.accounts


class Trouble:
    """One provider's faults. `wall` returns real epoch seconds, `sleep` waits in real time."""

    def __init__(self, wall: Callable[[], float], sleep: Sleep, mishaps: Mishaps) -> None:
        self._mishaps = mishaps
        self.fault: Fault | None = None
        self.limit = GENEROUS
        self._wall = wall
        self._sleep = sleep
        self._requests: dict[str, deque[float]] = {}

    async def answer(
        self, app: str, account: str, too_many: TooMany, *, expired: Refusal | None = None
    ) -> Response | None:
        """The faulty response to `app`, or None.

        `too_many` are the provider's 429 responses, the most common first; `expired` is its
        response to an expired access token, if that can happen.
        """
        wait = self._count(app)
        if wait is not None:
            return too_many[0](wait)
        if self.fault is None or not self.fault.strikes(account):
            return await self._mishaps.answer(account, too_many, expired)
        return await self._failed(self.fault, too_many[0])

    def _count(self, app: str) -> int | None:
        """Counts a request of `app`. Returns the seconds to wait if it has made too many."""
        wall = self._wall()
        recent = self._requests.setdefault(app, deque())
        while recent and recent[0] <= wall - LIMIT_WINDOW_SECONDS:
            recent.popleft()
        if len(recent) >= self.limit:
            oldest = recent[0] if recent else wall
            return max(1, round(oldest + LIMIT_WINDOW_SECONDS - wall))
        recent.append(wall)
        return None

    async def _failed(self, fault: Fault, too_many: Callable[[int], Response]) -> Response:
        match fault.mode:
            case Mode.GARBAGE:
                return Response(_HALF_A_PAGE, media_type="text/html")
            case Mode.TOO_MANY:
                return too_many(fault.retry_after)
            case Mode.TIMEOUT:
                await self._sleep(SLOW_SECONDS)
                return PlainTextResponse("Gateway timeout", status_code=504)
            case Mode.SERVER_ERROR:
                return PlainTextResponse("Internal server error", status_code=500)
