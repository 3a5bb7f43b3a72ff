"""Users and their accounts: they connect, reconnect and disconnect them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from cli.in_memory.api import Api
from cli.in_memory.consent import connected
from cli.in_memory.events import json_body
from cli.studies.chaos.oracle.privacy_oracle import PrivacyOracle
from cli.studies.chaos.pace import Pace
from cli.studies.chaos.plan import HOUR
from simulator.listeners.population import Listener
from topk.domain.owner import Owner
from topk.domain.privacy.provider_policies import deletes_on_disconnect

_ARRIVAL_HOURS = 6
_AGAIN = (600.0, 3600.0)
_CHECKS_AFTER = (2 * HOUR, 6 * HOUR)
_STAYS = (2 * HOUR, 24 * HOUR)
_LEAVES, _COMES_BACK = 0.3, 0.6
_AT_ONCE, _CHANGES_MIND = 0.5, (0.0, 20.0)
"""Half of those who leave do so while their first crawl may still be running."""


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
    pace: Pace
    api: Api
    http: httpx2.Client
    oracle: PrivacyOracle
    accounts: list[Account] = field(default_factory=list)
    arrivals: dict[Owner, Callable[[], None]] = field(default_factory=dict)
    """Owner -> what they do once their first account is connected."""

    def start(self, listener: Listener) -> None:
        """Starts the activity of each account of `listener`."""
        owner = Owner(listener.tenant, listener.user)
        for provider, name in listener.accounts.items():
            account = Account(owner, provider, name, self.pace.dice.chance(_LEAVES))
            self.accounts.append(account)
            self.pace.scheduler.spawn(lambda account=account: self._live(account))  # type: ignore[misc]

    def _live(self, account: Account) -> None:
        self.pace.wait(0, _ARRIVAL_HOURS * HOUR)
        self._connect(account)
        if arrival := self.arrivals.pop(account.owner, None):
            self.pace.scheduler.spawn(arrival)
        if account.leaves:
            self.pace.wait(*(_CHANGES_MIND if self.pace.dice.chance(_AT_ONCE) else _STAYS))
            account.wanted = False
            self._disconnect(account)
            if not self.pace.dice.chance(_COMES_BACK):
                return
            self.pace.wait(HOUR, 12 * HOUR)
            self._connect(account)
        for _ in self.pace.intervals(account.owner, *_CHECKS_AFTER):
            if self._needs_consent(account):
                self._connect(account)

    def leave(self, owner: Owner) -> None:
        """The user stops acting, and wants no account to be connected."""
        self.pace.left.add(owner)
        for account in self.accounts:
            account.wanted = account.wanted and account.owner != owner

    def _connect(self, account: Account) -> None:
        account.wanted = account.owner not in self.pace.left
        while self.pace.acts(account.owner) and not self._consents(account):
            self.pace.wait(*_AGAIN)

    def _consents(self, account: Account) -> bool:
        return connected(self.api, self.http, account.owner, account.provider, account.name)

    def _disconnect(self, account: Account) -> None:
        while self.pace.acts(account.owner):
            now = self.pace.scheduler.now
            answer = self.api.call(
                "connect",
                "DELETE",
                "/v1/connections/{provider}",
                account.owner,
                at=now,
                provider=account.provider,
            )
            if answer["statusCode"] == httpx2.codes.NO_CONTENT:
                if deletes_on_disconnect(account.provider):
                    self.oracle.disconnected[account.owner, account.provider] = int(now)
                return
            self.pace.wait(*_AGAIN)

    def _needs_consent(self, account: Account) -> bool:
        answer = self.api.call("connect", "GET", "/v1/connections", account.owner)
        if answer["statusCode"] != httpx2.codes.OK:
            return False
        status = {each["provider"]: each["status"] for each in json_body(answer)["connections"]}
        return status.get(account.provider) != "active"
