"""Following with consent: who decides, what was asked, and how two users stand."""

from dataclasses import dataclass
from enum import StrEnum

from topk.domain.account.edge import Edge
from topk.domain.account.profile import Profile
from topk.domain.privacy.visibility import Visibility


class Follows(StrEnum):
    """Who decides that one user of a tenant follows another. Host is the default.

    HOST: only the host app's servers. REQUEST: the follower asks and the followed user accepts.
    OPEN: anyone may follow users whose list is public. The servers may set edges in every case.
    """

    HOST = "host"
    REQUEST = "request"
    OPEN = "open"


class FollowState(StrEnum):
    """Whether a user follows another or has asked to."""

    NONE = "none"
    REQUESTED = "requested"
    FOLLOWING = "following"


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """`edge.follower` asked at `asked_at` (epoch seconds) to follow `edge.followed`.

    The follower does not learn of `declined`. A declined request that is `withdrawn` stays, so that
    it cannot be repeated.
    """

    edge: Edge
    asked_at: int
    declined: bool = False
    withdrawn: bool = False

    @property
    def pending(self) -> bool:
        """Whether the followed user has not decided."""
        return not self.declined and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Pair:
    """How `edge.follower` stands to `edge.followed`, whose `profile` is None if there is none.

    `agreed_at` is when both agreed on the edge (epoch seconds), and None if the host app set it or
    there is none. `blocked` is set if either has blocked the other.
    """

    edge: Edge
    profile: Profile | None = None
    follows: bool = False
    agreed_at: int | None = None
    blocked: bool = False
    request: FollowRequest | None = None

    @property
    def set_by_host(self) -> bool:
        return self.follows and self.agreed_at is None

    @property
    def state(self) -> FollowState:
        if self.follows:
            return FollowState.FOLLOWING
        asked = self.request is not None and not self.request.withdrawn
        return FollowState.REQUESTED if asked else FollowState.NONE

    @property
    def hidden(self) -> bool:
        """Whether the follower may not learn that the followed user exists."""
        return self.blocked or (self.profile is not None and bool(self.profile.erasing))

    def may_be_followed(self, rule: Follows) -> bool:
        """Whether the follower may ask for this edge or create it."""
        if self.hidden or self.profile is None:
            return False
        public = self.profile.visibility is Visibility.PUBLIC
        return rule is Follows.REQUEST or (rule is Follows.OPEN and public)
