"""What Google's APIs share: the shape of their errors, and addresses that are signed.

Source: cloud.google.com/apis/design/errors.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import msgspec

from topk.domain.errors import (
    AccessExpiredError,
    BadPayloadError,
    NotPermittedError,
    ReauthRequiredError,
)
from topk.providers.http.answer import UNREADABLE, Answer, raise_for_fault, read_json

T = TypeVar("T")

MOST_ADDRESSES = 20

_STORAGE_HOST = re.compile(r"[a-z0-9.-]+\.(googleapis|googleusercontent)\.com")


class _Detail(msgspec.Struct):
    reason: str = ""
    metadata: dict[str, Any] = {}


class _Error(msgspec.Struct):
    status: str = ""
    details: list[_Detail] = []


class _Refusal(msgspec.Struct):
    error: _Error


_refusals = msgspec.json.Decoder(_Refusal)


def codes_of(answer: Answer) -> frozenset[str]:
    """The status and the reasons that an error names; empty where the answer is none."""
    error = _error_of(answer)
    return frozenset({error.status, *(detail.reason for detail in error.details)}) - {""}


def metadata_of(answer: Answer, name: str) -> str:
    """What an error's details say under that name; empty where they do not."""
    found = (detail.metadata.get(name) for detail in _error_of(answer).details)
    return next((value for value in found if isinstance(value, str)), "")


def _error_of(answer: Answer) -> _Error:
    try:
        return _refusals.decode(answer.body).error
    except UNREADABLE:
        return _Error()


def read_answer(answer: Answer, decoder: msgspec.json.Decoder[T], *, now: int) -> T:
    """The body of a 200. Raises the ProviderError that anything else stands for."""
    raise_for_fault(answer, now=now)
    if answer.status == 401:
        raise AccessExpiredError("access token refused")
    if answer.status == 403:
        if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in codes_of(answer):
            raise ReauthRequiredError("consent_withdrawn")
        raise NotPermittedError("user or app is not allowed")
    return read_json(answer, decoder)


@dataclass(frozen=True, slots=True)
class SignedAddresses:
    """Which URLs in a response may be requested: Google's storage, and configured hosts."""

    origins: frozenset[tuple[str, str]]

    @classmethod
    def beside(cls, bases: Iterable[str]) -> Self:
        parts = (urlsplit(base) for base in bases)
        return cls(frozenset((part.scheme, part.netloc) for part in parts))

    def checked(self, addresses: Sequence[str]) -> Sequence[str]:
        """`addresses`. Raises BadPayloadError where one leads elsewhere, or they are too many."""
        if len(addresses) > MOST_ADDRESSES or not all(map(self._admits, addresses)):
            raise BadPayloadError("archive is kept where it should not be")
        return addresses

    def _admits(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return False
        if (parts.scheme, parts.netloc) in self.origins:
            return True
        return parts.scheme == "https" and _STORAGE_HOST.fullmatch(host) is not None
