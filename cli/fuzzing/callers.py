"""Who sends a fuzzed request: users, the host app's server, a provider, and some without leave."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import cast

from requests import PreparedRequest
from requests.auth import AuthBase

from topk.domain.signature import sign

_WITHOUT_LEAVE = 0.1
"""The share of requests that bear nothing, or what is good for nothing."""


@dataclass(frozen=True, slots=True)
class Callers:
    """Tokens that are good at the API that is fuzzed, and some that are not."""

    users: Sequence[str]
    server: str
    push_secret: str
    good_for_nothing: Sequence[str]
    clock: Callable[[], float] = time.time

    def of(self, guard: str, dice: Random) -> AuthBase:
        """Somebody to call what `guard` (the name of a security scheme, or empty) is before."""
        if dice.random() < _WITHOUT_LEAVE:
            token = dice.choice([*self.good_for_nothing, ""])
            return _Bearing({"authorization": f"Bearer {token}"} if token else {})
        if guard == "pushSignature":
            return _Signing(self.push_secret, int(self.clock()))
        if guard == "serverToken":
            return _Bearing({"authorization": f"Bearer {self.server}"})
        return _Bearing({"authorization": f"Bearer {dice.choice(self.users)}"} if guard else {})


def bytes_of(request: PreparedRequest) -> bytes:
    """The body as it is sent; none of ours is streamed."""
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
