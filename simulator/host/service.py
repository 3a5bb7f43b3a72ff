"""A host app as a client of the service's API: its servers, and its users with their tokens."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import httpx2

TIMEOUT_SECONDS = 20
Change = Literal["follow", "unfollow"]
_MOST_PEOPLE = 100
_FOLLOWING = httpx2.codes.NO_CONTENT


class ServiceError(Exception):
    """The service cannot be reached or refused the request; the message can be shown to users."""


class Service:
    """One tenant's API, called with a token of the app's servers or of one user."""

    def __init__(
        self, api_url: str, token: str, transport: httpx2.AsyncBaseTransport | None
    ) -> None:
        self._api_url = api_url
        self._transport = transport
        self._headers = {"Authorization": f"Bearer {token}"}

    async def send(self, change: Change, follower: str, followed: Sequence[str]) -> None:
        """Sends follow or unfollow changes of `follower`, as a server. Raises ServiceError."""
        if followed or not self._api_url:
            edges = [{"follower": follower, "followed": other, "op": change} for other in followed]
            await self._call("POST", "/v1/graph/edges", {"changes": edges})

    async def tell(self, names: Mapping[str, str]) -> None:
        """Tells the names of users (by id), as a server. Raises ServiceError."""
        people = [{"user_id": user, "name": name} for user, name in names.items()]
        for at in range(0, len(people), _MOST_PEOPLE):
            page = people[at : at + _MOST_PEOPLE]
            await self._call("POST", "/v1/graph/people", {"people": page})

    async def ask(self, other: str) -> bool:
        """Asks to follow `other`, as a user; whether they follow now. Raises ServiceError."""
        answer = await self._call("PUT", f"/v1/me/following/{quote(other)}")
        return answer.status_code == _FOLLOWING

    async def stop(self, other: str) -> None:
        """Stops following or asking `other`, as a user. Raises ServiceError."""
        await self._call("DELETE", f"/v1/me/following/{quote(other)}")

    async def follows(self, other: str) -> bool:
        """Whether the user follows `other`. Raises ServiceError."""
        answer = await self._call("GET", f"/v1/me/following/{quote(other)}")
        return bool(answer.json()["state"] == "following")

    async def _call(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        if not self._api_url:
            raise ServiceError("The service has not been deployed yet.")
        try:
            async with httpx2.AsyncClient(
                timeout=TIMEOUT_SECONDS, transport=self._transport
            ) as client:
                address = f"{self._api_url.rstrip('/')}{path}"
                answer = await client.request(method, address, json=body, headers=self._headers)
        except httpx2.HTTPError as error:
            raise ServiceError("The service cannot be reached.") from error
        if answer.is_error:
            raise ServiceError("The service refused the change.")
        return answer
