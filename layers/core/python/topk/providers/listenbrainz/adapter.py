"""ListenBrainz: every listen of an account, over its API, with consent by MetaBrainz OAuth.

Source: listenbrainz.readthedocs.io and wiki.musicbrainz.org/Development/OAuth2. With `min_ts` the
oldest listens after it come, so that those arriving meanwhile shift nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization, Capabilities, Fetched
from topk.domain.errors import AccessExpiredError, NotPermittedError, ReauthRequiredError
from topk.domain.play import Precision
from topk.providers.checkpoints.recent_days import (
    Leaf,
    RecentDays,
    Span,
    oldest_first,
    played_seconds,
)
from topk.providers.http.answer import UNREADABLE, Answer, raise_for_fault, read_json
from topk.providers.http.transport import Transport
from topk.providers.listenbrainz.wire import accounts, listens, pages, refusals, stamps
from topk.providers.oauth.code_flow import CodeFlow
from topk.providers.reading.items import read_items

ENDPOINTS = {"accounts": "https://musicbrainz.org", "api": "https://api.listenbrainz.org"}
SCOPE = "profile"
PAGE_SIZE = 500
"""Half of what is allowed: submitters fill listens with data of their own."""
MOST_PAGES = 10
"""Maximum pages of one crawl; the next one continues."""


class ListenBrainz:
    name = "listenbrainz"
    capabilities = Capabilities(None, Precision.EXACT)

    def __init__(
        self, http: Transport, *, endpoints: Mapping[str, str], credentials: Mapping[str, str]
    ) -> None:
        bases = {**ENDPOINTS, **endpoints}
        self._http = http
        self._api_url = f"{bases['api']}/1"
        self._account_url = f"{bases['accounts']}/oauth2/userinfo"
        self._revoke_url = f"{bases['accounts']}/oauth2/revoke"
        self._flow = CodeFlow(
            http,
            authorize_url=f"{bases['accounts']}/oauth2/authorize",
            token_url=f"{bases['accounts']}/oauth2/token",
            client_id=credentials["client_id"],
            client_secret=credentials["client_secret"],
            issuer=bases["accounts"],
            scope=SCOPE,
            consent_seconds=None,
            client_auth="client_secret_post",
        )

    def authorize_url(self, authorization: Authorization) -> str:
        """Always requests consent, because only then a refresh token is returned."""
        return self._flow.start(authorization, access_type="offline", approval_prompt="force")

    async def complete(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        """The grant, with the user's name: listens are asked for by it."""
        grant = await self._flow.exchange(authorization, answer, now=now)
        told = await self._ask(self._account_url, grant, now)
        return replace(grant, account=read_json(told, accounts).sub)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        return await self._flow.refresh(grant, now=now)

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """The listens of the recent days that changed, however late they were submitted."""

        async def page(span: Span, _: int) -> Leaf:
            return await self._page(grant, span, now)

        recent = RecentDays.of(checkpoint).begun(now=now)
        return await recent.read(page, rest=oldest_first, most_pages=MOST_PAGES)

    async def revoke(self, grant: Grant) -> None:
        await self._flow.revoke(grant, self._revoke_url)

    async def _page(self, grant: Grant, span: Span, now: int) -> Leaf:
        """The oldest listens within `span`; `min_ts` is exclusive."""
        url = f"{self._api_url}/user/{quote(grant.account, safe='')}/listens"
        query = {"count": str(PAGE_SIZE), "min_ts": str(span[0] - 1)}
        listed = read_json(await self._ask(url, grant, now, query), pages).payload.listens
        read = read_items(listed, listens)
        reports = [one.report() for one in read.items]
        plays = [one.play for one in reports]
        full = len(listed) >= PAGE_SIZE
        stamped = read_items(listed, stamps).items if read.skipped.total else []
        moments = {play.listened_at for play in plays} | {one.listened_at for one in stamped}
        return Leaf(
            plays,
            read.skipped,
            is_last=not full,
            is_cut=full and len(moments) <= 1,
            skipped_at=moments,
            played=played_seconds(reports),
        )

    async def _ask(
        self, url: str, grant: Grant, now: int, query: Mapping[str, str] | None = None
    ) -> Answer:
        bearer = {"Authorization": f"Bearer {grant.access_token}"}
        answer = await self._http.request("GET", url, params=query, headers=bearer)
        told = replace(answer, status=_status(answer))
        raise_for_fault(told, now=now)
        if told.status == 401:
            raise AccessExpiredError("access token refused")
        if told.status == 403:
            raise NotPermittedError("user or app is not allowed")
        if told.status == 404:
            raise ReauthRequiredError("unknown_user", certain=False)
        return told


def _status(answer: Answer) -> int:
    """What the answer says of itself: its body, where it is an error's, before its status."""
    try:
        return refusals.decode(answer.body).code
    except UNREADABLE:
        return answer.status
