"""An owner's settings and number of followers."""

from dataclasses import dataclass

from topk.domain.account.person import NOBODY, Person
from topk.domain.privacy.hidden import NOTHING, Hidden
from topk.domain.privacy.visibility import Visibility

MUCH_FOLLOWED = 1000


@dataclass(frozen=True, slots=True)
class Profile:
    """`followers` is counted in the transaction that writes or deletes an edge."""

    visibility: Visibility = Visibility.FOLLOWERS
    time_zone: str = "UTC"
    followers: int = 0
    hidden: Hidden = NOTHING
    erasing: str = ""
    """The receipt of a running erasure. Such a profile cannot be seen or changed."""
    plays_deleted_at: int = 0
    """When plays were last deleted; 0 if never."""
    exported_at: int = 0
    """When the owner last exported their data; 0 if never."""

    announcing: bool = False
    """Whether a change of visibility has not been announced to the tenant yet."""

    person: Person = NOBODY

    @property
    def much_followed(self) -> bool:
        return self.followers >= MUCH_FOLLOWED
