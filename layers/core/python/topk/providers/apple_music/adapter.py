"""Apple Music: the list of recently played tracks, over the Apple Music API.

Source: developer.apple.com/documentation/applemusicapi and /musickitjs. There is no code flow: the
user's token comes from MusicKit JS on a page of ours, which posts it to the callback. The list has
no times, only an order, so plays are what changed between two readings of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode, urljoin

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization, Capabilities, Fetched
from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.domain.errors import InvalidRequestError, NotPermittedError, ReauthRequiredError
from topk.domain.play import Play, Precision
from topk.providers.apple_music.developer_token import DeveloperToken
from topk.providers.apple_music.musickit import MusicKitPage
from topk.providers.apple_music.wire import Listed, Page, entries, pages
from topk.providers.checkpoints.checkpoint_hashes import PageCheckpoint, mark
from topk.providers.checkpoints.list_diff import count_played, is_older
from topk.providers.http.answer import query_of, raise_for_fault, read_json
from topk.providers.http.transport import Transport
from topk.providers.reading.items import read_items, skipped_as
from topk.providers.reading.lenient import UnreadableError

ENDPOINTS = {
    "api": "https://api.music.apple.com",
    "musickit": "https://js-cdn.music.apple.com",
}
CONSENT_SECONDS = 183 * 86_400
"""About how long Apple lets a user's token live; the date only announces the end."""
DEPTH = 60
"""The list has been seen so long; Apple does not say how long it is."""
PAGE_SIZE = 30
MOST_PAGES = 10

_USER_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


class AppleMusic:
    name = "apple_music"

    def __init__(
        self,
        http: Transport,
        *,
        endpoints: Mapping[str, str],
        credentials: Mapping[str, str],
        depth: int = DEPTH,
    ) -> None:
        bases = {**ENDPOINTS, **endpoints}
        self._http = http
        self._list_url = f"{bases['api']}/v1/me/recent/played/tracks"
        self._script_url = f"{bases['musickit']}/musickit/v3/musickit.js"
        self._developer_token = DeveloperToken(
            team_id=credentials["team_id"],
            key_id=credentials["key_id"],
            private_key=credentials["private_key"],
        )
        self._depth = depth
        self.capabilities = Capabilities(depth, Precision.INFERRED)

    def authorize_url(self, authorization: Authorization) -> str:
        """Our own consent page, which stands beside the callback."""
        query = urlencode({"state": authorization.state})
        return f"{urljoin(authorization.redirect_uri, 'authorize')}?{query}"

    def page(self, *, state: str, redirect_uri: str, now: int) -> MusicKitPage:
        """What the consent page of that handshake shows."""
        return MusicKitPage(self._script_url, self._developer_token.at(now), state, redirect_uri)

    async def complete(
        self,
        authorization: Authorization,  # noqa: ARG002
        answer: Mapping[str, str],
        *,
        now: int,
    ) -> Grant:
        """Raises InvalidRequestError where `music_user_token` cannot be one."""
        token = answer.get("music_user_token", "")
        if not _USER_TOKEN.fullmatch(token):
            raise InvalidRequestError("music_user_token", "is not an Apple Music token")
        return Grant(token, consent_ends_at=now + CONSENT_SECONDS)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:  # noqa: ARG002
        """Always ReauthRequiredError: a user's token cannot be renewed without the user."""
        raise ReauthRequiredError("no_refresh")

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """The entries that moved to the top since the last crawl, each at its time.

        The first list is the baseline and counts nothing. A full list of only new entries may have
        dropped others, and unreadable new entries are lost; a list that no play explains (a cleared
        history, a partial response) counts nothing and is the next baseline. All are gaps. A list
        older than the last one is ignored.
        """
        last = PageCheckpoint.of(checkpoint)
        listed, left_out = await self._listed(grant, now)
        marks = tuple(mark(entry.id) for entry in listed)
        fetched = Fetched(
            (), PageCheckpoint(now, marks).checkpoint(), now, read=len(listed), left_out=left_out
        )
        if last is None:
            return fetched
        if is_older(last.marks, marks, depth=self._depth):
            return replace(fetched, checkpoint=checkpoint, crawled_through=last.at)
        played = count_played(last.marks, marks, depth=self._depth)
        if played is None:
            return replace(fetched, gap_since=last.at, fill=1.0)
        plays, nameless = _plays(listed[:played], since=last.at)
        return replace(
            fetched,
            plays=plays,
            gap_since=last.at if played >= self._depth or nameless.faults else None,
            fill=played / self._depth,
            read=len(listed) - nameless.total,
            left_out=left_out + nameless,
        )

    async def revoke(self, grant: Grant) -> None:
        """Apple has no endpoint for it; the user removes the app in their account."""

    async def _listed(self, grant: Grant, now: int) -> tuple[list[Listed], Skipped]:
        """The list to its depth, latest first, and the entries that cannot be read."""
        listed: dict[str, Listed] = {}
        left_out = NOTHING_SKIPPED
        offset = 0
        for _ in range(MOST_PAGES):
            page = await self._page(grant, offset, now)
            read = read_items(page.data, entries)
            left_out += read.skipped
            for entry in read.items:
                listed.setdefault(entry.id, entry)
            following = query_of(page.next).get("offset", "")
            if not following.isdecimal() or not offset < int(following) < self._depth:
                break
            offset = int(following)
        return list(listed.values())[: self._depth], left_out

    async def _page(self, grant: Grant, offset: int, now: int) -> Page:
        """One page. Apple's `next` leaves out the limit: limit and types are repeated."""
        answer = await self._http.request(
            "GET",
            self._list_url,
            params={
                "limit": str(PAGE_SIZE),
                "offset": str(offset),
                "types": "songs,library-songs",
            },
            headers={
                "Authorization": f"Bearer {self._developer_token.at(now)}",
                "Music-User-Token": grant.access_token,
            },
        )
        raise_for_fault(answer, now=now)
        if answer.status == 401:
            raise NotPermittedError("developer token refused")
        if answer.status == 403:
            raise ReauthRequiredError("consent_withdrawn", certain=False)
        return read_json(answer, pages)


def _plays(played: Sequence[Listed], *, since: int) -> tuple[tuple[Play, ...], Skipped]:
    """A play of each readable entry, all at the time of the last reading, and the other entries.

    The time depends only on the checkpoint. A crawl repeated after a crash, when more was played
    and the order has changed, returns the same plays, and each counts once.
    """
    plays = []
    left_out = NOTHING_SKIPPED
    for entry in played:
        try:
            plays.append(Play("apple_music", entry.track(), since, Precision.INFERRED))
        except UnreadableError as error:
            reason = Skip.REMOVED if entry.is_removed else error.reason
            left_out += skipped_as(reason, entry.attributes)
    return tuple(plays), left_out
