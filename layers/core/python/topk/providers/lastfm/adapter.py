"""Last.fm: every scrobble of an account, over its API 2.0.

Source: last.fm/api/webauth and /api/show/user.getRecentTracks. Pages are counted from the newest
scrobble, so that each new one shifts them all: a long list is walked by time, the newest page of
what is left again and again. Only a second with more than a page (a bulk import) is walked by the
numbers of its pages.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization, Capabilities, Fetched
from topk.domain.crawl.skipped import Skip, Skipped
from topk.domain.errors import (
    BadPayloadError,
    InvalidRequestError,
    NotPermittedError,
    RateLimitedError,
    ReauthRequiredError,
    TransientError,
)
from topk.domain.play import Precision
from topk.providers.checkpoints.recent_days import Leaf, RecentDays, Span, newest_first
from topk.providers.http.answer import (
    UNREADABLE,
    Answer,
    raise_for_fault,
    read_json,
    retry_after,
)
from topk.providers.http.transport import Transport
from topk.providers.lastfm.wire import pages, refusals, scrobbles, sessions
from topk.providers.reading.items import read_items

ENDPOINTS = {"accounts": "https://www.last.fm", "api": "https://ws.audioscrobbler.com"}
PAGE_SIZE = 200
MOST_PAGES = 10
"""Maximum pages of one crawl; the next one continues."""

_REAUTH = {
    4: "invalid_token",
    9: "session_revoked",
    14: "token_unauthorized",
    15: "token_expired",
}
_DOUBTFUL = {6: "unknown_user", 7: "unknown_user", 17: "private_profile"}
"""Refusals of one account that have been seen to pass."""
_PASSING = frozenset({8, 11, 16})
_REFUSED = frozenset({10, 13, 26})
_LIMITED = 29
_MANY_THINGS = 6
_NO_USER = "User not found"
"""Only by the message does an unknown user differ from a missing or invalid parameter."""


class LastFm:
    name = "lastfm"
    capabilities = Capabilities(None, Precision.EXACT)

    def __init__(
        self, http: Transport, *, endpoints: Mapping[str, str], credentials: Mapping[str, str]
    ) -> None:
        bases = {**ENDPOINTS, **endpoints}
        self._http = http
        self._consent_url = f"{bases['accounts']}/api/auth/"
        self._api_url = f"{bases['api']}/2.0/"
        self._api_key = credentials["api_key"]
        self._shared_secret = credentials["shared_secret"]

    def authorize_url(self, authorization: Authorization) -> str:
        """Last.fm has no `state`: it travels in the address that the user comes back to."""
        back = f"{authorization.redirect_uri}?{urlencode({'state': authorization.state})}"
        return f"{self._consent_url}?{urlencode({'api_key': self._api_key, 'cb': back})}"

    async def complete(
        self,
        authorization: Authorization,  # noqa: ARG002
        answer: Mapping[str, str],
        *,
        now: int,
    ) -> Grant:
        """A session, which never expires. Raises InvalidRequestError where `token` is missing."""
        if not answer.get("token"):
            raise InvalidRequestError("token", "is missing")
        told = await self._ask("auth.getSession", now, token=answer["token"])
        session = read_json(told, sessions).session
        return Grant(session.key, account=session.name)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:  # noqa: ARG002
        """Always ReauthRequiredError: a session is not renewed."""
        raise ReauthRequiredError("no_refresh")

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """The scrobbles of the recent days that changed, however late they were uploaded."""

        async def page(span: Span, number: int) -> Leaf:
            return await self._page(grant, span, number, now)

        recent = RecentDays.of(checkpoint).begun(now=now)
        return await recent.read(page, rest=newest_first, most_pages=MOST_PAGES, numbered=True)

    async def revoke(self, grant: Grant) -> None:
        """Last.fm has no method for it; the user removes the app in their settings."""

    async def _page(self, grant: Grant, span: Span, number: int, now: int) -> Leaf:
        """A page of the newest scrobbles within `span`. The session also returns those of a private
        profile.

        Whether `from` and `to` are inclusive is not documented; both are widened.
        """
        answer = await self._ask(
            "user.getrecenttracks",
            now,
            user=grant.account,
            sk=grant.access_token,
            limit=str(PAGE_SIZE),
            page=str(number),
            **{"from": str(span[0] - 1), "to": str(span[1])},
        )
        listed = read_json(answer, pages).recenttracks
        read = read_items(listed.items, scrobbles)
        done = [scrobble.play() for scrobble in read.items if not scrobble.is_playing]
        plays = [play for play in done if play]
        undated = Skipped.of(Skip.TIME, len(done) - len(plays))
        return Leaf(plays, read.skipped + undated, listed.is_last(number, PAGE_SIZE))

    async def _ask(self, method: str, now: int, **parameters: str) -> Answer:
        signed = {"method": method, "api_key": self._api_key, **parameters}
        query = {**signed, "api_sig": self._signature(signed), "format": "json"}
        answer = await self._http.request("GET", self._api_url, params=query)
        _raise_for_refusal(answer, now=now)
        raise_for_fault(answer, now=now)
        return answer

    def _signature(self, parameters: Mapping[str, str]) -> str:
        text = "".join(f"{name}{parameters[name]}" for name in sorted(parameters))
        # Last.fm demands md5 (last.fm/api/webauth, 8): it proves the secret, it protects nothing.
        return hashlib.md5(
            f"{text}{self._shared_secret}".encode(), usedforsecurity=False
        ).hexdigest()


def _raise_for_refusal(answer: Answer, *, now: int) -> None:
    """Source: last.fm/api/errorcodes. The status of an error varies; its body does not."""
    try:
        refusal = refusals.decode(answer.body)
    except UNREADABLE:
        return
    code = refusal.error
    if code == _MANY_THINGS and _NO_USER not in refusal.message:
        raise BadPayloadError(f"error {code}")
    if code in _REAUTH:
        raise ReauthRequiredError(_REAUTH[code])
    if code in _DOUBTFUL:
        raise ReauthRequiredError(_DOUBTFUL[code], certain=False)
    if code in _PASSING:
        raise TransientError(f"error {code}")
    if code in _REFUSED:
        raise NotPermittedError(f"error {code}")
    if code == _LIMITED:
        raise RateLimitedError(retry_after(answer.headers, now=now))
    raise BadPayloadError(f"error {code}")
