"""The host app's backend as a client of the service's API."""

from typing import Any
from urllib.parse import quote

import httpx2

TIMEOUT_SECONDS = 20


class ServiceError(Exception):
    """The service cannot be reached or refuses; the message is for a person."""


class Service:
    """One tenant's API, called with the token of the user who looks at the page."""

    def __init__(
        self, api_url: str | None, token: str, transport: httpx2.AsyncBaseTransport | None
    ) -> None:
        self._api_url = api_url
        self._transport = transport
        self._headers = {"Authorization": f"Bearer {token}"}

    async def top_list(self, user: str) -> list[dict[str, Any]]:
        """The songs of the user's list, best first."""
        answer = await self._call("GET", f"/v1/users/{quote(user, safe='')}/top")
        songs: list[dict[str, Any]] = answer.get("songs", [])
        return songs

    async def connections(self) -> list[dict[str, Any]]:
        answer = await self._call("GET", "/v1/connections")
        found: list[dict[str, Any]] = answer.get("connections", [])
        return found

    async def begin_connection(self, provider: str, return_to: str) -> str:
        """Where to send the browser so that its user consents."""
        body = {"return_to": return_to}
        answer = await self._call("POST", f"/v1/connections/{quote(provider)}", body)
        return str(answer["authorize_url"])

    async def confirm_connection(self, provider: str, confirmation: str) -> None:
        body = {"confirmation": confirmation}
        await self._call("POST", f"/v1/connections/{quote(provider)}/confirmation", body)

    async def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        if self._api_url is None:
            raise ServiceError("The service has not been deployed yet.")
        try:
            async with httpx2.AsyncClient(
                timeout=TIMEOUT_SECONDS, transport=self._transport
            ) as client:
                address = self._api_url.rstrip("/") + path
                answer = await client.request(method, address, json=body, headers=self._headers)
                content = answer.json() if answer.content else {}
        except (httpx2.HTTPError, ValueError) as error:
            raise ServiceError("The service cannot be reached.") from error
        if answer.is_error:
            raise ServiceError(str(content.get("title", "The service refused.")))
        return dict(content)
