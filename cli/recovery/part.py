"""A part of a long command, so that several processes or machines share its work."""

from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` of `of`, counted from 1."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> "Part":
        """A part as in "3/16". Raises ValueError."""
        number, _, of = text.partition("/")
        part = cls(int(number), int(of))
        if not 1 <= part.number <= part.of:
            raise ValueError(f"{text} is not a part")
        return part

    def has(self, name: str) -> bool:
        """Whether `name` is in this part: each name is in exactly one."""
        return crc32(name.encode()) % self.of == self.number - 1

    @property
    def suffix(self) -> str:
        """For names of files; empty for the whole."""
        return "" if self.of == 1 else f" {self.number} of {self.of}"


WHOLE = Part()
