"""Polling the simulated providers once a day finds the plays of the truth."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from simulator.clock import Clock
from simulator.listeners.listening import DAY
from simulator.listeners.population import Listener
from simulator.world import World
from tests.simulator.conftest import START
from tests.simulator.developers import HISTORY, PORTABILITY, Developer, Team, bearer, unpacked
from tests.simulator.history import newest_fifty

Heard = set[tuple[str, float]]
"""Track ids and the starts of plays, in epoch seconds."""

MIDNIGHT = START - START % DAY + DAY
POLLS = [MIDNIGHT + day * DAY for day in range(9)]


class Poller:
    """A service in its simplest form: it never forgets, and it knows one listener."""

    def __init__(self, browser: TestClient, clock: Clock, listener: Listener) -> None:
        self._browser = browser
        self._clock = clock
        self._accounts = listener.accounts
        self._list: list[str] | None = None
        self.heard: dict[str, Heard] = {provider: set() for provider in listener.accounts}

    def poll(self, now: int) -> None:
        self._clock.set(now, running=False)
        asked = {"spotify": self._spotify, "apple_music": self._apple, "youtube": self._youtube}
        for provider, account in self._accounts.items():
            self.heard[provider].update(asked[provider](account, now))

    def _spotify(self, account: str, _now: int) -> Iterator[tuple[str, float]]:
        token = Developer(self._browser, "spotify").connect(account)["access_token"]
        page = self._browser.get(f"{HISTORY}?limit=50", headers=bearer(token)).json()
        for item in page["items"]:
            ended = datetime.fromisoformat(item["played_at"]).timestamp()
            yield item["track"]["id"], round(ended - item["track"]["duration_ms"] / 1000)

    def _apple(self, account: str, now: int) -> Iterator[tuple[str, float]]:
        """The day between two polls is all that is known of a play."""
        team = Team.registered(self._browser)
        token = team.token(now)
        user_token = team.authorize(token, account).json()["music_user_token"]
        pages = [
            team.tracks(token, user_token, f"?limit=25&offset={offset}").json()["data"]
            for offset in (0, 25)
        ]
        listed = [track["id"] for page in pages for track in page]
        known, self._list = self._list, listed
        if known is not None:
            count = 0
            while (
                listed[count:]
                != [song for song in known if song not in listed[:count]][: len(listed) - count]
            ):
                count += 1
            yield from ((song, now - DAY / 2) for song in listed[:count])

    def _youtube(self, account: str, now: int) -> Iterator[tuple[str, float]]:
        header = bearer(Developer(self._browser, "youtube").connect(account)["access_token"])
        since = datetime.fromtimestamp(now - 8 * DAY, UTC).isoformat()
        body = {"resources": ["myactivity.youtube"], "startTime": since}
        path = f"{PORTABILITY}/portabilityArchive:initiate"
        job = self._browser.post(path, json=body, headers=header).json()["archiveJobId"]
        state = f"{PORTABILITY}/archiveJobs/{job}/portabilityArchiveState"
        found = [self._browser.get(state, headers=header).json() for _ in range(2)][-1]
        for record in unpacked(self._browser.get(found["urls"][0]).content):
            if record["header"] == "YouTube Music":
                video = record["titleUrl"].rpartition("=")[2]
                yield video, datetime.fromisoformat(record["time"]).timestamp()


def counted(poller: Poller, world: World, zone: str, as_of: datetime) -> dict[str, int]:
    """Plays per ISRC in the seven local days before `as_of`."""
    isrcs = {
        track_id: song.isrc
        for song in world.songs
        for track_id in (*song.spotify_ids, song.apple_id, song.video_id)
    }
    days = [as_of.date() - timedelta(days=back) for back in range(1, 8)]
    return dict(
        Counter(
            isrcs[track_id]
            for heard in poller.heard.values()
            for track_id, start in heard
            if datetime.fromtimestamp(start, ZoneInfo(zone)).date() in days
        )
    )


def told(browser: TestClient, world: World, listener: Listener, as_of: datetime) -> dict[str, Any]:
    question = {
        "tenant": listener.tenant,
        "user": listener.user,
        "as_of": as_of.date().isoformat(),
        "polls": dict.fromkeys(listener.accounts, POLLS),
    }
    answer: dict[str, Any] = browser.post("/world/truth", json=question).json()
    isrcs = {song.apple_id: song.isrc for song in world.songs}
    counts = {isrcs[one["ids"]["apple_music"][0]]: one["count"] for one in answer["songs"]}
    return answer | {"counts": counts}


def test_daily_polls_return_exactly_the_truth(
    browser: TestClient, world: World, clock: Clock
) -> None:
    for provider in ("spotify", "youtube"):
        Developer(browser, provider).register()
    as_of = datetime.fromtimestamp(POLLS[-1], UTC)
    for listener in world.listeners:
        poller = Poller(browser, clock, listener)
        for moment in POLLS:
            poller.poll(moment)
        truth = told(browser, world, listener, as_of)
        assert counted(poller, world, listener.time_zone, as_of) == truth["counts"], listener
        assert truth["plays_obtainable"] == sum(truth["counts"].values())
        assert truth["plays_obtainable"] <= truth["plays_true"]


def test_the_truth_falls_short_of_the_plays_only_where_a_provider_does(world: World) -> None:
    only_spotify = [one for one in world.listeners if set(one.accounts) == {"spotify"}]
    for listener in only_spotify:
        plays = [play for play in world.histories.of(listener) if play.counts]
        known = [play for play in plays if POLLS[0] < play.known_at <= POLLS[-1]]
        seen = {play for moment in POLLS for play in newest_fifty(plays, moment)}
        assert set(known) <= seen
    assert only_spotify


@pytest.mark.parametrize("provider", ["spotify", "apple_music", "youtube"])
def test_somebody_is_polled_at_every_provider(world: World, provider: str) -> None:
    assert world.accounts(provider)
