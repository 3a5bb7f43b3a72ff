"""Who looks at lists: at their own, and at those of the people they follow."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import httpx2

from cli.in_memory.api import Api
from cli.in_memory.events import json_body
from cli.studies.chaos.oracle.privacy_oracle import PrivacyOracle
from cli.studies.chaos.pace import Pace
from cli.studies.chaos.plan import HOUR
from simulator.listeners.population import Listener
from topk.domain.owner import Owner

_AGAIN = (600.0, 3600.0)
_LOOKS_AFTER = (HOUR, 8 * HOUR)
_AT_OTHERS = 0.3
_GLANCES_AFTER = (3.0, 600.0)


@dataclass(frozen=True, slots=True)
class Onlookers:
    """What they are shown is held to the `oracle` of those whose it is."""

    pace: Pace
    api: Api
    oracle: PrivacyOracle
    _followers: dict[Owner, list[Owner]] = field(default_factory=lambda: defaultdict(list))

    def settle(self, listener: Listener) -> None:
        owner = Owner(listener.tenant, listener.user)
        for other in listener.follows:
            self._followers[Owner(listener.tenant, other)].append(owner)
        self.pace.scheduler.spawn(lambda: self._reside(owner, listener))

    def gather(self, owner: Owner) -> None:
        """Those who follow `owner` look at their list before long."""
        for follower in self._followers[owner]:
            self.pace.scheduler.spawn(lambda follower=follower: self._glance(owner, follower))  # type: ignore[misc]

    def _glance(self, owner: Owner, follower: Owner) -> None:
        self.pace.wait(*_GLANCES_AFTER)
        if self.pace.acts(follower):
            self._look_at(owner.user, follower)

    def _reside(self, owner: Owner, listener: Listener) -> None:
        """Tells the service where they live and whom they follow, and then looks at lists."""
        zone = json.dumps({"time_zone": listener.time_zone})
        self._tell("PATCH", "/v1/me", owner, body=zone)
        for other in listener.follows:
            self._tell("PUT", "/v1/me/following/{user_id}", owner, user_id=other)
        for _ in self.pace.now_and_then(owner, *_LOOKS_AFTER):
            if listener.follows and self.pace.dice.chance(_AT_OTHERS):
                self._look_at(self.pace.dice.pick(listener.follows), owner)
            else:
                self.api.call("read", "GET", "/v1/me/top", owner)

    def _tell(self, method: str, path: str, owner: Owner, **parts: Any) -> None:
        self.pace.insist(
            owner, lambda: self.api.call("account", method, path, owner, **parts), _AGAIN
        )

    def _look_at(self, other: str, owner: Owner) -> None:
        began = self.pace.scheduler.now
        path = "/v1/users/{user_id}/top"
        answer = self.api.call("read", "GET", path, owner, user_id=other)
        if answer["statusCode"] == httpx2.codes.OK:
            self.oracle.looked(Owner(owner.tenant, other), began, json_body(answer)["songs"])
