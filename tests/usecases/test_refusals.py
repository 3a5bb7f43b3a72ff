"""A provider refuses one user, in its own documented words: nobody else is delayed, and the
connection ends only when the refusal is certain or repeated for hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

from tests.fakes import DAY, NOON, connection
from tests.providers.accounts import (
    APPLE_MUSIC,
    GRANT,
    LASTFM,
    LISTENBRAINZ,
    NOW,
    PARTNER,
    SPOTIFY,
    YOUTUBE,
    Account,
)
from tests.providers.scripted import Script, reply, run
from tests.usecases.crawling_days import CrawlingDays
from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.budget import Budget
from topk.domain.crawl.refusal import is_final, refused
from topk.domain.errors import ProviderError, TopkError
from topk.domain.owner import Owner

USERS = 48
BAD = "user-17"
HOURS_20 = {"Retry-After": "72000"}


@dataclass(frozen=True)
class Case:
    """An answer to one user's crawl. `ends` names the reason for which the connection ends."""

    name: str
    account: Account
    answer: httpx2.Response
    checkpoint: str = ""
    ends: str = ""

    def error(self) -> ProviderError:
        adapter = self.account.adapter(Script(self.answer).http)
        with pytest.raises(ProviderError) as caught:
            run(adapter.fetch(GRANT, self.checkpoint, now=NOW))
        return caught.value


def lastfm(code: int, message: str) -> httpx2.Response:
    return httpx2.Response(403, json={"error": code, "message": message})


CASES = [
    Case("spotify 429", SPOTIFY, reply("spotify", "rate_limited.json", 429, HOURS_20)),
    Case("spotify 403", SPOTIFY, httpx2.Response(403, text="User not registered")),
    Case(
        "apple 403", APPLE_MUSIC, httpx2.Response(403, json={"errors": []}),
        ends="consent_withdrawn",
    ),
    Case("apple 429", APPLE_MUSIC, reply("apple_music", "rate_limited.json", 429, HOURS_20)),
    Case("youtube 403", YOUTUBE, httpx2.Response(403, json={"error": {}})),
    Case(
        "youtube once", YOUTUBE, reply("youtube", "access_used_up.json", 429),
        ends="consent_used_up",
    ),
    Case("youtube 429", YOUTUBE, reply("youtube", "rate_limited.json", 429, HOURS_20)),
    Case("lastfm 6", LASTFM, lastfm(6, "User not found"), ends="unknown_user"),
    Case("lastfm 7", LASTFM, lastfm(7, "Invalid resource specified"), ends="unknown_user"),
    Case("lastfm 17", LASTFM, lastfm(17, "Login required"), ends="private_profile"),
    Case("lastfm 9", LASTFM, lastfm(9, "Invalid session key"), ends="session_revoked"),
    Case("lastfm 29", LASTFM, httpx2.Response(
        429, json={"error": 29, "message": "Rate limit exceeded"}, headers=HOURS_20)),
    Case(
        "listenbrainz 404", LISTENBRAINZ, reply("listenbrainz", "unknown_user.json", 404),
        ends="unknown_user",
    ),
    Case("listenbrainz 429", LISTENBRAINZ, httpx2.Response(429, headers=HOURS_20)),
    Case("partner 404", PARTNER, reply("partner", "unknown_user.json", 404), ends="unknown_user"),
    Case("partner 403", PARTNER, reply("partner", "forbidden.json", 403), ends="consent_withdrawn"),
    Case("partner 429", PARTNER, reply("partner", "rate_limited.json", 429, HOURS_20)),
]  # fmt: skip


def due(number: int) -> int:
    return NOON + number * DAY // USERS


@pytest.fixture
def days() -> Iterator[CrawlingDays]:
    """A day on which each user's account is crawled once, one after the other."""
    with CrawlingDays({"music": Budget(1.0)}) as days:
        for number in range(USERS):
            days.connect(f"user-{number}", "music")
            days.ask(f"user-{number}", "music", due(number))
        yield days


def refusing(error: TopkError, *users: str, until: float = NOON + 3 * DAY) -> object:
    return lambda user, now: error if user in users and now < until else None


