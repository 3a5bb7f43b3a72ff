"""Dispatch at full scale in virtual time: a minute's slot in time, and every row once."""

import pytest

from cli.in_memory.world import declared_on_aws
from cli.studies.dispatching.full_table import ROWS_A_SHARD
from cli.studies.dispatching.run import Case, run
from infra_cdk.config import Deployment


@pytest.fixture(scope="module")
def production() -> Deployment:
    return declared_on_aws("production")


def test_a_minutes_slot_is_queued_within_40_seconds_at_30_ms(production: Deployment) -> None:
    found = run(Case(30, 1), production, rows_per_second=10_000)
    assert found.rows_a_minute == production.stage.shards * ROWS_A_SHARD == 48_640
    assert found.queued == (1, 1)
    assert found.caught_up_seconds < 40


def test_overlapping_ticks_share_what_was_missed(production: Deployment) -> None:
    """At a rate at which one tick needs more than a minute."""
    found = run(Case(12, 4), production, rows_per_second=2_000)
    assert found.ticks_at_once > 1
    assert found.queued == (1, 1)
