"""The vault over time: months, the hour in the key cache, KMS outages, deleted rows."""

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from tests.fakes import ANNA, BEN, DAY, NOON, FakeProvider, connection
from tests.stores.conftest import REGION
from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.errors import SealError, StoreError
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import DataKeyModel
from topk.stores.tables.connections import Connections
from topk.stores.tables.vault import CACHE_SECONDS, Vault
from topk.usecases.crawling.renew_grant import Grants

pytestmark = pytest.mark.usefixtures("tables")
MONTHS = [NOON + 31 * DAY * turn for turn in range(6)]
EPOCHS = [f"harbor#{month}" for month in
          ("2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04")]  # fmt: skip
GRANT = Grant("fake-access-token-1", "fake-refresh-token-1", NOON, NOON + DAY, "anna@music")


@dataclass
class _Kms:
    """A KMS that can be unavailable, and a clock for the process that uses it."""

    client: Any = field(default_factory=lambda: boto3.client("kms", region_name=REGION))
    away: bool = False
    calls: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.key_id = self.client.create_key()["KeyMetadata"]["KeyId"]

    def __getattr__(self, name: str) -> Any:
        self.calls += 1
        if self.away:
            raise EndpointConnectionError(endpoint_url="https://kms.example")
        return getattr(self.client, name)

    def vault(self, most_keys: int = 1000) -> Vault:
        """The vault of a process that has just started."""
        return Vault(self, key_id=self.key_id, most_keys=most_keys, clock=lambda: self.seconds)


@pytest.fixture
def kms() -> _Kms:
    return _Kms()


def test_each_month_seals_with_its_own_key_and_earlier_seals_still_open(kms: _Kms) -> None:
    running = kms.vault()
    sealed = [running.seal(ANNA, "spotify", GRANT, now=month) for month in MONTHS]
    assert [_key_of(one) for one in sealed] == EPOCHS
    for vault in (running, kms.vault()):
        assert [vault.open(ANNA, "spotify", one) for one in sealed] == [GRANT] * len(MONTHS)


def test_the_last_second_of_a_month_belongs_to_that_month(kms: _Kms) -> None:
    december = 1_796_083_200
    vault = kms.vault()
    around = [vault.seal(ANNA, "spotify", GRANT, now=december + turn) for turn in (-1, 0)]
    assert [_key_of(one) for one in around] == EPOCHS[:2]


def test_no_two_seals_are_equal(kms: _Kms) -> None:
    vault = kms.vault()
    sealed = [vault.seal(ANNA, "spotify", GRANT, now=NOON) for _ in range(20)]
    assert len({one.split(".")[2] for one in sealed}) == len(sealed), "vectors"


def test_a_refresh_seals_the_grant_with_the_current_months_key(kms: _Kms) -> None:
    for rotates in (True, False):
        held = _stored(kms, NOON)
        grants = Grants(Connections(), kms.vault(), MONTHS[2])
        provider = FakeProvider(rotates=rotates)
        renewed, fresh = asyncio.run(grants.renew(provider, held, GRANT))
        assert _key_of(renewed.sealed_grant) == EPOCHS[2]
        assert grants.of(renewed) == fresh.at_rest


def test_a_rotated_grant_is_stored_under_the_new_key_at_once(kms: _Kms) -> None:
    held = _stored(kms, NOON)
    grants = Grants(Connections(), kms.vault(), MONTHS[2])
    asyncio.run(grants.renew(FakeProvider(rotates=True), held, GRANT))
    (stored,) = Connections().get_many([(ANNA, "spotify")])
    assert _key_of(stored.sealed_grant) == EPOCHS[2]


def test_an_update_without_a_new_grant_keeps_the_seal(kms: _Kms) -> None:
    held = _stored(kms, NOON)
    Connections().update(held)
    assert Grants(Connections(), kms.vault(), MONTHS[2]).end(held, "invalid_grant")
    (stored,) = Connections().get_many([(ANNA, "spotify")])
    assert stored.status is Status.REAUTH_REQUIRED
    assert stored.sealed_grant == held.sealed_grant


@pytest.mark.parametrize(
    ("owner", "provider"),
    [(BEN, "spotify"), (ANNA, "youtube"), (Owner("meadow", "anna"), "spotify")],
)
def test_a_grant_copied_from_another_row_does_not_open(
    kms: _Kms, owner: Owner, provider: str
) -> None:
    Connections().put(connection(owner, provider, sealed_grant=_stored(kms, NOON).sealed_grant))
    (found,) = Connections().get_many([(owner, provider)])
    with pytest.raises(SealError):
        Grants(Connections(), kms.vault(), NOON).of(found)


