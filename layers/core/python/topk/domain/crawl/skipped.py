"""Items of a provider's history that a crawl left out, and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Skip(StrEnum):
    """Why an item is not counted as a play. The set is closed: metrics are counted by it."""

    MALFORMED = "malformed"
    """Not of the documented shape."""
    TITLE = "title"
    """No title, a blank one, or one that is too long."""
    TIME = "time"
    """No time, an unreadable one, or one that cannot be right."""
    TEXT = "text"
    """A title that is not Unicode text, such as half of an emoji."""
    UNKNOWN = "unknown"
    """A record about music of a kind that is not known."""
    REMOVED = "removed"
    """A play whose song the provider no longer names."""
    SHORT = "short"
    """Played too briefly to count."""
    SEARCH = "search"
    AD = "ad"
    OTHER_ACTIVITY = "other_activity"
    """Nothing was played: a channel that was opened, a video that was liked."""


NOT_PLAYS = frozenset({Skip.SHORT, Skip.SEARCH, Skip.AD, Skip.OTHER_ACTIVITY})
EXPECTED = NOT_PLAYS | {Skip.REMOVED}
"""What a correct reading leaves out too."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many items were left out, by reason, and the shape of the first one of each reason."""

    counts: Mapping[Skip, int] = field(default_factory=dict)
    shapes: Mapping[Skip, str] = field(default_factory=dict)

    @classmethod
    def of(cls, reason: Skip, number: int = 1, *, shape: str = "") -> "Skipped":
        if not number:
            return NOTHING_SKIPPED
        return cls({reason: number}, {reason: shape} if shape else {})

    def __add__(self, other: "Skipped") -> "Skipped":
        if not other.counts:
            return self
        return Skipped(
            dict(Counter(self.counts) + Counter(other.counts)), {**other.shapes, **self.shapes}
        )

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def faults(self) -> int:
        """Items that a correct reading would not have left out."""
        return self._without(EXPECTED)

    @property
    def lost(self) -> int:
        """Items that were plays, as far as is known."""
        return self._without(NOT_PLAYS)

    def _without(self, reasons: frozenset[Skip]) -> int:
        return sum(number for reason, number in self.counts.items() if reason not in reasons)


NOTHING_SKIPPED = Skipped()
