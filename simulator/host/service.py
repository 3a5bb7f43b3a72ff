"""The host app's servers as a client of the service's API."""

from collections.abc import Sequence
from typing import Literal

import httpx2

TIMEOUT_SECONDS = 20
Change = Literal["follow", "unfollow"]


class ServiceError(Exception):
    """The service cannot be reached or refused the request; the message can be shown to users."""


class Service:
    """One tenant's API, called with a token of the app's servers."""

    def __init__(
        self, api_url: str, token: str, transport: httpx2.AsyncBaseTransport | None
    ) -> None:
        self._api_url = api_url
        self._transport = transport
        self._headers = {"Authorization": f"Bearer {token}"}

    async def send(self, change: Change, follower: str, followed: Sequence[str]) -> None:
        """Sends follow or unfollow changes of `follower`. Raises ServiceError."""
        if not self._api_url:
            raise ServiceError("The service has not been deployed yet.")
        if not followed:
            return
        edges = [{"follower": follower, "followed": other, "op": change} for other in followed]
        try:
            async with httpx2.AsyncClient(
                timeout=TIMEOUT_SECONDS, transport=self._transport
            ) as client:
                address = f"{self._api_url.rstrip('/')}/v1/graph/edges"
                answer = await client.post(address, json={"changes": edges}, headers=self._headers)
        except httpx2.HTTPError as error:
            raise ServiceError("The service cannot be reached.") from error
        if answer.is_error:
            raise ServiceError("The service refused the change.")
