"""`topk tenancy` shows whether one tenant harms another, and whether costs grow with tenants."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from cli.studies.tenancy import busy
from cli.studies.tenancy.busy import Found, run
from cli.studies.tenancy.costs import Cost, costs, same
from cli.studies.tenancy.memory import Kept, is_bounded, serve
from cli.studies.tenancy.report import (
    BUSY_COLUMNS,
    LIMIT,
    LIMITED,
    UNLIMITED,
    USUAL,
    busy_rows,
    costs_rows,
    deployed_rows,
    faults_of_busy,
    faults_of_deployed,
    memory_rows,
)


@pytest.fixture
def _brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy, "SECONDS", 4)
    monkeypatch.setattr(busy, "WARM_UP_SECONDS", 2)


@pytest.mark.usefixtures("_brief")
def test_a_read_is_one_round_trip_and_a_busy_tenant_is_limited() -> None:
    usual = run(times=1, limit=LIMIT, tenants=60)
    assert (usual.failed, usual.refused, usual.round_trips) == (0, 0, 1.0)
    limited = run(times=100, limit=LIMIT, tenants=60)
    unlimited = run(times=100, limit=0, tenants=60)
    assert limited.refused > unlimited.refused == 0
    assert limited.failed < unlimited.failed / 4
    assert limited.answered < unlimited.answered / 2


def _found(**fields: Any) -> dict[str, Any]:
    usual = Found(1, LIMIT, 1000, 0.01, 0.03, 0, 20, 0, 9, 0.1, 1.0)
    return asdict(replace(usual, **fields))


def test_what_the_others_notice_is_a_fault() -> None:
    runs = {USUAL: _found(), LIMITED: _found(answered=LIMIT), UNLIMITED: _found(failed=400)}
    assert list(faults_of_busy(runs)) == []
    rows = busy_rows(runs)
    assert [row[0] for row in rows] == list(runs)
    assert {len(row) for row in rows} == {len(BUSY_COLUMNS)}
    for name, fields in (
        (LIMITED, {"answered": LIMIT, "others_p99": 0.034}),
        (LIMITED, {"answered": 2 * LIMIT}),
        (USUAL, {"failed": 1}),
    ):
        assert len(list(faults_of_busy({**runs, name: _found(**fields)}))) == 1


def test_a_crawl_and_a_read_cost_the_same_with_many_tenants() -> None:
    found = costs(30, seed=7)
    assert same(found)
    assert found[0].crawl_write > 0
    assert len(costs_rows([asdict(one) for one in found])) == 2


def test_a_growing_cost_is_detected() -> None:
    first = Cost(1, 4, 4, 5, 2, 4)
    assert same([first, replace(first, crawl_write=4.3)])
    assert not same([first, replace(first, read=2.3)])


def test_a_growing_process_is_detected() -> None:
    assert is_bounded([Kept(1, 50), Kept(1000, 60), Kept(10_000, 65)])
    assert not is_bounded([Kept(1, 50), Kept(1000, 60), Kept(10_000, 67)])
    assert len(memory_rows([asdict(serve(20))])) == 1


def test_on_the_emulator_leaks_and_refused_others_are_faults() -> None:
    found: dict[str, Any] = {
        "added": {
            "tenants": 1000,
            "p50": 0.1,
            "p99": 0.2,
            "resources_before": 276,
            "resources_after": 276,
        },
        "pairs": 50,
        "leaks": [],
        "flooded": {"busy": {"200": 50, "429": 350}, "others": {"200": 100}, "retry_after": 2},
    }
    assert list(faults_of_deployed(found)) == []
    assert len(deployed_rows(found)) == 10
    for part, wrong in (
        ("added", {**found["added"], "p99": 61}),
        ("added", {**found["added"], "resources_after": 277}),
        ("leaks", ["a list of one for other: 200"]),
        ("flooded", {**found["flooded"], "others": {"200": 99, "429": 1}}),
        ("flooded", {**found["flooded"], "busy": {"200": 400}}),
    ):
        assert len(list(faults_of_deployed({**found, part: wrong}))) == 1
