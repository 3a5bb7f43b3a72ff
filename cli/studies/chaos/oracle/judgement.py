"""Checks every promise of the service after the faults have ended, and describes what is wrong."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

import httpx2

from cli.in_memory.events import json_body
from cli.studies.accuracy.song_finder import SongFinder
from cli.studies.chaos.fault_run import POISON, FaultRun
from cli.studies.chaos.oracle.announced import announcement_errors
from cli.studies.demonstration.judge import fault
from simulator.listeners.learned import Placed
from simulator.listeners.population import Listener
from topk.domain.limits import MOST_KEPT_SONGS
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.domain.toplist.ranking import AROUND_SECONDS, RankedSong, rank
from topk.domain.toplist.window import DAYS, Window
from topk.stores.tables.plays import Plays
from topk.stores.tables.top_lists import TopLists

_ALL = 1_000_000
_TOKEN = re.compile(r"simulated-[a-z]+-[A-Za-z0-9_-]{20,}")


def judge(fault_run: FaultRun) -> list[str]:
    """Every broken promise, the most serious first; empty if all were kept."""
    # Before any list is read, since a read requests crawls.
    stuck = [*_stuck(fault_run), *_behind(fault_run), *fault_run.standing.wrong(final=True)]
    announced = [*announcement_errors(fault_run)]
    oracle = fault_run.society.oracle
    found = [*oracle.broken]
    for listener in fault_run.world.listeners:
        owner = Owner(listener.tenant, listener.user)
        if owner in oracle.erased:
            found += _left(fault_run, owner)
        else:
            found += _of_listener(fault_run, listener, owner, oracle.finder)
    return [*found, *announced, *fault_run.observed.undone, *stuck, *_leaked(fault_run)]


def _left(fault_run: FaultRun, owner: Owner) -> Iterator[str]:
    """Data of an erased user that is still stored."""
    for place, text in fault_run.texts():
        if place != "logs" and owner.user in text:
            yield f"{owner.key}: erased, but still found in {place}"
    receipt = fault_run.society.oracle.receipts[owner]
    path = "/v1/me/erasure/{receipt}"
    answer = fault_run.api.call("privacy", "GET", path, owner, receipt=receipt)
    if answer["statusCode"] != httpx2.codes.OK or json_body(answer)["progress"] != "done":
        yield f"{owner.key}: erased, but the receipt does not say so"


def _of_listener(
    fault_run: FaultRun, listener: Listener, owner: Owner, finder: SongFinder
) -> Iterator[str]:
    known = fault_run.expected.placed(listener)
    if wrong := _served(fault_run, listener, owner, known):
        yield f"{owner.key}: the list: {wrong}"
    if wrong := _stored(owner):
        yield f"{owner.key}: the stored list: {wrong}"
    yield from _counted(fault_run, listener, owner, finder, known)


def _served(fault_run: FaultRun, listener: Listener, owner: Owner, known: Placed) -> str:
    """What is wrong with the list that the owner is shown."""
    answer = fault_run.api.call("read", "GET", "/v1/me/top", owner, query=f"k={MOST_KEPT_SONGS}")
    if answer["statusCode"] != httpx2.codes.OK:
        return f"answered {answer['statusCode']}"
    today = Window.current(int(fault_run.now), listener.time_zone).as_of
    return fault(
        json_body(answer)["songs"],
        fault_run.expected.songs(known, listener.time_zone, today),
        MOST_KEPT_SONGS,
    )


def _stored(owner: Owner) -> str:
    """Checks that the stored list matches the stored plays; empty if it does."""
    stored, _ = TopLists().get(owner)
    if stored is None:
        return ""
    window = Window.ending(stored.as_of, stored.time_zone)
    reports = plays_of(Plays(retention_days=1).since(owner, window.start - AROUND_SECONDS))
    made = [(song.song_id, song.listen_count) for song in rank(reports, window, MOST_KEPT_SONGS)]
    if made != [(song.song_id, song.listen_count) for song in stored.songs]:
        return "does not match the stored plays"
    return ""


def _counted(
    fault_run: FaultRun, listener: Listener, owner: Owner, finder: SongFinder, known: Placed
) -> Iterator[str]:
    """Plays lost or counted twice, in the windows of today and the days to come."""
    first = Window.current(int(fault_run.now), listener.time_zone)
    reports = [*plays_of(Plays(retention_days=1).since(owner, first.start - AROUND_SECONDS))]
    for ahead in range(DAYS):
        window = Window.ending(first.as_of + timedelta(days=ahead), listener.time_zone)
        counted = _by_song(finder, rank(reports, window, _ALL))
        expected = Counter(play.song for play, at in known.items() if int(at) in window)
        if lost := sum((expected - counted).values()):
            yield f"{owner.key}: {lost} plays lost in the window before {window.as_of}"
        if doubled := sum((counted - expected).values()):
            yield f"{owner.key}: {doubled} counted twice in the window before {window.as_of}"


def _by_song(finder: SongFinder, ranked: Iterable[RankedSong]) -> Counter[int]:
    found: Counter[int] = Counter()
    for song in ranked:
        place = finder.find(song)
        found[-1 if place is None else place] += song.listen_count
    return found


def _stuck(fault_run: FaultRun) -> Iterator[str]:
    messages = (
        (name, message)
        for name, queue in fault_run.cloud.queues.items()
        for message in queue.messages.values()
    )
    for name, message in messages:
        reason = message.attributes.get("reason", "")
        poison = message.body.startswith(POISON)
        if not name.endswith("-dead"):
            yield f"queue {name}: a message is stuck, received {message.received} times"
        elif not reason:
            yield f"queue {name}: a dead letter without a reason: {message.body[:90]}"
        elif not poison:
            yield f"queue {name}: a dead letter of a valid message: {reason}"
    for moment in fault_run.schedule.given_up:
        if moment > fault_run.injector.heals_at:
            yield f"schedule: the tick of {moment:.0f} was given up after the faults had ended"


def _behind(fault_run: FaultRun) -> Iterator[str]:
    for shard in fault_run.cloud.shards:
        if shard.behind:
            yield f"stream: {shard.behind} records are stuck"
        for record in shard.given_up:
            yield f"stream: {record['dynamodb']['Keys']['owner']['S']} was given up"


def _leaked(fault_run: FaultRun) -> Iterator[str]:
    """Tokens and credentials found in logs, tables, queues and events."""
    buses = "\n".join(str(event.detail) for event in fault_run.cloud.events)
    for place, text in (*fault_run.texts(), ("events", buses)):
        if _TOKEN.search(text) or any(secret in text for secret in fault_run.scenery.secrets):
            yield f"{place}: a token was exposed"
