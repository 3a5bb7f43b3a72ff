"""Spotify: the last 50 plays of an account, over the Web API.

Source: developer.spotify.com/documentation/web-api. Only the last 50 plays are available, and
offline plays arrive late and out of order, so that a cursor would miss them: every crawl reads the
whole list and takes what the last one did not contain.
"""

from collections.abc import Mapping

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization, Capabilities, Fetched
from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.domain.errors import AccessExpiredError, NotPermittedError
from topk.domain.play import Precision
from topk.providers.checkpoints.checkpoint_hashes import PageCheckpoint
from topk.providers.http.answer import query_of, raise_for_fault, read_json
from topk.providers.http.transport import Transport
from topk.providers.http.units import DAY_SECONDS, is_plausible
from topk.providers.oauth.code_flow import CodeFlow
from topk.providers.reading.items import read_items
from topk.providers.spotify.wire import Listened, Page, entries, pages

ENDPOINTS = {"accounts": "https://accounts.spotify.com", "api": "https://api.spotify.com"}
SCOPE = "user-read-recently-played"
CONSENT_SECONDS = 183 * 86_400
"""A refresh token dies six months after consent, 181 to 184 days. The date only announces the end:
what ends a connection is the refusal to refresh."""
DEPTH = 50


class Spotify:
    name = "spotify"
    capabilities = Capabilities(DEPTH, Precision.END)

    def __init__(
        self, http: Transport, *, endpoints: Mapping[str, str], credentials: Mapping[str, str]
    ) -> None:
        bases = {**ENDPOINTS, **endpoints}
        self._http = http
        self._plays_url = f"{bases['api']}/v1/me/player/recently-played"
        self._flow = CodeFlow(
            http,
            authorize_url=f"{bases['accounts']}/authorize",
            token_url=f"{bases['accounts']}/api/token",
            client_id=credentials["client_id"],
            client_secret=credentials["client_secret"],
            issuer=bases["accounts"],
            scope=SCOPE,
            consent_seconds=CONSENT_SECONDS,
        )

    def authorize_url(self, authorization: Authorization) -> str:
        return self._flow.start(authorization)

    async def complete(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        return await self._flow.exchange(authorization, answer, now=now)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        return await self._flow.refresh(grant, now=now)

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """The plays not shown at the last crawl.

        A full list of nothing but new plays means that older ones may have dropped off unseen.
        """
        last = PageCheckpoint.of(checkpoint)
        known = frozenset(last.marks if last else ())
        shown, left_out = await self._shown(grant, now)
        fresh = [entry.play() for mark, entry in shown.items() if mark not in known]
        plays = [play for play in fresh if play]
        plausible = tuple(play for play in plays if is_plausible(play.listened_at, now=now))
        recent = plays if last else [play for play in plays if play.listened_at > now - DAY_SECONDS]
        full = len(shown) + left_out.total >= DEPTH
        return Fetched(
            plays=plausible,
            checkpoint=PageCheckpoint(now, tuple(shown)[:DEPTH]).checkpoint(),
            crawled_through=now,
            gap_since=last.at if last and full and known.isdisjoint(shown) else None,
            read=len(shown),
            left_out=left_out + Skipped.of(Skip.TIME, len(plays) - len(plausible)),
            fill=min(len(recent) / DEPTH, 1.0),
        )

    async def revoke(self, grant: Grant) -> None:
        """Spotify has no endpoint for it; the user removes the app in their account."""

    async def _shown(self, grant: Grant, now: int) -> tuple[dict[bytes, Listened], Skipped]:
        """All entries of the list by their marks, newest first, and those that name no track.

        A page that brings nothing more is the last one, so that no `next` leads in a circle.
        """
        shown: dict[bytes, Listened] = {}
        left_out = NOTHING_SKIPPED
        cursor: dict[str, str] = {}
        counted = -1
        while counted < len(shown) + left_out.total < DEPTH:
            counted = len(shown) + left_out.total
            page = await self._page(grant, cursor, now)
            listened = read_items(page.items, entries)
            removed = sum(entry.is_removed for entry in listened.items)
            left_out += listened.skipped + Skipped.of(Skip.REMOVED, removed)
            for entry in listened.items:
                if not entry.is_removed:
                    shown.setdefault(entry.mark, entry)
            before = query_of(page.next).get("before")
            if not before:
                break
            cursor = {"before": before}
        return shown, left_out

    async def _page(self, grant: Grant, cursor: Mapping[str, str], now: int) -> Page:
        answer = await self._http.request(
            "GET",
            self._plays_url,
            params={"limit": str(DEPTH), **cursor},
            headers={"Authorization": f"Bearer {grant.access_token}"},
        )
        raise_for_fault(answer, now=now)
        if answer.status == 401:
            raise AccessExpiredError("access token refused")
        if answer.status == 403:
            raise NotPermittedError("user or app is not allowed")
        return read_json(answer, pages)
