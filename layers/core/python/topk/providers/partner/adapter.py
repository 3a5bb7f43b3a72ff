"""Any provider that speaks our own protocol: its name and addresses are configuration.

The contract is docs/provider-contract.md: the authorization code flow with PKCE, and pages of
listens, oldest first.
"""

from collections.abc import Collection, Mapping
from urllib.parse import quote

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization, Capabilities, Fetched
from topk.domain.crawl.skipped import Skip, Skipped
from topk.domain.errors import AccessExpiredError, BadPayloadError, ReauthRequiredError
from topk.domain.play import Precision
from topk.providers.checkpoints.recent_days import Leaf, RecentDays, Span, played_seconds
from topk.providers.http.answer import raise_for_fault, read_json
from topk.providers.http.transport import Transport
from topk.providers.http.units import is_plausible
from topk.providers.oauth.code_flow import CodeFlow
from topk.providers.partner.wire import Page, listens, pages
from topk.providers.reading.items import read_items

SCOPE = "listens:read"
PAGE_SIZE = 500
MOST_PAGES = 10
"""Maximum pages of one crawl; the next one continues."""


class Partner:
    capabilities = Capabilities(None, Precision.EXACT, pushes=True, rotates=True)

    def __init__(
        self,
        http: Transport,
        *,
        name: str,
        endpoints: Mapping[str, str],
        credentials: Mapping[str, str],
    ) -> None:
        self.name = name
        self._http = http
        self._users_url = f"{endpoints['api']}/third_party"
        self._revoke_url = f"{endpoints['accounts']}/revoke"
        self._flow = CodeFlow(
            http,
            authorize_url=f"{endpoints['accounts']}/authorize",
            token_url=f"{endpoints['accounts']}/token",
            client_id=credentials["client_id"],
            client_secret=credentials["client_secret"],
            issuer=endpoints["accounts"],
            scope=SCOPE,
            consent_seconds=None,
        )

    def authorize_url(self, authorization: Authorization) -> str:
        return self._flow.start(authorization)

    async def complete(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        """Raises BadPayloadError if the token response does not contain the user."""
        grant = await self._flow.exchange(authorization, answer, now=now)
        if not grant.account:
            raise BadPayloadError("the token answer names no user_id")
        return grant

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        return await self._flow.refresh(grant, now=now)

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """The listens of the recent days that changed, however late they were reported."""
        recent = RecentDays.of(checkpoint).begun(now=now)
        whole = recent.left
        cursors: list[str | None] = [None]

        async def page(_: Span, __: int) -> Leaf:
            listed = await self._page(grant, whole, cursors[-1], now)
            is_last = not listed.next_cursor or listed.next_cursor in cursors
            cursors.append(listed.next_cursor)
            return self._leaf(listed, now, is_last=is_last)

        return await recent.read(page, rest=_after, most_pages=MOST_PAGES)

    async def revoke(self, grant: Grant) -> None:
        await self._flow.revoke(grant, self._revoke_url)

    async def _page(self, grant: Grant, span: Span, cursor: str | None, now: int) -> Page:
        query = {"since": str(span[0]), "until": str(span[1]), "per_page": str(PAGE_SIZE)}
        answer = await self._http.request(
            "GET",
            f"{self._users_url}/{quote(grant.account, safe='')}/listen",
            params={**query, **({"cursor": cursor} if cursor else {})},
            headers={"Authorization": f"Bearer {grant.access_token}"},
        )
        raise_for_fault(answer, now=now)
        if answer.status == 401:
            raise AccessExpiredError("access token refused")
        if answer.status == 403:
            raise ReauthRequiredError("consent_withdrawn", certain=False)
        if answer.status == 404:
            raise ReauthRequiredError("unknown_user", certain=False)
        return read_json(answer, pages)

    def _leaf(self, listed: Page, now: int, *, is_last: bool) -> Leaf:
        read = read_items(listed.listens, listens)
        reports = [listen.report(self.name) for listen in read.items]
        possible = [one for one in reports if is_plausible(one.play.listened_at, now=now)]
        impossible = Skipped.of(Skip.TIME, len(reports) - len(possible))
        return Leaf(
            [one.play for one in possible],
            read.skipped + impossible,
            is_last,
            played=played_seconds(possible),
        )


def _after(found: Collection[int], span: Span) -> Span:
    """The next crawl continues where this one stopped, with new cursors."""
    return max(found, default=span[0]), span[1]
