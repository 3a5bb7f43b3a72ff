"""The listeners of the world as users of the service: their tokens, their calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.local_stack.tokens import server_token
from simulator.host.service import Change


@dataclass(frozen=True, slots=True)
class Person:
    """`accounts` maps a provider to the account there; `follows` are users of the tenant."""

    tenant: str
    user: str
    time_zone: str
    accounts: Mapping[str, str]
    follows: Sequence[str]


class People:
    """Everyone in the world of `stack`, and their sessions with the service."""

    def __init__(self, stack: LocalStack, http: httpx2.Client) -> None:
        self._stack = stack
        self._http = http
        self._tokens: dict[tuple[str, str], str] = {}
        self.everyone = [Person(**one) for one in self.world("GET", "listeners")]
        self.followers = {
            (person.tenant, followed): person
            for person in self.everyone
            for followed in person.follows
        }

    def world(self, method: str, lever: str, body: Any = None) -> Any:
        """Calls a control endpoint of the simulated world."""
        answer = self._http.request(method, f"{self._stack.world_url}/world/{lever}", json=body)
        answer.raise_for_status()
        return answer.json()

    def call(self, person: Person, method: str, path: str, body: Any = None) -> httpx2.Response:
        """The service's response to `person`, who signs in again if the token has expired."""
        answer = self._asked(person, method, path, body)
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            self._tokens.pop((person.tenant, person.user), None)
            answer = self._asked(person, method, path, body)
        return answer

    def _asked(self, person: Person, method: str, path: str, body: Any) -> httpx2.Response:
        return self._http.request(
            method,
            f"{self._stack.api_urls[person.tenant]}{path}",
            json=body,
            headers={"authorization": f"Bearer {self.token(person)}"},
        )

    def expect(self, person: Person, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer that must be a success. Raises CommandFailedError otherwise."""
        answer = self.call(person, method, path, body)
        if not answer.is_success:
            raise CommandFailedError(f"{method} {path} answered {answer.status_code}")
        return answer.json() if answer.content else None

    def tell(self, person: Person, change: Change, others: Sequence[str]) -> None:
        """The host app's servers set or end follows of `person`. Raises CommandFailedError."""
        if not others:
            return
        token = server_token(self._stack, self._http, person.tenant)
        changes = [{"follower": person.user, "followed": other, "op": change} for other in others]
        answer = self._http.post(
            f"{self._stack.api_urls[person.tenant]}/v1/graph/edges",
            json={"changes": changes},
            headers={"authorization": f"Bearer {token}"},
        )
        if not answer.is_success or answer.json()["refused"]:
            raise CommandFailedError(f"follows of {person.user} answered {answer.status_code}")

    def token(self, person: Person) -> str:
        """The user's token from the host app, cached until it expires."""
        key = (person.tenant, person.user)
        if key not in self._tokens:
            address = f"{self._stack.world_url}/host/{person.tenant}/sign-in"
            answer = self._http.post(address, json={"user": person.user})
            self._tokens[key] = answer.raise_for_status().json()["token"]
        return self._tokens[key]
