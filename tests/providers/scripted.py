"""A provider with scripted responses, and the sample bodies that it sends."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from topk.providers.http.transport import Transport

T = TypeVar("T")
Scripted = httpx2.Response | Exception

_EVENTS = Path(__file__).parents[2] / "events" / "providers"


def sample(provider: str, case: str) -> bytes:
    """The body in events/providers/<provider>/<case>."""
    return (_EVENTS / provider / case).read_bytes()


def reply(
    provider: str, case: str, status: int = 200, headers: dict[str, str] | None = None
) -> httpx2.Response:
    return httpx2.Response(status, content=sample(provider, case), headers=headers)


class Script:
    """Sends the next response to each request; records the requests."""

    def __init__(self, *answers: Scripted) -> None:
        self._answers = deque(answers)
        self.requests: list[httpx2.Request] = []
        self.http = Transport(lambda: httpx2.MockTransport(self._next))

    def _next(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self._answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def is_spent(self) -> bool:
        return not self._answers


def form(request: httpx2.Request) -> dict[str, str]:
    return dict(httpx2.QueryParams(request.content.decode()))


def run(step: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(step)
