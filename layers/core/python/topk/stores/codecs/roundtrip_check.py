"""Check a format on real writes before anything relies on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from topk.domain.errors import place_of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RoundtripCheck(Generic[_T]):
    """Encode and decode a value, and call `differs` if the result is different.

    `differs` receives the location of an error, or nothing if only the value changed.
    """

    encode: Callable[[_T], bytes]
    decode: Callable[[bytes, _T], _T]
    """Receives the value too, for the row's other attributes."""
    differs: Callable[[str], None]

    def __call__(self, value: _T) -> None:
        """Never raises."""
        try:
            same = self.decode(self.encode(value), value) == value
        except Exception as error:  # noqa: BLE001 - whatever the format under trial does
            self.differs(place_of(error))
        else:
            if not same:
                self.differs("")
