"""The state of the simulated world: listeners, songs, applications, and faults."""

from collections.abc import Callable, Sequence

from simulator.clock import Clock
from simulator.habits import Habits
from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.histories import Histories
from simulator.listeners.listening import DAYS_AFTER
from simulator.listeners.plays import Play
from simulator.listeners.population import PROVIDERS, STREAMING, Listener, build_population
from simulator.listeners.ring import Entry, entries_of
from simulator.providers.apps import Apps
from simulator.providers.grants import Consent, Grants
from simulator.providers.mishaps import Linger, Mishaps, at_once
from simulator.providers.trouble import Sleep, Trouble


class World:
    """The state that the ASGI routes share. Plays lie before and after the clock's current day.

    `wall` returns real epoch seconds, used for request limits.
    `exports` has the start of each account's latest export at YouTube (epoch seconds); exports of
    the accounts in `failing_exports` fail.
    `api_urls` maps a tenant to the URL of the service's API, once the service has been registered.
    """

    def __init__(
        self,
        *,
        users: int,
        seed: int,
        clock: Clock,
        songs: int,
        providers: Sequence[str] = STREAMING,
        heavy: float = 0.0,
        wall: Callable[[], float],
        sleep: Sleep,
        habits: Habits | None = None,
        linger: Linger = at_once,
        days: int = DAYS_AFTER,
    ) -> None:
        self.clock = clock
        self.wall = wall
        self.habits = (habits or Habits.usual()).seeded(seed)
        self.songs = build_catalogue(seed, songs)
        self.listeners = build_population(seed, users, providers, heavy)
        self.histories = Histories(seed, self.songs, clock.now(), days, self.habits)
        self.apps = {provider: Apps() for provider in PROVIDERS}
        self.grants = {provider: Grants(clock.now) for provider in PROVIDERS}
        self.exports: dict[Consent, float] = {}
        self.failing_exports: set[str] = set()
        self.trouble = {
            provider: Trouble(wall, sleep, Mishaps(provider, self.habits, clock.now, linger))
            for provider in PROVIDERS
        }
        self._entries: dict[str, tuple[int, list[Entry]]] = {}
        self.api_urls: dict[str, str] = {}
        self._by_user = {(person.tenant, person.user): person for person in self.listeners}
        self._by_account = {
            (provider, account): person
            for person in self.listeners
            for provider, account in person.accounts.items()
        }

    def listener(self, tenant: str, user: str) -> Listener | None:
        return self._by_user.get((tenant, user))

    def accounts(self, provider: str) -> list[str]:
        return [account for at, account in self._by_account if at == provider]

    def has_account(self, provider: str, account: str) -> bool:
        return (provider, account) in self._by_account

    def plays_of(self, provider: str, account: str) -> list[Play]:
        """All plays, at any provider, of the listener who has `account`."""
        return self.histories.of(self._by_account[provider, account])

    def spotify_entries(self, account: str) -> list[Entry]:
        """All entries of the account's history, rebuilt only after plays were added."""
        plays = self.plays_of("spotify", account)
        drawn_from, entries = self._entries.get(account, (-1, []))
        if drawn_from != len(plays):
            entries = entries_of(plays, self.habits, account)
            self._entries[account] = len(plays), entries
        return entries