def connection_of(days: CrawlingDays, user: str) -> Connection:
    return days.connections.rows[Owner("harbor", user), "music"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_users_refusal_delays_nobody_else(days: CrawlingDays, case: Case) -> None:
    error = case.error()
    days.behaves["music"] = refusing(error, BAD)  # type: ignore[assignment]
    days.run()

    for number in range(USERS):
        if f"user-{number}" != BAD:
            assert days.crawled["music", f"user-{number}"] == [due(number)]
    assert not days.is_open("music")


@pytest.mark.parametrize("case", [one for one in CASES if one.ends], ids=lambda case: case.name)
def test_a_repeated_refusal_ends_the_connection_with_its_reason(
    days: CrawlingDays, case: Case
) -> None:
    days.behaves["music"] = refusing(case.error(), BAD)  # type: ignore[assignment]
    days.run()

    ended = connection_of(days, BAD)
    assert (ended.status, ended.reason) == (Status.REAUTH_REQUIRED, case.ends)
    assert days.dead_lettered == []


DOUBTFUL = [one for one in CASES if one.ends and one.name[-3:] in {"403", "404", "m 6", "m 7"}]


@pytest.mark.parametrize("case", DOUBTFUL, ids=lambda case: case.name)
@pytest.mark.parametrize("hours", [0.5, 3, 5.5])
def test_a_refusal_that_passes_within_hours_ends_no_connection(
    days: CrawlingDays, case: Case, hours: float
) -> None:
    over = due(17) + hours * 3600
    days.behaves["music"] = refusing(case.error(), BAD, until=over)  # type: ignore[assignment]
    days.run()

    kept = connection_of(days, BAD)
    assert (kept.status, kept.reason, kept.refusals) == (Status.ACTIVE, "", 0)
    assert len(days.crawled["music", BAD]) == 1


@pytest.mark.parametrize("case", DOUBTFUL, ids=lambda case: case.name)
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after the other"])
def test_an_outage_that_answers_so_disconnects_nobody(case: Case, at_once: bool) -> None:
    """For twelve hours every user is refused; the crawls wait for its end."""
    error, over = case.error(), NOON + DAY // 2
    with CrawlingDays({"music": Budget(5.0)}) as days:
        for number in range(USERS):
            days.connect(f"user-{number}", "music")
            days.ask(f"user-{number}", "music", NOON if at_once else NOON + number * 60)
        days.behaves["music"] = lambda _, now: error if now < over else None
        days.run()

        for number in range(USERS):
            assert connection_of(days, f"user-{number}").status is Status.ACTIVE
            assert len(days.crawled["music", f"user-{number}"]) == 1
        assert days.dead_lettered == []


def test_certain_refusals_of_many_at_once_disconnect_nobody_either() -> None:
    error = next(one for one in CASES if one.name == "lastfm 9").error()
    with CrawlingDays({"music": Budget(5.0)}) as days:
        for number in range(USERS):
            days.connect(f"user-{number}", "music")
            days.ask(f"user-{number}", "music", NOON)
        days.behaves["music"] = lambda _, now: error if now < NOON + 600 else None
        days.run()

        statuses = {connection_of(days, f"user-{n}").status for n in range(USERS)}
        assert statuses == {Status.ACTIVE}


def test_many_refusals_within_minutes_end_no_connection() -> None:
    """Such as those of crawls that views of a list ask for."""
    one = connection(reason="private_profile", refusals=1, refused_since=NOON)
    for minute in range(60):
        one = refused(one, "private_profile", now=NOON + minute * 60)
        assert not is_final(one, now=NOON + minute * 60)
    assert is_final(refused(one, "private_profile", now=NOON + 6 * 3600), now=NOON + 6 * 3600)


def test_another_refusal_is_counted_by_itself() -> None:
    one = connection(reason="private_profile", refusals=9, refused_since=NOON - DAY)
    other = refused(one, "unknown_user", now=NOON)
    assert (other.reason, other.refusals, other.refused_since) == ("unknown_user", 1, NOON)
