"""What an item of DynamoDB weighs, and what reading and writing it costs.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html.
"""

import base64
import math
from collections.abc import Mapping
from typing import Any

Value = Mapping[str, Any]
Item = dict[str, Value]


def bytes_of(item: Mapping[str, Value] | None) -> int:
    """Names and values; 0 where there is no item."""
    return sum(len(name.encode()) + _value(value) for name, value in (item or {}).items())


def write_units(*sizes: int) -> int:
    """Of one write over an item that had and has these sizes (bytes): the larger one counts."""
    return max(1, math.ceil(max(sizes) / 1024))


def read_units(size: int, *, consistent: bool) -> float:
    """Of `size` bytes read at once."""
    return max(1, math.ceil(size / 4096)) * (1 if consistent else 0.5)


def _value(value: Value) -> int:
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return math.ceil(len(held.strip("-").replace(".", "").strip("0")) / 2) + 1
        case "B":
            return len(base64.b64decode(held))
        case "SS" | "NS" | "BS":
            return sum(_value({kind[0]: one}) for one in held)
        case "L":
            return 3 + sum(1 + _value(one) for one in held)
        case "M":
            return 3 + len(held) + bytes_of(held)
        case _:
            return 1
