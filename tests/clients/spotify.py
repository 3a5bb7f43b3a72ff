"""An application at the simulated Spotify, and what an account's history there should show."""

from simulator.listeners.ring import Entry, newest
from simulator.providers.apps import App
from simulator.world import World

APP = {
    "client_id": "fake-client-1",
    "client_secret": "fake-client-secret-1",
    "redirect_uri": "http://127.0.0.1:9000/callback",
}
SCOPES = ["user-read-private", "user-read-recently-played"]


def register(world: World) -> None:
    app = App(APP["client_id"], APP["client_secret"], (APP["redirect_uri"],))
    world.apps["spotify"].register(app)


def shown(world: World, account: str) -> list[Entry]:
    """The entries of the history, latest first."""
    return newest(world.spotify_entries(account), world.clock.now(), world.habits)


def busiest(world: World) -> str:
    """The account with the longest history."""
    return max(world.accounts("spotify"), key=lambda one: len(shown(world, one)))


def take_back(world: World, account: str) -> None:
    """The listener removes all applications from their account."""
    world.grants["spotify"].revoke(lambda consent: consent.account == account)
