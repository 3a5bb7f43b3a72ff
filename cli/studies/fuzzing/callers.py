"""Callers of fuzzed requests: users, the host app's server, a provider, and unauthorized ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import cast

from requests import PreparedRequest
from requests.auth import AuthBase

from topk.clock import wall_clock
from topk.domain.signature import sign

_WITHOUT_LEAVE = 0.1
"""Share of requests without a token or with an invalid one."""
_BY_LEAVERS = 0.03
"""Share of the other requests from users who may be erased, or have been."""
ERASE = "eraseMe"


@dataclass(frozen=True, slots=True)
class Callers:
    """Valid and invalid tokens of the fuzzed API.

    Only `leavers` delete their account, since after that every request of a user gets a 404.
    """

    users: Sequence[str]
    leavers: Sequence[str]
    server: str
    push_secret: str
    good_for_nothing: Sequence[str]
    clock: Callable[[], float] = wall_clock

    def of(self, operation: str, guard: str, dice: Random) -> AuthBase:
        """A caller of `operation`, which is protected by `guard` (a security scheme, or empty)."""
        if dice.random() < _WITHOUT_LEAVE:
            return bearing(dice.choice([*self.good_for_nothing, ""]))
        if guard == "pushSignature":
            return _Signing(self.push_secret, int(self.clock()))
        if guard == "serverToken":
            return bearing(self.server)
        if not guard:
            return bearing("")
        leaves = operation == ERASE or dice.random() < _BY_LEAVERS
        return bearing(dice.choice(self.leavers if leaves else self.users))


def bearing(token: str) -> AuthBase:
    """Sends `token`, or nothing if it is empty."""
    return _Bearing({"authorization": f"Bearer {token}"} if token else {})


def bytes_of(request: PreparedRequest) -> bytes:
    """The body as bytes; our requests are never streamed."""
    body = request.body or b""
    return body.encode() if isinstance(body, str) else cast(bytes, body)


class _Bearing(AuthBase):
    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.pop("Authorization", None)
        request.headers.update(self._headers)
        return request


class _Signing(AuthBase):
    """Signs the body, byte by byte as it is sent."""

    def __init__(self, secret: str, at: int) -> None:
        self._secret, self._at = secret, at

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        signed = sign(bytes_of(request), self._secret, at=self._at)
        request.headers["x-topk-signature"] = signed
        return request
