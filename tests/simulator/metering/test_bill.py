"""Bills, compared with figures computed by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from simulator.capacity.inputs import Inputs, read_inputs
from simulator.capacity.prices import read_prices
from simulator.metering.bill import Bill, Compacted, naive, ours
from simulator.metering.unit_costs import CrawlCost, UnitCosts

PRICES = read_prices()
INPUTS = read_inputs(Path("nowhere.json"))
CRAWL = CrawlCost(chunk=1, checkpoint=1, read=1, deliveries=1, plays=15, log_bytes=0)
UNITS = UnitCosts({"spotify": CRAWL}, CRAWL, list_write=3, list_read=2, sqs=0.3, kms=0, reads={})

COMPACTED = Compacted(write_units=0.8, row_bytes=600, days=385)


def bill(inputs: Inputs = INPUTS, *, provisioned: bool = False) -> Bill:
    return ours(
        inputs, UNITS, PRICES, chunk_bytes=1000, compacted=COMPACTED, provisioned=provisioned
    )


def usd(found: Bill, what: str) -> float:
    return next(charge.usd for charge in found.charges if charge.what == what)


def test_writes_are_those_of_crawls_and_lists() -> None:
    # 49M crawls bring plays (2 units and 3 for the list), 21M do not (1 unit).
    units = 49e6 * (2 + 3) + 21e6
    assert usd(bill(), "DynamoDB writes") == pytest.approx(units * PRICES["dynamodb_write_unit"])


def test_provisioned_capacity_is_paid_by_the_hour_with_headroom() -> None:
    per_second = (49e6 * 5 + 21e6) / 86_400 * 1.3
    assert usd(bill(provisioned=True), "DynamoDB writes") == pytest.approx(
        per_second * 24 * PRICES["dynamodb_provisioned_write_hour"]
    )


def test_storage_is_what_remains_within_the_retention() -> None:
    assert usd(bill(), "storage") == pytest.approx(49e6 * 1000 * 35 / 1e9 * 0.25 / (365 / 12))


def test_compacted_chunks_are_of_the_owners_who_listen() -> None:
    listeners = INPUTS.users * 0.7
    assert usd(bill(), "DynamoDB writes, compacted") == pytest.approx(
        listeners * 0.8 * PRICES["dynamodb_write_unit"]
    )
    stored = listeners * 600 * 385 / 1e9
    assert usd(bill(), "storage, compacted") == pytest.approx(stored * 0.25 / (365 / 12))


def test_twice_the_users_cost_twice_as_much() -> None:
    double = replace(INPUTS, users=INPUTS.users * 2)
    assert bill(double).usd == pytest.approx(2 * bill().usd)


def test_the_naive_design_pays_for_each_play_and_each_token() -> None:
    found = naive(INPUTS, PRICES, item_bytes=600)
    # 1.05 billion plays, an item and a counter each, and three writes for each crawl.
    assert usd(found, "DynamoDB writes") == pytest.approx(
        (1.05e9 * 2 + 70e6 * 3) * PRICES["dynamodb_write_unit"]
    )
    assert usd(found, "KMS") == pytest.approx(70e6 * PRICES["kms_request"])
