"""What an owner chose about their profile, and how much it is followed."""

from dataclasses import dataclass

from topk.domain.privacy.hidden import NOTHING, Hidden
from topk.domain.privacy.visibility import Visibility

MUCH_FOLLOWED = 1000


@dataclass(frozen=True, slots=True)
class Profile:
    """`followers` is a guide, counted as edges come and go: a crash can put it off by one."""

    visibility: Visibility = Visibility.FOLLOWERS
    time_zone: str = "UTC"
    followers: int = 0
    hidden: Hidden = NOTHING
    erasing: str = ""
    """The receipt of the erasure that runs. Such a profile is nobody's to see, nor to change."""
    plays_deleted_at: int = 0
    """When plays were last deleted; 0 where none ever were."""
    exported_at: int = 0
    """When the owner last had all of theirs exported; 0 where never."""

    @property
    def much_followed(self) -> bool:
        return self.followers >= MUCH_FOLLOWED
