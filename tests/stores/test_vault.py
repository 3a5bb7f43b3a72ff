"""The vault opens a grant only for its owner and provider, with a key per tenant and month."""

from typing import Any

import boto3
import pytest

from tests.fakes import ANNA, BEN, DAY, NOON
from tests.stores.conftest import REGION
from topk.domain.account.connection import Grant
from topk.domain.errors import SealError
from topk.domain.owner import Owner
from topk.stores.dynamodb.models import DataKeyModel
from topk.stores.tables.vault import Vault

pytestmark = pytest.mark.usefixtures("tables")
GRANT = Grant("fake-access-token-1", "fake-refresh-token-1", NOON, NOON + DAY, "anna@music")


class _Counting:
    """A KMS client that counts its calls."""

    def __init__(self) -> None:
        self._kms = boto3.client("kms", region_name=REGION)
        self.key_id = self._kms.create_key()["KeyMetadata"]["KeyId"]
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        self.calls += 1
        return getattr(self._kms, name)


@pytest.fixture
def kms() -> _Counting:
    return _Counting()


def test_opens_its_own_seals_and_reveals_nothing_of_the_grant(kms: _Counting) -> None:
    vault = Vault(kms, key_id=kms.key_id)
    sealed = vault.seal(ANNA, "spotify", GRANT, now=NOON)
    assert "fake-" not in sealed
    assert vault.open(ANNA, "spotify", sealed) == GRANT


@pytest.mark.parametrize(
    ("owner", "provider"),
    [(BEN, "spotify"), (ANNA, "youtube"), (Owner("meadow", "anna"), "spotify")],
)
def test_a_grant_moved_to_another_row_does_not_open(
    kms: _Counting, owner: Owner, provider: str
) -> None:
    vault = Vault(kms, key_id=kms.key_id)
    sealed = vault.seal(ANNA, "spotify", GRANT, now=NOON)
    with pytest.raises(SealError):
        vault.open(owner, provider, sealed)


def test_an_altered_grant_does_not_open(kms: _Counting) -> None:
    vault = Vault(kms, key_id=kms.key_id)
    head, key, vector, content, tag = vault.seal(ANNA, "spotify", GRANT, now=NOON).split(".")
    changed = ("A" if content[0] != "A" else "B") + content[1:]
    for altered in (".".join((head, key, vector, changed, tag)), "garbage", "a.b.c.d.e", ""):
        with pytest.raises(SealError):
            vault.open(ANNA, "spotify", altered)


def test_a_tenants_month_takes_one_call_to_kms(kms: _Counting) -> None:
    vault = Vault(kms, key_id=kms.key_id)
    for owner in (ANNA, BEN):
        vault.open(owner, "spotify", vault.seal(owner, "spotify", GRANT, now=NOON))
    assert kms.calls == 1


def test_another_process_can_open_a_seal_and_a_new_month_gets_a_new_key(kms: _Counting) -> None:
    old = Vault(kms, key_id=kms.key_id).seal(ANNA, "spotify", GRANT, now=NOON)
    other = Vault(kms, key_id=kms.key_id)
    new = other.seal(ANNA, "spotify", GRANT, now=NOON + 31 * DAY)
    assert other.open(ANNA, "spotify", old) == other.open(ANNA, "spotify", new) == GRANT
    assert sorted(row.epoch for row in DataKeyModel.scan()) == [
        "harbor#2026-11",
        "harbor#2026-12",
    ]


def test_two_processes_that_create_the_first_key_at_once_agree(
    kms: _Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Vault(kms, key_id=kms.key_id), Vault(kms, key_id=kms.key_id)
    theirs = first.seal(ANNA, "spotify", GRANT, now=NOON)
    load = second._load
    missed: list[str] = []
    monkeypatch.setattr(
        second, "_load", lambda epoch: load(epoch) if missed else missed.append(epoch)
    )
    mine = second.seal(ANNA, "spotify", GRANT, now=NOON)
    assert first.open(ANNA, "spotify", mine) == second.open(ANNA, "spotify", theirs) == GRANT


def test_a_deleted_key_is_reported(kms: _Counting) -> None:
    sealed = Vault(kms, key_id=kms.key_id).seal(ANNA, "spotify", GRANT, now=NOON)
    DataKeyModel("harbor#2026-11").delete()
    with pytest.raises(SealError, match="gone"):
        Vault(kms, key_id=kms.key_id).open(ANNA, "spotify", sealed)
