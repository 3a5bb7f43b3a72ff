"""Leave out crawls of accounts whose plays are pushed, and compare crawls with pushes."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from topk.domain.account.connection import Connection
from topk.domain.crawl.job import CrawlJob
from topk.domain.crawl.push_coverage import (
    SILENT_SECONDS,
    Comparison,
    are_alive,
    compare,
    covered,
    is_compared,
    may_wait,
    pushed_plays,
)
from topk.domain.crawl.result import CrawlResult
from topk.domain.errors import ConflictError, StoreError
from topk.domain.play import Play
from topk.domain.play_log import History
from topk.domain.toplist.ranking import AROUND_SECONDS
from topk.usecases.crawling.crawl_schedule import ScheduleWriter
from topk.usecases.crawling.fetch_plays import Crawled
from topk.usecases.crawling.outcome import Key, Outcome
from topk.usecases.ports import Plays
from topk.usecases.scrobbling.submit_plays import SCROBBLER

IN_FLIGHT_SECONDS = 900
"""Plays that began within this time before a crawl may not have been pushed yet."""
_AWAITED = frozenset({"connect", "resume"})
"""Reasons of jobs that are always done: nothing was crawled before, or an export is ready."""
_AT_ONCE = 5
"""Reads in flight. The client keeps ten connections."""


@dataclass(frozen=True, slots=True)
class PushedPlays:
    """Pushes as of `now`. An account whose plays cannot be read is crawled and not compared.

    `short`: the budget of the accounts' app is too small.
    """

    plays: Plays
    now: int
    short: bool = False

    def leave_out(
        self,
        connections: Iterable[Connection],
        jobs: Iterable[CrawlJob],
        schedule: ScheduleWriter,
    ) -> Mapping[Key, Outcome]:
        """Note of connections that need no crawl that pushes have brought their plays."""
        awaited = {(job.owner, job.provider) for job in jobs if job.reason in _AWAITED}
        waiting = [
            one
            for one in connections
            if may_wait(one, now=self.now, short=self.short)
            and (one.owner, one.provider) not in awaited
        ]
        since = self.now - SILENT_SECONDS
        found: dict[Key, Outcome] = {}
        read = list(self._pushed((one, since) for one in waiting))
        alive = are_alive(read, now=self.now)
        for one, pushed in read:
            if moved := covered(one, pushed, now=self.now, alive=one.provider in alive):
                found[one.owner, one.provider] = _noted(schedule, one, moved)
        return found

    def compare(self, crawled: Iterable[Crawled]) -> Mapping[Key, Comparison]:
        """Of the crawls that are compared: what they and the pushes brought since the last one."""
        wanted = {
            (one.connection.owner, one.connection.provider): one
            for one in crawled
            if one.fetched.resume_after is None
            and not one.fetched.is_blind
            and is_compared(one.connection, one.capabilities, now=self.now)
        }
        read = self._pushed(
            (one.connection, _since(one) - AROUND_SECONDS) for one in wanted.values()
        )
        found: dict[Key, Comparison] = {}
        for connection, pushed in read:
            key = (connection.owner, connection.provider)
            one = wanted[key]
            if pushed or connection.push_agreed:
                until = self.now - IN_FLIGHT_SECONDS
                found[key] = compare(one.fetched.plays, pushed, since=_since(one), until=until)
        return found

    def _pushed(
        self, wanted: Iterable[tuple[Connection, int]]
    ) -> Iterable[tuple[Connection, list[Play]]]:
        """The plays pushed for each connection since a time, a few reads at once."""
        keys = list(wanted)
        for first in range(0, len(keys), _AT_ONCE):
            started = [
                (one, self._begin(one, since)) for one, since in keys[first : first + _AT_ONCE]
            ]
            for one, history in started:
                with suppress(StoreError):
                    if history:
                        yield one, pushed_plays(history().brought, one, scrobbler=SCROBBLER)

    def _begin(self, connection: Connection, since: int) -> Callable[[], History] | None:
        try:
            return self.plays.begin_history(connection.owner, max(since, 0))
        except StoreError:
            return None


def _noted(schedule: ScheduleWriter, before: Connection, moved: Connection) -> Outcome:
    try:
        schedule.update(before, moved)
    except ConflictError:
        return Outcome(CrawlResult.FRESH)
    except StoreError as error:
        return Outcome.failed(error)
    return Outcome(CrawlResult.PUSHED)


def _since(one: Crawled) -> int:
    """The time of the last crawl; after a gap, that of the earliest play that was left."""
    before = one.connection.pulled_at or one.connection.crawled_through
    if one.fetched.gap_since is None:
        return before
    return max(before, min((play.started_at for play in one.fetched.plays), default=before))
