"""Computes the expected list of each user from the simulated world and the polls that count."""

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
    """`pushed` maps an account to the plays a partner pushed, and whether each was accepted."""

    world: World
    observed: Observed
    pushed: Mapping[str, Mapping[Play, bool]]
    oracle: PrivacyOracle

    def songs(self, known: Placed, time_zone: str, as_of: date) -> list[dict[str, Any]]:
        """The ranked songs of the window before `as_of`, counted from the `known` plays."""
        start, end = window(as_of, time_zone)
        by_song: dict[int, Placed] = defaultdict(dict)
        for play, moment in known.items():
            if start <= moment < end:
                by_song[play.song][play] = moment
        counted = [
            Counted(song, len(times), max(times.values()), _exact(times))
            for song, times in by_song.items()
        ]
        ranked = sorted(counted, key=lambda song: (-song.count, -song.last, song.song))
        return [shown(self.world.songs[counted.song], counted) for counted in ranked]

    def placed(self, listener: Listener) -> Placed:
        """Every play that counts (known and not deleted), with its time in epoch seconds."""
        owner = Owner(listener.tenant, listener.user)
        history = self.world.histories.of(listener)
        found: Placed = {}
        for provider, account in listener.accounts.items():
            if provider == "youtube":
                found |= {play: play.started_at for play in self._exported(owner, history)}
                continue
            for moments, recorded in self._polls(owner, provider):
                places = learned(provider, history, moments, self.world.habits, account)
                reported = {play: recorded.get(at, at) for play, at in places.items()}
                found |= {
                    play: at
                    for play, at in reported.items()
                    if self.oracle.stays(owner, provider, at)
                }
            found |= {play: play.started_at for play in self._pushed(owner, provider, account)}
        return {
            play: moment
            for play, moment in found.items()
            if self.oracle.counts(owner, play.song, moment)
        }

    def _exported(self, owner: Owner, history: Sequence[Play]) -> set[Play]:
        """The plays of exports.

        An export counts once its plays are stored, even if the user disconnected before the
        checkpoint. That it arrived proves that it was permitted.
        """
        known = self.observed.kept(owner, "youtube")
        return known_by_exports(history, [poll.through for poll in known if poll.through])

    def _pushed(self, owner: Owner, provider: str, account: str) -> Iterator[Play]:
        """Plays that were accepted, and those that were stored although the answer was lost."""
        pushed = self.pushed.get(account, {})
        if pushed:
            stored = self.observed.stored(owner, provider)
            yield from (play for play in pushed if pushed[play] or play.started_at in stored)

    def _polls(
        self, owner: Owner, provider: str
    ) -> Iterator[tuple[Sequence[float], Mapping[float, float]]]:
        """Groups of polls that are compared with each other: their times, and the time recorded for
        each (epoch seconds)."""
        saved = self.observed.saved(owner, provider)
        if provider == "apple_music":
            # The first list after a reconnect is only the baseline.
            for _, polls in groupby(saved, lambda poll: poll.connected_at):
                yield _moments(list(polls))
        else:
            yield _moments(self.observed.kept(owner, provider))


def _moments(polls: Sequence[Poll]) -> tuple[Sequence[float], Mapping[float, float]]:
    return [poll.actual for poll in polls], {poll.actual: float(poll.recorded) for poll in polls}


def _exact(times: Mapping[Play, float]) -> bool:
    return all(play.provider != "apple_music" for play in times)
