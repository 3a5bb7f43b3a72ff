"""Compares every listener's list and plays with the truth of the world."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.in_memory.events import json_body
from cli.studies.accuracy.listening_week import ListeningWeek
from cli.studies.accuracy.people import Person
from cli.studies.accuracy.restless import ever_shown
from cli.studies.accuracy.song_finder import SongFinder
from cli.studies.demonstration.judge import Truth, fault
from simulator.listeners.population import Listener
from simulator.listeners.truth import obtainable
from topk.domain.limits import MOST_KEPT_SONGS
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.domain.toplist.ranking import RankedSong, rank
from topk.domain.toplist.window import Window
from topk.stores.tables.plays import Plays

_ALL_SONGS = 1_000_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result for one listener. `fault` is empty if the list is exact.

    Of the plays of the window, `plays_merged` and `plays_doubled` are lost and counted twice
    because reports cannot tell; `double_counted` are counted twice beyond that.
    `plays_lost` are those of the window that a provider showed for a while and no crawl saw;
    `plays_unseen` those that it never showed, so that no crawl could.
    """

    person: Person
    heavy: bool
    fault: str
    plays_true: int
    plays_obtainable: int
    plays_counted: int
    plays_merged: int
    plays_doubled: int
    double_counted: int
    plays_lost: int
    plays_unseen: int


class Judge:
    """Judges the listeners after a simulated week."""

    def __init__(self, week: ListeningWeek) -> None:
        self._week = week
        self._songs = SongFinder(week.world.songs)

    def judge(self, person: Person) -> Judgement:
        week, owner = self._week, person.owner
        window = Window.current(week.now, person.time_zone)
        expected = self._truth(person, window)
        reports = [*plays_of(Plays(retention_days=1).since(owner, 0))]
        listener = week.world.listener(owner.tenant, owner.user)
        assert listener is not None
        counted = rank(reports, window, _ALL_SONGS)
        late = self._late(listener, window)
        return Judgement(
            person=person,
            heavy=listener.heavy,
            fault=self._fault(person, expected["songs"]),
            plays_true=expected["plays_true"],
            plays_obtainable=expected["plays_obtainable"],
            plays_counted=sum(song.listen_count for song in counted),
            plays_merged=expected["merged"],
            plays_doubled=expected["doubled"],
            double_counted=self._double_counted(counted, expected["songs"]),
            plays_lost=late,
            plays_unseen=expected["lost"] - late,
        )

    def _truth(self, person: Person, window: Window) -> Any:
        question = {
            "tenant": person.owner.tenant,
            "user": person.owner.user,
            "as_of": window.as_of.isoformat(),
            "polls": self._week.polls.of(person.owner),
        }
        return self._week.simulated.lever("POST", "truth", question)

    def _late(self, listener: Listener, window: Window) -> int:
        """Number of plays of the window that were shown only between polls."""
        world = self._week.world
        history = world.histories.of(listener)
        polls = self._week.polls.of(Owner(listener.tenant, listener.user))
        shown = ever_shown(history, polls, world.habits, listener, window.start)
        known = obtainable(history, polls, world.habits, listener.accounts)
        return sum(play.started_at in window for play in shown - known)

    def _double_counted(self, counted: Sequence[RankedSong], expected: Truth) -> int:
        """The number of plays of the window that are counted in excess of those that reports tell,
        per song."""
        known = Counter(
            {
                self._songs.at(f"/{one['ids']['apple_music'][0]}", "", ()): one["count"]
                for one in expected
            }
        )
        found: Counter[int | None] = Counter()
        for song in counted:
            found[self._songs.find(song)] += song.listen_count
        return (found - known).total()

    def _fault(self, person: Person, expected: Truth) -> str:
        """What is wrong with the list that the follower gets; empty if it is exact."""
        own = person.follower == person.owner
        path = "/v1/me/top" if own else "/v1/users/{user_id}/top"
        parts: dict[str, Any] = {} if own else {"user_id": person.owner.user}
        api = self._week.service.api
        answer = api.call(
            "read", "GET", path, person.follower, query=f"k={MOST_KEPT_SONGS}", **parts
        )
        if answer["statusCode"] != httpx2.codes.OK:
            return f"answered {answer['statusCode']}"
        return fault(
            [self._shown(song) for song in json_body(answer)["songs"]], expected, MOST_KEPT_SONGS
        )

    def _shown(self, song: Mapping[str, Any]) -> Mapping[str, Any]:
        """A served song with a URL that ends with an id of the truth."""
        found = self._songs.at(song["url"], song["title"], tuple(song["singers"]))
        return {**song, "url": self._songs.address(found)}
