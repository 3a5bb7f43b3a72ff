"""The buckets of tenants' limits, in DynamoDB."""

import pytest

from topk.stores.tables.tenant_rates import TenantRates

NOW, MOST = 1_793_000_000_000, 40_000


@pytest.mark.usefixtures("tables")
def test_a_bucket_fills_and_drains() -> None:
    rates = TenantRates()
    assert rates.add("reef", milliseconds=250, now=NOW, most=MOST) == NOW + 250
    assert rates.add("reef", milliseconds=250, now=NOW + 50, most=MOST) == NOW + 500
    later = NOW + 10_000
    assert rates.add("reef", milliseconds=250, now=later, most=MOST) == later + 250, "it was empty"
    assert rates.add("kelp", milliseconds=1, now=NOW, most=MOST) == NOW + 1, "of another tenant"


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("begun", [False, True])
def test_whoever_knows_whether_a_bucket_is_empty_or_not_adds_the_same(begun: bool) -> None:
    rates = TenantRates()
    for expected in (250, 500, 750):
        found = rates.add("reef", milliseconds=250, now=NOW, most=MOST, begun=begun)
        assert found == NOW + expected


@pytest.mark.usefixtures("tables")
def test_a_full_bucket_takes_no_more() -> None:
    rates = TenantRates()
    for _ in range(3):
        found = rates.add("reef", milliseconds=30_000, now=NOW, most=MOST)
    assert found == NOW + MOST
    assert rates.add("reef", milliseconds=1, now=NOW + 60_000 - MOST, most=MOST) == NOW + 60_001


@pytest.mark.usefixtures("tables")
def test_as_many_tenants_as_allowed_have_metrics_on_a_day() -> None:
    rates = TenantRates()
    assert [rates.claim_name(name, day=9, most=2) for name in "abc"] == [True, True, False]
    assert rates.claim_name("a", day=9, most=2), "it has them already"
    assert [rates.claim_name(name, day=10, most=2) for name in "cba"] == [True, True, False]
    assert not rates.claim_name("a", day=9, most=2), "a process whose clock is behind"
