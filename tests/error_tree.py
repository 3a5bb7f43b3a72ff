"""Every class of the error tree."""

from collections.abc import Iterator

from topk.domain.errors import (
    ClientError,
    InternalError,
    ProviderError,
    RetryableError,
    TopkError,
)
from topk.providers import registry

GROUPS = (ClientError, RetryableError, InternalError, ProviderError)
ADAPTERS = registry.PROVIDERS
"""Named so that adapters, which have errors of their own, are imported."""


def every_error() -> list[type[TopkError]]:
    """The classes that are raised: all but the root and the groups."""
    return [kind for kind in _below(TopkError) if kind not in GROUPS]


def _below(kind: type[TopkError]) -> Iterator[type[TopkError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def example(kind: type[TopkError]) -> TopkError:
    """An error of the class, without the arguments that it is raised with."""
    return kind.__new__(kind)
