"""Secrets from responses for use in later requests: a `state`, and its `confirmation`.

Invented values are rejected, so half of the steps to connect an account would never be reached.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from schemathesis import Case, Response

_FOLLOWED = 0.5
"""Share of requests that follow a lead if there is one."""
_KEPT = 100
_IN_THE_BROWSER = "apple_music"
"""The provider whose own page, shown by us, posts what it was granted."""
BEGIN, CONFIRM = "beginConnection", "confirmConnection"
_STATES = {"callback": "redirect", "callbackPosted": "page", "consentPage": "page"}
"""By operation, the way back from a provider whose `state` it takes."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A secret of a handshake with `provider`, and the bearer who began it."""

    provider: str
    secret: str = field(repr=False)
    bearer: str = field(repr=False)


@dataclass(frozen=True)
class Leads:
    """The leads found so far. Safe to share between threads."""

    _found: dict[str, deque[Lead]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_KEPT))
    )

    def follow(self, case: Case[Any], dice: Random) -> Lead | None:
        """Sometimes puts a lead into `case`, and returns that lead."""
        operation = operation_id(case)
        kind = CONFIRM if operation == CONFIRM else _STATES.get(operation)
        if kind is None or dice.random() >= _FOLLOWED:
            return None
        try:
            lead = self._found[kind].popleft()
        except IndexError:
            return None
        case.path_parameters["provider"] = lead.provider
        match operation:
            case "confirmConnection":
                case.body = {"confirmation": lead.secret}
            case "callbackPosted":
                case.body = {"state": lead.secret, "music_user_token": "fake-music-user-token"}
            case "callback":
                case.query = {"state": lead.secret, "code": "fake-code"}
            case _:
                case.query = {"state": lead.secret}
                self._found[kind].append(lead)  # Viewing the page does not use up the state.
        return lead

    def learn(self, case: Case[Any], answer: Response, followed: Lead | None) -> None:
        """Collects new leads from `answer`."""
        if operation_id(case) == BEGIN and answer.status_code == 201:
            provider = str(case.path_parameters["provider"])
            kind = "page" if provider == _IN_THE_BROWSER else "redirect"
            bearer = str(answer.request.headers.get("authorization", ""))
            for state in _told(answer.json()["authorize_url"], "state"):
                self._found[kind].append(Lead(provider, state, bearer))
        if followed:
            (location,) = answer.headers.get("location", [""])
            for told in _told(location, "confirmation"):
                self._found[CONFIRM].append(Lead(followed.provider, told, followed.bearer))


def operation_id(case: Case[Any]) -> str:
    return str(case.operation.definition.raw.get("operationId", ""))


def _told(address: str, name: str) -> list[str]:
    return parse_qs(urlsplit(address).query).get(name, [])
