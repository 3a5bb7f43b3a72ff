"""The size of an item in bytes, by the rules that DynamoDB documents.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html

| value | bytes |
|---|---|
| attribute name | its UTF-8 bytes |
| S | its UTF-8 bytes |
| N | 1 for every two significant digits, rounded up, and 1 |
| B | its raw bytes, not their base64 form |
| BOOL, NULL | 1 |
| SS, NS, BS | the sum of the members |
| L, M | 3, the elements, and 1 for each of them |

Of a number, leading and trailing zeros are not significant. The documentation calls this rule
approximate and says nothing of zero or of a sign: here zero, which has no significant digit, takes
1 byte, and a sign takes none.
"""

import math
from collections.abc import Mapping
from typing import Any

Value = Mapping[str, Any]
Item = dict[str, Any]
"""Attribute name -> {type: value}, with numbers as text and binary values as bytes."""


ITEM_OVERHEAD_BYTES = 100
"""Charged for the storage of each item, in addition to its size."""


def item_size(item: Mapping[str, Value] | None) -> int:
    """Names and values; 0 for no item."""
    return sum(len(name.encode()) + value_size(value) for name, value in (item or {}).items())


def value_size(value: Value) -> int:
    """Raises ValueError for an unknown type."""
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return math.ceil(significant_digits(held) / 2) + 1
        case "B":
            return len(held)
        case "BOOL" | "NULL":
            return 1
        case "SS" | "NS" | "BS":
            return sum(value_size({kind[0]: member}) for member in held)
        case "L":
            return 3 + sum(1 + value_size(element) for element in held)
        case "M":
            return 3 + len(held) + item_size(held)
        case _:
            raise ValueError(f"{kind} is not an attribute type")


def significant_digits(number: str) -> int:
    mantissa = number.lower().partition("e")[0]
    return len(mantissa.lstrip("+-").replace(".", "").strip("0"))
