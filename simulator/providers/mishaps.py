"""Temporary faults that hit requests at random."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from simulator.answers import Json
from simulator.habit import Habit
from simulator.habits import Habits
from simulator.listeners.dice import Dice

AT_MOST, WITHIN_SECONDS = 2, 3600
"""Most faults per account within that many seconds of world time."""
LONG_WAIT_SECONDS = 20 * 3600
TooMany = Sequence[Callable[[int], Response]]
"""A provider's 429 responses; each is called with the seconds to wait."""
Refusal = Callable[[], Response]
Linger = Callable[[float], Awaitable[None]]

_OF_ANY = (Habit.RESET, Habit.BROKEN, Habit.ERROR_BODY)
_OF = {
    "spotify": (Habit.TOO_MANY, Habit.OUTAGE, Habit.NO_USER),
    "apple_music": (Habit.NO_USER,),
    "lastfm": (Habit.SCROBBLING, Habit.CACHE, Habit.NO_USER),
    "listenbrainz": (Habit.CACHE, Habit.NO_USER),
    "partner": (Habit.NO_USER,),
}
_UNREGISTERED = "User not registered in the Developer Dashboard"
_NO_USER: dict[str, dict[str, Any]] = {
    "apple_music": {"errors": [{"status": "403", "code": "40300", "title": "Forbidden"}]},
    "lastfm": {"error": 6, "message": "User not found"},
    "listenbrainz": {"code": 404, "error": "Cannot find user"},
    "partner": {"error": "unknown_user"},
}
_ERROR_BODIES: dict[str, dict[str, Any]] = {
    "apple_music": {"errors": [{"status": "500", "code": "50001", "title": "Upstream Failure"}]},
    "lastfm": {"error": 11, "message": "Service Offline - temporarily offline. Try again later."},
    "listenbrainz": {"code": 500, "error": "Internal Server Error"},
}
_ERROR_BODY = {"error": {"status": 500, "message": "Server error"}}
_FAILED = {"error": 8, "message": "Operation failed - Most likely the backend service failed."}


async def at_once(_seconds: float) -> None:
    """Returns at once."""


class Reset(Response):
    """A connection that is reset before the answer."""

    async def __call__(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ConnectionResetError("the provider closed the connection")


class Mishaps:
    """One provider's faults. `now` returns the world's epoch seconds; `linger` is called with the
    seconds of a slow answer."""

    def __init__(
        self, provider: str, habits: Habits, now: Callable[[], float], linger: Linger
    ) -> None:
        self._provider = provider
        self._habits = habits
        self._now = now
        self._linger = linger
        self._asked: Counter[str] = Counter()
        self._struck: dict[str, list[float]] = defaultdict(list)

    async def answer(
        self, account: str, too_many: TooMany, expired: Refusal | None
    ) -> Response | None:
        """The faulty response to the account's next request, or None."""
        self._asked[account] += 1
        subject = (self._provider, account, self._asked[account])
        habits = self._habits
        if habits.strikes(Habit.SLOW, *subject):
            await self._linger(habits.dice(Habit.SLOW, *subject).between(5, 40))
        of_this = (*_OF.get(self._provider, ()), *_OF_ANY)
        habit = next((habit for habit in of_this if habits.strikes(habit, *subject)), None)
        if habit is None or not self._due(account):
            return None
        return self._happened(habit, habits.dice(habit, *subject), too_many, expired)

    def _due(self, account: str) -> bool:
        now = self._now()
        recent = [moment for moment in self._struck[account] if moment > now - WITHIN_SECONDS]
        due = len(recent) < AT_MOST
        self._struck[account] = [*recent, now] if due else recent
        return due

    def _happened(
        self, habit: Habit, dice: Dice, too_many: TooMany, expired: Refusal | None
    ) -> Response:
        match habit:
            case Habit.TOO_MANY | Habit.CACHE:
                long = habit is Habit.TOO_MANY and dice.chance(0.1)
                return dice.pick(too_many)(LONG_WAIT_SECONDS if long else dice.whole(1, 30))
            case Habit.OUTAGE if expired:
                return expired()
            case Habit.OUTAGE:
                return dice.pick((_bad_gateway, _gateway_timeout))()
            case Habit.SCROBBLING:
                return Json(_FAILED, status_code=dice.pick((500, 400)))
            case Habit.NO_USER:
                return _no_user(self._provider)
            case Habit.BROKEN:
                return dice.pick((_half_a_document, _html))()
            case Habit.ERROR_BODY:
                return Json(_ERROR_BODIES.get(self._provider, _ERROR_BODY))
        return Reset()


def _no_user(provider: str) -> Response:
    if provider == "spotify":
        return PlainTextResponse(_UNREGISTERED, status_code=403)
    status = 403 if provider == "apple_music" else 404
    return Json(_NO_USER[provider], status_code=status)


def _bad_gateway() -> Response:
    return PlainTextResponse("Bad gateway.", status_code=502)


def _gateway_timeout() -> Response:
    return PlainTextResponse("Gateway timeout", status_code=504)


def _half_a_document() -> Response:
    return Response(b'{"items": [{"track": {"id": "', media_type="application/json")


def _html() -> Response:
    return Response("<html><head><title>Temporarily unavai", media_type="text/html")
