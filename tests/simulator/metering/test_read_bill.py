"""Bills of reads, compared with figures computed by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from simulator.capacity.inputs import read_inputs
from simulator.capacity.prices import read_prices
from simulator.metering.bill import Bill
from simulator.metering.read_bill import (
    BATCH,
    BEFORE,
    PRODUCTION,
    Kind,
    ReadCost,
    ReadDay,
    per_million,
    read_bill,
)
from simulator.metering.scaling import daily_rhythm, follow, scaled

PRICES = read_prices()
INPUTS = read_inputs(Path("nowhere.json"))
COST = ReadCost(read=2, write=0, answer_bytes=1000, log_bytes=0, calls={"BatchGetItem": 1})
COSTS = dict.fromkeys(Kind, COST)
DAY = ReadDay.of(batched=0, kept=0)


def usd(found: Bill, what: str) -> float:
    return next(charge.usd for charge in found.charges if charge.what == what)


def bill(day: ReadDay = DAY, **deployed: object) -> Bill:
    return read_bill("reads", day, COSTS, INPUTS, PRICES, replace(PRODUCTION, **deployed))  # type: ignore[arg-type]


def test_every_request_passes_the_edge_the_firewall_the_gateway_and_lambda() -> None:
    found = bill()
    assert usd(found, "CloudFront, requests") == pytest.approx(500)
    assert usd(found, "firewall") == pytest.approx(300)
    assert usd(found, "Lambda, requests") == pytest.approx(100)
    # 300M of 15.2 billion a month cost a dollar a million, the others 0.90.
    monthly = 300 + (500 * 365 / 12 - 300) * 0.9
    assert usd(found, "API Gateway") == pytest.approx(monthly / (365 / 12))


def test_bytes_are_sent_at_the_prices_of_their_tiers() -> None:
    tb = 500e6 * 1000 / 1e12 * 365 / 12
    monthly = 10 * 85 + (tb - 10) * 80
    assert usd(bill(), "CloudFront, bytes") == pytest.approx(monthly / (365 / 12))


def test_half_of_the_reads_in_batches_are_262_million_requests() -> None:
    day = ReadDay.of(batched=0.5, kept=0)
    assert day.count == pytest.approx(250e6 + 250e6 / BATCH)
    assert bill(day).usd < 0.7 * bill().usd


def test_what_is_in_memory_is_not_read() -> None:
    kept = bill(replace(DAY, kept=0.5))
    saved = usd(bill(), "DynamoDB reads") - usd(kept, "DynamoDB reads")
    units = 300e6 * 0.5 * 2 / 86_400 * scaled(0.8, 0.6).paid
    assert saved == pytest.approx(units * 24 * PRICES["dynamodb_provisioned_read_hour"])


def test_the_defaults_of_aws_trace_and_log_everything() -> None:
    found = read_bill("reads", DAY, COSTS, INPUTS, PRICES, BEFORE)
    assert usd(found, "traces") == pytest.approx(500e6 * 0.05 * 5e-6)
    assert usd(found, "other logs") > 50
    assert usd(bill(), "traces") == usd(bill(), "other logs") == 0


def test_lambda_bills_started_milliseconds_with_memory() -> None:
    single = ReadDay({Kind.PROFILE: 1.0}, 1)
    found = read_bill("one", single, COSTS, INPUTS, PRICES)
    # 0.5 ms on a core are 1.7 at 512 MB, and BatchGetItem takes 6.9 ms on average.
    assert usd(found, "Lambda, time") == pytest.approx(0.009 * 0.5 * 0.0000133334, rel=0.01)


def test_a_read_in_a_batch_costs_a_fraction_of_one_alone() -> None:
    found = dict(per_million(COSTS, INPUTS, PRICES))
    assert found[Kind.BATCH] < found[Kind.PROFILE] / 5


def test_auto_scaling_pays_for_its_target_and_refuses_nothing_of_a_usual_day() -> None:
    assert follow(daily_rhythm(0), 0.8).paid == pytest.approx(1.25)
    busy = scaled(0.8, 0.6)
    assert 1.25 < busy.paid < 1.4
    assert busy.refused == 0


def test_a_jump_beyond_what_is_left_for_bursts_is_refused() -> None:
    load = [1.0] * 720 + [10.0] * 720
    assert follow(load, 0.8).refused > 0
