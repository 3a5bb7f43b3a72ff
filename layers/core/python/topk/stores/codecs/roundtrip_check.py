"""Trying a format on what is really written, before anything relies on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from topk.domain.errors import place_of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Shadow(Generic[_T]):
    """Writes and reads a value in a format and tells `differs` where another came back.

    `differs` gets the place of the error, or nothing where the value merely changed.
    """

    encode: Callable[[_T], bytes]
    decode: Callable[[bytes, _T], _T]
    """Gets the value too, for what a row tells beside its body."""
    differs: Callable[[str], None]

    def __call__(self, value: _T) -> None:
        """Never raises: nobody waits for what it finds."""
        try:
            same = self.decode(self.encode(value), value) == value
        except Exception as error:  # noqa: BLE001 - whatever the format under trial does
            self.differs(place_of(error))
        else:
            if not same:
                self.differs("")
