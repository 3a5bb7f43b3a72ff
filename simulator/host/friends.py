"""The follow graph of a host app."""

from collections.abc import Iterable

from simulator.listeners.population import Listener


class Friends:
    """Starts with the follows of the listeners, and changes when they follow and unfollow.

    The app sends its own follows to the service. Where the app's users ask each other, it keeps
    what they asked and agreed on at the service apart from these.
    """

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._followed = {one.user: dict.fromkeys(one.follows) for one in listeners}
        self._asked: set[tuple[str, str]] = set()
        self._agreed: set[tuple[str, str]] = set()

    def followed_by(self, user: str) -> list[str]:
        """The users that `user` follows, the latest last."""
        agreed = sorted(other for one, other in self._agreed if one == user)
        return [*self._followed[user], *agreed]

    def own(self, user: str) -> list[str]:
        """The follows of `user` that are the app's own."""
        return list(self._followed[user])

    def followers(self, user: str) -> int:
        return sum(self.follows(one, user) for one in self._followed)

    def follows(self, user: str, other: str) -> bool:
        return other in self._followed[user] or (user, other) in self._agreed

    def waits(self, user: str, other: str) -> bool:
        """Whether `user` has asked `other` and is not known to follow them."""
        return (user, other) in self._asked

    def follow(self, user: str, other: str) -> None:
        self._followed[user][other] = None

    def ask(self, user: str, other: str) -> None:
        self._asked.add((user, other))

    def agree(self, user: str, other: str) -> None:
        self._asked.discard((user, other))
        self._agreed.add((user, other))

    def unfollow(self, user: str, other: str) -> None:
        self._followed[user].pop(other, None)
        self._asked.discard((user, other))
        self._agreed.discard((user, other))
