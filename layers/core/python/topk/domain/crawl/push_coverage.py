"""Whether an account's plays arrive by push, and how rarely it then needs to be crawled.

A provider may push an account's plays, or the user's players may. Each crawl that is compared
counts the plays that both ways reported, by the rule that makes several reports one play. While
they agree, the account is crawled after one, two, four and seven days. A crawl is left out only
while pushes arrive: an account without a pushed play for a day is crawled that day, and one
disagreement makes it daily again. Once such a crawl has found nothing either, the account is quiet:
it then waits like the others, as long as the provider pushes plays of other accounts. While the
provider's budget is too small, the longest wait is two weeks.

A provider that keeps only the last plays must not lose any while a silent push is not yet noticed:
accounts whose plays of two days do not fit are not crawled less. Where players push other plays
besides, their silence about this account shows at its next crawl only, which then comes before the
history overflows. Accounts whose history has no times cannot be compared, and stay daily.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from topk.domain.account.connection import Connection
from topk.domain.chunk import is_pushed
from topk.domain.crawl.cadence import NEARLY_FULL
from topk.domain.crawl.load_shedding import waited_days
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.timetable import DAY_SECONDS
from topk.domain.play import Brought, Play, Precision, Started, between, in_order
from topk.domain.toplist.ranking import AROUND_SECONDS, by_song, merged

WAIT_DAYS = (1, 2, 4, 7)
"""Days between two crawls, by how many comparisons in a row agreed."""
SILENT_SECONDS = 26 * 3600
"""Without a pushed play for so long, an account is crawled. A job is up to two hours late."""
EARLY_SECONDS = 2 * 3600
"""A crawl may come so much sooner than a whole day after the last one."""
NOTICED_DAYS = 2
"""A silent push is noticed within them."""
LEAST_PLAYS = 5
"""Fewer plays do not tell whether a push is complete."""
ALIVE_SECONDS = 2 * 3600
ALIVE_ACCOUNTS = 3
"""A provider pushes if it has pushed plays of so many accounts within the time above."""
LEAST_AGREEING = 0.95
"""Share of the crawled plays that the push must have brought."""
DISCOVERY_DAYS = 7
"""Accounts that nobody is known to push are compared once in so many days."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The plays of `seconds` that were both crawled and pushed, and those that were only one.

    `continues`: the earliest crawled plays were pushed, so that none before them is missing.
    """

    both: int = 0
    only_crawled: int = 0
    only_pushed: int = 0
    seconds: int = DAY_SECONDS
    continues: bool = False

    @property
    def crawled(self) -> int:
        return self.both + self.only_crawled

    @property
    def agrees(self) -> bool:
        """Whether the push brought what the crawl found; a push may bring more."""
        return self.crawled >= LEAST_PLAYS and not self.differs

    @property
    def differs(self) -> bool:
        """Whether the push missed plays. A few plays without a miss say neither."""
        return self.both < LEAST_AGREEING * self.crawled

    def most_days(self, depth: int | None) -> float:
        """Maximum days between two crawls of a history that keeps `depth` plays."""
        if depth is None or not self.crawled:
            return WAIT_DAYS[-1]
        fitting = NEARLY_FULL * depth * self.seconds / DAY_SECONDS / self.crawled
        if fitting < NOTICED_DAYS:
            return 0
        only_this = self.both >= LEAST_AGREEING * (self.both + self.only_pushed)
        return WAIT_DAYS[-1] if only_this else fitting


def compare(
    crawled: Iterable[Play], pushed: Iterable[Play], *, since: int, until: int
) -> Comparison:
    """Compare the plays that began from `since` to before `until` (epoch seconds)."""
    ours, theirs = in_order(set(crawled)), in_order(set(pushed))
    both, only_crawled, only_pushed = _counts(ours, theirs, since, until)
    first = [one for one in ours if since <= one[0] < until][:LEAST_PLAYS]
    continues = False
    if len(first) == LEAST_PLAYS:
        continues = _counts(first, theirs, first[0][0], first[-1][0] + 1)[1] == 0
    return Comparison(both, only_crawled, only_pushed, max(until - since, 1), continues)


def pushed_plays(
    brought: Iterable[Brought], connection: Connection, *, scrobbler: str
) -> list[Play]:
    """The plays that the connection's provider or the user's players pushed."""
    return [
        play
        for fetched_at, plays in brought
        for play in plays
        if play.provider == scrobbler
        or (play.provider == connection.provider and is_pushed(fetched_at, plays))
    ]


def is_compared(connection: Connection, capabilities: Capabilities, *, now: int) -> bool:
    """Whether a crawl at `now` is compared: reading what was pushed costs read units."""
    if not connection.crawled_through or capabilities.precision > Precision.END:
        return False
    if capabilities.pushes or connection.push_agreed:
        return True
    key = f"{connection.owner.key}#{connection.provider}".encode()
    turn = int.from_bytes(hashlib.blake2b(key, digest_size=4).digest())
    return (now // DAY_SECONDS + turn) % DISCOVERY_DAYS == 0


def may_wait(connection: Connection, *, now: int, short: bool = False) -> bool:
    """Whether a crawl at `now` can be left out, if pushes arrive.

    `short`: the provider's budget is too small.
    """
    if not connection.push_agreed:
        return False
    days = waited_days(_wait_days(connection.push_agreed), short=short)
    return now - connection.pulled_at < days * DAY_SECONDS - EARLY_SECONDS


def covered(
    connection: Connection, pushed: Sequence[Play], *, now: int, alive: bool = False
) -> Connection | None:
    """The connection after a crawl that was left out; None if the push fell silent.

    `alive`: the provider pushes plays of other accounts. Then one that is known to be quiet waits.
    """
    arrived = any(now - SILENT_SECONDS < play.listened_at <= now for play in pushed)
    quiet = connection.pulled_at - connection.heard_at >= SILENT_SECONDS
    if not (arrived or (alive and quiet)):
        return None
    return replace(connection, crawled_through=max(now, connection.crawled_through))


def are_alive(pushed: Iterable[tuple[Connection, Sequence[Play]]], *, now: int) -> frozenset[str]:
    """The providers that push, by what they pushed for some of their accounts up to `now`."""
    accounts = Counter(
        connection.provider
        for connection, plays in pushed
        if any(
            play.provider == connection.provider and now - ALIVE_SECONDS < play.listened_at <= now
            for play in plays
        )
    )
    return frozenset(name for name, number in accounts.items() if number >= ALIVE_ACCOUNTS)


def without_gap(fetched: Fetched, compared: Comparison | None) -> Fetched:
    """What a full history no longer had was pushed, if its earliest plays were."""
    if compared is None or not (compared.agrees or compared.continues):
        return fetched
    return replace(fetched, gap_since=None, fill=0.0)


def after_comparison(
    connection: Connection, compared: Comparison | None, *, depth: int | None, now: int
) -> Connection:
    """`connection`, whose provider keeps `depth` plays, after a crawl at `now`."""
    if compared is None:
        return connection
    most = compared.most_days(depth)
    if compared.differs or most < WAIT_DAYS[0]:
        cadence = replace(connection.cadence, pulled_every=1)
        return replace(connection, push_agreed=0, pulled_at=0, cadence=cadence)
    if compared.agrees:
        longest = max(place for place, days in enumerate(WAIT_DAYS) if days <= most)
        agreed = max(min(connection.push_agreed + 1, longest), 1)
        cadence = replace(
            connection.cadence, per_day=1, every_days=1, pulled_every=_wait_days(agreed)
        )
        return replace(connection, push_agreed=agreed, pulled_at=now, cadence=cadence)
    if connection.push_agreed:
        return replace(connection, pulled_at=now)
    return connection


def _wait_days(agreed: int) -> int:
    return WAIT_DAYS[min(agreed, len(WAIT_DAYS) - 1)]


def _counts(
    ours: Sequence[Started], theirs: Sequence[Started], since: int, until: int
) -> tuple[int, int, int]:
    """The plays that both sides report, and those of each side alone. Both are in order."""
    of_ours, of_theirs = _count(ours, since, until), _count(theirs, since, until)
    together = _count(sorted({*ours, *theirs}), since, until)
    both = max(of_ours + of_theirs - together, 0)
    return both, max(of_ours - both, 0), max(of_theirs - both, 0)


def _count(reports: Sequence[Started], since: int, until: int) -> int:
    """How many plays the reports are, which are in order."""
    near = between(reports, since - AROUND_SECONDS, until + AROUND_SECONDS)
    return sum(len(between(of_song, since, until)) for of_song, _ in merged(by_song(near)))
