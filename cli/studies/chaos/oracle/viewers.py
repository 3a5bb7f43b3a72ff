"""Users who view lists: their own, and those of the people they follow."""

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
_VIEWS_AFTER = (HOUR, 8 * HOUR)
_OF_OTHERS = 0.3
_VIEWS_SOON = (3.0, 600.0)


@dataclass(frozen=True, slots=True)
class Viewers:
    """Users who view lists. `oracle` checks what they get against the owners' privacy settings."""

    pace: Pace
    api: Api
    oracle: PrivacyOracle
    _followers: dict[Owner, list[Owner]] = field(default_factory=lambda: defaultdict(list))

    def start(self, listener: Listener) -> None:
        """Starts the activity of `listener`."""
        owner = Owner(listener.tenant, listener.user)
        for other in listener.follows:
            self._followers[Owner(listener.tenant, other)].append(owner)
        self.pace.scheduler.spawn(lambda: self._act(owner, listener))

    def view_soon(self, owner: Owner) -> None:
        """All followers of `owner` view their list within minutes."""
        for follower in self._followers[owner]:
            self.pace.scheduler.spawn(lambda follower=follower: self._view_once(owner, follower))  # type: ignore[misc]

    def _view_once(self, owner: Owner, follower: Owner) -> None:
        self.pace.wait(*_VIEWS_SOON)
        if self.pace.acts(follower):
            self._view(owner.user, follower)

    def _act(self, owner: Owner, listener: Listener) -> None:
        """Sets the time zone, follows users, and then views lists."""
        zone = json.dumps({"time_zone": listener.time_zone})
        self._update("PATCH", "/v1/me", owner, body=zone)
        for other in listener.follows:
            self.pace.repeat(owner, lambda other=other: self.api.follow(owner, [other]), _AGAIN)  # type: ignore[misc]
        for _ in self.pace.intervals(owner, *_VIEWS_AFTER):
            if listener.follows and self.pace.dice.chance(_OF_OTHERS):
                self._view(self.pace.dice.pick(listener.follows), owner)
            else:
                self.api.call("read", "GET", "/v1/me/top", owner)

    def _update(self, method: str, path: str, owner: Owner, **parts: Any) -> None:
        self.pace.repeat(
            owner, lambda: self.api.call("account", method, path, owner, **parts), _AGAIN
        )

    def _view(self, other: str, owner: Owner) -> None:
        began = self.pace.scheduler.now
        path = "/v1/users/{user_id}/top"
        answer = self.api.call("read", "GET", path, owner, user_id=other)
        if answer["statusCode"] == httpx2.codes.OK:
            self.oracle.check_view(Owner(owner.tenant, other), began, json_body(answer)["songs"])
