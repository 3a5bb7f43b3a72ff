"""How large DynamoDB takes an item to be, in bytes.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Items are in DynamoDB's JSON: {name: {type: value}}.
"""

import base64
from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
_NESTED_BYTES = 3
_ELEMENT_BYTES = 1


def item_size(item: Item | None) -> int:
    """Names in UTF-8 and values. 0 where there is none."""
    return sum(len(name.encode()) + value_size(value) for name, value in (item or {}).items())


def value_size(value: Mapping[str, Any]) -> int:
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return number_size(held)
        case "B":
            return _binary_size(held)
        case "BOOL" | "NULL":
            return 1
        case "SS" | "NS" | "BS":
            return sum(value_size({kind[0]: one}) for one in held)
        case "L":
            return _NESTED_BYTES + sum(_ELEMENT_BYTES + value_size(one) for one in held)
        case "M":
            return _NESTED_BYTES + len(held) * _ELEMENT_BYTES + item_size(held)
        case _:
            raise ValueError(f"{kind} is no type of an attribute")


def number_size(digits: str) -> int:
    """About a byte for two significant digits, and one; one more below zero."""
    mantissa = digits.lower().partition("e")[0]
    significant = mantissa.lstrip("-").replace(".", "").strip("0") or "0"
    return (len(significant) + 1) // 2 + 1 + digits.startswith("-")


def _binary_size(held: str | bytes) -> int:
    """Binary values stand in base64 on the wire."""
    return len(held) if isinstance(held, bytes) else len(base64.b64decode(held))
