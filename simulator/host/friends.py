"""The follow graph of a host app, which the app sends to the service."""

from collections.abc import Iterable

from simulator.listeners.population import Listener


class Friends:
    """Starts with the follows of the listeners, and changes when they follow and unfollow."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._followed = {one.user: dict.fromkeys(one.follows) for one in listeners}

    def followed_by(self, user: str) -> list[str]:
        """The users that `user` follows, the latest last."""
        return list(self._followed[user])

    def followers(self, user: str) -> int:
        return sum(user in followed for followed in self._followed.values())

    def follows(self, user: str, other: str) -> bool:
        return other in self._followed[user]

    def follow(self, user: str, other: str) -> None:
        self._followed[user][other] = None

    def unfollow(self, user: str, other: str) -> None:
        self._followed[user].pop(other, None)
