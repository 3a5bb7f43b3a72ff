"""YouTube Music: the watch history, by exports of Google's Data Portability API.

Source: developers.google.com/data-portability. An export is asked for, prepared over minutes or
hours, and fetched from signed addresses; one may be begun every 24 hours. Each crawl does one step
and asks to be resumed while an export is being prepared.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

import msgspec

from topk.domain.account.connection import Grant
from topk.domain.crawl.provider import Authorization, Capabilities, Fetched
from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.domain.errors import ReauthRequiredError, TransientError
from topk.domain.play import Play, Precision
from topk.providers.checkpoints.day_digests import changed
from topk.providers.checkpoints.recent_days import REACH_DAYS
from topk.providers.http.answer import Answer
from topk.providers.http.transport import Transport
from topk.providers.http.units import DAY_SECONDS, is_plausible
from topk.providers.oauth.code_flow import CodeFlow
from topk.providers.youtube.export import Export
from topk.providers.youtube.google import SignedAddresses, codes_of, metadata_of, read_answer
from topk.providers.youtube.wire import jobs, moment, read_archive, rfc3339, states

ENDPOINTS = {
    "accounts": "https://accounts.google.com",
    "oauth2": "https://oauth2.googleapis.com",
    "portability": "https://dataportability.googleapis.com",
}
RESOURCE = "myactivity.youtube"
SCOPE = f"https://www.googleapis.com/auth/dataportability.{RESOURCE}"
CONSENT_SECONDS = 180 * 86_400
"""The longest consent a user can choose, where the token answer does not say."""
EXPORT_EVERY_SECONDS = 86_400
EARLY_SECONDS = 3600
"""A daily crawl that comes so much too early waits for its time instead of losing the day."""
PATIENCE_SECONDS = 2 * 86_400
"""An export that is not ready after this time is abandoned and started again."""
ADDRESS_SECONDS = 12 * 3600
"""Refused download URLs are abandoned with their export after this time. Google's URLs live for
some hours; whether an old export ever gets new ones is not documented.
"""
POLL_SECONDS = 300
ARCHIVE_BYTES = 16 * 1024 * 1024

# Why an export is refused: developers.google.com/data-portability/user-guide/methods and
# /time-based, where older pages have FAILED_PRECONDITION. All concern one user alone.
_TOO_EARLY = frozenset({"RESOURCE_EXHAUSTED_TIME_BASED", "FAILED_PRECONDITION"})
_USED_UP = frozenset({"RESOURCE_EXHAUSTED_ONE_TIME"})
_UNDER_WAY = frozenset({"ALREADY_EXISTS_TIME_BASED", "ALREADY_EXISTS_ONE_TIME"})


class YouTube:
    name = "youtube"
    capabilities = Capabilities(None, Precision.EXACT)

    def __init__(
        self,
        http: Transport,
        *,
        endpoints: Mapping[str, str],
        credentials: Mapping[str, str],
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        bases = {**ENDPOINTS, **endpoints}
        self._http = http
        self._api_url = f"{bases['portability']}/v1"
        self._revoke_url = f"{bases['oauth2']}/revoke"
        self._archives = SignedAddresses.beside(bases.values())
        self._poll_seconds = poll_seconds
        self._flow = CodeFlow(
            http,
            authorize_url=f"{bases['accounts']}/o/oauth2/v2/auth",
            token_url=f"{bases['oauth2']}/token",
            client_id=credentials["client_id"],
            client_secret=credentials["client_secret"],
            issuer=bases["accounts"],
            scope=SCOPE,
            consent_seconds=CONSENT_SECONDS,
            client_auth="client_secret_post",
        )

    def authorize_url(self, authorization: Authorization) -> str:
        """Always requests consent, because only then a refresh token is returned."""
        return self._flow.start(authorization, access_type="offline", prompt="consent")

    async def complete(
        self, authorization: Authorization, answer: Mapping[str, str], *, now: int
    ) -> Grant:
        return await self._flow.exchange(authorization, answer, now=now)

    async def refresh(self, grant: Grant, *, now: int) -> Grant:
        return await self._flow.refresh(grant, now=now)

    async def fetch(self, grant: Grant, checkpoint: str, *, now: int) -> Fetched:
        """One step of the export under way, or the start of one where it is time."""
        export = Export.of(checkpoint)
        if export.job:
            return await self._advance(grant, export, export.job, now)
        if export.exported_at is not None and now < export.exported_at + EXPORT_EVERY_SECONDS:
            return export.fetched(resume_after=_wait(export, now))
        return await self._begin(grant, export, now)

    async def revoke(self, grant: Grant) -> None:
        """Raises TransientError where Google did not answer; a token that is dead already is fine.

        Source: developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke.
        """
        answer = await self._http.request(
            "POST",
            self._revoke_url,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode({"token": grant.refresh_token or grant.access_token}).encode(),
        )
        if answer.status not in {200, 400}:
            raise TransientError(f"answered {answer.status}")

    async def _begin(self, grant: Grant, export: Export, now: int) -> Fetched:
        reach = now - REACH_DAYS * DAY_SECONDS
        since = min(reach, export.exported_through or reach)
        start = since - since % DAY_SECONDS  # whole days, so that their digests can be compared
        span = {"startTime": rfc3339(start), "endTime": rfc3339(now)}
        body = msgspec.json.encode({"resources": [RESOURCE], **span})
        answer = await self._ask(grant, "POST", "portabilityArchive:initiate", body)
        codes = codes_of(answer)
        if codes & _USED_UP:
            raise ReauthRequiredError("consent_used_up")
        if codes & _TOO_EARLY:
            return _refused(export, now, until=metadata_of(answer, "timestamp_after_24hrs"))
        under_way = metadata_of(answer, "job_id") if codes & _UNDER_WAY else ""
        job = under_way or read_answer(answer, jobs, now=now).archive_job_id
        return export.begun(job, now=now).fetched(resume_after=self._poll_seconds)

    async def _advance(self, grant: Grant, export: Export, job: str, now: int) -> Fetched:
        path = f"archiveJobs/{quote(job, safe='')}/portabilityArchiveState"
        answer = await self._ask(grant, "GET", path)
        if answer.status == 404:
            return _given_up(export, now)
        state = read_answer(answer, states, now=now)
        if state.state == "COMPLETE":
            return await self._collect(export.reaching(state.reaches), state.urls, now)
        if state.state != "IN_PROGRESS" or now - (export.exported_at or 0) > PATIENCE_SECONDS:
            return _given_up(export, now)
        return export.fetched(resume_after=self._poll_seconds)

    async def _collect(self, export: Export, addresses: list[str], now: int) -> Fetched:
        """The music of the days that changed. The archives are asked for without our token: their
        addresses are signed.

        Raises TransientError where one is not given: the next state may have fresh addresses. Once
        the export is old it is dropped instead, since nothing else would ever begin another.
        """
        plays: list[Play] = []
        read = 0
        left_out = NOTHING_SKIPPED
        for address in self._archives.checked(addresses):
            answer = await self._http.request("GET", address, most_bytes=ARCHIVE_BYTES)
            if answer.status != 200:
                if now - (export.exported_at or 0) > ADDRESS_SECONDS:
                    return _given_up(export, now)
                raise TransientError(f"archive answered {answer.status}")
            found = read_archive(answer.body, most_bytes=ARCHIVE_BYTES)
            plausible = [play for play in found.items if is_plausible(play.listened_at, now=now)]
            read += len(plausible)
            left_out += found.skipped + Skipped.of(Skip.TIME, len(found.items) - len(plausible))
            plays += plausible
        fresh, days = changed(plays, export.days)
        done = export.completed(days).fetched()
        return replace(done, plays=fresh, read=read, left_out=left_out)

    async def _ask(
        self, grant: Grant, method: str, path: str, content: bytes | None = None
    ) -> Answer:
        return await self._http.request(
            method,
            f"{self._api_url}/{path}",
            headers={
                "Authorization": f"Bearer {grant.access_token}",
                "Content-Type": "application/json",
            },
            content=content,
        )


def _refused(export: Export, now: int, *, until: str) -> Fetched:
    """An account that was connected before may have been exported less than a day ago.

    It alone waits, up to the moment that Google names (`until`, RFC 3339) at its first refusal.
    The daily crawl after that may be early by as much as the other export was late: it is tried
    again within that hour, and not all day, which would grow with each message that comes twice.
    """
    past = now - (export.refused_at or now) - EXPORT_EVERY_SECONDS
    named = (moment(until) or 0) - now
    if export.refused_at is None and 0 < named <= EXPORT_EVERY_SECONDS:
        return export.refused(now=now).fetched(resume_after=named)
    again = EARLY_SECONDS if abs(past) <= EARLY_SECONDS else None
    return export.refused(now=now).fetched(resume_after=again)


def _given_up(export: Export, now: int) -> Fetched:
    """Without its job; another is begun at once where it is time."""
    return export.dropped().fetched(resume_after=_wait(export, now))


def _wait(export: Export, now: int) -> int | None:
    """Seconds until the next export may begin; None where the next daily crawl is soon enough."""
    early = (export.exported_at or 0) + EXPORT_EVERY_SECONDS - now
    return max(early, 0) if early <= EARLY_SECONDS else None
