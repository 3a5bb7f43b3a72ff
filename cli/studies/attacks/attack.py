"""An attack: what is attempted, what stops it, and how its guard is removed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from unittest.mock import patch

from cli.sandbox.gateway import Reply

Patch = tuple[Any, str, Any]
"""The patched object, the attribute, and its replacement."""


class Target(Protocol):
    """The service under attack. Users need not exist; `victim` has a list for followers."""

    @property
    def victim(self) -> str:
        """A user of harbor."""
        ...

    @property
    def provider(self) -> str:
        """A provider with a consent page that a browser opens."""
        ...

    @property
    def return_to(self) -> str:
        """A return address that harbor allows."""
        ...

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        tenant: str = "harbor",
        headers: Mapping[str, str] | None = None,
        body: str | bytes = b"",
    ) -> Reply: ...

    def user(self, name: str, tenant: str = "harbor", **claims: str) -> str:
        """A token of a user; `claims` override the issuer's own."""
        ...

    def server(self, tenant: str = "harbor") -> str:
        """A token of a tenant's servers."""
        ...

    def expired(self, name: str) -> str: ...

    def sign(self, body: bytes, *, age: int = 0, secret: str | None = None) -> str:
        """The signature of a push by the partner, `age` seconds old."""
        ...


@dataclass(frozen=True, slots=True)
class Guard:
    """`removed` are the patches of the real code without it."""

    name: str
    removed: Callable[[], tuple[Patch, ...]]

    @contextmanager
    def taken_away(self) -> Iterator[None]:
        with ExitStack() as stack:
            for target, name, broken in self.removed():
                stack.enter_context(patch.object(target, name, broken))
            yield


@dataclass(frozen=True, slots=True)
class Attack:
    """`attempt` returns what got through, and nothing if the attack was held.

    `expected` is `blocked` if the service refuses it, `held` if it has no effect, and `cost` if its
    cost stays in bounds. `deployed` is False if it needs state that only the sandbox has.
    """

    name: str
    attempted: str
    expected: str
    guard: Guard
    attempt: Callable[[Target], str]
    deployed: bool = True


def wanted(reply: Reply, *statuses: int) -> str:
    """What is wrong with the status of `reply`."""
    return "" if reply.status in statuses else f"answered {reply.status}: {reply.body[:80]!r}"


def worst(found: Iterator[str]) -> str:
    """The first thing that got through."""
    return next((one for one in found if one), "")
