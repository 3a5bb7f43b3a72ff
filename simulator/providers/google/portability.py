"""Google's Data Portability API, after its discovery document `dataportability.v1`."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import bearer
from simulator.habit import Habit
from simulator.listeners.plays import Play
from simulator.listeners.visible import watched
from simulator.providers.google.activity import half, mistaken, records
from simulator.providers.google.activity_archive import packed
from simulator.providers.google.exports import Exports, Job, RefusedExportError, State, rfc3339
from simulator.providers.google.google import TOO_MANY, refused, unauthenticated
from simulator.providers.google.languages import ENGLISH, OTHERS, Language
from simulator.providers.grants import Consent
from simulator.providers.mishaps import Reset
from simulator.virtual_host import address
from simulator.world import World

RESOURCE = "myactivity.youtube"
SCOPE = f"https://www.googleapis.com/auth/dataportability.{RESOURCE}"
URL_SECONDS = 6 * 3600
"""How long a signed URL can be used."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Act = Callable[[Request, Consent], Awaitable[Response]]


class Initiate(msgspec.Struct, frozen=True):
    """The body of portabilityArchive:initiate. Google accepts both spellings of field names."""

    resources: list[str]
    start_time: Moment | None = None
    end_time: Moment | None = None
    start_time_in_camel: Moment | None = msgspec.field(default=None, name="startTime")
    end_time_in_camel: Moment | None = msgspec.field(default=None, name="endTime")

    @property
    def start(self) -> float | None:
        return _seconds(self.start_time or self.start_time_in_camel)

    @property
    def end(self) -> float | None:
        return _seconds(self.end_time or self.end_time_in_camel)


class Portability:
    def __init__(self, world: World) -> None:
        self._world = world
        self._exports = Exports(world)

    def routes(self) -> list[Route]:
        acts: list[tuple[str, str, Act]] = [
            ("POST", "/v1/portabilityArchive:initiate", self._initiate),
            ("GET", "/v1/archiveJobs/{job}/portabilityArchiveState", self._state),
            ("POST", "/v1/archiveJobs/{job}:cancel", self._cancel),
            ("POST", "/v1/archiveJobs/{job}:retry", self._retry),
            ("POST", "/v1/authorization:reset", self._reset),
            ("POST", "/v1/accessType:check", self._check),
        ]
        return [
            *(Route(path, self._authorized(act), methods=[verb]) for verb, path, act in acts),
            Route("/archives/{job}/{signature}/portability.zip", self.archive),
        ]

    def _authorized(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """Wraps `act` with a check of the consent, and with error responses in Google's format."""

        async def answer(request: Request) -> Response:
            consent = self._consent(request)
            if consent is None:
                return unauthenticated()
            trouble = self._world.trouble["youtube"]
            found = await trouble.answer(consent.client_id, consent.account, TOO_MANY)
            if found:
                return found
            try:
                return await act(request, consent)
            except RefusedExportError as error:
                return refused(
                    error.code, error.status, error.message, error.reason, error.metadata
                )

        return answer

    async def _initiate(self, request: Request, consent: Consent) -> Response:
        try:
            wanted = msgspec.json.decode(await request.body(), type=Initiate)
        except (msgspec.DecodeError, UnicodeDecodeError) as invalid:
            return refused(400, "INVALID_ARGUMENT", str(invalid))
        if wanted.resources != [RESOURCE]:
            return refused(400, "INVALID_ARGUMENT", "Unknown or missing resource")
        job_id = self._exports.begin(consent, wanted.start, wanted.end)
        moment = int(self._world.clock.now())
        if self._world.habits.strikes(Habit.LOST_START, consent.account, moment):
            return Reset()
        access = "ACCESS_TYPE_ONE_TIME" if consent.once else "ACCESS_TYPE_TIME_BASED"
        return Json({"archiveJobId": job_id, "accessType": access})

    async def _state(self, request: Request, consent: Consent) -> Response:
        job_id: str = request.path_params["job"]
        job, state = self._exports.ask(consent, job_id)
        answer: dict[str, Any] = {
            "name": f"archiveJobs/{job_id}/portabilityArchiveState",
            "state": state.value,
        }
        if state is State.COMPLETE:
            path = f"/archives/{job_id}/{job.signature}/portability.zip"
            answer["urls"] = [address(request, path)]
            if job.start is not None:
                answer["startTime"] = rfc3339(job.start)
            answer["exportTime"] = rfc3339(job.begun_at if job.end is None else job.end)
        return Json(answer)

    async def _cancel(self, request: Request, consent: Consent) -> Response:
        self._exports.cancel(consent, request.path_params["job"])
        return Json({})

    async def _retry(self, request: Request, consent: Consent) -> Response:
        return Json({"archiveJobId": self._exports.retry(consent, request.path_params["job"])})

    async def _reset(self, _request: Request, consent: Consent) -> Response:
        """Ends the account's consents for the application, so that they can be given again."""
        self._exports.forget(consent)
        self._world.grants["youtube"].revoke(
            lambda other: (other.client_id, other.account) == (consent.client_id, consent.account)
        )
        return Json({})

    async def _check(self, _request: Request, consent: Consent) -> Response:
        return Json({"oneTimeResources" if consent.once else "timeBasedResources": [RESOURCE]})

    async def archive(self, request: Request) -> Response:
        """The signed URL, which needs no other authorization for a few hours."""
        job = self._exports.signed(request.path_params["job"], request.path_params["signature"])
        if job is None or self._world.clock.now() > job.begun_at + URL_SECONDS:
            return refused(403, "PERMISSION_DENIED", "The URL is invalid or has expired")
        return Response(packed(self._records(job)), media_type="application/zip")

    def _records(self, job: Job) -> list[dict[str, Any]]:
        plays, songs = self._world.plays_of("youtube", job.consent.account), self._world.songs
        start = 0.0 if job.start is None else job.start
        end = job.begun_at if job.end is None else min(job.begun_at, job.end)
        found = watched(plays, start, end, now=job.begun_at)
        to_come = [play for play in found if self._mistaken(job, play)]
        language = self._language(job.consent.account)
        return [
            *mistaken(to_come, songs, language),
            *(half(record) for record in records(self._broken(job, found), songs, language)),
            *records(found, songs, language),
        ]

    def _broken(self, job: Job, plays: Sequence[Play]) -> list[Play]:
        """The plays that an unreadable record follows."""
        habits, account = self._world.habits, job.consent.account
        return [one for one in plays if habits.strikes(Habit.HALF_EMOJI, account, one.started_at)]

    def _language(self, account: str) -> Language:
        habits = self._world.habits
        if not habits.strikes(Habit.LANGUAGE, account):
            return ENGLISH
        return habits.dice(Habit.LANGUAGE, account).pick(OTHERS)

    def _mistaken(self, job: Job, play: Play) -> bool:
        return self._world.habits.strikes(Habit.FUTURE, job.consent.account, play.started_at)

    def _consent(self, request: Request) -> Consent | None:
        grants = self._world.grants["youtube"]
        access = grants.access(bearer(request))
        return access.consent if access and not grants.expired(access) else None


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
