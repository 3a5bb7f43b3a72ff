"""Fuzzing with several processes: generating requests takes as much CPU as answering them.

Threads would share one core and CPython 3.11's parser recursion counter, whose wrong value
Hypothesis would report.
"""

import itertools
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

from cli.studies.fuzzing.run import CHUNK, Player, Target
from cli.studies.fuzzing.tally import Tally

_AHEAD = 2
"""Turns that wait for each worker."""
_player: list[Player] = []
"""This process's own, once it works."""


def fuzz_together(
    target: Target,
    tally: Tally,
    *,
    workers: int,
    seed_: int,
    until: float,
    advance: Callable[[int], None],
) -> None:
    """As `cli.studies.fuzzing.run.fuzz`; calls `advance` with the number of new requests."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=_begin, initargs=(target,)) as pool:
        turns, running = itertools.count(seed_), dict[Future[Tally], int]()
        while tally.requests < tally.wanted and time.monotonic() < until:
            booked = sum(running.values())
            left = tally.wanted - tally.requests - booked
            if left > 0 and len(running) < workers * _AHEAD:
                size = min(CHUNK, left)
                running[pool.submit(_play, next(turns), size, until)] = size
                continue
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                running.pop(one)
                tally.add(one.result())
                advance(one.result().requests)


def _begin(target: Target) -> None:
    _player.append(Player(target))


def _play(turn: int, size: int, until: float) -> Tally:
    tally = Tally(size)
    _player[0].play(turn, tally, until=until, chunk=size)
    return tally