def test_a_key_is_cached_for_an_hour(kms: _Kms) -> None:
    vault = kms.vault()
    sealed = vault.seal(ANNA, "spotify", GRANT, now=NOON)
    kms.seconds = CACHE_SECONDS - 1
    vault.open(ANNA, "spotify", sealed)
    assert kms.calls == 1
    kms.seconds = CACHE_SECONDS
    vault.open(ANNA, "spotify", sealed)
    assert kms.calls == 2


def test_opening_does_not_extend_the_cache_time(kms: _Kms) -> None:
    vault = kms.vault()
    sealed = vault.seal(ANNA, "spotify", GRANT, now=NOON)
    for kms.seconds in (1200, 2400, 3599, CACHE_SECONDS):
        vault.open(ANNA, "spotify", sealed)
    assert kms.calls == 2


def test_the_key_cache_is_limited_and_evicted_keys_still_open(kms: _Kms) -> None:
    vault = kms.vault(most_keys=2)
    tenants = [Owner(name, "anna") for name in ("harbor", "meadow", "valley")]
    sealed = [vault.seal(owner, "spotify", GRANT, now=NOON) for owner in tenants]
    made = kms.calls
    for owner, one in zip(tenants[1:], sealed[1:], strict=True):
        assert vault.open(owner, "spotify", one) == GRANT
    assert kms.calls == made, "these two are kept"
    assert vault.open(tenants[0], "spotify", sealed[0]) == GRANT
    assert kms.calls == made + 1, "this one was dropped"


def test_during_a_kms_outage_a_cached_key_works_until_it_expires(kms: _Kms) -> None:
    vault = kms.vault()
    sealed = vault.seal(ANNA, "spotify", GRANT, now=NOON)
    kms.away, kms.seconds = True, CACHE_SECONDS - 1
    assert vault.open(ANNA, "spotify", sealed) == GRANT
    assert vault.open(BEN, "youtube", vault.seal(BEN, "youtube", GRANT, now=NOON)) == GRANT
    kms.seconds = CACHE_SECONDS
    for attempt in _attempts(vault, sealed):
        with pytest.raises(StoreError):
            attempt()
    kms.away = False
    assert vault.open(ANNA, "spotify", sealed) == GRANT


def test_a_kms_outage_does_not_mark_the_grant_as_dead(kms: _Kms) -> None:
    sealed = kms.vault().seal(ANNA, "spotify", GRANT, now=NOON)
    kms.away = True
    with pytest.raises(StoreError):
        kms.vault().open(ANNA, "spotify", sealed)


def test_a_deleted_key_leaves_the_cache_within_the_hour(kms: _Kms) -> None:
    vault = kms.vault()
    sealed = vault.seal(ANNA, "spotify", GRANT, now=NOON)
    DataKeyModel(EPOCHS[0]).delete()
    assert vault.open(ANNA, "spotify", sealed) == GRANT
    kms.seconds = CACHE_SECONDS
    with pytest.raises(SealError, match="gone"):
        vault.open(ANNA, "spotify", sealed)
    again = vault.seal(ANNA, "spotify", GRANT, now=NOON)
    assert vault.open(ANNA, "spotify", again) == GRANT, "what is sealed from then on opens"
    with pytest.raises(SealError):
        vault.open(ANNA, "spotify", sealed)


def test_each_tenant_and_month_has_its_own_key(kms: _Kms) -> None:
    vault = kms.vault()
    for owner in (ANNA, Owner("meadow", "anna")):
        for month in MONTHS[:2]:
            vault.seal(owner, "spotify", GRANT, now=month)
    wrapped = sorted(bytes(row.wrapped) for row in DataKeyModel.scan())
    assert len(wrapped) == 4
    assert all(one != other for one, other in pairwise(wrapped))


def _attempts(vault: Vault, sealed: str) -> Iterator[Any]:
    yield lambda: vault.open(ANNA, "spotify", sealed)
    yield lambda: vault.seal(ANNA, "spotify", GRANT, now=NOON)


def _stored(kms: _Kms, now: int) -> Connection:
    """Anna's connection at Spotify, with a grant sealed at `now`."""
    sealed = kms.vault().seal(ANNA, "spotify", GRANT, now=now)
    Connections().put(connection(sealed_grant=sealed))
    (stored,) = Connections().get_many([(ANNA, "spotify")])
    return stored


def _key_of(sealed: str) -> str:
    head = sealed.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=="))["kid"])
