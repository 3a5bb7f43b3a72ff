"""One call to AWS, and the hooks through which every call passes.

A hook gets the call and a function that performs it. It may let time pass, raise an error before or
after, perform the call twice, read what it consumed, or only take notes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from simulator.aws.dynamodb.capacity import Units

T = TypeVar("T")
Answer = dict[str, Any]
Perform = Callable[[], Answer]
_READS = ("Get", "BatchGet", "Query", "Scan", "List", "Receive", "Decrypt", "GenerateDataKey")


def _whole(batch: list[T]) -> tuple[list[T], list[T]]:
    return batch, []


def _latest() -> float:
    return 0.0


@dataclass(slots=True)
class Call:
    """`operation` is AWS's name of it, `request` its members; binary values are bytes.

    A hook may replace `split`, which divides a batch into what is processed and what is left, and
    `staleness`, the age in seconds of what an eventually consistent read returns.
    """

    service: str
    operation: str
    request: Mapping[str, Any]
    split: Callable[[list[Any]], tuple[list[Any], list[Any]]] = _whole
    staleness: Callable[[], float] = _latest
    consumed: list[Units] = field(default_factory=list)
    """What DynamoDB charged for."""

    @property
    def writes(self) -> bool:
        return not self.operation.startswith(_READS)


Hook = Callable[[Call, Perform], Answer]
