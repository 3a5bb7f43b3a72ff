"""What is shown of an owner: the ranking of one window, and how far it can be trusted."""

from dataclasses import dataclass
from datetime import date

from topk.domain.completeness import Completeness
from topk.domain.ranking import RankedSong

DEPTH = 50
"""How many songs a list holds, and the largest k that can be asked for."""


@dataclass(frozen=True, slots=True)
class TopList:
    """The songs an owner listened to most in the seven days before `as_of`."""

    songs: tuple[RankedSong, ...]
    as_of: date
    time_zone: str
    completeness: Completeness
