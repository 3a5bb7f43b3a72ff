"""Google's Data Portability API: an export is begun, waited for, and fetched from a signed URL."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.answers import Json
from simulator.fields import bearer
from simulator.habit import Habit
from simulator.listening import DAY
from simulator.plays import Play
from simulator.providers.activity import mistaken, records
from simulator.providers.google import TOO_MANY, refused, unauthenticated
from simulator.providers.grants import Consent
from simulator.virtual_host import address
from simulator.visible import watched
from simulator.world import World

RESOURCE = "myactivity.youtube"
PENDING_POLLS = 1
"""How often a job is asked for in vain before it is complete, at least."""
URL_SECONDS = 6 * 3600

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Initiate(msgspec.Struct, frozen=True, rename="camel"):
    """The body of portabilityArchive:initiate."""

    resources: list[str]
    start_time: Moment | None = None
    end_time: Moment | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """An export of what was known of an account at `begun_at` (epoch seconds)."""

    consent: Consent
    start: float
    end: float
    begun_at: float
    signature: str
    asked: int = 0


class Portability:
    """Archive jobs of all accounts. One export may begin per account in 24 hours."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs: dict[str, Job] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/v1/portabilityArchive:initiate", self.initiate, methods=["POST"]),
            Route("/v1/archiveJobs/{job}/portabilityArchiveState", self.state),
            Route("/archives/{job}/{signature}/MyActivity.json", self.archive),
        ]

    async def initiate(self, request: Request) -> Response:
        consent = self._consent(request)
        if consent is None:
            return unauthenticated()
        trouble = await self._trouble(consent)
        if trouble:
            return trouble
        try:
            wanted = msgspec.json.decode(await request.body(), type=Initiate)
        except (msgspec.DecodeError, UnicodeDecodeError) as invalid:
            return refused(400, "INVALID_ARGUMENT", str(invalid))
        if wanted.resources != [RESOURCE]:
            return refused(400, "INVALID_ARGUMENT", "Unknown or missing resource")
        return self._begin(consent, wanted)

    def _begin(self, consent: Consent, wanted: Initiate) -> Response:
        now = self._world.clock.now()
        if now - self._world.exports.get(consent, float("-inf")) < DAY:
            message = "An archive of these resources was requested less than 24 hours ago"
            return refused(400, "FAILED_PRECONDITION", message)
        self._world.exports[consent] = now
        job_id = secrets.token_hex(16)
        self._jobs[job_id] = Job(
            consent=consent,
            start=wanted.start_time.timestamp() if wanted.start_time else 0.0,
            end=min(now, wanted.end_time.timestamp()) if wanted.end_time else now,
            begun_at=now,
            signature=secrets.token_hex(16),
        )
        return Json({"archiveJobId": job_id, "accessType": "ACCESS_TYPE_TIME_BASED"})

    async def state(self, request: Request) -> Response:
        consent, job_id = self._consent(request), request.path_params["job"]
        if consent is None:
            return unauthenticated()
        trouble = await self._trouble(consent)
        if trouble:
            return trouble
        job = self._jobs.get(job_id)
        if job is None or job.consent != consent:
            return refused(404, "NOT_FOUND", "Requested entity was not found.")
        self._jobs[job_id] = replace(job, asked=job.asked + 1)
        url = address(request, f"/archives/{job_id}/{job.signature}/MyActivity.json")
        return Json(_state(url, job_id, job, self._pending(job)))

    def _pending(self, job: Job) -> int:
        habits, subject = self._world.habits, (job.consent.account, int(job.begun_at))
        if not habits.strikes(Habit.EXPORT, *subject):
            return PENDING_POLLS
        return PENDING_POLLS + habits.dice(Habit.EXPORT, *subject).whole(1, 3)

    async def archive(self, request: Request) -> Response:
        """The signed URL: whoever has it may read, for a few hours."""
        job = self._jobs.get(request.path_params["job"])
        now = self._world.clock.now()
        signed = job and secrets.compare_digest(job.signature, request.path_params["signature"])
        if job is None or not signed or now > job.begun_at + URL_SECONDS:
            return refused(403, "PERMISSION_DENIED", "The URL is invalid or has expired")
        plays, songs = self._world.plays_of("youtube", job.consent.account), self._world.songs
        found = watched(plays, job.start, job.end, now=job.begun_at)
        to_come = [play for play in found if self._mistaken(job, play)]
        return Json([*mistaken(to_come, songs), *records(found, songs)])

    def _mistaken(self, job: Job, play: Play) -> bool:
        return self._world.habits.strikes(Habit.FUTURE, job.consent.account, play.started_at)

    def _consent(self, request: Request) -> Consent | None:
        grants = self._world.grants["youtube"]
        access = grants.access(bearer(request))
        return access.consent if access and not grants.expired(access) else None

    async def _trouble(self, consent: Consent) -> Response | None:
        trouble = self._world.trouble["youtube"]
        return await trouble.answer(consent.client_id, consent.account, TOO_MANY)


def _state(url: str, job_id: str, job: Job, pending: int) -> dict[str, Any]:
    name = f"archiveJobs/{job_id}/portabilityArchiveState"
    if job.asked < pending:
        return {"name": name, "state": "IN_PROGRESS"}
    return {
        "name": name,
        "state": "COMPLETE",
        "urls": [url],
        "startTime": _rfc3339(job.start),
        "exportTime": _rfc3339(job.begun_at),
    }


def _rfc3339(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
