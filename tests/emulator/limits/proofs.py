"""Which limits have a contract test."""

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])
PROVED: set[str] = set()


def proves(*limits: str) -> Callable[[Test], Test]:
    """Marks the contract test of `limits`, by their names in the list."""
    PROVED.update(limits)
    return lambda test: test
