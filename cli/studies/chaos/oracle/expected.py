"""What every list has to be: the truth of the simulated world, from the polls that count."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from cli.studies.chaos.oracle.observed import Observed, Poll
from cli.studies.chaos.oracle.privacy_oracle import PrivacyOracle
from simulator.control import shown
from simulator.listeners.learned import Placed, known_by_exports, learned
from simulator.listeners.plays import Play
from simulator.listeners.population import Listener
from simulator.listeners.truth import Counted, window
from simulator.world import World
from topk.domain.owner import Owner


@dataclass(frozen=True, slots=True)
class Expected:
    """`pushed` are the plays that a partner pushed, by account, and whether they were taken."""

    world: World
    observed: Observed
    pushed: Mapping[str, Mapping[Play, bool]]
    oracle: PrivacyOracle

    def songs(self, known: Placed, time_zone: str, as_of: date) -> list[dict[str, Any]]:
        """The ranked songs of the window before `as_of`, of all plays that are `known`."""
        start, end = window(as_of, time_zone)
        heard: dict[int, Placed] = defaultdict(dict)
        for play, moment in known.items():
            if start <= moment < end:
                heard[play.song][play] = moment
        counted = [
            Counted(song, len(times), max(times.values()), _exact(times))
            for song, times in heard.items()
        ]
        ranked = sorted(counted, key=lambda one: (-one.count, -one.last, one.song))
        return [shown(self.world.songs[one.song], one) for one in ranked]

    def placed(self, listener: Listener) -> Placed:
        """Every play that counts, with the moment at which it belongs: known and not deleted."""
        owner = Owner(listener.tenant, listener.user)
        history = self.world.histories.of(listener)
        found: Placed = {}
        for provider, account in listener.accounts.items():
            if provider == "youtube":
                found |= {play: play.started_at for play in self._exported(owner, history)}
                continue
            for moments, recorded in self._polls(owner, provider):
                places = learned(provider, history, moments, self.world.habits, account)
                found |= {play: recorded.get(moment, moment) for play, moment in places.items()}
            found |= {play: play.started_at for play in self._pushed(owner, provider, account)}
        return {
            play: moment
            for play, moment in found.items()
            if self.oracle.counts(owner, play.song, moment)
        }

    def _exported(self, owner: Owner, history: Sequence[Play]) -> set[Play]:
        """An export whose plays are stored counts, though its user left before the checkpoint; and
        that it came proves that it was permitted."""
        known = self.observed.kept(owner, "youtube")
        return known_by_exports(history, [poll.through for poll in known if poll.through])

    def _pushed(self, owner: Owner, provider: str, account: str) -> Iterator[Play]:
        """What was taken, and what was stored though the answer was lost."""
        pushed = self.pushed.get(account, {})
        if pushed:
            stored = self.observed.stored(owner, provider)
            yield from (play for play in pushed if pushed[play] or play.started_at in stored)

    def _polls(
        self, owner: Owner, provider: str
    ) -> Iterator[tuple[Sequence[float], Mapping[float, float]]]:
        """The moments of polls that tell of each other, and what moment is recorded for each."""
        saved = self.observed.saved(owner, provider)
        if provider == "apple_music":
            # An account that is connected anew begins with a list that proves nothing.
            for _, polls in groupby(saved, lambda poll: poll.connected_at):
                yield _moments(list(polls))
        else:
            yield _moments(self.observed.kept(owner, provider))


def _moments(polls: Sequence[Poll]) -> tuple[Sequence[float], Mapping[float, float]]:
    return [poll.actual for poll in polls], {poll.actual: float(poll.recorded) for poll in polls}


def _exact(times: Mapping[Play, float]) -> bool:
    return all(play.provider != "apple_music" for play in times)
