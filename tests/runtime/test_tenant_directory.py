"""Tenants through the bounded cache of a process."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topk.domain.errors import StoreError
from topk.runtime.tenant_directory import MOST_KEPT, SECONDS_KEPT, TenantDirectory
from topk.runtime.tenants import Tenant

ISSUER = "https://id.{}.example"


class Source:
    """Tenants by name, whose reads are counted; fails on demand."""

    def __init__(self, *names: str) -> None:
        self.tenants = {name: _tenant(name) for name in names}
        self.reads: Counter[str] = Counter()
        self.down = False

    def tenant(self, name: str) -> Tenant | None:
        self._read(name)
        return self.tenants.get(name)

    def name_of_issuer(self, issuer: str) -> str:
        self._read(issuer)
        return next((one.name for one in self.tenants.values() if one.issuer == issuer), "")

    def _read(self, key: str) -> None:
        self.reads[key] += 1
        if self.down:
            raise StoreError("down")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _tenant(name: str, **given: object) -> Tenant:
    return Tenant(name, ISSUER.format(name), "topk", (), (), **given)  # type: ignore[arg-type]


def test_a_warm_process_reads_no_tenant_again_for_a_minute() -> None:
    source, clock = Source("harbor"), Clock()
    directory = TenantDirectory(source, clock=clock)
    for second in range(SECONDS_KEPT):
        clock.now = second
        assert directory.of_issuer(ISSUER.format("harbor")) == _tenant("harbor")
        assert directory.at_host("harbor.music.acme.io") == _tenant("harbor")
    assert set(source.reads.values()) == {1}


def test_a_change_takes_effect_within_a_minute() -> None:
    source, clock = Source("harbor"), Clock()
    directory = TenantDirectory(source, clock=clock)
    directory.named("harbor")
    source.tenants["harbor"] = _tenant("harbor", suspended=True)
    clock.now = SECONDS_KEPT
    found = directory.named("harbor")
    assert found is not None
    assert found.suspended


def test_a_tenant_that_gave_up_its_issuer_has_none_of_its_tokens() -> None:
    source = Source("harbor")
    directory = TenantDirectory(source, clock=Clock())
    directory.of_issuer(ISSUER.format("harbor"))
    source.tenants["harbor"] = Tenant("harbor", "https://new.example", "topk", (), ())
    fresh = TenantDirectory(source, clock=Clock())
    assert fresh.of_issuer(ISSUER.format("harbor")) is None
    assert fresh.of_issuer("https://new.example") is not None


def test_while_the_table_fails_known_tenants_stay_and_unknown_ones_fail() -> None:
    source, clock = Source("harbor"), Clock()
    directory = TenantDirectory(source, clock=clock)
    directory.named("harbor")
    source.down = True
    clock.now = 10 * SECONDS_KEPT
    assert directory.named("harbor") == _tenant("harbor")
    with pytest.raises(StoreError):
        directory.named("meadow")


@given(st.lists(st.integers(0, 3 * MOST_KEPT), max_size=200), st.integers(MOST_KEPT, 2 * MOST_KEPT))
def test_the_cache_is_bounded_and_always_right(wanted: list[int], flood: int) -> None:
    source = Source(*(f"tenant_{number}" for number in range(0, 3 * MOST_KEPT, 2)))
    directory = TenantDirectory(source, clock=Clock())
    for number in (*range(flood), *wanted):
        found = directory.named(f"tenant_{number}")
        assert (found is not None) == (number % 2 == 0 and number < 3 * MOST_KEPT)
        assert len(directory._tenants) <= MOST_KEPT


def test_a_label_with_hyphens_is_a_name_with_underscores() -> None:
    directory = TenantDirectory(Source("big_harbor"), clock=Clock())
    assert directory.at_host("big-harbor.music.acme.io") == _tenant("big_harbor")
    assert directory.at_host("") is None
    assert directory.at_host("d1234.execute-api.eu-central-1.amazonaws.com") is None


def test_properties_of_tenants_are_read_when_asked_for() -> None:
    source = Source("harbor", "meadow")
    source.tenants["harbor"] = _tenant("harbor", event_bus="bus", separate=frozenset({"lastfm"}))
    directory = TenantDirectory(source, clock=Clock())
    assert "harbor" in directory.event_buses
    assert "meadow" not in directory.event_buses
    assert directory.event_buses["harbor"] == "bus"
    assert directory.separate["harbor"] == frozenset({"lastfm"})
    assert directory.separate.get("unknown", frozenset()) == frozenset()
