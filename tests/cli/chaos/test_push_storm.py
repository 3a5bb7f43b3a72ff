"""Players push under faults: nothing is lost and nothing counts twice, and a fault is noticed."""

from collections.abc import Iterable
from itertools import islice
from unittest.mock import patch

import pytest

from cli.studies.push_storm.players import listening
from cli.studies.push_storm.run import BEGIN, run_push
from simulator.listeners.dice import Dice
from topk.domain.chunk import Chunk
from topk.domain.toplist import merge
from topk.stores.tables.plays import Plays

LISTENS = 1200


@pytest.mark.parametrize("seed", [0, 1])
def test_every_play_is_stored_and_counts_once(seed: int) -> None:
    outcome = run_push(seed, LISTENS)
    assert outcome.holds, outcome
    assert outcome.listens == LISTENS
    assert outcome.calls > outcome.refused > 0, "some calls failed and were repeated"
    assert {"crash_before", "crash_after"} & outcome.injected.keys()


def test_a_run_can_be_repeated() -> None:
    assert run_push(3, LISTENS) == run_push(3, LISTENS)


def test_a_write_that_is_left_out_is_noticed() -> None:
    append = Plays.append

    def append_a_part(plays: Plays, chunks: Iterable[Chunk]) -> None:
        parts = [
            Chunk(one.owner, one.provider, one.fetched_at, one.crawl_id, one.plays[1:])
            for one in chunks
            if len(one.plays) > 1
        ]
        append(plays, parts)

    with patch.object(Plays, "append", append_a_part):
        assert run_push(0, LISTENS).lost > 0


def test_reports_that_are_not_merged_are_noticed() -> None:
    with patch.object(merge, "_repeats", lambda *_: False):
        assert run_push(0, LISTENS).wrong_counts > 0


def test_listeners_have_time_for_what_they_play() -> None:
    plays = listening(Dice("test"), 20_000, until=BEGIN)
    moments = [one.at for one in plays]
    assert all(
        later - at >= 60 for at, later in zip(moments, islice(moments, 1, None), strict=False)
    )
    with pytest.raises(ValueError, match="do not fit"):
        listening(Dice("test"), 100_000, until=BEGIN)
