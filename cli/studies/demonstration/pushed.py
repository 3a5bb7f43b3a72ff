"""A week in which every provider that is crawled is out, and each listener's player pushes."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import httpx2
from rich.progress import Progress

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import DAY, DAYS, Calendar, wait_until
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.players import PROTOCOLS, Listened, Player
from cli.studies.demonstration.run import LIST_SECONDS, K, Result, at_once, timed, watched
from simulator.app import SONGS
from simulator.listeners.catalogue import Song, build_catalogue
from simulator.listeners.listening import listen
from simulator.listeners.population import build_population

_ANSWER_SECONDS = 120.0
_BEFORE = 2 * DAY
"""What a player was offline with when it was set up: a local day begins before that in UTC."""


@dataclass(frozen=True, slots=True)
class _Pushing:
    person: Person
    player: Player
    listened: Sequence[Listened]

    def push(self, since: int, until: int) -> None:
        played = [one for one in self.listened if since <= one.at + one.played < until]
        self.player.push(played, now=until)


def run_pushed(stack: LocalStack, progress: Progress, *, begin: int, seed: int) -> Result:
    """Players are set up at `begin`, a future midnight (epoch seconds), and push once a day.

    Raises CommandFailedError if a step does not finish.
    """
    result = Result()
    with httpx2.Client(timeout=_ANSWER_SECONDS, trust_env=False) as http:
        people = People(stack, http)
        calendar = Calendar(stack, people)
        midnights = result.midnights = [begin + day * DAY for day in range(DAYS + 1)]
        _switch_off(people)
        calendar.stand_at(begin)
        listening = _listening(seed, people, begin)
        with timed(result, "set up players"):
            pushing = _set_up(stack, people, http, listening, result, progress)
        with timed(result, "push"):
            for midnight in watched(midnights[1:], progress, "Let a week pass"):
                calendar.stand_at(midnight)
                push = partial(_Pushing.push, since=midnight - DAY, until=midnight)
                at_once(push, pushing, progress, "Push")
        with timed(result, "check"):
            _check_all(people, pushing, midnights[-1], result, progress)
        calendar.go_on(midnights[-1])
    return result


def _switch_off(people: People) -> None:
    for provider in {name for person in people.everyone for name in person.accounts}:
        people.world("PUT", f"faults/{provider}", {"mode": "500"})


def _set_up(
    stack: LocalStack,
    people: People,
    http: httpx2.Client,
    listening: Mapping[tuple[str, str], Sequence[Listened]],
    result: Result,
    progress: Progress,
) -> list[_Pushing]:
    """A player for each person, which pushes what it was offline with and so makes a first list."""
    begin = result.midnights[0]

    def one(numbered: tuple[int, Person]) -> tuple[_Pushing, float]:
        number, person = numbered
        people.expect(person, "PATCH", "/v1/me", {"time_zone": person.time_zone})
        people.tell(person, "follow", person.follows)
        token = people.expect(person, "POST", "/v1/me/tokens", {"name": "Player"})["token"]
        app = people.expect(person, "GET", "/v1/me/tokens")
        protocol = PROTOCOLS[number % len(PROTOCOLS)]
        api = stack.api_urls[person.tenant]
        player = Player(http, api, person.user, token, app, protocol)
        pushing = _Pushing(person, player, listening[person.tenant, person.user])
        since = time.monotonic()
        pushing.push(begin - _BEFORE, begin)
        expected = _expected(pushing, begin)
        if expected:
            wait_until(
                lambda: people.expect(person, "GET", "/v1/me/top")["songs"],
                LIST_SECONDS,
                f"{person.user} has no list",
            )
        return pushing, time.monotonic() - since if expected else -1

    found = at_once(one, [*enumerate(people.everyone)], progress, "Set up players")
    result.first_list_seconds = sorted(seconds for _, seconds in found if seconds >= 0)
    result.users = len(found)
    return [pushing for pushing, _ in found]


def _listening(
    seed: int, people: People, begin: int
) -> Mapping[tuple[str, str], Sequence[Listened]]:
    """What each person plays, wherever they play it."""
    songs = build_catalogue(seed, SONGS)
    population = build_population(seed, len(people.everyone))
    return {
        (one.tenant, one.user): [
            Listened(
                play.started_at,
                songs[play.song].name,
                _artist(songs[play.song]),
                songs[play.song].duration_ms // 1000,
                play.played_ms // 1000,
                play._replace(song_ms=songs[play.song].duration_ms).is_scrobbled,
            )
            for play in listen(seed, one, songs, float(begin))
        ]
        for one in population
    }


def _artist(song: Song) -> str:
    return ", ".join(song.singers)


def _check_all(
    people: People,
    pushing: Sequence[_Pushing],
    now: int,
    result: Result,
    progress: Progress,
) -> None:
    deadline = time.monotonic() + LIST_SECONDS

    def one(pushed: _Pushing) -> str:
        return _check(people, pushed, now, within=max(0.0, deadline - time.monotonic()))

    found = at_once(one, pushing, progress, "Compare every list with the truth")
    result.lists_checked = len(found)
    counted = [sum(_expected(one, now).values()) for one in pushing]
    result.plays_true = result.plays_obtainable = sum(counted)
    result.faults = {
        f"{one.person.user} of {one.person.tenant} by {one.player.protocol}": what
        for one, what in zip(pushing, found, strict=True)
        if what
    }


def _check(people: People, pushed: _Pushing, now: int, *, within: float) -> str:
    """What is wrong with the list that a follower gets; empty if it is exact."""
    person = pushed.person
    follower = people.followers.get((person.tenant, person.user), person)
    expected = _expected(pushed, now)
    last = ""

    def exact() -> bool:
        nonlocal last
        answer = people.call(follower, "GET", f"/v1/users/{person.user}/top?k={K}")
        shown = answer.json()["songs"] if answer.is_success else None
        last = f"answered {answer.status_code}" if shown is None else fault(shown, expected)
        return not last

    with suppress(CommandFailedError):
        wait_until(exact, within, "inexact")
    return last


def fault(shown: Sequence[Mapping[str, object]], expected: Counter[tuple[str, str]]) -> str:
    """What is wrong with the songs of a list: their counts, or that others were played more."""
    for one in shown:
        song = (str(one["title"]), ", ".join(map(str, one["singers"])))  # type: ignore[call-overload]
        if expected[song] != one["listen_count"]:
            return f"{song} counts {one['listen_count']} instead of {expected[song]}"
    most = [count for _, count in expected.most_common(K)]
    counts = [one["listen_count"] for one in shown]
    return "" if counts == most else f"{len(counts)} songs of {len(most)}, or not the most played"


def _expected(pushed: _Pushing, now: int) -> Counter[tuple[str, str]]:
    """The plays of the seven days before the local day of `now`, by title and artist."""
    zone = ZoneInfo(pushed.person.time_zone)
    today = datetime.fromtimestamp(now, zone).date()
    first, last = (
        datetime.combine(today - timedelta(days=days), datetime.min.time(), zone).timestamp()
        for days in (DAYS, 0)
    )
    return Counter(
        (one.title, one.artist)
        for one in pushed.listened
        if one.counts and first <= one.at < last and one.at + one.played < now
    )
