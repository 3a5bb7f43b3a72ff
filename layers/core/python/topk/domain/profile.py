"""What an owner chose about their profile."""

from dataclasses import dataclass

from topk.domain.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Profile:
    visibility: Visibility = Visibility.FOLLOWERS
    time_zone: str = "UTC"
