"""The mix of requests of a social app that shows lists on its profiles."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

SKEW = 1.0
"""Zipf's exponent: the n-th most viewed user is viewed 1/n times as often as the first."""
FEED_SONGS = "feed songs"
SHARES: Mapping[str, int] = {
    "profile": 60,
    "feed": 20,
    "own": 14,
    FEED_SONGS: 5,
    "change": 1,
}
"""Percent of the requests, by kind. `profile` is the list of a followed user."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A user with their token and the users they follow. `api` is the base URL."""

    api: str
    user: str
    token: str
    follows: Sequence[str]


@dataclass(frozen=True, slots=True)
class Call:
    kind: str
    method: str
    url: str
    token: str
    body: Any = None


class Mix:
    """Draws calls by their shares. `callers` are in order of popularity.

    If the API has no `songs_of_feed` route, its share goes to the feed.
    """

    def __init__(self, callers: Sequence[Caller], *, songs_of_feed: str | None, dice: Random):
        self._callers = callers
        self._dice = dice
        self._songs = songs_of_feed
        self._fame = {
            (caller.api, caller.user): 1 / (place + 1) ** SKEW
            for place, caller in enumerate(callers)
        }
        self._kinds = tuple(SHARES)
        self._bounds = tuple(accumulate(SHARES.values()))

    def call(self) -> Call:
        """The next call: the caller is drawn evenly, the viewed user by popularity."""
        kind = self._kinds[bisect(self._bounds, self._dice.random() * self._bounds[-1])]
        caller = self._dice.choice(self._callers)
        match kind:
            case "profile":
                return _get(kind, caller, f"/v1/users/{self._looked_at(caller)}/top")
            case "own":
                return _get(kind, caller, "/v1/me/top")
            case "change":
                return self._change(caller)
            case _ if kind == FEED_SONGS and self._songs:
                return _get(kind, caller, self._songs)
            case _:
                return _get("feed", caller, "/v1/me/following/top")

    def _looked_at(self, caller: Caller) -> str:
        weights = [self._fame[caller.api, user] for user in caller.follows]
        return self._dice.choices(caller.follows, weights)[0] if weights else caller.user

    def _change(self, caller: Caller) -> Call:
        if self._dice.random() < 0.5:
            url = f"{caller.api}/v1/me/hidden/providers/spotify"
            return Call("change", "DELETE", url, caller.token)
        body = {"visibility": "followers"}
        return Call("change", "PATCH", f"{caller.api}/v1/me", caller.token, body)


def _get(kind: str, caller: Caller, path: str) -> Call:
    return Call(kind, "GET", caller.api + path, caller.token)
