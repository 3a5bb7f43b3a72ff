"""The HTTP client for providers: httpx2 over aiohttp, loaded with the first request.

The two are more than half of connect's imports, and most of its calls make no provider request.
"""

from collections.abc import Callable
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx2
from httpx_aiohttp.httpx2 import AiohttpTransport

Carrier = Callable[[], httpx2.AsyncBaseTransport]

CONNECT_SECONDS = 3.0
FAULTS = (httpx2.HTTPError, aiohttp.ClientError, OSError, TimeoutError)
UNSENDABLE = (httpx2.InvalidURL, ValueError)


def over_aiohttp(connections: int) -> Carrier:
    """Makes carriers of so many connections. A session begins with its first request."""
    verify = httpx2.create_ssl_context(trust_env=False)

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=connections, ssl=verify)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return partial(AiohttpTransport, verify=verify, client=session)


def client(carrier: Carrier, total_seconds: float) -> httpx2.AsyncClient:
    """A client that follows no redirect and keeps no cookie."""
    return httpx2.AsyncClient(
        transport=carrier(),
        timeout=httpx2.Timeout(total_seconds, connect=CONNECT_SECONDS),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={"User-Agent": "topk/0.1"},
        follow_redirects=False,
        trust_env=False,
    )
