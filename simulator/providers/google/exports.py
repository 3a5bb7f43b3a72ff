"""Google's export jobs: when they may begin, and their states.

Refusals and states: https://developers.google.com/data-portability/user-guide/methods and
/time-based, and Google's own quickstart, which reads reason and metadata of each refusal.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum

from simulator.habit import Habit
from simulator.listeners.listening import DAY
from simulator.providers.grants import Consent
from simulator.world import World

PENDING_POLLS = 1
"""Least number of polls before a job is complete."""
JOB_SECONDS = 7 * DAY
"""Time within which every job ends."""
RETRIES = 3
"""Most retries of a failed job."""


class State(Enum):
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Job:
    """An export of the data of an account, as of `begun_at`.

    `start` and `end` (epoch seconds) are None if not requested. `asked` is the number of polls of
    the state, `retries` the number of earlier failures.
    """

    consent: Consent
    start: float | None
    end: float | None
    begun_at: float
    fails: bool
    signature: str = field(default_factory=lambda: secrets.token_hex(16))
    asked: int = 0
    retries: int = 0
    cancelled: bool = False


class RefusedExportError(Exception):
    """`code` is the HTTP status, `status` Google's name for it."""

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.reason = reason
        self.metadata = metadata or {}


class Exports:
    """The jobs of all accounts.

    Time-based access allows one export per 24 hours, one-time access a single one until a reset.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs: dict[str, Job] = {}

    def begin(self, consent: Consent, start: float | None, end: float | None) -> str:
        """The id of a new job. Raises RefusedExportError."""
        if start is not None and end is not None and end < start:
            raise RefusedExportError(400, "INVALID_ARGUMENT", "end_time is before start_time")
        self._check_running(consent)
        self._check_too_soon(consent)
        self._check_exhausted(consent)
        self._world.exports[consent] = self._world.clock.now()
        return self._add(consent, start, end)

    def job(self, consent: Consent, job_id: str) -> Job:
        """The job with an id. Raises RefusedExportError if the consent has no such job."""
        job = self._jobs.get(job_id)
        if job is None or job.consent != consent:
            raise RefusedExportError(404, "NOT_FOUND", "Requested entity was not found.")
        return job

    def signed(self, job_id: str, signature: str) -> Job | None:
        """The job, if its URL has a valid signature."""
        job = self._jobs.get(job_id)
        return job if job and secrets.compare_digest(job.signature, signature) else None

    def ask(self, consent: Consent, job_id: str) -> tuple[Job, State]:
        """The job and its state; each poll advances it. Raises RefusedExportError."""
        job = self.job(consent, job_id)
        state = self._state(job)
        self._jobs[job_id] = replace(job, asked=job.asked + 1)
        return job, state

    def cancel(self, consent: Consent, job_id: str) -> None:
        """Cancels a running time-based job. Raises RefusedExportError."""
        job = self.job(consent, job_id)
        if consent.once or self._state(job) is not State.IN_PROGRESS:
            raise _precondition("Only a time-based job in progress can be cancelled")
        self._jobs[job_id] = replace(job, cancelled=True)

    def retry(self, consent: Consent, job_id: str) -> str:
        """Restarts a failed job, and returns its new id. Raises RefusedExportError."""
        job = self.job(consent, job_id)
        if self._state(job) is not State.FAILED or job.retries >= RETRIES:
            raise _precondition("Only a failed job can be retried, and only three times")
        return self._add(consent, job.start, job.end, retries=job.retries + 1)

    def forget(self, consent: Consent) -> None:
        """Deletes the jobs of an application and account, so that used consents are valid again."""
        self._jobs = {
            job_id: job for job_id, job in self._jobs.items() if not _same(job.consent, consent)
        }
        for exported in [one for one in self._world.exports if _same(one, consent)]:
            del self._world.exports[exported]

    def _add(
        self, consent: Consent, start: float | None, end: float | None, retries: int = 0
    ) -> str:
        job_id = secrets.token_hex(16)
        self._jobs[job_id] = Job(
            consent=consent,
            start=start,
            end=end,
            begun_at=self._world.clock.now(),
            fails=consent.account in self._world.failing_exports,
            retries=retries,
        )
        return job_id

    def _check_running(self, consent: Consent) -> None:
        for job_id, job in self._jobs.items():
            if job.consent == consent and self._state(job) is State.IN_PROGRESS:
                message = "An identical job is in progress"
                reason = f"ALREADY_EXISTS_{_access(consent)}"
                raise RefusedExportError(409, "ALREADY_EXISTS", message, reason, {"job_id": job_id})

    def _check_too_soon(self, consent: Consent) -> None:
        """Refuses an export although none was begun within 24 hours, as for other reasons."""
        now, habits = self._world.clock.now(), self._world.habits
        subject = consent.account, int(now // DAY)
        if consent.once or not habits.strikes(Habit.TOO_SOON, *subject):
            return
        until = now // DAY * DAY + habits.dice(Habit.TOO_SOON, *subject).whole(1, 23) * 3600
        if now < until:
            raise self._exhausted(consent, until)

    def _check_exhausted(self, consent: Consent) -> None:
        last = self._world.exports.get(consent)
        if last is None or (not consent.once and self._world.clock.now() >= last + DAY):
            return
        raise self._exhausted(consent, last + DAY)

    def _exhausted(self, consent: Consent, until: float) -> RefusedExportError:
        jobs = [job_id for job_id, job in self._jobs.items() if job.consent == consent]
        metadata = {"previous_job_ids": ",".join(jobs)}
        message = "The requested resources were exported before"
        if not consent.once:
            metadata["timestamp_after_24hrs"] = rfc3339(until)
            message += f". You can initiate another export after {rfc3339(until)}"
        reason = f"RESOURCE_EXHAUSTED_{_access(consent)}"
        return RefusedExportError(429, "RESOURCE_EXHAUSTED", message, reason, metadata)

    def _state(self, job: Job) -> State:
        if job.cancelled:
            return State.CANCELLED
        late = self._world.clock.now() >= job.begun_at + JOB_SECONDS
        if job.asked < self._pending(job) and not late:
            return State.IN_PROGRESS
        return State.FAILED if job.fails else State.COMPLETE

    def _pending(self, job: Job) -> int:
        habits, subject = self._world.habits, (job.consent.account, int(job.begun_at))
        if not habits.strikes(Habit.EXPORT, *subject):
            return PENDING_POLLS
        return PENDING_POLLS + habits.dice(Habit.EXPORT, *subject).whole(1, 3)


def rfc3339(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _access(consent: Consent) -> str:
    return "ONE_TIME" if consent.once else "TIME_BASED"


def _same(one: Consent, other: Consent) -> bool:
    return (one.client_id, one.account) == (other.client_id, other.account)


def _precondition(message: str) -> RefusedExportError:
    return RefusedExportError(400, "FAILED_PRECONDITION", message)
