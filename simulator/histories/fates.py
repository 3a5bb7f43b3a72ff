"""What should become of a record."""

from dataclasses import dataclass
from enum import Enum

from simulator.histories.listening import Played


class Fate(Enum):
    NEW = "new"
    KNOWN = "known"
    TOO_SHORT = "too_short"
    OUTSIDE = "outside_window"
    NOT_A_SONG = "not_songs"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a record, its fate, and the play it stands for."""

    text: str
    fate: Fate
    played: Played | None = None
