"""Requests to providers, limited in time, size and number, and never logged with content."""

import asyncio
import logging
from collections.abc import Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from topk.domain.errors import BadPayloadError, TransientError
from topk.domain.limits import LARGEST_PROVIDER_ANSWER
from topk.providers.http.answer import Answer

if TYPE_CHECKING:
    import httpx2

    from topk.providers.http.http_client import Carrier

TOTAL_SECONDS = 15.0
MOST_CONNECTIONS = 100


class Transport:
    """One pool of connections for all providers and users, used within one event loop.

    It follows no redirect and keeps no cookie: what one user's answer sets must not go out with
    another's request. Errors name the kind of fault, never an address, header or body. `carrier`
    makes what carries the requests; without one, aiohttp does, over at most `connections`.
    """

    def __init__(
        self,
        carrier: "Carrier | None" = None,
        *,
        connections: int = MOST_CONNECTIONS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        if carrier:
            self._carrier = carrier
        self._connections = connections
        self._total_seconds = total_seconds
        self._open: httpx2.AsyncClient | None = None
        # Its one INFO line per request holds the whole address, signed ones included.
        logging.getLogger("httpx2").setLevel(logging.WARNING)

    @classmethod
    def open(
        cls, *, connections: int = MOST_CONNECTIONS, total_seconds: float = TOTAL_SECONDS
    ) -> Self:
        """A transport over aiohttp. Its session begins with the first request, in that loop."""
        return cls(connections=connections, total_seconds=total_seconds)

    @cached_property
    def _carrier(self) -> "Carrier":
        from topk.providers.http.http_client import over_aiohttp

        return over_aiohttp(self._connections)

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        most_bytes: int = LARGEST_PROVIDER_ANSWER,
    ) -> Answer:
        """The answer, read whole.

        Raises TransientError for a fault of the network or no answer in time, and BadPayloadError
        as soon as the (decoded) body is longer than `most_bytes`, or where an address or token of
        the provider's cannot be sent.
        """
        from topk.providers.http.http_client import FAULTS, UNSENDABLE

        try:
            async with (
                asyncio.timeout(self._total_seconds),
                self._client().stream(
                    method, url, params=params, headers=headers, content=content
                ) as response,
            ):
                body = await _read(response, most_bytes)
                return Answer(response.status_code, response.headers, body)
        except UNSENDABLE:
            raise BadPayloadError("an address or token that no request can carry") from None
        except FAULTS as fault:
            raise TransientError(type(fault).__name__) from None

    async def close(self) -> None:
        """Closes all connections; the next request opens new ones.

        For the end of an invocation: a function that is frozen does not see the other side close,
        and its first request afterwards would be lost.
        """
        await self.aclose()

    async def aclose(self) -> None:
        client, self._open = self._open, None
        if client:
            await client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def _client(self) -> "httpx2.AsyncClient":
        from topk.providers.http.http_client import client

        if self._open is None:
            self._open = client(self._carrier, self._total_seconds)
        return self._open


async def _read(response: "httpx2.Response", most_bytes: int) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most_bytes:
            raise BadPayloadError("answer is too long")
    return bytes(body)
