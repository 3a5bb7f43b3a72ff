"""What users do: connect, look after their accounts, look at lists, and leave again."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from cli.chaos_run.api import Api
from cli.chaos_run.course import Course
from cli.chaos_run.events import told
from cli.chaos_run.plan import HOUR
from cli.chaos_run.wishes import Wishes
from cli.demonstration.browser import Browser
from cli.failure import CommandFailedError
from simulator.dice import Dice
from simulator.population import Listener
from topk.domain.owner import Owner

_ARRIVAL_HOURS = 6
_AGAIN = (600.0, 3600.0)
_LOOKS_AFTER = (2 * HOUR, 6 * HOUR)
_GLANCES_AFTER = (3.0, 600.0)
_STAYS = (2 * HOUR, 24 * HOUR)
_LEAVES, _COMES_BACK = 0.3, 0.6
_AT_ONCE, _CHANGES_MIND = 0.5, (0.0, 20.0)
"""Half of those who leave do so while what they began is still under way."""


@dataclass
class Account:
    """One account of a user. `wanted` is whether they want it connected."""

    owner: Owner
    provider: str
    name: str
    leaves: bool
    wanted: bool = False


@dataclass
class People:
    """Everybody acts until `end` (epoch seconds), or until they have left for good."""

    course: Course
    api: Api
    http: httpx2.Client
    dice: Dice
    wishes: Wishes
    end: float
    accounts: list[Account] = field(default_factory=list)
    arrivals: dict[Owner, Callable[[], None]] = field(default_factory=dict)
    """What an owner does besides, once an account of theirs is connected."""
    _left: set[Owner] = field(default_factory=set)
    _followers: dict[Owner, list[Owner]] = field(default_factory=lambda: defaultdict(list))

    def settle(self, listeners: Iterator[Listener] | tuple[Listener, ...]) -> None:
        """Each account, and each viewer, begins a life of its own."""
        for listener in listeners:
            owner = Owner(listener.tenant, listener.user)
            for other in listener.follows:
                self._followers[Owner(listener.tenant, other)].append(owner)
            for provider, name in listener.accounts.items():
                account = Account(owner, provider, name, self.dice.chance(_LEAVES))
                self.accounts.append(account)
                self.course.spawn(lambda account=account: self._live(account))  # type: ignore[misc]
            self.course.spawn(lambda owner=owner, of=listener: self._reside(owner, of))  # type: ignore[misc]

    def _live(self, account: Account) -> None:
        self._wait(0, _ARRIVAL_HOURS * HOUR)
        self._connect(account)
        if arrival := self.arrivals.pop(account.owner, None):
            self.course.spawn(arrival)
        if account.leaves:
            self._wait(*(_CHANGES_MIND if self.dice.chance(_AT_ONCE) else _STAYS))
            account.wanted = False
            self._disconnect(account)
            if not self.dice.chance(_COMES_BACK):
                return
            self._wait(HOUR, 12 * HOUR)
            self._connect(account)
        for _ in self._now_and_then(account.owner, *_LOOKS_AFTER):
            if self._needs_consent(account):
                self._connect(account)

    def gather(self, owner: Owner) -> None:
        """Those who follow `owner` look at their list before long."""
        for follower in self._followers[owner]:
            self.course.spawn(lambda follower=follower: self._glance(owner, follower))  # type: ignore[misc]

    def _glance(self, owner: Owner, follower: Owner) -> None:
        self._wait(*_GLANCES_AFTER)
        if self._acts(follower):
            self._look_at(owner.user, follower)

    def leave(self, owner: Owner) -> None:
        """They do nothing more, and want nothing to be left."""
        self._left.add(owner)
        for account in self.accounts:
            account.wanted = account.wanted and account.owner != owner

    def _connect(self, account: Account) -> None:
        account.wanted = account.owner not in self._left
        while self._acts(account.owner) and not self._consents(account):
            self._wait(*_AGAIN)

    def _consents(self, account: Account) -> bool:
        begun = self.api.call(
            "connect",
            "POST",
            "/v1/connections/{provider}",
            account.owner,
            provider=account.provider,
            body=json.dumps({}),
        )
        if begun["statusCode"] != httpx2.codes.CREATED:
            return False
        try:
            landed = Browser(self.http).consent(told(begun)["authorize_url"], account.name)
        except CommandFailedError:
            return False
        fields = dict(parse_qsl(urlsplit(landed).query))
        if "confirmation" not in fields:
            return False
        confirmed = self.api.call(
            "connect",
            "POST",
            "/v1/connections/{provider}/confirmation",
            account.owner,
            provider=account.provider,
            body=json.dumps({"confirmation": fields["confirmation"]}),
        )
        return bool(confirmed["statusCode"] < httpx2.codes.BAD_REQUEST)

    def _disconnect(self, account: Account) -> None:
        while self._acts(account.owner):
            answer = self.api.call(
                "connect",
                "DELETE",
                "/v1/connections/{provider}",
                account.owner,
                provider=account.provider,
            )
            if answer["statusCode"] == httpx2.codes.NO_CONTENT:
                return
            self._wait(*_AGAIN)

    def _needs_consent(self, account: Account) -> bool:
        answer = self.api.call("connect", "GET", "/v1/connections", account.owner)
        if answer["statusCode"] != httpx2.codes.OK:
            return False
        status = {one["provider"]: one["status"] for one in told(answer)["connections"]}
        return status.get(account.provider) != "active"

    def _reside(self, owner: Owner, listener: Listener) -> None:
        """Tells the service where they live and whom they follow, and then looks at lists."""
        zone = json.dumps({"time_zone": listener.time_zone})
        self._insist("PATCH", "/v1/me", owner, body=zone)
        for other in listener.follows:
            self._insist("PUT", "/v1/me/following/{user_id}", owner, user_id=other)
        self._look(owner, listener)

    def _insist(self, method: str, path: str, owner: Owner, **parts: Any) -> None:
        while self._acts(owner):
            answer = self.api.call("account", method, path, owner, **parts)
            if answer["statusCode"] < httpx2.codes.BAD_REQUEST:
                return
            self._wait(*_AGAIN)

    def _look(self, owner: Owner, listener: Listener) -> None:
        """At their own list and at those of others, a few times a day."""
        for _ in self._now_and_then(owner, HOUR, 8 * HOUR):
            if listener.follows and self.dice.chance(0.3):
                self._look_at(self.dice.pick(listener.follows), owner)
            else:
                self.api.call("read", "GET", "/v1/me/top", owner)

    def _look_at(self, other: str, owner: Owner) -> None:
        began = self.course.now
        path = "/v1/users/{user_id}/top"
        answer = self.api.call("read", "GET", path, owner, user_id=other)
        if answer["statusCode"] == httpx2.codes.OK:
            self.wishes.looked(Owner(owner.tenant, other), began, told(answer)["songs"])

    def _acts(self, owner: Owner) -> bool:
        return self.course.now < self.end and owner not in self._left

    def _now_and_then(self, owner: Owner, shortest: float, longest: float) -> Iterator[None]:
        """Each time that so many seconds have gone by, as long as they act."""
        self._wait(shortest, longest)
        while self._acts(owner):
            yield
            self._wait(shortest, longest)

    def _wait(self, shortest: float, longest: float) -> None:
        self.course.pause(self.dice.between(shortest, longest))
