"""Requests to providers: bounded in time, size and number, and silent about what they carry."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import aiohttp
import httpx2
from httpx_aiohttp.httpx2 import AiohttpTransport

from topk.domain.errors import BadPayloadError, TransientError
from topk.providers.answer import Answer

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 15.0
MOST_BYTES = 12 * 1024 * 1024
"""Beyond any page, and so large that one absurd item does not cost the page it stands in."""
MOST_CONNECTIONS = 100

Carrier = Callable[[], httpx2.AsyncBaseTransport]

_FAULTS = (httpx2.HTTPError, aiohttp.ClientError, OSError, TimeoutError)


class Transport:
    """One pool of connections for all providers and users, used within one event loop.

    It follows no redirect and keeps no cookie: what one user's answer sets must not go out with
    another's request. Errors name the kind of fault, never an address, header or body. `carrier`
    makes what carries the requests.
    """

    def __init__(self, carrier: Carrier, *, total_seconds: float = TOTAL_SECONDS) -> None:
        self._carrier = carrier
        self._total_seconds = total_seconds
        self._client = self._begin()
        # Its one INFO line per request holds the whole address, signed ones included.
        logging.getLogger("httpx2").setLevel(logging.WARNING)

    @classmethod
    def open(
        cls, *, connections: int = MOST_CONNECTIONS, total_seconds: float = TOTAL_SECONDS
    ) -> Self:
        """A transport over aiohttp. Its session begins with the first request, in that loop."""
        verify = httpx2.create_ssl_context(trust_env=False)

        def session() -> aiohttp.ClientSession:
            connector = aiohttp.TCPConnector(limit=connections, ssl=verify)
            return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

        def carrier() -> httpx2.AsyncBaseTransport:
            return AiohttpTransport(verify=verify, client=session)

        return cls(carrier, total_seconds=total_seconds)

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """The answer, read whole.

        Raises TransientError for a fault of the network or no answer in time, and BadPayloadError
        as soon as the (decoded) body is longer than `most_bytes`, or where an address or token of
        the provider's cannot be sent.
        """
        try:
            async with (
                asyncio.timeout(self._total_seconds),
                self._client.stream(
                    method, url, params=params, headers=headers, content=content
                ) as response,
            ):
                body = await _read(response, most_bytes)
                return Answer(response.status_code, response.headers, body)
        except (httpx2.InvalidURL, ValueError):
            raise BadPayloadError("an address or token that no request can carry") from None
        except _FAULTS as fault:
            raise TransientError(type(fault).__name__) from None

    async def hang_up(self) -> None:
        """Closes all connections; the next request opens new ones.

        For the end of an invocation: a function that is frozen does not see the other side close,
        and its first request afterwards would be lost.
        """
        await self._client.aclose()
        self._client = self._begin()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def _begin(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=self._carrier(),
            timeout=httpx2.Timeout(self._total_seconds, connect=CONNECT_SECONDS),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            headers={"User-Agent": "topk/0.1"},
            follow_redirects=False,
            trust_env=False,
        )


async def _read(response: httpx2.Response, most_bytes: int) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most_bytes:
            raise BadPayloadError("answer is too long")
    return bytes(body)
